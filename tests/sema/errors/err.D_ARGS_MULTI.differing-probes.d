/* line 2: args[ ] may not be referenced because probe description syscall::read: matches an unstable set of probes */
syscall::read: { trace(args[0]); }
