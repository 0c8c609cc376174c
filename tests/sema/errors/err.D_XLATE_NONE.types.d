/* line 3: cannot translate from "struct task_struct *" to "struct to *" */
struct to { int b; };
BEGIN { trace((xlate <struct to *> (curthread))->b); }
