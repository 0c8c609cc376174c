/* line 2: incomplete struct/union/enum struct s: inner */
struct s { struct s inner; };
BEGIN { }
