/* line 3: identifier redeclared: x\n\t current: string\n\tprevious: int */
int x;
string x;
BEGIN { }
