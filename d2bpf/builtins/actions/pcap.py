"""pcap(): dumps the beginning of a network packet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...dtypes import DType, is_integer, is_pointer
from ...ir.ops import Bin, Const, Select
from ...syntax import ast
from ..spec import Action, Report
from ._memory import dump_part


def _check(args: Sequence[ast.Expr], types: Sequence[DType], constants: Sequence[int | None], report: Report) -> None:
    if not is_integer(types[0]) and not is_pointer(types[0]):
        message = "pcap( ) argument #1 is incompatible with prototype:\n\tprototype: pointer\n\t argument: "
        report("D_PCAP_ADDR", message + str(types[0]), 0)
    if constants[1] is None:
        report("D_PCAP_PROTO", "pcap( ) argument #2 must be an integer constant", 1)


def lower(b: Any, call: ast.Call) -> None:
    """The part of the packet that lies in one piece (skb->len - skb->data_len bytes at skb->data), up to pcapsize of it."""
    skb = b.pin(b.word(call.args[0]), "skb")
    data, whole, elsewhere = (b.to_word(b.kernel_member(skb, "struct sk_buff", name)) for name in ("data", "len", "data_len"))
    limit = Const(b.checked.options["pcapsize"])
    here = b.pin(Bin("-", whole, elsewhere), "length")
    dump_part(b, data, b.tmp(Select(Bin("<u", limit, here), limit, here), "length"), limit.value)


ACTION = Action(
    name="pcap",
    prototype="void pcap(@, @)",
    doc="dumps the beginning of a network packet",
    platforms="O",
    check=_check,
    fidelity="approximate",
    note="a hexadecimal dump of what lies in one piece; no packet viewer is started",
    lower=lower,
)
