/* line 2: invalid type for bit-field: a */
struct s { int *a:3; };
BEGIN { }
