/* line 4: operands have incompatible types: "struct s *" = "struct task_struct *" */
struct s { int x; };
struct s *p;
BEGIN { p = curthread; }
