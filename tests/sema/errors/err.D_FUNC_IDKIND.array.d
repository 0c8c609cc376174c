/* line 3: associative array 'a' may not be referenced as a function */
int a[int];
BEGIN { a(1); }
