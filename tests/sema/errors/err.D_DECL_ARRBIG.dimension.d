/* line 2: array dimension too big */
int a[0x100000000];
BEGIN { }
