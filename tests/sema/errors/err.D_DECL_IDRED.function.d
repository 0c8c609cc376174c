/* line 2: identifier redeclared: count */
int count;
BEGIN { }
