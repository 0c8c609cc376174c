/* line 3: associative array 'a' may not be referenced as scalar */
int a[int];
BEGIN { trace(a); }
