#! line 1: member declaration requires a name
struct s { int; };
