/* line 2: index 7 is out of range for syscall::read:entry args[ ] */
syscall::read:entry { trace(args[7]); }
