/* line 2: index -1 is out of range for syscall::read:entry args[ ] */
syscall::read:entry { trace(args[-1]); }
