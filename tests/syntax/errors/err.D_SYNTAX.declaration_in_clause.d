#! line 1: syntax error near "int"
BEGIN { int x; }
