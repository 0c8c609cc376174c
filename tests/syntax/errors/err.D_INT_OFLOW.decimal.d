#! line 1: constant 18446744073709551616 results in integer overflow
BEGIN { x = 18446744073709551616; }
