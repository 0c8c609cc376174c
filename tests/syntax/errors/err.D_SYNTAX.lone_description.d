#! line 1: expected predicate and/or actions following probe description
syscall::read:entry
BEGIN { }
