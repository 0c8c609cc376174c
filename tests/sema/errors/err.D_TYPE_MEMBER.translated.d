/* line 2: p_shoe is not a member of struct person */
proc:::create { trace(args[0]->p_shoe); }
