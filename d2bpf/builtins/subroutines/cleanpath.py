"""cleanpath(): a path without duplicate slashes, . and .. components."""

from __future__ import annotations

from typing import Any

from ...ir import ops
from ...ir.values import Text
from ...syntax import ast
from ..spec import Subroutine


def lower(b: Any, call: ast.Call) -> Text:
    place, length = b.own_text(b.string(call.args[0]))
    output, starts = b.window(), b.slot(2 * (b.program.string_mask + 1))
    b.do("cleanpath", "clean_path", b.work, ops.Address(place), length, ops.Address(output), ops.Address(starts))
    return b.text_in(call, output)  # type: ignore[no-any-return]


SUBROUTINE = Subroutine(
    name="cleanpath",
    prototype="string cleanpath(const char *)",
    doc="a path without duplicate slashes, . and .. components",
    capacity=lambda caps, strsize: max(caps[0], 2),
    lower=lower,
)
