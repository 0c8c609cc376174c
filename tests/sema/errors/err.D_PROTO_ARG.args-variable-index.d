/* line 2: args[ ] key #1 is incompatible with prototype:\n\tprototype: integer constant\n\t      key: pid_t */
syscall::read:entry { trace(args[pid]); }
