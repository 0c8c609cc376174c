#! line 1: constant 09 contains invalid digit 9
BEGIN { x = 09; }
