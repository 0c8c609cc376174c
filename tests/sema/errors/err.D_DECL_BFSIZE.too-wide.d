/* line 2: bit-field too big for type: a */
struct s { int a:33; };
BEGIN { }
