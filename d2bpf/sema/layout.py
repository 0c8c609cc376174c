"""Where the members of a structure declared in D lie: the System V C ABI, which D follows (language.md section 6)."""

from __future__ import annotations

from collections.abc import Iterable

from ..dtypes import Array, DType, Member, String, Struct, strip


def alignment(t: DType) -> int:
    """Alignment of a type in bytes."""
    t = strip(t)
    if isinstance(t, Array):
        return alignment(t.of)
    if isinstance(t, String):
        return 1
    if isinstance(t, Struct):
        return max((alignment(m.type) for m in t.body.get()), default=1) if t.body else 1
    return max(t.size, 1)


def lay_out(kind: str, members: Iterable[tuple[str, DType, int | None]]) -> tuple[int, tuple[Member, ...]]:
    """Size in bytes and placed members of a struct or union of (name, type, bit-field width or None)."""
    at = end = 0
    align = 1
    placed: list[Member] = []
    for name, t, bits in members:
        unit, boundary = t.size * 8, alignment(t) * 8
        if kind == "union":
            at = 0
        if bits is None:
            at = _up(at, boundary)
            placed.append(Member(name, t, at))
            at += unit
        elif bits == 0:
            at = _up(at, boundary)
        else:
            if at // unit != (at + bits - 1) // unit:
                at = _up(at, boundary)
            if name:
                placed.append(Member(name, t, at, bits))
            at += bits
        if name or bits is None:
            align = max(align, boundary // 8)
        end = max(end, at)
    return _up(end, align * 8) // 8, tuple(placed)


def _up(bits: int, to: int) -> int:
    return -(-bits // to) * to
