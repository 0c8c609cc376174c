"""What can be assigned to: variables of ours and their parts (variables.py), and memory of alloca() and copyin() by pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..dtypes import Member, Ptr, Struct, find_member, is_string, strip
from ..ir.ops import Address, Bin, Const, Un
from ..ir.values import Region, Value, Word
from ..syntax import ast
from .builder import Untranslatable
from .storage import is_word
from .variables import BitUnit, LValue, own_part, variable

if TYPE_CHECKING:
    from .operators import Operators


HEADER = "_character"


def lvalue(b: Operators, node: ast.Expr) -> LValue:
    """The place that an expression names; index and key expressions are evaluated now, once."""
    if isinstance(node, ast.Cast):
        return lvalue(b, node.operand)
    symbol = b.checked.symbols.get(node)
    if symbol is not None and symbol.kind in ("global", "self", "this", "assoc"):
        return variable(b, node, symbol)
    if isinstance(node, ast.Index) and is_string(b.type(node.base)):
        return Character(b, node, lvalue(b, node.base))
    if isinstance(node, (ast.Index, ast.MemberOf)) or (isinstance(node, ast.Unary) and node.op == "*"):
        return own_part(b, node) or Memory(b, node)
    raise Untranslatable("this expression cannot be assigned to")


class Memory(LValue):
    """A member, element or dereference through a pointer into copyin() or alloca() memory. Kernel and user memory are never
    written: such a store is a fault."""

    def __init__(self, b: Operators, node: ast.Expr) -> None:
        self.b, self.type = b, b.type(node)
        self.bits = bit_field(b, node)
        self.address = b.pin(b.address_of(node), "address")

    def load(self) -> Value:
        if self.bits is None:
            return self.b.load_typed(self.address, self.type)
        unit = BitUnit(self.bits)
        return Word(self.type, unit.extract(self.b.load(self.address, unit.size)))

    def store(self, value: Value) -> None:
        b, size = self.b, strip(self.type).size
        if self.bits is not None:
            unit = BitUnit(self.bits)
            word = b.pin(b.to_word(value))
            b.store_alloca(self.address, unit.insert(b.load(self.address, unit.size), word), unit.size)
        elif is_word(self.type):
            b.store_alloca(self.address, b.to_word(value), size)
        elif isinstance(value, Region):
            source = b.pin(value.address, "source")
            b.fill(b.area_offset(self.address, Const(size)), Const(size), source, user=False)
        else:
            raise Untranslatable(f"a value of type {self.type} cannot be stored through a pointer")

    def clear(self) -> None:
        if not is_word(self.type):
            raise Untranslatable(f"a value of type {self.type} cannot be stored through a pointer")
        self.store(Word(self.type, Const(0)))


class Character(LValue):
    """A character of a string, which a store changes as a whole: within it, or at its end, which is then one further. Behind the
    end there are no characters: they read as 0, and storing another there is a fault."""

    def __init__(self, b: Operators, node: ast.Index, whole: LValue | None = None) -> None:
        self.b, self.type, self.whole = b, b.type(node), whole
        text = b.text(whole.load() if whole else b.expr(node.base))
        self.index = b.pin(b.word(node.indices[0]), "index")
        b.fault_if(Un("!", Bin("<u", self.index, Const(b.program.strsize))), "BADINDEX", self.index)
        self.place, self.length = b.own_text(text)

    def load(self) -> Value:
        return Word(self.type, self.b.ask(HEADER, "character_at", Address(self.place), self.length, self.index))

    def store(self, value: Value) -> None:
        b, whole = self.b, self.whole
        assert whole is not None
        character = b.pin(b.to_word(value), "character")
        behind = b.tmp(Bin("<u", self.length, self.index), "behind")
        b.fault_if(Bin("&&", behind, character), "BADINDEX", self.index)
        with b.when(Un("!", behind)):
            b.do(HEADER, "set_character", Address(self.place), self.length, self.index, character)
            whole.store(b.window_text(self.place))

    def clear(self) -> None:
        self.store(Word(self.type, Const(0)))


def bit_field(b: Operators, node: ast.Expr) -> Member | None:
    """The bit-field that a member expression names, if it is one."""
    if not isinstance(node, ast.MemberOf):
        return None
    t = strip(b.type(node.base))
    struct = strip(t.to) if isinstance(t, Ptr) else t
    found = find_member(struct, node.name) if isinstance(struct, Struct) else None
    return found if found is not None and found.bits else None
