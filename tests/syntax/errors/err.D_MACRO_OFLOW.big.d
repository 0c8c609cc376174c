#! args: 18446744073709551616
#! line 1: macro argument $1 constant 18446744073709551616 results in integer overflow
BEGIN { x = $1; }
