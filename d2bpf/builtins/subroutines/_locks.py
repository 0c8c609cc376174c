"""What the subroutines on locks share. A lock is given by its address in the kernel.

The words are those of kernel/locking: the owner of a mutex or rw_semaphore is a task_struct with flags in its lowest bits; a
qrwlock counts readers above nine bits of its writer; an rw_semaphore counts readers above eight bits of flags.
"""

from __future__ import annotations

from typing import Any

from ...ir.ops import Bin, Const, Expr
from ...ir.values import Value, Word
from ...syntax import ast

OWNER = ~7
WRITER_HELD, WRITER, READERS = 0xFF, 0x1FF, 9  # of qrwlock.cnts: held by a writer; or awaited by one; shift of the readers
SEM_WRITER, SEM_READERS = 1, ((1 << 55) - 1) << 8  # of rw_semaphore.count; its highest bit is a flag too


def member(b: Any, call: ast.Call, tag: str, *path: str) -> Expr:
    """A member of the lock that is the argument of `call`."""
    return b.pin(b.to_word(b.kernel_member(b.pin(b.word(call.args[0]), "lock"), tag, *path)))  # type: ignore[no-any-return]


def owner(b: Any, call: ast.Call, tag: str = "struct mutex") -> Expr:
    """The task_struct of the thread that holds the lock, or 0."""
    return Bin("&", member(b, call, tag, "owner", "counter"), Const(OWNER))


def is_current(b: Any, task: Expr) -> Expr:
    return Bin("==", task, b.helper("bpf_get_current_task"))


def rw_count(b: Any, call: ast.Call) -> Expr:
    """The word of an rwlock_t, which begins with its qrwlock."""
    return member(b, call, "struct qrwlock", "cnts", "counter")


def sem_count(b: Any, call: ast.Call) -> Expr:
    return member(b, call, "struct rw_semaphore", "count", "counter")


def truth(b: Any, call: ast.Call, test: Expr) -> Value:
    return Word(b.type(call), Bin("!=", test, Const(0)))
