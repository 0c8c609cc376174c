#! line 1: syntax error near ")"
BEGIN { x = (foo_t *)arg0; }
