/* line 4: operator = may not be applied to operand of type "char [8]" */
struct s { char a[8]; };
struct s v;
BEGIN { v.a = "x"; }
