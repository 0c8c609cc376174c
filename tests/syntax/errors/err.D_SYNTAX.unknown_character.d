#! line 1: syntax error near "#"
BEGIN { x = # 1; }
