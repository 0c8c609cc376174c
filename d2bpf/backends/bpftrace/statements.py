"""Statements of a clause as lines of bpftrace."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...diagnostics import Abandon
from ...dtypes import Int, strip
from ...sema.checked import Symbol
from ...syntax import ast
from . import aggregations, formats
from .aggregations import Shown
from .expressions import Expressions
from .names import aggregation
from .terms import Term, binary, cast

TAB = "\t"


class Statements:
    """Says the body of one clause. `at_end`: it is an END clause; `quiet`: its prints do not end in a newline by themselves."""

    def __init__(self, e: Expressions, at_end: bool, quiet: bool) -> None:
        self.e, self.at_end, self.quiet = e, at_end, quiet
        self.lines: list[str] = []
        self.depth = 1
        self.shown: dict[str, Shown] = {}

    def body(self, statements: Sequence[ast.Stmt]) -> list[str]:
        """The lines of a clause's body."""
        self.block(statements, last=True)
        for name, shown in self.shown.items():
            if shown.cut is not None and not self.at_end:
                self.e.refuse("trunc( ) that leaves entries: bpftrace can print the largest, not remove the others", shown.cut)
            elif self.at_end and (shown.top or shown.factor != 1):
                self.emit(f"print({shown.arguments(aggregation(name))})")
                self.emit(f"clear({aggregation(name)})")
        return self.lines

    def block(self, statements: Sequence[ast.Stmt], last: bool) -> None:
        """Statements in order. exit() goes to the end: in bpftrace nothing of the clause follows it. `last`: nothing does in D."""
        exits = [s for s in statements if is_call(s, "exit")]
        others = [s for s in statements if s not in exits]
        if exits and not last:
            self.e.refuse("the statements that follow exit( ) would not run in bpftrace", exits[0])
        for i, each in enumerate(others):
            ends = i + 1 == len(others) or isinstance(others[i + 1], ast.If) or not any(map(prints, others[i + 1 :]))
            try:
                self.statement(each, "\\n" if ends and not self.quiet else "", last and i + 1 == len(others))
            except Abandon:
                continue
        for each in exits[:1]:
            assert isinstance(each, ast.ExprStmt) and isinstance(each.expr, ast.Call)
            if self.e.checked.constants.get(each.expr.args[0]) != 0:
                self.e.refuse("exit() of bpftrace 0.17 has no status", each.expr)
            self.emit("exit()")

    def emit(self, text: str) -> None:
        self.lines.append(TAB * self.depth + text + ("" if text[-1] in "{}" else ";"))

    def statement(self, node: ast.Stmt, end: str, last: bool) -> None:
        if isinstance(node, ast.If):
            self.branches(node, last)
        elif isinstance(node, ast.ExprStmt):
            self.expression(node.expr, end.replace("\\n", "\n"))

    def branches(self, node: ast.If, last: bool, word: str = "if") -> None:
        self.emit(f"{word} ({self.e.condition(node.test).text}) {{")
        inside, self.e.inside = self.e.inside, True
        self.depth += 1
        with self.e.knowing(node.test):
            self.block(node.then, last)
        self.depth -= 1
        if len(node.other) == 1 and isinstance(node.other[0], ast.If):
            self.branches(node.other[0], last, "} else if")
        elif node.other:
            self.emit("} else {")
            self.depth += 1
            self.block(node.other, last)
            self.depth -= 1
            self.emit("}")
        else:
            self.emit("}")
        self.e.inside = inside

    def expression(self, node: ast.Expr, end: str) -> None:
        match node:
            case ast.Assign(target=ast.AggRef() as target, value=ast.Call() as call):
                keys = ", ".join(self.e.key(key) for key in target.keys or ())
                name = aggregation(target.name) + (f"[{keys}]" if keys else "")
                self.emit(f"{name} = {aggregations.update(self.e, call)}")
            case ast.Assign():
                self.assign(node)
            case ast.Postfix() | ast.Unary(op="++" | "--"):
                self.declare_first(node.operand)
                self.emit(self.e.say(ast.Postfix(node.span, node.op, node.operand) if isinstance(node, ast.Unary) else node).text)
            case ast.Binary(op=","):
                self.expression(node.left, "")
                self.expression(node.right, end)
            case ast.Cond():
                self.choice(node, end)
            case ast.Call(name=name) if name in ACTIONS:
                ACTIONS[name](self, node, end)
            case _:
                if node not in self.e.checked.constants:
                    self.e.say(node)  # for its complaints; without an effect it need not be said

    def choice(self, node: ast.Cond, end: str) -> None:
        """?: as a statement."""
        value = self.e.checked.constants.get(node.test)
        if value is not None:
            self.expression(node.then if value else node.other, end)
            return
        then = (ast.ExprStmt(node.then.span, node.then),)
        other = (ast.ExprStmt(node.other.span, node.other),)
        self.branches(ast.If(node.span, node.test, then, other), last=False)

    # ---------------------------------------------------------------- assignments

    def assign(self, node: ast.Assign) -> None:
        e = self.e
        value_node = node.value
        if isinstance(value_node, ast.Assign) and not isinstance(value_node.target, ast.AggRef) and value_node.op == "=":
            self.assign(value_node)
            value_node = value_node.target
        symbol = e.checked.symbols.get(node.target)
        if symbol is None or not isinstance(node.target, (ast.Ident, ast.ScopedVar, ast.Index)):
            raise e.refuse("bpftrace assigns to whole variables only", node.target)
        indices = node.target.indices if isinstance(node.target, ast.Index) else ()
        e.variable(symbol, "", node.target) if node.op != "=" else None
        place = e.place(symbol, indices, node.target)
        if node.op == "=" and place.endswith("]") and e.checked.constants.get(value_node) == 0:
            self.emit(f"delete({place})")
            return
        value = self.stored(symbol, node, value_node)
        self.declare(symbol)
        e.forget(symbol)
        e.names.note(symbol, value, node.op in ("=", "+=", "|=", "*="))
        self.emit(f"{place} {'=' if self.spelled(symbol, node) else node.op} {value.text}")

    def spelled(self, symbol: Symbol, node: ast.Assign) -> bool:
        """Whether `x op= y` is said as `x = x op y`: where the operation is more than bpftrace's."""
        t = strip(symbol.type)
        return node.op == "=" or node.op in ("/=", "%=", ">>=") or (isinstance(t, Int) and not symbol.implied and t.size < 8)

    def stored(self, symbol: Symbol, node: ast.Assign, value_node: ast.Expr) -> Term:
        """What is assigned, as the variable's type holds it."""
        e, t = self.e, strip(symbol.type)
        if self.spelled(symbol, node) and node.op != "=":
            current = e.say(node.target)
            op = node.op[:-1]
            if op in ("/", "%", ">>") and e.signed(node.target) and not current.natural:
                raise e.refuse("bpftrace divides and shifts without regard to signs, and this may be negative", node)
            value = binary(current, op, e.number(value_node))
            value = Term(value.text, value.level, signed=value.signed, natural=value.natural, wide=True)
        else:
            value = e.say(value_node)
        if value.kind not in ("int", "string", "pointer"):
            raise e.refuse("bpftrace cannot store this", node)
        if isinstance(t, Int) and t.size < 8 and not symbol.implied:
            source = strip(e.type(value_node))
            fits = value.literal is not None and -(1 << 8 * t.size - 1) <= value.literal < 1 << 8 * t.size - t.signed
            if not fits and (value.wide or source.size > t.size or (source.size == t.size and e.signed(value_node) != t.signed)):
                value = cast(value, t.size, t.signed)
        return value

    def declare_first(self, node: ast.Expr) -> None:
        symbol = self.e.checked.symbols.get(node)
        if symbol is not None:
            self.e.variable(symbol, "", node)

    def declare(self, symbol: Symbol) -> None:
        """A clause-local variable is assigned; inside an if it must have been before."""
        if symbol.kind != "this" or symbol in self.e.local:
            return
        if self.e.inside:
            if symbol not in self.e.first:
                self.e.first.append(symbol)
        else:
            self.e.local.add(symbol)


