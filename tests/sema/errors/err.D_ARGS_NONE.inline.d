/* line 2: args[ ] may not be referenced outside of a probe clause */
inline int i = args[0];
BEGIN { }
