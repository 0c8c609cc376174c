"""bcopy(): copies kernel or scratch memory to scratch memory."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="bcopy",
    prototype="void bcopy(void *, void *, size_t)",
    scratch=(1,),
    doc="copies kernel or scratch memory to scratch memory",
)
