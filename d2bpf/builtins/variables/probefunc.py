"""probefunc: function of the firing probe."""

from __future__ import annotations

from ..spec import Variable

VARIABLE = Variable(
    name="probefunc",
    type="string",
    doc="function of the firing probe",
)
