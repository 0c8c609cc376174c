/* line 3: incomplete struct/union/enum struct s: x */
struct s;
struct s x;
BEGIN { }
