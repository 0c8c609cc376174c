/* line 3: probe description syscall::nothing:entry does not match any probes */
BEGIN,
syscall::nothing:entry
{ }
