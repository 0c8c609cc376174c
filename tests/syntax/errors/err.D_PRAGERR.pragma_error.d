#! line 1: #error: not today
#pragma error not today
BEGIN { }
