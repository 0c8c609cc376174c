/* line 2: void must be sole parameter in associative array declaration */
int a[int, void];
BEGIN { }
