/* line 3: operator ++ may not be applied to operand of type "int [10]" */
int a[10];
BEGIN { a++; }
