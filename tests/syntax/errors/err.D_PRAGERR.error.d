#! line 1: #error: not on this machine
#error not on this machine
BEGIN { }
