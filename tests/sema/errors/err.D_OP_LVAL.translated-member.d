/* line 2: operator = requires modifiable lvalue as an operand */
proc:::create { args[0]->p_id = 2; }
