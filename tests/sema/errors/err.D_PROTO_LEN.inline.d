/* line 3: twice[ ] prototype mismatch: 2 keys passed, 1 expected */
inline int twice[int i] = i * 2;
BEGIN { trace(twice[1, 2]); }
