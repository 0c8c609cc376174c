/* line 2: inline i definition uses incompatible types: "int" = "string" */
inline int i = execname;
BEGIN { }
