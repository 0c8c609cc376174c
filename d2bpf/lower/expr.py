"""D expressions to IR. One method per kind of node; the checked program's tables answer every question of meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..builtins import registry
from ..dtypes import (
    INT64,
    DType,
    Enum,
    Int,
    Member,
    Ptr,
    String,
    Struct,
    find_member,
    is_string,
    strip,
)
from ..ir import ops
from ..ir.ops import Bin, Const, Expr
from ..ir.values import Nothing, Region, Text, Translation, Value, Word
from ..sema.checked import Symbol, TranslatorInfo
from ..syntax import ast
from .builder import Untranslatable
from .lvalues import Character, lvalue
from .operators import Operators
from .variables import BitUnit, own_part

if TYPE_CHECKING:
    from .program import HandlerState, ProgramState

# ERROR's arguments (language.md 11.3): probe id, clause, program counter (unknown), fault code, fault value.
ERROR_ARGUMENTS: dict[int, Expr] = {
    1: ops.Symbol("fault_probe"),
    2: ops.Symbol("fault_clause"),
    3: Const(-1),
    4: ops.Symbol("fault_code"),
    5: ops.Symbol("fault_value"),
}

# What BPF gives of the current thread only, wherever built-ins describe another.
OF_CURRENT = frozenset((
    "stack", "ustack", "jstack", "stackdepth", "ustackdepth", "caller", "ucaller", "uregs",
    "copyin", "copyinstr", "copyinto", "copyout", "copyoutstr",
))  # fmt: skip


class Lowering(Operators):
    """A Builder that knows the checked program: lowers expressions in the scope of one clause of one handler."""

    def __init__(self, program: ProgramState, handler: HandlerState) -> None:
        super().__init__(program, handler)
        self.checked = program.checked
        self.bound: dict[Symbol, Value] = {}  # parameters of inlines and translators, natives of sites
        self.site_args: tuple[tuple[ast.Expr, DType, TranslatorInfo | None, DType], ...] = ()
        self.site_argn: tuple[ast.Expr, ...] = ()
        self.native_argn: list[Value] = []  # arg0.. of a site that does not say otherwise: its natives in order
        self.error_arguments = False  # arg1.. are those of the ERROR probe
        self.impure = False  # an argument of the call at hand changes variables

    # ---------------------------------------------------------------- entry points

    def expr(self, node: ast.Expr) -> Value:
        """The value of an expression; statements that compute it are emitted."""
        constant = self.checked.constants.get(node)
        if constant is not None:
            value: Value = Word(self.type(node), Const(constant))
        elif (other := self.checked.stand_ins.get(node)) is not None:
            value = self.expr(other)
        else:
            value = getattr(self, "_" + type(node).__name__)(node)
        assert isinstance(value, Value), node
        passed = self.checked.passed.get(node)
        return self.argument(value, passed) if passed is not None else value

    def argument(self, value: Value, parameter: DType) -> Value:
        """A value as a function gets it: an integer of the parameter's type, which what follows does not change."""
        value = self.convert(value, parameter)
        return Word(parameter, self.pin(value.expr)) if self.impure and isinstance(value, Word) else value

    def word(self, node: ast.Expr) -> Expr:
        return self.number(self.expr(node))

    def truth(self, node: ast.Expr) -> Expr:
        """An expression that is zero exactly when the condition is false."""
        return self.to_word(self.expr(node))

    def type(self, node: ast.Expr) -> DType:
        return self.checked.types[node]

    # ---------------------------------------------------------------- names

    def _IntLit(self, node: ast.IntLit) -> Value:
        return Word(self.type(node), Const(node.value))

    def _StrLit(self, node: ast.StrLit) -> Value:
        return self.literal(node.value)

    def _Ident(self, node: ast.Ident) -> Value:
        return self.name(node, self.checked.symbols[node])

    def _ScopedVar(self, node: ast.ScopedVar) -> Value:
        return lvalue(self, node).load()

    def _KernelSym(self, node: ast.KernelSym) -> Value:
        raise Untranslatable(f"kernel variable {node.module}`{node.name} cannot be read on this kernel", "X_KERNEL_VARIABLE")

    def name(self, node: ast.Expr, symbol: Symbol) -> Value:
        match symbol.kind:
            case "enumerator":
                return Word(symbol.type, Const(symbol.value))
            case "param":
                return self.bound[symbol]
            case "inline":
                assert symbol.inline is not None
                return self.retyped(self.expr(symbol.inline.value), symbol.type)
            case "builtin":
                return self.builtin(symbol.name)
            case "global":
                return lvalue(self, node).load()
            case _:
                pass
        raise Untranslatable(f"{symbol.kind} {symbol.name} has no value here")

    def builtin(self, name: str, *index: Expr) -> Value:
        """The value of a built-in variable; argN go to the site's raw arguments."""
        if name.startswith("arg") and name[3:].isdigit():
            return self.raw_argument(int(name[3:]))
        spec = registry.variable(name)
        if spec is None or spec.lower is None:
            raise Untranslatable(f"built-in variable {name} is not available on Linux", "X_VARIABLE")
        self.refuse_of_another(name)
        value = spec.lower(self, *index)
        assert isinstance(value, Value)
        return value

    def refuse_of_another(self, name: str) -> None:
        if self.task is not None and name in OF_CURRENT:
            probe = self.handler.probes[0].text
            raise Untranslatable(f"{name} is not known in {probe}: on this kernel it fires in the thread that was there before")

    def raw_argument(self, n: int) -> Value:
        """argN: a 64-bit integer, 0 beyond what the probe has."""
        if self.error_arguments:
            return Word(INT64, ERROR_ARGUMENTS.get(n, Const(0)))
        if n < len(self.native_argn):
            return Word(INT64, self.to_word(self.native_argn[n]))
        if n < len(self.site_argn):
            return Word(INT64, self.to_word(self.expr(self.site_argn[n])))
        return Word(INT64, Const(0))

    def retyped(self, value: Value, t: DType) -> Value:
        """The value seen as type `t` (an inline's declared type); integers are converted."""
        if isinstance(value, Word):
            return self.convert(value, t)
        value.type = t if not isinstance(value, Text) else value.type
        return value

    # ---------------------------------------------------------------- casts

    def _Cast(self, node: ast.Cast) -> Value:
        t = self.checked.conversions[node.type]
        value = self.expr(node.operand)
        base = strip(t)
        if isinstance(base, String):
            return self.text(value)
        if isinstance(value, Translation):
            return value
        if isinstance(base, (Int, Enum, Ptr)):
            return self.convert(Word(getattr(value, "type", t), self.to_word(value)), t)
        if isinstance(value, Region):
            return Region(t, value.address, value.place)
        return Nothing(t)

    def _Stringof(self, node: ast.Stringof) -> Value:
        value = self.text(self.expr(node.operand))
        return Text(
            self.type(node),
            value.form,
            value.capacity,
            value.text,
            value.part,
            value.address,
            value.place,
            value.stable,
        )

    # ---------------------------------------------------------------- members, arrays, calls

    def _MemberOf(self, node: ast.MemberOf) -> Value:
        part = own_part(self, node)
        if part is not None:
            return part.load()
        value = self.expr(node.base)
        info = self.checked.translators.get(node)
        if info is not None:
            return self.translated(info, value.source if isinstance(value, Translation) else value, node.name)
        if isinstance(value, Region):
            struct, base, place = strip(value.type), value.address, value.place
        else:
            pointer = strip(value.type)
            assert isinstance(pointer, Ptr), node.span.text
            struct, base, place = strip(pointer.to), self.pin(self.to_word(value), "p"), None
        assert isinstance(struct, Struct)
        return self.member(struct, base, place, node.name)

    def member(self, struct: Struct, base: Expr, place: ops.Place | None, name: str) -> Value:
        found = find_member(struct, name)
        assert found is not None
        if found.bits:
            return self.bit_field(found, base)
        address = self.member_address(base, struct, name, found.type)
        inner = place.part(found.offset // 8) if place else None
        return self.load_typed(address, found.type, inner, hint=name)

    def bit_field(self, found: Member, base: Expr) -> Value:
        """A bit-field of a structure in memory."""
        unit = BitUnit(found)
        return Word(found.type, unit.extract(self.load(Bin("+", base, Const(unit.first)), unit.size)))

    def translated(self, info: TranslatorInfo, source: Value, name: str) -> Value:
        """Member `name` of what a translator makes of `source`."""
        expr, t = info.members[name]
        if isinstance(source, Word):
            given = info.param.type if isinstance(strip(info.param.type), Ptr) else source.type  # a void * is taken for any pointer
            source = Word(given, self.pin(source.expr, info.param.name))
        outer = self.bound.get(info.param)
        self.bound[info.param] = source
        try:
            return self.retyped(self.expr(expr), t)
        finally:
            if outer is not None:
                self.bound[info.param] = outer

    def _Xlate(self, node: ast.Xlate) -> Value:
        info = self.checked.translators[node]
        return Translation(self.type(node), info, self.expr(node.operand))

    def _Index(self, node: ast.Index) -> Value:
        symbol = self.checked.symbols.get(node)
        if symbol is not None:
            match symbol.kind:
                case "args":
                    return self.typed_argument(self.checked.constants[node.indices[0]])
                case "builtin":
                    return self.builtin(symbol.name, self.word(node.indices[0]))
                case "inline":
                    return self.inline_call(symbol, node.indices)
                case "assoc":
                    return lvalue(self, node).load()
                case _:
                    pass
        part = own_part(self, node)
        if part is not None:
            return part.load()
        if is_string(self.type(node.base)):
            return Character(self, node).load()
        base = self.expr(node.base)
        t = self.type(node)
        at = self.element_address(base, node.indices[0], t)
        place = None
        index = self.checked.constants.get(node.indices[0])
        if isinstance(base, Region) and base.place is not None and index is not None:
            place = base.place.part(index * strip(t).size)
        return self.load_typed(at, t, place)

    def element_address(self, base: Value, index: ast.Expr, t: DType) -> Expr:
        return Bin("+", self.to_word(base), self.scaled(self.word(index), strip(t).size or 1))

    def typed_argument(self, n: int) -> Value:
        """args[n]: the native value, seen through its translator where it has one."""
        expr, native, info, seen = self.site_args[n]
        value = self.expr(expr)
        if info is not None:
            return Translation(seen, info, value)
        return self.retyped(value, native)

    def inline_call(self, symbol: Symbol, indices: tuple[ast.Expr, ...]) -> Value:
        """A parameterised inline: its arguments are evaluated once, in order."""
        assert symbol.inline is not None
        values = []
        for index, param in zip(indices, symbol.params, strict=True):
            value = self.convert(self.expr(index), param.type)
            values.append(Word(value.type, self.pin(value.expr)) if isinstance(value, Word) else value)
        outer = {p: self.bound[p] for p in symbol.params if p in self.bound}
        self.bound.update(zip(symbol.params, values, strict=True))
        try:
            return self.retyped(self.expr(symbol.inline.value), symbol.type)
        finally:
            self.bound.update(outer)

    def _Call(self, node: ast.Call) -> Value:
        spec = registry.subroutine(node.name) or registry.action(node.name)
        if spec is None or spec.lower is None:
            raise Untranslatable(f"{node.name}( ) is not available on Linux", "X_SUBROUTINE")
        self.refuse_of_another(node.name)
        outer, self.impure = self.impure, any(map(self.may_change, node.args))
        value = spec.lower(self, node)
        self.impure = outer
        return value if isinstance(value, Value) else Nothing(self.type(node))

    def address_of(self, node: ast.Expr) -> Expr:
        """&x for a kernel structure member, array element or dereference; for a bit-field that of the integer that holds it."""
        match node:
            case ast.Unary(op="*"):
                return self.word(node.operand)
            case ast.Index():
                return self.element_address(self.expr(node.base), node.indices[0], self.type(node))
            case ast.MemberOf():
                value = self.expr(node.base)
                pointer = strip(value.type)
                struct = strip(pointer.to) if isinstance(pointer, Ptr) else pointer
                assert isinstance(struct, Struct)
                found = find_member(struct, node.name)
                assert found is not None
                if found.bits:
                    return Bin("+", self.to_word(value), Const(BitUnit(found).first))
                return self.member_address(self.to_word(value), struct, node.name, found.type)
            case _:
                pass
        raise Untranslatable("the address of this expression cannot be taken")

    def _SizeofType(self, node: ast.SizeofType) -> Value:
        raise AssertionError("sizeof is always constant")

    _SizeofExpr = _Offsetof = _SizeofType

    def _AggRef(self, node: ast.AggRef) -> Value:
        return Nothing(self.type(node))
