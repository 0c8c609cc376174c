"""uid: real user id."""

from __future__ import annotations

from typing import Any

from ...dtypes import UINT
from ...ir import ops
from ...ir.values import Value, Word
from ..spec import Variable


def lower(b: Any) -> Value:
    if b.task is not None:
        return Word(UINT, b.to_word(b.kernel_member(b.task, "struct task_struct", "real_cred", "uid", "val")))
    return Word(UINT, ops.Ext(4, False, ops.Call("bpf_get_current_uid_gid")))


VARIABLE = Variable(
    name="uid",
    type="uid_t",
    doc="real user id",
    lower=lower,
)
