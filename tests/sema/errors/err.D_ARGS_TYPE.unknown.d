/* line 2: failed to resolve native type for args[0] */
proc:::strange { trace(args[0]); }
