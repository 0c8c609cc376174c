#! args: 5
#! line 1: syntax error near "$1"
BEGIN { x = 123$1; }
