"""getf(): file structure of a descriptor of the current process, or NULL."""

from __future__ import annotations

from typing import Any

from ...ir import ops
from ...ir.ops import Bin, Const, Ext
from ...ir.values import Value, Word
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> Value:
    """current->files->fdt->fd[n], with a descriptor that is not below fdt->max_fds, and threads without files, giving NULL."""
    number = b.pin(Ext(4, False, b.word(call.args[0])), "fd")
    file = b.outcome("file")
    files = b.pin(b.to_word(b.kernel_member(b.thread(), "struct task_struct", "files")))
    with b.when(files):
        table = b.pin(b.to_word(b.kernel_member(files, "struct files_struct", "fdt")))
        size = b.to_word(b.kernel_member(table, "struct fdtable", "max_fds"))
        with b.when(Bin("<u", number, size)):
            slots = b.to_word(b.kernel_member(table, "struct fdtable", "fd"))
            b.emit(ops.Set(file, b.load(Bin("+", slots, Bin("*", number, Const(8))), 8)))
    return Word(b.type(call), file)


SUBROUTINE = Subroutine(
    name="getf",
    prototype="struct file *getf(int)",
    doc="file structure of a descriptor of the current process, or NULL",
    platforms="SF",
    lower=lower,
)
