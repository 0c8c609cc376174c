"""Variables as places that can be loaded, stored and cleared.

Clearing is D's `x = 0`: it frees the storage of thread-local variables and associative array elements (language.md 8.3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..dtypes import DType, Ptr, String, Struct, find_member, strip
from ..ir import ops
from ..ir.ops import Bin, Const, Expr, Place
from ..ir.values import Region, Text, Value, Word
from ..sema.checked import Symbol
from ..syntax import ast
from .builder import Untranslatable
from .numbers import width
from .storage import is_word, round_up

if TYPE_CHECKING:
    from .operators import Operators

SELF = ops.Symbol("self")


class LValue:
    """Something assignable. `type` is its D type; values given to store() are already converted to it."""

    type: DType

    def load(self) -> Value:
        raise AssertionError

    def store(self, value: Value) -> None:
        raise AssertionError

    def clear(self) -> None:
        raise AssertionError


def lvalue(b: Operators, node: ast.Expr) -> LValue:
    """The place that an expression names; index and key expressions are evaluated now, once."""
    match node:
        case ast.Ident():
            symbol = b.checked.symbols[node]
            if symbol.kind == "global":
                return Variable(b, symbol, Place("state", b.program.globals[symbol]))
        case ast.ScopedVar(scope="self"):
            symbol = b.checked.symbols[node]
            b.handler.uses_self = True
            return ThreadVariable(b, symbol)
        case ast.ScopedVar():
            return clause_variable(b, b.checked.symbols[node])
        case ast.Index():
            found = b.checked.symbols.get(node) or b.checked.symbols.get(node.base)
            if found is not None and found.kind == "assoc":
                return Element(b, found, node.indices)
            return Memory(b, node)
        case ast.MemberOf() | ast.Unary(op="*"):
            return Memory(b, node)
        case ast.Cast():
            return lvalue(b, node.operand)
        case _:
            pass
    raise Untranslatable("this expression cannot be assigned to")


def never_zero(word: Expr) -> bool:
    """Whether a value is known not to be zero, so that storing it never frees."""
    return (isinstance(word, Const) and word.value != 0) or word == ops.Call("TIMESTAMP")


def put_value(b: Operators, place: Place, t: DType, value: Value) -> None:
    """Store a value of type `t` at a place: an integer in its width, a string with its marker, a struct by copy."""
    base = strip(t)
    if is_word(t):
        b.emit(ops.Put(place, b.to_word(value), base.size))
    elif isinstance(base, String):
        put_string(b, place, base.capacity, b.text(value))
    else:
        source = b.to_word(value)
        b.emit(ops.Checked(ops.Call("bpf_probe_read_kernel", (ops.Address(place), Const(base.size), source)), "BADADDR", source))


def put_string(b: Operators, place: Place, capacity: int, text: Text) -> None:
    """Store a string in a variable. "" is stored as the bytes 0, 1 to tell it from NULL, which is all zeros."""
    if text.form == "literal":
        b.put_text(place, capacity, text)
        if not text.text:
            b.emit(ops.Put(place, Const(0x100), 2))
        return
    if text.form == "memory" and not text.stable:
        # another variable's string: its marker of "" comes along, and NULL stays NULL
        b.put_text(place, capacity, text)
        with b.when(ops.Un("!", ops.Get(place, 1))):
            b.emit(ops.Put(place, b.load(text.address, 2), 2))
        return
    if text.form == "memory":
        # NULL is stored as NULL, not read
        with b.when(text.address):
            b.put_text(place, capacity, text)
            mark_empty(b, place)
        with b.when(ops.Un("!", text.address)):
            b.emit(ops.Put(place, Const(0), 2))
        return
    b.put_text(place, capacity, text)
    mark_empty(b, place)


def mark_empty(b: Operators, place: Place) -> None:
    with b.when(ops.Un("!", ops.Get(place, 1))):
        b.emit(ops.Put(place, Const(0x100), 2))


def clear_place(b: Operators, place: Place, t: DType) -> None:
    if is_word(t):
        b.emit(ops.Put(place, Const(0), strip(t).size))
    elif isinstance(strip(t), String):
        b.emit(ops.Put(place, Const(0), 2))
    else:
        b.emit(ops.Zero(place, round_up(strip(t).size)))


def get_value(b: Operators, place: Place, t: DType) -> Value:
    """The value of type `t` at a place of our own memory that is known to be mapped."""
    base = strip(t)
    if is_word(t):
        return Word(t, ops.Get(place, base.size, getattr(base, "signed", False)))
    address = ops.Address(place)
    if isinstance(base, String):
        return Text(t, "memory", base.capacity, address=address, place=place, stable=False)
    return Region(t, address, place)


class Variable(LValue):
    """A variable at a fixed place: a global, or a clause-local that is not a word."""

    def __init__(self, b: Operators, symbol: Symbol, place: Place) -> None:
        self.b, self.type, self.place = b, symbol.type, place

    def load(self) -> Value:
        return get_value(self.b, self.place, self.type)

    def store(self, value: Value) -> None:
        put_value(self.b, self.place, self.type, value)

    def clear(self) -> None:
        clear_place(self.b, self.place, self.type)


class Local(LValue):
    """A clause-local integer or pointer: a C variable of the handler."""

    def __init__(self, b: Operators, symbol: Symbol, name: str) -> None:
        self.b, self.type, self.name = b, symbol.type, name

    def load(self) -> Value:
        self.b.known[self.name] = width(self.type)
        return Word(self.type, ops.Tmp(self.name))

    def store(self, value: Value) -> None:
        self.b.emit(ops.Set(ops.Tmp(self.name), self.b.to_word(value)))

    def clear(self) -> None:
        self.b.emit(ops.Set(ops.Tmp(self.name), Const(0)))


def clause_variable(b: Operators, symbol: Symbol) -> LValue:
    if is_word(symbol.type):
        return Local(b, symbol, b.handler.this_local(symbol))
    return Variable(b, symbol, b.handler.this_place(symbol))


class Freed(LValue):
    """A variable in dynamic memory: storing zero frees its storage."""

    b: Operators

    def store(self, value: Value) -> None:
        b = self.b
        if is_word(self.type):
            always = never_zero(b.to_word(value))
            word = b.pin(b.to_word(value))
            if isinstance(word, Const) and not word.value:
                self.clear()
                return
            with b.block() as present:
                self._put(Word(self.type, word))
            if always:
                b.out.extend(present)
                return
            with b.block() as absent:
                self.clear()
            b.emit(ops.If(word, present, absent))
            return
        self._put(value)

    def _put(self, value: Value) -> None:
        """Store a value that is not zero."""
        raise AssertionError


class ThreadVariable(Freed):
    """self->x. All variables of a thread share one map value; `live` has a bit for each that is not zero, and the last one
    to become zero gives the value back."""

    def __init__(self, b: Operators, symbol: Symbol) -> None:
        self.b, self.type = b, symbol.type
        name, self.bit = b.program.thread_variable(symbol)
        self.place = Place("self", name)

    def load(self) -> Value:
        base = strip(self.type)
        if is_word(self.type):
            value = get_value(self.b, self.place, self.type)
            return Word(self.type, ops.Select(SELF, self.b.to_word(value), Const(0)))
        address = self.b.tmp(ops.Select(SELF, ops.Address(self.place), self.b.program.empty(base.size)))
        if isinstance(base, String):
            return Text(self.type, "memory", base.capacity, address=address, stable=False)
        return Region(self.type, address)

    def _put(self, value: Value) -> None:
        b = self.b
        b.program.ir.drops.add("DYNAMIC")
        with b.when(ops.Un("!", SELF)):
            b.emit(ops.NewSelf())
        with b.when(SELF):
            put_value(b, self.place, self.type, value)
            live = Place("self", "live")
            b.emit(ops.Put(live, Bin("|", ops.Get(live), Const(self.bit))))

    def clear(self) -> None:
        b = self.b
        with b.when(SELF):
            clear_place(b, self.place, self.type)
            live = Place("self", "live")
            b.emit(ops.Put(live, Bin("&", ops.Get(live), Const(~self.bit))))
            with b.when(ops.Un("!", ops.Get(live))):
                b.emit(ops.FreeSelf())


class Element(Freed):
    """a[k1, k2]: one hash map per array, an entry per key that is not zero."""

    def __init__(self, b: Operators, symbol: Symbol, keys: tuple[ast.Expr, ...]) -> None:
        self.b, self.type = b, symbol.type
        self.map = b.program.array(symbol)
        values = [b.convert(b.expr(k), t) for k, t in zip(keys, symbol.keys, strict=True)]
        if symbol.scope == "self":
            values.insert(0, Word(b.program.thread_id_type, b.thread_id()))
        self.key = b.key(self.map.key, values)
        self.pointer = ""

    def find(self, create: bool = False) -> Expr:
        self.pointer = self.pointer or self.b.fresh("element").name
        if create:
            self.b.program.ir.drops.add("DYNAMIC")
        self.b.emit(ops.Lookup(self.pointer, self.map.name, self.key, create, "DYNAMIC" if create else ""))
        return ops.Symbol(self.pointer)

    def load(self) -> Value:
        pointer = self.find()
        place = Place(self.pointer, "value")
        if is_word(self.type):
            value = self.b.to_word(get_value(self.b, place, self.type))
            return Word(self.type, self.b.tmp(ops.Select(pointer, value, Const(0))))
        base = strip(self.type)
        address = self.b.tmp(ops.Select(pointer, ops.Address(place), self.b.program.empty(base.size)))
        if isinstance(base, String):
            return Text(self.type, "memory", base.capacity, address=address, stable=False)
        return Region(self.type, address)

    def _put(self, value: Value) -> None:
        pointer = self.find(create=True)
        with self.b.when(pointer):
            put_value(self.b, Place(self.pointer, "value"), self.type, value)

    def clear(self) -> None:
        self.b.emit(ops.Delete(self.map.name, self.key))


class Memory(LValue):
    """A member, element or dereference: of a struct variable of ours, or through a pointer into copyin() or alloca() memory.
    Kernel and user memory are never written."""

    def __init__(self, b: Operators, node: ast.Expr) -> None:
        self.b, self.node, self.type = b, node, b.type(node)
        self.place = own_place(b, node)
        self.address = None if self.place else b.pin(b.address_of(node))

    def load(self) -> Value:
        if self.place:
            return get_value(self.b, self.place, self.type)
        assert self.address is not None
        return self.b.load_typed(self.address, self.type)

    def store(self, value: Value) -> None:
        if self.place:
            put_value(self.b, self.place, self.type, value)
            return
        b, size = self.b, strip(self.type).size
        if not is_word(self.type) or self.address is None:
            raise Untranslatable("only integers and pointers can be stored through a pointer")
        b.store_alloca(self.address, b.to_word(value), size)

    def clear(self) -> None:
        self.store(Word(self.type, Const(0)))


def own_place(b: Operators, node: ast.Expr) -> Place | None:
    """The place of a member or constant element of a struct or array variable that has a fixed place."""
    match node:
        case ast.Ident() | ast.ScopedVar():
            symbol = b.checked.symbols[node]
            if is_word(symbol.type) or symbol.kind not in ("global", "this"):
                return None
            target = lvalue(b, node)
            return target.place if isinstance(target, Variable) else None
        case ast.MemberOf(arrow=False):
            base = own_place(b, node.base)
            struct = strip(b.type(node.base))
            found = find_member(struct, node.name) if isinstance(struct, Struct) else None
            if base and found and not found.bits:
                return Place(base.base, base.name, base.offset + found.offset // 8)
        case ast.Index():
            index = b.checked.constants.get(node.indices[0])
            if index is None or isinstance(strip(b.type(node.base)), Ptr):
                return None
            base = own_place(b, node.base)
            if base:
                return Place(base.base, base.name, base.offset + index * strip(b.type(node)).size)
        case _:
            pass
    return None
