"""Comparisons: of integers and pointers by the rank of their types, of strings by their bytes (language.md 6.2, 7.2)."""

from __future__ import annotations

from ..dtypes import DType, Enum, Int, is_string, is_string_compatible, strip
from ..ir import ops
from ..ir.ops import Bin, Const, Expr
from ..ir.values import Text
from ..sema.checked import Checked
from ..syntax import ast
from .speculation import Speculation
from .strings import HELPERS

# A relation as BPF has it: its IR operator, and whether the operands change places.
RELATIONS = {"<": ("<", False), "<=": ("<=", False), ">": ("<", True), ">=": ("<=", True)}
POINTER_RANK = 17
MOST_WAITING = 16  # operands that may wait in registers or on the BPF stack


class Comparison(Speculation):
    """The part of a Lowering that compares."""

    checked: Checked
    _waiting = 0  # operands on their left that wait for the expression at hand

    def word(self, node: ast.Expr) -> Expr:
        raise AssertionError

    def may_change(self, node: ast.Expr) -> bool:
        raise AssertionError

    def operands(self, left: ast.Expr, right: ast.Expr) -> tuple[Expr, Expr]:
        """The values of two operands. The first waits for the second; deep in an expression it does so in scratch, because the BPF
        stack is small."""
        a = self.word(left)
        a = self.pin(a) if self.may_change(right) else a
        self._waiting += 1
        if self._waiting > MOST_WAITING and not isinstance(a, Const):
            place = self.slot(8)
            self.emit(ops.Put(place, a))
            a = ops.Get(place)
        b = self.word(right)
        self._waiting -= 1
        return a, b

    def compare(self, op: str, left: ast.Expr, right: ast.Expr) -> Expr:
        """`left op right` as 0 or 1."""
        lt, rt = self.type(left), self.type(right)
        if is_string(lt) or is_string(rt):
            return self.compare_strings(op, left, right)
        a, b = self.operands(left, right)
        if op in ("==", "!="):
            return Bin(op, a, b)
        return relation(op, a, b, "s" if self.compares_signed(lt, rt) else "u")

    def compares_signed(self, left: DType, right: DType) -> bool:
        """Signedness of a comparison: that of the operand of higher rank, width * 2 + unsigned (language.md 6.2)."""

        def rank(t: DType) -> tuple[int, bool]:
            t = strip(t)
            signed = isinstance(t, (Int, Enum)) and t.signed
            return (t.size * 2 + (not signed) if isinstance(t, (Int, Enum)) else POINTER_RANK), signed

        (lr, ls), (rr, rs) = rank(left), rank(right)
        return ls if lr >= rr else rs

    # ---------------------------------------------------------------- strings

    def is_null(self, node: ast.Expr) -> bool:
        return self.checked.constants.get(node) == 0 and not is_string_compatible(self.type(node))

    def compare_strings(self, op: str, left: ast.Expr, right: ast.Expr) -> Expr:
        """Strings by their bytes; one with NULL by whether it was ever set."""
        null = left if self.is_null(left) else right if self.is_null(right) else None
        if null is None:
            first = self.text(self.expr(left))
            if self.may_change(right) and not first.stable:
                first = self.held(first)
            return self.compare_text(op, first, self.text(self.expr(right)))
        present = self.text_present(self.text(self.expr(right if null is left else left)))
        return present if op == "!=" else Bin("^", present, Const(1))

    def held(self, text: Text) -> Text:
        """A copy of a variable's string, which may change before it is used."""
        place = self.slot(text.capacity)
        self.put_text(place, text.capacity, text)
        return Text(text.type, "memory", text.capacity, address=ops.Address(place), place=place)

    def compare_text(self, op: str, left: Text, right: Text) -> Expr:
        """Order of two strings as unsigned bytes; equality with a constant compares whole words."""
        if op in ("==", "!=") and "probe" in (left.form, right.form):
            result = self.program.compare_probe(self, left, right)
            if result is not None:
                return result if op == "==" else ops.Un("!", result)
        if op in ("==", "!="):
            for a, b in ((left, right), (right, left)):
                if b.form == "literal":
                    return self.equals_literal(a, b.text, op)
        size = Const(min(left.capacity, right.capacity, self.program.strsize + 1))
        return by_order(op, self.call(HELPERS, "str_compare", self.text_window(left), self.text_window(right), size))

    def equals_literal(self, text: Text, literal: bytes, op: str) -> Expr:
        """text == "constant", eight bytes at a time: the constant's bytes and its NUL decide."""
        if text.form == "literal":
            return Const(int((text.text == literal) == (op == "==")))
        data = literal + b"\0"
        if len(data) > text.capacity:
            self.text_place(text)  # evaluated all the same: it may fault
            return Const(int(op == "!="))
        place = self.text_place(text)
        result: Expr | None = None
        for at in range(0, len(data), 8):
            chunk = data[at : at + 8]
            word: Expr = ops.Get(place.part(at), 8)
            if len(chunk) < 8:
                word = Bin("&", word, Const((1 << 8 * len(chunk)) - 1))
            same = Bin("==", word, Const(int.from_bytes(chunk, "little")))
            result = same if result is None else Bin("&&", result, same)
        assert result is not None
        return result if op == "==" else ops.Un("!", result)

    def text_present(self, text: Text) -> Expr:
        """1 if a string is not NULL, else 0. A variable that was never set is all zeros; one set to "" holds the bytes 0, 1."""
        if text.form != "memory":
            return Const(1)
        self.include(HELPERS)
        if text.stable:
            return ops.Call("nonzero", (text.address,))
        return ops.Call("nonzero", (ops.Get(text.place, 2) if text.place else self.load(text.address, 2),))


def by_order(op: str, order: Expr) -> Expr:
    """What a relation is for operands in the order -1, 0 or 1. Without branches: the verifier follows each way of a branch
    through all that comes after, and where strings are compared that is long."""
    less, more = Bin(">>u", order, Const(63)), Bin(">>u", ops.Un("-", order), Const(63))
    results = {"!=": Bin("&", order, Const(1)), "<": less, ">": more}
    opposite = {"==": "!=", ">=": "<", "<=": ">"}
    return results[op] if op in results else Bin("^", results[opposite[op]], Const(1))


def relation(op: str, left: Expr, right: Expr, mark: str) -> Expr:
    """`left op right` for one of < <= > >=, signed or unsigned as marked."""
    name, swap = RELATIONS[op]
    return Bin(name + mark, right, left) if swap else Bin(name + mark, left, right)
