/* line 2: associative array prototype may not use parameter of type _symaddr: parameter #1 */
int a[_symaddr];
BEGIN { }
