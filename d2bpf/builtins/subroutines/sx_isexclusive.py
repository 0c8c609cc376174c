"""sx_isexclusive(): non-zero if the shared/exclusive lock is held exclusively."""

from __future__ import annotations

from typing import Any

from ...ir.ops import Bin, Const
from ...ir.values import Value, Word
from ...syntax import ast
from ..spec import Subroutine
from ._locks import SEM_WRITER, is_current, owner, sem_count


def lower(b: Any, call: ast.Call) -> Value:
    held = Bin("!=", Bin("&", sem_count(b, call), Const(SEM_WRITER)), Const(0))
    return Word(b.type(call), Bin("&&", held, is_current(b, owner(b, call, "struct rw_semaphore"))))


SUBROUTINE = Subroutine(
    name="sx_isexclusive",
    prototype="int sx_isexclusive(void *)",
    doc="non-zero if the shared/exclusive lock is held exclusively",
    platforms="F",
    fidelity="approximate",
    note="the nearest lock of Linux is the rw_semaphore",
    lower=lower,
)
