"""How many bytes keys and strings need: a fixpoint over all that flows into each variable and key."""

from __future__ import annotations

from collections.abc import Sequence

from ..builtins import registry
from ..dtypes import LONG, Array, DType, String, is_char, is_integer, is_signed, is_string, strip
from ..syntax import ast
from .analysis import Analysis
from .checked import AggregationInfo, Symbol

ROUNDS = 4  # after these, what still grows (s = strjoin(s, "x")) gets strsize


class Capacities:
    """Sizes every string expression, variable and key of a finished analysis; bytes include the NUL."""

    def __init__(self, a: Analysis) -> None:
        self.a = a
        self.full = a.types.string().capacity
        self.needed: dict[object, int] = {}  # of a variable (Symbol), or of a key: (owner, position)

    def settle(self) -> None:
        """Find the capacities and write them into the tables."""
        self._widen()
        for round in range(ROUNDS + 1):
            if not self._flow(widen=round == ROUNDS):
                break
        self._write()

    def _widen(self) -> None:
        """Give integer keys the size of the largest integer any use has, so that none is cut and taken for another."""
        for owner, exprs in self.a.keyed:
            owner.keys = tuple(_wider(t, self.a.checked.types.get(e, t)) for t, e in zip(owner.keys, exprs, strict=True))

    def _flow(self, widen: bool) -> bool:
        grown = False
        for symbol, value in self.a.assigned:
            if is_string(symbol.type):
                grown |= self._grow(symbol, self.of(value), widen)
        for owner, exprs in self.a.keyed:
            for i, e in enumerate(exprs):
                if i < len(owner.keys) and is_string(owner.keys[i]):
                    grown |= self._grow((owner, i), self.of(e), widen)
        return grown

    def _grow(self, what: object, capacity: int, widen: bool) -> bool:
        if capacity <= self.needed.get(what, 0):
            return False
        self.needed[what] = self.full if widen else capacity
        return True

    # ---------------------------------------------------------------- expressions

    def of(self, e: ast.Expr) -> int:
        """Capacity of a string-compatible expression."""
        t = self.a.checked.types.get(e)
        if t is None:
            return self.full
        base = strip(t)
        if isinstance(base, Array) and is_char(base.of):
            return min(base.count + 1, self.full)
        if not isinstance(base, String):
            return 1 if self.a.is_zero(e) else self.full
        return max(1, min(self._string(e, base), self.full))

    def _string(self, e: ast.Expr, t: String) -> int:
        if e in self.a.checked.stand_ins:
            return self.of(self.a.checked.stand_ins[e])
        if isinstance(e, ast.StrLit):
            return t.capacity
        if isinstance(e, (ast.Ident, ast.ScopedVar)):
            return self._named(e, t)
        if isinstance(e, ast.Index):
            return self._named(e, t)
        if isinstance(e, ast.Cond):
            return max(self.of(e.then), self.of(e.other))
        if isinstance(e, ast.Assign):
            return self.of(e.target)
        if isinstance(e, ast.Binary):
            return self.of(e.right) if e.op == "," else self.full
        if isinstance(e, (ast.Stringof, ast.Cast)):
            return self.of(e.operand)
        if isinstance(e, ast.Call):
            return self._call(e)
        if isinstance(e, ast.MemberOf):
            info = self.a.checked.translators.get(e)
            return self.of(info.members[e.name][0]) if info else self.full
        return self.full

    def _named(self, e: ast.Ident | ast.ScopedVar | ast.Index, t: String) -> int:
        symbol = self.a.checked.symbols.get(e)
        if symbol is None:
            return self.full
        if symbol.kind in ("global", "self", "this", "assoc"):
            return self.needed.get(symbol, 1)
        if symbol.kind == "inline" and symbol.inline is not None:
            return self.of(symbol.inline.value)
        return t.capacity if symbol.kind == "builtin" else self.full

    def _call(self, e: ast.Call) -> int:
        record = registry.subroutine(e.name)
        if record is None or record.capacity is None:
            return self.full
        return record.capacity(self._arguments(e.args), self.full - 1)

    def _arguments(self, args: Sequence[ast.Expr]) -> list[int]:
        return [self.of(x) if self._text(x) else 0 for x in args]

    def _text(self, e: ast.Expr) -> bool:
        t = strip(self.a.checked.types[e])
        return isinstance(t, String) or not isinstance(t, Array) or is_char(t.of)

    # ---------------------------------------------------------------- results

    def _write(self) -> None:
        checked = self.a.checked
        for symbol in checked.variables:
            if isinstance(strip(symbol.type), String):
                symbol.type = String(max(self.needed.get(symbol, 1), 1))
            symbol.keys = self._sized_keys(symbol)
        for info in checked.aggregations.values():
            info.keys = self._sized_keys(info)
        for e, t in checked.types.items():
            if isinstance(t, String) and isinstance(e, ast.Expr):
                checked.types[e] = String(self.of(e))

    def _sized_keys(self, owner: Symbol | AggregationInfo) -> tuple[DType, ...]:
        return tuple(
            String(max(self.needed.get((owner, i), 1), 1)) if isinstance(strip(t), String) else t for i, t in enumerate(owner.keys)
        )


def _wider(key: DType, use: DType) -> DType:
    """The type of an integer key that holds both its values so far and another use's. Of one size but different signedness
    they only fit a larger one."""
    if not is_integer(key) or not is_integer(use):
        return key
    have, want = strip(key).size, strip(use).size
    if have != want:
        return use if want > have else key
    return key if have == LONG.size or is_signed(key) == is_signed(use) else LONG
