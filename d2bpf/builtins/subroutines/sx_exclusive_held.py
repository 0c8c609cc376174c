"""sx_exclusive_held(): non-zero if the shared/exclusive lock is held exclusively."""

from __future__ import annotations

from typing import Any

from ...ir.ops import Bin, Const
from ...ir.values import Value
from ...syntax import ast
from ..spec import Subroutine
from ._locks import SEM_WRITER, sem_count, truth


def lower(b: Any, call: ast.Call) -> Value:
    return truth(b, call, Bin("&", sem_count(b, call), Const(SEM_WRITER)))


SUBROUTINE = Subroutine(
    name="sx_exclusive_held",
    prototype="int sx_exclusive_held(void *)",
    doc="non-zero if the shared/exclusive lock is held exclusively",
    platforms="F",
    fidelity="approximate",
    note="the nearest lock of Linux is the rw_semaphore",
    lower=lower,
)
