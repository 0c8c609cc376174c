"""probemod: module of the firing probe."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="probemod",
    type="string",
    doc="module of the firing probe",
)
