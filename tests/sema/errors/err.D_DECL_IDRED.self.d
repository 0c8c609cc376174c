/* line 3: identifier redeclared: x\n\t current: char *\n\tprevious: int */
self int x;
self char *x;
BEGIN { }
