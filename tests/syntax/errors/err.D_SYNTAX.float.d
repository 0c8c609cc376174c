#! line 1: floating-point constants are not permitted near "1.5e3"
BEGIN { x = 1.5e3; }
