/* line 3: identifier redeclared: x\n\t current: int\n\tprevious: string */
BEGIN { x = execname; }
int x;
