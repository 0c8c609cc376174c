/* line 4: operands have incompatible types: "char [8]" = "string" */
struct s { char a[8]; };
struct s v;
BEGIN { v.a = "x"; }
