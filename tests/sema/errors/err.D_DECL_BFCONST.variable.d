/* line 2: positive integral constant expression expected as bit-field size */
struct s { int a:pid; };
BEGIN { }
