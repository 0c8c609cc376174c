"""cpu: number of the processor that the probe fired on."""

from __future__ import annotations

from typing import Any

from ...dtypes import INT
from ...ir import ops
from ...ir.values import Value, Word
from ..spec import Variable


def lower(b: Any) -> Value:
    del b
    return Word(INT, ops.Ext(4, True, ops.Call("bpf_get_smp_processor_id")))


VARIABLE = Variable(
    name="cpu",
    type="processorid_t",
    doc="number of the processor that the probe fired on",
    lower=lower,
)
