/* line 4: translator member c is not a member of struct to */
struct from { int a; };
struct to { int b; };
translator struct to < struct from *F > { c = F->a; };
BEGIN { }
