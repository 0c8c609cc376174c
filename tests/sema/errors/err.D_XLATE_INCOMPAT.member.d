/* line 4: translator member b definition uses incompatible types: "int" = "string" */
struct from { int a; };
struct to { int b; };
translator struct to < struct from *F > { b = execname; };
BEGIN { }
