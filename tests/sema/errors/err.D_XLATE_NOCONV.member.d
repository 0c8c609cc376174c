/* line 2: translator does not define conversion for member: p_unknown */
proc:::create { trace(args[0]->p_unknown); }
