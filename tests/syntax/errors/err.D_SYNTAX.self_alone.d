#! line 1: syntax error near ";"
BEGIN { x = self; }
