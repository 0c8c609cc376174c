#! line 2: syntax error near "{"
BEGIN / pid == 1
{ x = 1; }
