"""probename: name of the firing probe."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="probename",
    type="string",
    doc="name of the firing probe",
)
