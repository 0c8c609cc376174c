"""D's variables in memory of ours: global, thread-local, clause-local ones and elements of associative arrays, and their parts.

Storing zero in a thread-local variable or in an element of an associative array frees its storage (language.md 8.3). What has no
storage reads as zero, NULL or a structure of zeros.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..dtypes import UCHAR, UINT, ULONG, USHORT, Array, DType, Member, String, Struct, find_member, is_char, strip
from ..ir import ops
from ..ir.ops import Bin, Const, Expr, Place
from ..ir.values import Region, Text, Translation, Value, Word
from ..sema.checked import Symbol, TranslatorInfo
from ..syntax import ast
from .numbers import width
from .storage import is_word

if TYPE_CHECKING:
    from .operators import Operators

SELF = ops.Symbol("self")
UNSIGNED: dict[int, DType] = {1: UCHAR, 2: USHORT, 4: UINT, 8: ULONG}


class LValue:
    """Something assignable. `type` is its D type; values given to store() are already converted to it."""

    b: Operators
    type: DType

    def load(self) -> Value:
        raise AssertionError

    def store(self, value: Value) -> None:
        raise AssertionError

    def clear(self) -> None:
        raise AssertionError


class Local(LValue):
    """A clause-local integer or pointer: a C variable of the handler."""

    def __init__(self, b: Operators, symbol: Symbol, name: str) -> None:
        self.b, self.type, self.name = b, symbol.stored, name

    def load(self) -> Value:
        self.b.known[self.name] = width(self.type)
        return Word(self.type, ops.Tmp(self.name))

    def store(self, value: Value) -> None:
        self.b.emit(ops.Set(ops.Tmp(self.name), self.b.to_word(value)))

    def clear(self) -> None:
        self.b.emit(ops.Set(ops.Tmp(self.name), Const(0)))


# ---------------------------------------------------------------- variables in memory


class Owned(LValue):
    """A variable in memory at `place`, which may have to be made first."""

    place: Place

    def guard(self) -> Expr | None:
        """What is zero while the variable has no storage; None: it always has. Looks the storage up."""
        return None

    @contextmanager
    def making(self) -> Iterator[None]:
        """Statements emitted inside run once the variable has storage; they are skipped, and a drop counted, if there is none."""
        yield

    def load(self) -> Value:
        return self.read(self.place, self.type)

    def store(self, value: Value) -> None:
        with self.making():
            put_value(self.b, self.place, self.type, value)

    def clear(self) -> None:
        clear_place(self.b, self.place, self.type)

    def read(self, place: Place, t: DType) -> Value:
        """The value of type `t` at a place within the variable."""
        guard = self.guard()
        value = get_value(self.b, place, t)
        if guard is None:
            return value
        if isinstance(value, Word):
            return Word(t, ops.Select(guard, value.expr, Const(0)))
        base = strip(t)
        address = self.b.tmp(ops.Select(guard, ops.Call("found_at", (ops.Address(place),)), self.b.program.empty(base.size)))
        if isinstance(base, String):
            return Text(t, "memory", base.capacity, address=address, stable=False)
        return Region(t, address)


class Variable(Owned):
    """A variable at a fixed place: a global, or a clause-local that is not a word."""

    def __init__(self, b: Operators, symbol: Symbol, place: Place) -> None:
        self.b, self.type, self.place = b, symbol.stored, place


class Freed(Owned):
    """A variable in dynamic memory: storing zero frees its storage."""

    def store(self, value: Value) -> None:
        b = self.b
        if not is_word(self.type):
            super().store(value)
            return
        always = never_zero(b.to_word(value))
        word = b.pin(b.to_word(value))
        if isinstance(word, Const) and not word.value:
            self.clear()
            return
        with b.block() as present:
            super().store(Word(self.type, word))
        if always:
            b.out.extend(present)
            return
        with b.block() as absent:
            self.clear()
        b.emit(ops.If(word, present, absent))


class ThreadVariable(Freed):
    """self->x. All variables of a thread share one map value; `live` has a bit for each that is not zero, and the last one
    to become zero gives the value back."""

    def __init__(self, b: Operators, symbol: Symbol) -> None:
        b.handler.uses_self = True
        self.b, self.type = b, symbol.stored
        name, self.bit = b.program.thread_variable(symbol)
        self.place = Place("self", name)

    def guard(self) -> Expr | None:
        return SELF

    @contextmanager
    def making(self) -> Iterator[None]:
        b = self.b
        b.program.ir.drops.add("DYNAMIC")
        with b.when(ops.Un("!", SELF)):
            b.emit(ops.NewSelf())
        with b.when(SELF):
            yield
            live = Place("self", "live")
            b.emit(ops.Put(live, Bin("|", ops.Get(live), Const(self.bit))))

    def clear(self) -> None:
        b = self.b
        with b.when(SELF):
            super().clear()
            live = Place("self", "live")
            b.emit(ops.Put(live, Bin("&", ops.Get(live), Const(~self.bit))))
            with b.when(ops.Un("!", ops.Get(live))):
                b.emit(ops.FreeSelf())


class Element(Freed):
    """a[k1, k2]: one hash map per array, an entry per key that is not zero."""

    def __init__(self, b: Operators, symbol: Symbol, keys: tuple[ast.Expr, ...]) -> None:
        self.b, self.type = b, symbol.stored
        self.map = b.program.array(symbol)
        values = [b.convert(value, t) for value, t in zip(b.in_order(keys), symbol.keys, strict=True)]
        if symbol.scope == "self":
            values.insert(0, Word(b.program.thread_id_type, b.thread_id()))
        self.key = b.key(self.map.key, values)
        self.place = Place(b.fresh("element").name, "value")

    def guard(self) -> Expr | None:
        self.b.emit(ops.Lookup(self.place.base, self.map.name, self.key))
        return ops.Symbol(self.place.base)

    def read(self, place: Place, t: DType) -> Value:
        value = super().read(place, t)
        return Word(t, self.b.pin(value.expr)) if isinstance(value, Word) else value

    @contextmanager
    def making(self) -> Iterator[None]:
        self.b.program.ir.drops.add("DYNAMIC")
        self.b.emit(ops.Lookup(self.place.base, self.map.name, self.key, create=True, drop="DYNAMIC"))
        with self.b.when(ops.Symbol(self.place.base)):
            yield

    def clear(self) -> None:
        self.b.emit(ops.Delete(self.map.name, self.key))


def never_zero(word: Expr) -> bool:
    """Whether a value is known not to be zero, so that storing it never frees."""
    return (isinstance(word, Const) and word.value != 0) or word == ops.Call("TIMESTAMP")


# ---------------------------------------------------------------- parts of variables


class Part(LValue):
    """A member or element of a structure or array variable; `bits` says where in it a bit-field lies."""

    def __init__(self, root: Owned, place: Place, t: DType, bits: Member | None = None) -> None:
        self.b, self.root, self.place, self.type, self.bits = root.b, root, place, t, bits

    def load(self) -> Value:
        if self.bits is None:
            return self.root.read(self.place, self.type)
        unit = BitUnit(self.bits)
        word = self.root.read(self.place.part(unit.first), unit.type)
        return Word(self.type, unit.extract(self.b.to_word(word)))

    def store(self, value: Value) -> None:
        if self.bits is not None:
            self._store_bits(value)
            return
        with self.root.making():
            put_value(self.b, self.place, self.type, value)

    def _store_bits(self, value: Value) -> None:
        assert self.bits is not None
        unit = BitUnit(self.bits)
        place = self.place.part(unit.first)
        word = self.b.pin(self.b.to_word(value))
        with self.root.making():
            self.b.emit(ops.Put(place, unit.insert(ops.Get(place, unit.size), word), unit.size))

    def clear(self) -> None:
        guard = self.root.guard()
        if guard is None:
            clear_place(self.b, self.place, self.type)
            return
        with self.b.when(guard):
            clear_place(self.b, self.place, self.type)


class BitUnit:
    """The integer that holds a bit-field: its `size` in bytes, the byte `first` at which it begins, and how far the field is
    shifted in it."""

    def __init__(self, member: Member) -> None:
        self.member = member
        size = strip(member.type).size
        first = member.offset // (8 * size) * size
        if member.offset + member.bits > 8 * (first + size):  # packed: it lies across the borders of its type
            first = member.offset // 8
            size = next(n for n in (1, 2, 4, 8) if n * 8 >= member.offset % 8 + member.bits)
        self.size, self.first, self.shift = size, first, member.offset - 8 * first

    @property
    def type(self) -> DType:
        return UNSIGNED[self.size]

    def extract(self, word: Expr) -> Expr:
        """The field's value, sign or zero extended."""
        left = 64 - self.shift - self.member.bits
        op = ">>s" if width(self.member.type)[1] else ">>u"
        return Bin(op, Bin("<<", word, Const(left)), Const(64 - self.member.bits))

    def insert(self, word: Expr, value: Expr) -> Expr:
        """The unit with the field set to the low bits of a value."""
        mask = (1 << self.member.bits) - 1
        kept = Bin("&", word, Const(~(mask << self.shift) & (1 << 8 * self.size) - 1))
        return Bin("|", kept, Bin("<<", Bin("&", value, Const(mask)), Const(self.shift)))


