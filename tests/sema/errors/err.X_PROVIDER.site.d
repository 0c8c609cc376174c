/* line 0: provider expression "t->nothing" is wrong: nothing is not a member of struct task_struct */
proc:::broken { trace(args[0]); }
