#! line 1: specified storage class not appropriate in D
#! line 2: specified storage class not appropriate in D
static int x;
int *restrict p;
