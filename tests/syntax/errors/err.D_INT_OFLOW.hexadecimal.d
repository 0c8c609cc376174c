#! line 1: constant 0x10000000000000000 results in integer overflow
BEGIN { x = 0x10000000000000000; }
