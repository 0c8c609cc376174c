/* line 5: translator from "struct from *" to "struct to" has already been declared */
struct from { int a; };
struct to { int b; };
translator struct to < struct from *F > { b = F->a; };
translator struct to < struct from *F > { b = F->a; };
BEGIN { }
