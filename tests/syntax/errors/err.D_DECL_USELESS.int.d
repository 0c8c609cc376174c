#! line 1: useless declaration
int;
