#! line 1: expected actions { } following probe description and predicate
syscall::read:entry / pid == 1 /
