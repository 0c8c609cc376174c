"""probeprov: provider of the firing probe."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="probeprov",
    type="string",
    doc="provider of the firing probe",
)
