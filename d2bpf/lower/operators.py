"""Operators: arithmetic in 64-bit words, assignment, && || and ?: (language.md 6.2, 7.2)."""

from __future__ import annotations

from collections.abc import Sequence

from ..dtypes import INT, Array, DType, Enum, Int, Ptr, String, is_signed, is_string, strip
from ..ir import ops
from ..ir.ops import Bin, Const, Expr
from ..ir.values import Nothing, Region, Text, Value, Word
from ..sema.checked import TranslatorInfo
from ..syntax import ast
from ..syntax.ast import children
from .allocation import Allocation
from .comparison import Comparison
from .lvalues import lvalue
from .numbers import fit
from .strings import Strings
from .variables import LValue


class Operators(Comparison, Allocation, Strings):
    """The part of a Lowering that evaluates operators."""

    def truth(self, node: ast.Expr) -> Expr:
        raise AssertionError

    def address_of(self, node: ast.Expr) -> Expr:
        raise AssertionError

    def translated(self, info: TranslatorInfo, source: Value, name: str) -> Value:
        raise AssertionError

    # ---------------------------------------------------------------- several operands

    def in_order(self, nodes: Sequence[ast.Expr]) -> list[Value]:
        """The values of expressions, each as it was when its turn came."""
        values = []
        for i, node in enumerate(nodes):
            value = self.expr(node)
            values.append(self.settled(value) if any(map(self.may_change, nodes[i + 1 :])) else value)
        return values

    def settled(self, value: Value) -> Value:
        """A value that assignments after this do not change."""
        if isinstance(value, Word):
            return Word(value.type, self.pin(value.expr))
        return self.held(value) if isinstance(value, Text) and not value.stable else value

    # ---------------------------------------------------------------- one operand

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
                return Word(t, self.number(Word(t, self.address_of(node.operand))))
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

    # ---------------------------------------------------------------- two operands

    def _Binary(self, node: ast.Binary) -> Value:
        op = node.op
        if op == ",":
            self.expr(node.left)
            return self.expr(node.right)
        if op in ("&&", "||"):
            return Word(INT, self.logic(op, node.left, node.right))
        if op in ("==", "!=", "<", "<=", ">", ">="):
            return Word(INT, self.compare(op, node.left, node.right))
        left, right = self.operands(node.left, node.right)
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

    def may_change(self, node: ast.Expr) -> bool:
        """Whether evaluating `node` could change variables that an earlier operand has read."""
        if isinstance(node, (ast.Assign, ast.Postfix)) or (isinstance(node, ast.Unary) and node.op in ("++", "--")):
            return True
        symbol = self.checked.symbols.get(node)
        if symbol is not None and symbol.inline is not None and self.may_change(symbol.inline.value):
            return True
        return any(isinstance(child, ast.Expr) and self.may_change(child) for child in children(node))

    def scaled(self, index: Expr, size: int) -> Expr:
        if isinstance(index, Const):
            return Const(index.value * size)
        return index if size == 1 else Bin("*", index, Const(size))

    def arithmetic(self, op: str, left: Expr, right: Expr, signed: bool, left_signed: bool) -> Expr:
        """`left op right` on words. Division by zero is a fault, and shifts go by the low six bits of the right operand."""
        if op in ("/", "%"):
            right = self.pin(right)
            self.fault_if(Const(0) if isinstance(right, Const) and right.value else ops.Un("!", right), "DIVZERO")
            return self.divide(op, left, right, signed)
        if op == ">>":
            return Bin(">>s" if left_signed else ">>u", left, shift(right))
        if op == "<<":
            return Bin("<<", left, shift(right))
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

    # ---------------------------------------------------------------- assignment

    def _Assign(self, node: ast.Assign) -> Value:
        return self.assign(node, used=True)

    def assign(self, node: ast.Assign, used: bool) -> Value:
        """An assignment. Unless its value is `used`, it need not outlive the store."""
        if isinstance(node.target, ast.AggRef):
            assert isinstance(node.value, ast.Call)
            self.aggregate(node.target, node.value)
            return Nothing(self.type(node))
        target = lvalue(self, node.target)
        if node.op != "=":
            return self._compound(node, target.type, target)
        if isinstance(node.value, ast.Expr) and self.is_null(node.value) and not isinstance(strip(target.type), (Int, Enum)):
            target.clear()
            return Word(INT, Const(0))
        value = self.convert(self.expr(node.value), target.type)
        if used and isinstance(value, Word):
            value = Word(value.type, self.pin(value.expr))
        target.store(value)
        return value

    def _compound(self, node: ast.Assign, t: DType, target: LValue) -> Value:
        """x op= y: computed in the type that both are promoted to, then brought to that of x."""
        op = node.op[:-1]
        old = self.pin(self.to_word(target.load()))
        operand = self.word(node.value)
        if isinstance(strip(t), Ptr):
            result: Expr = Bin(op, old, self.scaled(operand, self.stride(t)))
        else:
            result = self.arithmetic(op, old, operand, self.compares_signed(t, self.type(node.value)), is_signed(t))
        value = Word(t, self.pin(self.to_word(self.convert(Word(t, result), t))))
        target.store(value)
        return value

    def convert(self, value: Value, t: DType) -> Value:
        """The value as stored in a variable of type `t`: integers come to its width, scalars become pointers and back."""
        base = strip(t)
        if isinstance(base, (Int, Enum)) and isinstance(value, (Word, Region, Text)):
            return Word(t, fit(self.number(value), value.type, t, self.known))
        if isinstance(base, Ptr) and isinstance(value, Word):
            return Word(t, fit(value.expr, value.type, t, self.known))
        if isinstance(base, Ptr) and isinstance(value, (Region, Text)):
            return Word(t, self.number(value))
        if isinstance(base, String):
            return self.text(value)
        return value

    # ---------------------------------------------------------------- choice

    def _Cond(self, node: ast.Cond) -> Value:
        t = self.type(node)
        test = self.truth(node.test)
        if isinstance(test, Const):
            return self.expr(node.then if test.value else node.other)
        if is_string(t):
            return self.conditional_text(node, test, t)
        with self.block() as yes:
            then = self.expr(node.then)
            a = None if isinstance(then, Nothing) else self.to_word(then)
        with self.block() as no:
            other = self.expr(node.other)
            b = None if isinstance(other, Nothing) else self.to_word(other)
        if a is None or b is None:
            self.emit(ops.If(test, yes, no))
            return Nothing(t)
        if not yes and not no:
            return Word(t, ops.Select(test, a, b))
        result = self.outcome("chosen")
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


def shift(count: Expr) -> Expr:
    return Const(count.value & 63) if isinstance(count, Const) else Bin("&", count, Const(63))
