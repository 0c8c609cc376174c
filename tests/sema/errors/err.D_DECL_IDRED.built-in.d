/* line 2: identifier redeclared: pid */
int pid;
BEGIN { }
