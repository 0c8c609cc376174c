/* line 2: cannot have void object: x */
void x;
BEGIN { }
