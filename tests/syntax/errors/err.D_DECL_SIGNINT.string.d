#! line 1: invalid type declaration: signed and unsigned may not be used with string type
unsigned string s;
