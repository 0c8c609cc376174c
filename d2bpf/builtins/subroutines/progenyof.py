"""progenyof(): 1 if the current process is the given one or descends from it."""

from __future__ import annotations

from typing import Any

from ...ir.values import Value, Word
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> Value:
    for member in ("tgid", "real_parent"):
        b.kernel_offset("struct task_struct", member)
    process = b.word(call.args[0])
    return Word(b.type(call), b.must(b.helpers("progenyof"), "descends", b.work, b.thread(), process))


SUBROUTINE = Subroutine(
    name="progenyof",
    prototype="int progenyof(pid_t)",
    doc="1 if the current process is the given one or descends from it",
    lower=lower,
)
