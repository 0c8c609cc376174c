"""gid: real group id."""

from __future__ import annotations

from typing import Any

from ...dtypes import UINT
from ...ir import ops
from ...ir.values import Value, Word
from ..spec import Variable


def lower(b: Any) -> Value:
    if b.task is not None:
        return Word(UINT, b.to_word(b.kernel_member(b.task, "struct task_struct", "real_cred", "gid", "val")))
    return Word(UINT, ops.Bin(">>u", ops.Call("bpf_get_current_uid_gid"), ops.Const(32)))


VARIABLE = Variable(
    name="gid",
    type="gid_t",
    doc="real group id",
    lower=lower,
)
