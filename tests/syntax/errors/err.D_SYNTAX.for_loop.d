#! line 1: syntax error near "for"
BEGIN { for (i = 0; i < 3; i++) { } }
