/* line 3: operands have incompatible types: "char *" = "string" */
char *p;
BEGIN { p = execname; }
