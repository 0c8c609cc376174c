"""sx_shared_held(): non-zero if the shared/exclusive lock is held shared."""

from __future__ import annotations

from typing import Any

from ...ir.ops import Bin, Const
from ...ir.values import Value
from ...syntax import ast
from ..spec import Subroutine
from ._locks import SEM_READERS, sem_count, truth


def lower(b: Any, call: ast.Call) -> Value:
    return truth(b, call, Bin("&", sem_count(b, call), Const(SEM_READERS)))


SUBROUTINE = Subroutine(
    name="sx_shared_held",
    prototype="int sx_shared_held(void *)",
    doc="non-zero if the shared/exclusive lock is held shared",
    platforms="F",
    fidelity="approximate",
    note="the nearest lock of Linux is the rw_semaphore",
    lower=lower,
)
