/* line 3: identifier redeclared: i */
inline int i = 1;
inline int i = 2;
BEGIN { }
