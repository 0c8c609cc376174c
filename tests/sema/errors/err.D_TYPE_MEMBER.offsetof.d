/* line 3: b is not a member of struct s */
struct s { int a; };
BEGIN { trace(offsetof(struct s, b)); }
