#! line 1: syntax error near "counter"
BEGIN { counter = 1; }
