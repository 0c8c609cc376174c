/* line 2: translator for args[1] from int * to stamp_t * is not defined */
proc:::strange { trace(args[1]->s_ns); }
