#! text
#! in predicate: syntax error near "/"
BEGIN / x + / { }