def own_part(b: Operators, node: ast.Expr) -> LValue | None:
    """The member or element of a variable of ours that an expression names, its indices evaluated; None for anything else."""
    if not isinstance(node, (ast.MemberOf, ast.Index)) or not _is_own(b, node) or _root(b, node) is not None:
        return None
    return _part(b, node)


def _is_own(b: Operators, node: ast.Expr) -> bool:
    """Whether a chain of members and indices begins at a variable in memory of ours and stays in it."""
    if node in b.checked.stand_ins or node in b.checked.translators:
        return False
    if _root(b, node) is not None:
        return True
    if isinstance(node, ast.MemberOf):
        return not node.arrow and _is_own(b, node.base)
    return isinstance(node, ast.Index) and isinstance(strip(b.type(node.base)), Array) and _is_own(b, node.base)


def _root(b: Operators, node: ast.Expr) -> Symbol | None:
    """The variable in memory of ours that an expression names as a whole."""
    symbol = b.checked.symbols.get(node)
    if symbol is None or is_word(symbol.type):
        return None
    kinds = ("assoc",) if isinstance(node, ast.Index) else ("global", "self", "this")
    return symbol if symbol.kind in kinds else None


def _part(b: Operators, node: ast.Expr) -> Part:
    symbol = _root(b, node)
    if symbol is not None:
        root = variable(b, node, symbol)
        assert isinstance(root, Owned)
        return Part(root, root.place, symbol.type)
    assert isinstance(node, (ast.MemberOf, ast.Index))
    whole = _part(b, node.base)
    if isinstance(node, ast.MemberOf):
        return member_part(whole, node.name)
    base, t = strip(whole.type), b.type(node)
    assert isinstance(base, Array)
    index = b.word(node.indices[0])
    if isinstance(index, Const) and 0 <= index.value < base.count:
        return Part(whole.root, whole.place.part(index.value * strip(t).size), t)
    at = b.tmp(index, "index")
    b.emit(ops.Bound(at, base.count))
    return Part(whole.root, whole.place.part(0, b.scaled(at, strip(t).size)), t)


