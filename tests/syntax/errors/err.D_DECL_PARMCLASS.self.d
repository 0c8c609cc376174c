#! line 1: inappropriate storage class for function or associative array parameter
int a[self int];
