#! line 1: syntax error near ";"
#! line 3: syntax error near "{"
#! line 4: syntax error near ";"
#! line 6: syntax error near "}"
BEGIN { x = ; }
BEGIN { y = 1;
END { y = 2; }
syscall::read:entry { trace(; ); }
struct good { int a; };
struct bad { int } again;
