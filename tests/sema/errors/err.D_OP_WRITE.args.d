/* line 2: operator = can only be applied to a writable variable */
syscall::read:entry { args[0] = 1; }