def is_call(node: ast.Stmt, name: str) -> bool:
    return isinstance(node, ast.ExprStmt) and isinstance(node.expr, ast.Call) and node.expr.name == name


def prints(node: ast.Stmt) -> bool:
    return any(is_call(node, name) for name in ("printf", "trace"))


# ---------------------------------------------------------------- actions


def _printf(s: Statements, call: ast.Call, end: str) -> None:
    s.emit(formats.printf(s.e, call, end))


def _trace(s: Statements, call: ast.Call, end: str) -> None:
    if isinstance(call.args[0], ast.Call) and call.args[0].name in ("stack", "ustack"):
        _stack(s, call.args[0], end)
        return
    s.emit(formats.trace(s.e, call, "" if s.quiet else " ", end))


def _stack(s: Statements, call: ast.Call, end: str) -> None:
    s.emit(f"print({s.e.say(call).text})")


def _shown(s: Statements, call: ast.Call) -> tuple[str, Shown]:
    """The aggregation that an action names. Abandon if there is none, or a format before it, or several."""
    target = call.args[0] if call.args else None
    if not isinstance(target, ast.AggRef):
        what = "bpftrace prints a map in its own layout only" if call.name == "printa" else "bpftrace needs to know which map"
        raise s.e.refuse(what, call)
    if call.name == "printa" and len(call.args) > 1:
        raise s.e.refuse("bpftrace prints one map at a time", call)
    return target.name, s.shown.setdefault(target.name, Shown())


def _printa(s: Statements, call: ast.Call, end: str) -> None:
    name, shown = _shown(s, call)
    s.emit(f"print({shown.arguments(aggregation(name))})")
    if s.at_end:
        shown.top, shown.factor, shown.cut = 0, 1, None


def _clear(s: Statements, call: ast.Call, end: str) -> None:
    name, _ = _shown(s, call)
    s.emit(f"zero({aggregation(name)})")


def _trunc(s: Statements, call: ast.Call, end: str) -> None:
    name, shown = _shown(s, call)
    count = aggregations.entries(s.e, call.args, call)
    function = s.e.checked.aggregations[name].function
    if count and function.endswith("quantize"):
        raise s.e.refuse("bpftrace does not order histograms", call)
    shown.top, shown.cut = count, call if count else None
    if not count:
        s.emit(f"clear({aggregation(name)})")


def _normalize(s: Statements, call: ast.Call, end: str) -> None:
    name, shown = _shown(s, call)
    shown.factor = aggregations.factor(s.e, call, s.e.checked.aggregations[name].function)
    if not s.at_end:
        raise s.e.refuse("bpftrace divides when it prints, and forgets it: normalize in END", call)


def _denormalize(s: Statements, call: ast.Call, end: str) -> None:
    _shown(s, call)[1].factor = 1


ACTIONS: dict[str, Callable[[Statements, ast.Call, str], None]] = {
    "printf": _printf,
    "trace": _trace,
    "stack": _stack,
    "ustack": _stack,
    "printa": _printa,
    "clear": _clear,
    "trunc": _trunc,
    "normalize": _normalize,
    "denormalize": _denormalize,
}
