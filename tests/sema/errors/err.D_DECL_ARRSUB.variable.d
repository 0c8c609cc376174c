/* line 2: positive integral constant expression or tuple signature expected as array declaration subscript */
int a[pid];
BEGIN { }
