"""pcap(): records a network packet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..spec import Action, Report

if TYPE_CHECKING:
    from ...dtypes import DType
    from ...syntax import ast


def _check(args: Sequence[ast.Expr], types: Sequence[DType], constants: Sequence[int | None], report: Report) -> None:
    if constants[1] is None:
        report("D_PCAP_PROTO", "pcap( ) argument #2 must be an integer constant", 1)


ACTION = Action(
    name="pcap",
    prototype="void pcap(void *, int)",
    doc="records a network packet",
    platforms="O",
    check=_check,
)
