"""probeprov: provider of the firing probe."""

from __future__ import annotations

from typing import Any

from ...ir.values import Value
from ..spec import Variable


def lower(b: Any) -> Value:
    return b.probe_part("prov")  # type: ignore[no-any-return]


VARIABLE = Variable(
    name="probeprov",
    type="string",
    doc="provider of the firing probe",
    lower=lower,
)
