"""What inet_ntoa(), inet_ntoa6() and inet_ntop() share: addresses in memory as text in a buffer."""

from __future__ import annotations

from typing import Any

from ...ir import ops
from ...ir.ops import Const, Expr, Place

BUFFER = 64  # ADDRESS_SIZE of _inet.bpf.h


def put_ipv4(b: Any, buffer: Place, address: Expr) -> None:
    """The four bytes at an address, as a dotted quad."""
    b.do("_inet", "put_quad", ops.Address(buffer), Const(0), b.load(address, 4))


def put_ipv6(b: Any, buffer: Place, address: Expr, quad: bool) -> None:
    """The 16 bytes at an address; with `quad` those that hold an IPv4 address are printed as that."""
    place, address = b.slot(16), b.pin(address)
    b.must("", "bpf_probe_read_kernel", ops.Address(place), Const(16), address, value=address)
    b.do("_inet", "put_groups", b.work, ops.Address(buffer), ops.Address(place), Const(int(quad)))
