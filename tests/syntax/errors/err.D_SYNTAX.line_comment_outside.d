#! line 1: syntax error near "/"
// one
BEGIN { x = 1; }
