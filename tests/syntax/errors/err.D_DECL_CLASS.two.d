#! line 1: only one storage class allowed in a declaration
typedef self int x;
