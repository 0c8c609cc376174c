#! line 1: syntax error near "}"
BEGIN { } }
END { }
