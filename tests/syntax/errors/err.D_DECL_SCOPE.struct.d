#! line 1: D scoping operator may not be used in a struct definition
struct vmlinux`s { int a; };
