/* line 3: type redeclared: struct s */
struct s { int a; };
struct s { int a; };
BEGIN { }
