"""uregs: saved user registers of the current thread; the index is an R_ constant."""

from __future__ import annotations

from typing import Any

from ...dtypes import UINT64
from ...ir import ops
from ...ir.values import Value, Word
from ..spec import Variable


def lower(b: Any, index: ops.Expr) -> Value:
    # Saved by the entry to the kernel, in the order of struct pt_regs, which is that of the R_ constants up to R_SS.
    index = b.pin(index, "index")
    b.fault_if(ops.Bin("<u", ops.Const(20), index), "BADINDEX", index)
    regs = ops.Call("bpf_task_pt_regs", (ops.Call("bpf_get_current_task_btf"),))
    return Word(UINT64, b.load(ops.Bin("+", regs, ops.Bin("*", index, ops.Const(8))), 8))


VARIABLE = Variable(
    name="uregs",
    type="uint64_t",
    doc="saved user registers of the current thread; the index is an R_ constant",
    index="int",
    elements=26,
    lower=lower,
)
