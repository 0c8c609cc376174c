"""D expressions to IR. One method per kind of node; the checked program's tables answer every question of meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..builtins import registry
from ..dtypes import (
    INT,
    INT64,
    Array,
    DType,
    Enum,
    Int,
    Ptr,
    String,
    Struct,
    find_member,
    is_signed,
    is_string,
    is_string_compatible,
    strip,
)
from ..ir import ops
from ..ir.ops import Bin, Const, Expr
from ..ir.values import Nothing, Region, Text, Translation, Value, Word
from ..sema.checked import Symbol, TranslatorInfo
from ..syntax import ast
from .allocation import Allocation
from .builder import Untranslatable
from .lvalues import lvalue, never_zero
from .speculation import Speculation
from .strings import Strings

if TYPE_CHECKING:
    from .program import HandlerState, ProgramState

COMPARE = {"<": ("<", False), "<=": ("<=", False), ">": ("<", True), ">=": ("<=", True)}

# ERROR's arguments (language.md 11.3): probe id, clause, program counter (unknown), fault code, fault value.
ERROR_ARGUMENTS: dict[int, Expr] = {
    1: ops.Symbol("fault_probe"),
    2: ops.Symbol("fault_clause"),
    3: Const(-1),
    4: ops.Symbol("fault_code"),
    5: ops.Symbol("fault_value"),
}


class Lowering(Speculation, Allocation, Strings):
    """A Builder that knows the checked program: lowers expressions in the scope of one clause of one handler."""

    def __init__(self, program: ProgramState, handler: HandlerState) -> None:
        super().__init__(program, handler)
        self.checked = program.checked
        self.bound: dict[Symbol, Value] = {}  # parameters of inlines and translators, natives of sites
        self.site_args: tuple[tuple[ast.Expr, DType, TranslatorInfo | None, DType], ...] = ()
        self.site_argn: tuple[ast.Expr, ...] = ()
        self.native_argn: list[Value] = []  # arg0.. of a site that does not say otherwise: its natives in order
        self.error_arguments = False  # arg1.. are those of the ERROR probe

    # ---------------------------------------------------------------- entry points

    def expr(self, node: ast.Expr) -> Value:
        """The value of an expression; statements that compute it are emitted."""
        constant = self.checked.constants.get(node)
        if constant is not None:
            return Word(self.type(node), Const(constant))
        other = self.checked.stand_ins.get(node)
        if other is not None:
            return self.expr(other)
        method = getattr(self, "_" + type(node).__name__)
        value = method(node)
        assert isinstance(value, Value), node
        return value

    def word(self, node: ast.Expr) -> Expr:
        return self.to_word(self.expr(node))

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
        value = spec.lower(self, *index)
        assert isinstance(value, Value)
        return value

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

    # ---------------------------------------------------------------- operators

    def _Unary(self, node: ast.Unary) -> Value:
        t = self.type(node)
        match node.op:
            case "+":
                return self.expr(node.operand)
            case "-" | "~":
                return Word(t, ops.Un(node.op, self.word(node.operand)))
            case "!":
                return Word(INT, ops.Un("!", self.word(node.operand)))
            case "*":
                return self.load_typed(self.word(node.operand), t)
            case "&":
                return Word(t, self.address_of(node.operand))
            case "++" | "--":
                return self.step(node.operand, node.op, before=True)
            case _:
                pass
        raise AssertionError(node.op)

    def _Postfix(self, node: ast.Postfix) -> Value:
        return self.step(node.operand, node.op, before=False)

    def step(self, operand: ast.Expr, op: str, before: bool) -> Value:
        target = lvalue(self, operand)
        t = target.type
        old = self.pin(self.to_word(target.load()))
        new = self.pin(self.to_word(self.convert(Word(t, Bin(op[0], old, Const(self.stride(t)))), t)))
        target.store(Word(t, new))
        return Word(t, new if before else old)

    def stride(self, t: DType) -> int:
        """How far ++ moves a value of type t: the pointed-to size for pointers, else 1."""
        base = strip(t)
        return strip(base.to).size or 1 if isinstance(base, Ptr) else 1

    def _Binary(self, node: ast.Binary) -> Value:
        op = node.op
        if op == ",":
            self.expr(node.left)
            return self.expr(node.right)
        if op in ("&&", "||"):
            return Word(INT, self.logic(op, node.left, node.right))
        if op in ("==", "!=", "<", "<=", ">", ">="):
            return Word(INT, self.compare(op, node.left, node.right))
        left = self.word(node.left)
        left = self.pin(left) if self.may_change(node.right) else left
        right = self.word(node.right)
        if op == "^^":
            return Word(INT, Bin("!=", ops.Un("!", left), ops.Un("!", right)))
        t = self.type(node)
        if is_string(t):
            return Text(t, "memory", strip(t).size, address=self.pin(Bin(op, left, right)))
        lt, rt = strip(self.type(node.left)), strip(self.type(node.right))
        if op in "+-" and isinstance(lt, (Ptr, Array)):
            size = strip(lt.to if isinstance(lt, Ptr) else lt.of).size or 1
            if isinstance(rt, (Ptr, Array)):
                return Word(t, self.divide("/", Bin("-", left, right), Const(size), True))
            return Word(t, Bin(op, left, self.scaled(right, size)))
        if op == "+" and isinstance(rt, (Ptr, Array)):
            return Word(t, Bin("+", right, self.scaled(left, strip(rt.to if isinstance(rt, Ptr) else rt.of).size or 1)))
        return Word(t, self.arithmetic(op, left, right, is_signed(t), is_signed(lt)))

    def scaled(self, index: Expr, size: int) -> Expr:
        if isinstance(index, Const):
            return Const(index.value * size)
        return index if size == 1 else Bin("*", index, Const(size))

    def arithmetic(self, op: str, left: Expr, right: Expr, signed: bool, left_signed: bool) -> Expr:
        if op in ("/", "%"):
            right = self.pin(right)
            self.fault_if(Const(0) if isinstance(right, Const) and right.value else ops.Un("!", right), "DIVZERO")
            return self.divide(op, left, right, signed)
        if op == ">>":
            return Bin(">>s" if left_signed else ">>u", left, Bin("&", right, Const(63)))
        if op == "<<":
            return Bin("<<", left, Bin("&", right, Const(63)))
        return Bin(op, left, right)

    def divide(self, op: str, left: Expr, right: Expr, signed: bool) -> Expr:
        """Quotient or remainder; BPF has no signed division, so the prelude's sdiv/smod work on magnitudes."""
        if not signed:
            return Bin(op + "u", left, right)
        return ops.Call("sdiv" if op == "/" else "smod", (left, right))

    def logic(self, op: str, left: ast.Expr, right: ast.Expr) -> Expr:
        """&& and ||: the right side is evaluated only when it decides."""
        first = self.truth(left)
        with self.block() as body:
            second = self.truth(right)
        if not body:
            return Bin(op, first, second)
        result = self.tmp(Bin("!=", first, Const(0)), "both" if op == "&&" else "either")
        body.append(ops.Set(result, Bin("!=", second, Const(0))))
        test: Expr = result if op == "&&" else ops.Un("!", result)
        self.emit(ops.If(test, body))
        return result

    def compare(self, op: str, left: ast.Expr, right: ast.Expr) -> Expr:
        lt, rt = self.type(left), self.type(right)
        if is_string(lt) or is_string(rt):
            null = left if self.is_null(left) else right if self.is_null(right) else None
            if null is None:
                return self.compare_text(op, self.text(self.expr(left)), self.text(self.expr(right)))
            present = self.text_present(self.text(self.expr(right if null is left else left)))
            return ops.Un("!", present) if op == "==" else present
        a = self.word(left)
        a = self.pin(a) if self.may_change(right) else a
        b = self.word(right)
        if op in ("==", "!="):
            return Bin(op, a, b)
        signed = "s" if self.compares_signed(lt, rt) else "u"
        name, swap = COMPARE[op]
        return Bin(name + signed, b, a) if swap else Bin(name + signed, a, b)

    def is_null(self, node: ast.Expr) -> bool:
        return self.checked.constants.get(node) == 0 and not is_string_compatible(self.type(node))

    def compares_signed(self, left: DType, right: DType) -> bool:
        """Signedness of a comparison: that of the operand of higher rank, width * 2 + unsigned (language.md 6.2)."""

        def rank(t: DType) -> tuple[int, bool]:
            t = strip(t)
            signed = isinstance(t, (Int, Enum)) and t.signed
            return (t.size * 2 + (not signed) if isinstance(t, (Int, Enum)) else 17), signed

        (lr, ls), (rr, rs) = rank(left), rank(right)
        return ls if lr >= rr else rs

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
        order = self.call("subroutines/_strings", "str_compare", self.text_window(left), self.text_window(right), size)
        if op in ("==", "!="):
            return Bin(op, order, Const(0))
        name, swap = COMPARE[op]
        return Bin(name + "s", Const(0), order) if swap else Bin(name + "s", order, Const(0))

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
            word: Expr = ops.Get(ops.Place(place.base, place.name, place.offset + at), 8)
            if len(chunk) < 8:
                word = Bin("&", word, Const((1 << 8 * len(chunk)) - 1))
            same = Bin("==", word, Const(int.from_bytes(chunk, "little")))
            result = same if result is None else Bin("&&", result, same)
        assert result is not None
        return result if op == "==" else ops.Un("!", result)

    def text_present(self, text: Text) -> Expr:
        """Whether a string is not NULL. A variable that was never set is all zeros; one set to "" holds the bytes 0, 1."""
        if text.form != "memory":
            return Const(1)
        if text.stable:
            return Bin("!=", text.address, Const(0))
        first = ops.Get(text.place, 2) if text.place else self.load(text.address, 2)
        return Bin("!=", first, Const(0))

    def may_change(self, node: ast.Expr) -> bool:
        """Whether evaluating `node` could change variables that an earlier operand has read."""
        match node:
            case ast.Assign() | ast.Postfix() | ast.Call() | ast.Cond():
                return True
            case ast.Unary():
                return node.op in ("++", "--", "*") or self.may_change(node.operand)
            case ast.Binary():
                return self.may_change(node.left) or self.may_change(node.right)
            case _:
                return False

    def _Assign(self, node: ast.Assign) -> Value:
        if isinstance(node.target, ast.AggRef):
            self.aggregate(node.target, node.value)
            return Nothing(self.type(node))
        target = lvalue(self, node.target)
        if node.op == "=":
            if isinstance(node.value, ast.Expr) and self.is_null(node.value) and not isinstance(strip(target.type), (Int, Enum)):
                target.clear()
                return Word(INT, Const(0))
            value = self.convert(self.expr(node.value), target.type)
            if isinstance(value, Word) and not never_zero(value.expr):
                value = Word(value.type, self.pin(value.expr))  # what is stored is also the assignment's value
            target.store(value)
            return value
        op = node.op[:-1]
        t = target.type
        old = self.pin(self.to_word(target.load()))
        operand = self.word(node.value)
        if isinstance(strip(t), Ptr):
            result: Expr = Bin(op, old, self.scaled(operand, self.stride(t)))
        else:
            # x op= y computes in the promoted type of both operands
            rank = self.compares_signed(t, self.type(node.value))
            result = self.arithmetic(op, old, operand, rank, is_signed(t))
        value = self.convert(Word(t, result), t)
        value = Word(t, self.pin(self.to_word(value)))
        target.store(value)
        return value

    def convert(self, value: Value, t: DType) -> Value:
        """The value as stored in a variable of type `t`: integers narrow to its width, scalars become pointers and back."""
        base = strip(t)
        if isinstance(value, Word) and isinstance(base, (Int, Enum)):
            source = strip(value.type)
            same = isinstance(source, (Int, Enum)) and (source.size, source.signed) == (base.size, base.signed)
            if base.size == 8 or isinstance(value.expr, Const):
                expr = value.expr
                if isinstance(expr, Const):
                    expr = Const(narrow(expr.value, base.size, base.signed))
                return Word(t, expr)
            if same and isinstance(value.expr, (ops.Get,)):
                return Word(t, value.expr)
            return Word(t, ops.Ext(base.size, base.signed, value.expr))
        if isinstance(value, Word) and isinstance(base, Ptr):
            return Word(t, value.expr)
        if isinstance(base, (Int, Enum, Ptr)) and isinstance(value, (Region, Text)):
            return Word(t, self.to_word(value))
        if isinstance(base, String):
            return self.text(value)
        return value

    def _Cond(self, node: ast.Cond) -> Value:
        t = self.type(node)
        test = self.truth(node.test)
        if isinstance(test, Const):
            return self.expr(node.then if test.value else node.other)
        if is_string(t):
            return self.conditional_text(node, test, t)
        with self.block() as yes:
            then = self.expr(node.then)
            a = None if isinstance(then, Nothing) else self.to_word(self.convert(then, t) if isinstance(then, Word) else then)
        with self.block() as no:
            other = self.expr(node.other)
            b = None if isinstance(other, Nothing) else self.to_word(self.convert(other, t) if isinstance(other, Word) else other)
        if a is None or b is None:
            self.emit(ops.If(test, yes, no))
            return Nothing(t)
        if not yes and not no:
            return Word(t, ops.Select(test, a, b))
        result = self.tmp(Const(0), "chosen")
        yes.append(ops.Set(result, a))
        no.append(ops.Set(result, b))
        self.emit(ops.If(test, yes, no))
        return Word(t, result)

    def conditional_text(self, node: ast.Cond, test: Expr, t: DType) -> Value:
        """The chosen string, copied into one place; only the chosen branch is evaluated."""
        capacity = strip(t).size
        place = self.slot(capacity)
        blocks = []
        for branch in (node.then, node.other):
            with self.block() as body:
                self.put_text(place, capacity, self.text(self.expr(branch)))
            blocks.append(body)
        self.emit(ops.If(test, blocks[0], blocks[1]))
        return Text(t, "memory", capacity, address=ops.Address(place), place=place)

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
            return self.bit_field(struct, base, name)
        address = self.member_address(base, struct, name, found.type)
        inner = ops.Place(place.base, place.name, place.offset + found.offset // 8) if place else None
        return self.load_typed(address, found.type, inner, hint=name)

    def bit_field(self, struct: Struct, base: Expr, name: str) -> Value:
        """The bytes that hold the bit-field, shifted and cut."""
        found = find_member(struct, name)
        assert found is not None
        first = found.offset // 8
        size = next(n for n in (1, 2, 4, 8) if n * 8 >= found.offset % 8 + found.bits)
        word = self.load(Bin("+", base, Const(first)), size)
        left = 64 - found.offset % 8 - found.bits
        shift = ">>s" if is_signed(found.type) else ">>u"
        return Word(found.type, Bin(shift, Bin("<<", word, Const(left)), Const(64 - found.bits)))

    def translated(self, info: TranslatorInfo, source: Value, name: str) -> Value:
        """Member `name` of what a translator makes of `source`."""
        expr, t = info.members[name]
        if isinstance(source, Word):
            source = Word(source.type, self.pin(source.expr, info.param.name))
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
        base = self.expr(node.base)
        t = self.type(node)
        at = self.element_address(base, node.indices[0], t)
        place = None
        index = self.checked.constants.get(node.indices[0])
        if isinstance(base, Region) and base.place is not None and index is not None:
            place = ops.Place(base.place.base, base.place.name, base.place.offset + index * strip(t).size)
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
        value = spec.lower(self, node)
        return value if isinstance(value, Value) else Nothing(self.type(node))

    def address_of(self, node: ast.Expr) -> Expr:
        """&x for a kernel structure member, array element or dereference."""
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
                return self.member_address(self.to_word(value), struct, node.name, found.type)
            case _:
                pass
        raise Untranslatable("the address of this expression cannot be taken")

    def _SizeofType(self, node: ast.SizeofType) -> Value:
        raise AssertionError("sizeof is always constant")

    _SizeofExpr = _Offsetof = _SizeofType

    def _AggRef(self, node: ast.AggRef) -> Value:
        return Nothing(self.type(node))


def narrow(value: int, size: int, signed: bool) -> int:
    """`value` as an integer of `size` bytes: two's complement wrap."""
    value &= (1 << 8 * size) - 1
    return value - (1 << 8 * size) if signed and value >> (8 * size - 1) else value
