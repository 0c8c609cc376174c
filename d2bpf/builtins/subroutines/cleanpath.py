"""cleanpath(): a path without duplicate slashes, . and .. components."""

from __future__ import annotations

from ..spec import Subroutine

SUBROUTINE = Subroutine(
    name="cleanpath",
    prototype="string cleanpath(const char *)",
    doc="a path without duplicate slashes, . and .. components",
    capacity=lambda caps, strsize: max(caps[0], 2),
)
