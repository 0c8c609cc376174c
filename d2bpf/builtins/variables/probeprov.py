"""probeprov: provider of the firing probe, with the number of the process where the provider has one in each process."""

from __future__ import annotations

from typing import Any

from ...dtypes import String
from ...ir import ops
from ...ir.values import Text, Value
from ..spec import Variable

NUMBER = 16  # bytes that put_number of probeprov.bpf.h masks its places to


def lower(b: Any) -> Value:
    provider = b.probe_part("prov")
    if not b.handler.per_process:
        return provider  # type: ignore[no-any-return]
    name = b.handler.probes[0].provider
    capacity = len(name) + NUMBER
    place = b.slot(capacity)
    b.put_text(place, capacity, b.literal(name))
    b.include("variables/probeprov")
    b.emit(ops.Eval(ops.Call("put_number", (ops.Address(place.part(len(name))), b.process_id()))))
    return Text(String(capacity), "memory", capacity, address=ops.Address(place), place=place)


VARIABLE = Variable(
    name="probeprov",
    type="string",
    doc="provider of the firing probe",
    lower=lower,
)
