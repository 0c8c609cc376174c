#! args: 10ms
#! line 1: macro argument $1 constant 10ms results in integer overflow
BEGIN { x = $1; }
