"""__psargs(): arguments of a process, joined by blanks; for provider libraries."""

from __future__ import annotations

from typing import Any

from ...ir import ops
from ...ir.values import Text
from ...syntax import ast
from ..spec import Subroutine

BUFFER = 128  # bytes, of which ARGUMENTS of __psargs.bpf.h are used


def lower(b: Any, call: ast.Call) -> Text:
    for member in ("mm", "comm"):
        b.kernel_offset("struct task_struct", member)
    for member in ("arg_start", "arg_end"):
        b.kernel_offset("struct mm_struct", member)
    place, task = b.slot(BUFFER), b.word(call.args[0])
    b.do("__psargs", "put_arguments", b.work, ops.Address(place), task)
    return b.text_in(call, place, "memory")  # type: ignore[no-any-return]


SUBROUTINE = Subroutine(
    name="__psargs",
    prototype="string __psargs(struct task_struct *)",
    doc="arguments of a process, joined by blanks",
    platforms="",
    capacity=lambda caps, strsize: 80,
    fidelity="approximate",
    note="of other processes than the current one, whose memory cannot be read, the name",
    lower=lower,
)
