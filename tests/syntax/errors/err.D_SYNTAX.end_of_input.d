#! line 3: syntax error near end of input
BEGIN { x = 1;

