/* line 3: identifier redeclared: x\n\t current: int [string]\n\tprevious: int [int] */
int x[int];
int x[string];
BEGIN { }
