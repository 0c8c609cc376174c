/* line 3: operator = can only be applied to a writable variable */
inline int i = 3;
BEGIN { i = 4; }
