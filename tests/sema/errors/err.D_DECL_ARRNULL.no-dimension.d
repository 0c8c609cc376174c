/* line 2: array declaration requires array dimension or tuple signature: a */
int a[];
BEGIN { }
