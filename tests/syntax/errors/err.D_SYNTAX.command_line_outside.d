#! text
#! syntax error near "@"
BEGIN, @ { }