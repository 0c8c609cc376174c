#! line 1: invalid type combination
#! line 2: invalid type combination
#! line 3: invalid type combination
int string x;
long short y;
struct a struct b z;