def member_part(whole: Part, name: str) -> Part:
    """A member of a part that is a structure."""
    struct = strip(whole.type)
    assert isinstance(struct, Struct)
    found = find_member(struct, name)
    assert found is not None
    if found.bits:
        return Part(whole.root, whole.place, found.type, found)
    return Part(whole.root, whole.place.part(found.offset // 8), found.type)


def variable(b: Operators, node: ast.Expr, symbol: Symbol) -> LValue:
    """The variable that an identifier, scoped name or element names; keys are evaluated now, once."""
    match symbol.kind:
        case "global":
            return Variable(b, symbol, Place("state", b.program.globals[symbol]))
        case "self":
            return ThreadVariable(b, symbol)
        case "assoc":
            assert isinstance(node, ast.Index)
            return Element(b, symbol, node.indices)
        case _:
            pass
    local = b.handler.this_local(symbol) if is_word(symbol.type) else None
    if local is not None:
        return Local(b, symbol, local)
    return Variable(b, symbol, b.handler.this_place(symbol))


# ---------------------------------------------------------------- values in places


def get_value(b: Operators, place: Place, t: DType) -> Value:
    """The value of type `t` at a place of our own memory that is known to be mapped."""
    base = strip(t)
    if is_word(t):
        return Word(t, ops.Get(place, *width(t)))
    address = ops.Address(place)
    if isinstance(base, String):
        return Text(t, "memory", base.capacity, address=address, place=place, stable=False)
    return Region(t, address, place)


def put_value(b: Operators, place: Place, t: DType, value: Value) -> None:
    """Store a value of type `t` at a place: an integer in its width, a string with its marker, a struct by copy."""
    base = strip(t)
    if is_word(t):
        b.emit(ops.Put(place, b.to_word(value), base.size))
    elif isinstance(base, String):
        put_string(b, place, base.capacity, b.text(value))
    elif isinstance(value, Translation):
        put_translated(b, place, base, value)
    elif isinstance(base, Array) and is_char(base.of) and isinstance(value, Text):
        b.put_text(place, base.count, value)
    else:
        source = b.to_word(value)
        b.emit(ops.Checked(ops.Call("bpf_probe_read_kernel", (ops.Address(place), Const(base.size), source)), "BADADDR", source))


def put_translated(b: Operators, place: Place, t: DType, value: Translation) -> None:
    """All members of the structure that a translator makes; those it says nothing of are zero (language.md section 9)."""
    info = value.translator
    assert isinstance(t, Struct) and isinstance(info, TranslatorInfo)
    clear_place(b, place, t)
    source = value.source
    if isinstance(source, Word):
        source = Word(source.type, b.pin(source.expr))
    for name, (_, member_type) in info.members.items():
        found = find_member(t, name)
        assert found is not None
        mark = b.mark()
        made = b.convert(b.translated(info, source, name), member_type)
        if found.bits:
            unit = BitUnit(found)
            at = place.part(unit.first)
            b.emit(ops.Put(at, unit.insert(ops.Get(at, unit.size), b.to_word(made)), unit.size))
        else:
            put_value(b, place.part(found.offset // 8), found.type, made)
        b.release(mark)


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
    """Zeros, and no byte beyond the value; a string becomes NULL."""
    size = strip(t).size
    if is_word(t) or isinstance(strip(t), String):
        b.emit(ops.Put(place, Const(0), size if is_word(t) else 2))
        return
    if size >= 8:
        b.emit(ops.Zero(place, size // 8 * 8))
    at = size // 8 * 8
    for n in (4, 2, 1):
        if size & n:
            b.emit(ops.Put(place.part(at), Const(0), n))
            at += n
