#!/usr/sbin/dtrace -qs
/* Descriptions, predicates and bodies in all their forms. */
BEGIN { }
syscall::read:entry, syscall::write*:entry,
fbt:vmlinux:[a-c]?_\*!x:return
/ pid == $target && execname != "dtrace" / /* the actions follow */
{
	trace(arg0 / 2);;
	this->x++
}
pid$1::$$2:entry, tick-$1s, 42 /x/ {}
:::
/ self->a / 3 / self->b
# 40 "else.h"
/
{ exit(0) }
