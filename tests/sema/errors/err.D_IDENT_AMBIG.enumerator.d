/* line 3: ambiguous use of operator ==: TASK_DEAD is both a enum task_state enum tag and a global scalar */
int TASK_DEAD;
BEGIN { trace(curthread->state == TASK_DEAD); }
