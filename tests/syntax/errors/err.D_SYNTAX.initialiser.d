#! line 1: syntax error near "="
int x = 1;
