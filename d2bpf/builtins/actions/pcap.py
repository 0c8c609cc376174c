"""pcap(): records a network packet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...dtypes import DType, is_integer, is_pointer
from ..spec import Action, Report

if TYPE_CHECKING:
    from ...syntax import ast


def _check(args: Sequence[ast.Expr], types: Sequence[DType], constants: Sequence[int | None], report: Report) -> None:
    if not is_integer(types[0]) and not is_pointer(types[0]):
        message = "pcap( ) argument #1 is incompatible with prototype:\n\tprototype: pointer\n\t argument: "
        report("D_PCAP_ADDR", message + str(types[0]), 0)
    if constants[1] is None:
        report("D_PCAP_PROTO", "pcap( ) argument #2 must be an integer constant", 1)


ACTION = Action(
    name="pcap",
    prototype="void pcap(@, @)",
    doc="records a network packet",
    platforms="O",
    check=_check,
)
