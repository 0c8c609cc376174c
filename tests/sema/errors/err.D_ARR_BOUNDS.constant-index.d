/* line 3: index outside array bounds: 10, max is 9 */
int a[10];
BEGIN { trace(a[10]); }
