"""Arguments of static probes, from where the compiler of the program left them (symbols/operands.py)."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

from ..ir import ops
from ..ir.ops import Bin, Const, Expr

if TYPE_CHECKING:
    from .builder import Builder

KINDS = ("constant", "register", "user", "unknown")


def operand(b: Builder, source: tuple[Any, ...]) -> Expr:
    """The word at an operand; memory is read now, and an address that cannot be read is a fault. Untranslatable for an operand that
    is not understood."""
    match source:
        case ("constant", int(value)):
            return Const(value)
        case ("register", int(offset), int(size), bool(signed)):
            return register(offset, size, signed)
        case ("user", int(size), bool(signed), int(base), int(index), int(scale), int(displacement), bool(wide)):
            parts = [register(base)] if base >= 0 else []
            if index >= 0:
                parts.append(Bin("*", register(index), Const(scale)) if scale > 1 else register(index))
            if displacement or not parts:
                parts.append(Const(displacement))
            address = reduce(lambda left, right: Bin("+", left, right), parts)
            return b.load(address if wide else ops.Ext(4, False, address), size, signed, user=True, hint="operand")
        case _:
            raise b.refuse(f"this argument of the probe is not available: {source[1]}", "X_ARGUMENT")


def register(offset: int, size: int = 8, signed: bool = False) -> Expr:
    """A register of the probed thread, or `size` bytes of it, by its offset in struct pt_regs."""
    word: Expr = ops.Call("user_register", (ops.Symbol("ctx"), Const(offset & ~7)))
    if offset & 7:
        word = Bin(">>u", word, Const(8 * (offset & 7)))
    return word if size == 8 else ops.Ext(size, signed, word)
