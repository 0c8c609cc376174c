"""Kernel memory of a length known only when the probe fires, for actions that dump it."""

from __future__ import annotations

from typing import Any

from ...dtypes import UINT64
from ...ir import ops
from ...ir.ops import Expr
from ...ir.values import Word


def dump_part(b: Any, address: Expr, length: Expr, size: int) -> None:
    """Have the consumer dump `length` bytes at an address. `length` is a pinned value of at most `size`."""
    place = b.slot(size)
    b.emit(ops.Checked(ops.Call("bpf_probe_read_kernel", (ops.Address(place), length, address)), "BADADDR", address))
    b.act("tracemem", [b.put_bytes(ops.Address(place), size), b.put_field(Word(UINT64, length))])
