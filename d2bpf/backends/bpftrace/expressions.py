"""D expressions as bpftrace's: one method a kind of node."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ...catalog.schema import Probe, Site
from ...diagnostics import Abandon, Sink
from ...dtypes import Array, DType, Enum, Int, Ptr, String, Struct, is_char, strip
from ...sema.checked import SiteCode, Symbol, TranslatorInfo
from ...syntax import ast
from .names import Names
from .probes import Unsayable, address, native
from .terms import (
    ATOM,
    ERRNO,
    FAILING_ERRNO,
    OR,
    SUM,
    TERNARY,
    UNARY,
    Term,
    binary,
    cast,
    compared,
    natural,
    negated,
    number,
    quoted,
    string,
    truth,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
CODE = "X_CONSTRUCT"

# Built-in variables that bpftrace has, too.
BUILTINS: dict[str, Term] = {
    "pid": Term("pid", signed=False, natural=True),
    "tid": Term("tid", signed=False, natural=True),
    "uid": Term("uid", signed=False, natural=True),
    "gid": Term("gid", signed=False, natural=True),
    "cpu": Term("cpu", signed=False, natural=True),
    "execname": Term("comm", kind="string"),
    "curthread": Term("curtask", kind="pointer", signed=False),
    "ppid": Term("curtask->real_parent->tgid", natural=True),
    "walltimestamp": Term("nsecs", kind="date"),
}
OF_THREAD = frozenset({"pid", "tid", "uid", "gid", "execname", "ppid", "curthread"})
PROBE_PARTS = {"probeprov": "provider", "probemod": "module", "probefunc": "function", "probename": "name"}


class Expressions:
    """Says the expressions of one clause where it fires on one probe."""

    def __init__(self, names: Names, probe: Probe, site: Site, target: Any, every: bool, child: str, sink: Sink) -> None:
        self.names, self.checked = names, names.checked
        self.probe, self.site, self.target, self.every, self.child, self.sink = probe, site, target, every, child, sink
        self.code: SiteCode | None = self.checked.site_code.get(id(site))
        self.natives = dict(zip(self.code.natives, site.natives, strict=False)) if self.code else {}
        self.bound: dict[Symbol, Term | Translated] = {}
        self.facts: set[str] = set()  # D texts of expressions that are not negative here
        self.failed = False  # the system call is known to have failed here
        self.clock = "nsecs"
        self.clocks = 0
        self.names_probe = False
        self.local: set[Symbol] = set()  # clause-local variables assigned so far, outside any if
        self.first: list[Symbol] = []  # those read before that
        self.inside = False  # an if
        self.at: ast.Node | None = None  # what the user wrote, while something that it stands for is said

    # ---------------------------------------------------------------- refusing

    def refuse(self, why: str, node: ast.Node) -> Abandon:
        """Report that bpftrace cannot say `node`, once whatever the number of probes."""
        span = (self.at or node).span
        for known in self.sink.items:
            if known.span is not None and known.message == why and known.span.start == span.start:
                return Abandon(why)
        return self.sink.error(CODE, why, span)

    @contextmanager
    def standing_for(self, node: ast.Node) -> Iterator[None]:
        """What is said inside was not written by the user; `node` was."""
        outer, self.at = self.at, self.at or node
        try:
            yield
        finally:
            self.at = outer

    # ---------------------------------------------------------------- entry points

    def say(self, node: ast.Expr) -> Term:
        """The term of an expression. Abandon after reporting what cannot be said."""
        constant = self.checked.constants.get(node)
        if constant is not None:
            return self.constant(node, constant)
        stand_in = self.checked.stand_ins.get(node)
        if stand_in is not None:
            with self.standing_for(node):
                return self.say(stand_in)
        found = self.look(node)
        if isinstance(found, Translated):
            raise self.refuse("bpftrace has no translators: name a member", node)
        return natural(found) if written(node) in self.facts and found.kind == "int" else found

    def look(self, node: ast.Expr) -> Term | Translated:
        """As say(), where the value may be a translated one."""
        method: Callable[[Any], Term | Translated] | None = getattr(self, "_" + type(node).__name__, None)
        if method is None:
            raise self.refuse("bpftrace has no such expression", node)
        return method(node)

    def number(self, node: ast.Expr) -> Term:
        """An integer."""
        term = self.say(node)
        if term.kind == "pointer":
            return address(term)
        if term.kind != "int":
            raise self.refuse("bpftrace computes with integers only", node)
        return term

    def condition(self, node: ast.Expr) -> Term:
        term = self.say(node)
        if term.kind not in ("int", "pointer"):
            raise self.refuse("bpftrace takes only numbers for conditions", node)
        return truth(term)

    def fitted(self, node: ast.Expr) -> Term:
        """An integer as its D type holds it: a key, or what is stored in a declared variable."""
        term = self.say(node)
        t = strip(self.type(node))
        if term.kind == "int" and term.wide and isinstance(t, Int) and t.size < 8:
            return cast(term, t.size, t.signed)
        return term

    def type(self, node: ast.Expr) -> DType:
        return self.checked.types[node]

    def signed(self, node: ast.Expr) -> bool:
        t = strip(self.type(node))
        return isinstance(t, (Int, Enum)) and t.signed

    def constant(self, node: ast.Expr, value: int) -> Term:
        t = strip(self.type(node))
        value = number_of(value) if not isinstance(t, (Int, Enum)) or t.signed else value & (1 << 64) - 1
        shown = node.span.text if isinstance(node, ast.IntLit) and node.span.text.lower().startswith("0x") else ""
        return number(value, shown)

    @contextmanager
    def knowing(self, test: ast.Expr | None) -> Iterator[None]:
        """Inside, the condition `test` is true."""
        facts, failed = set(self.facts), self.failed
        for part in conjuncts(test):
            self.learn(part)
        try:
            yield
        finally:
            self.facts, self.failed = facts, failed

    def learn(self, test: ast.Expr) -> None:
        """What a true condition says of signs."""
        match test:
            case ast.Ident(name="errno"):
                self.failed = True
            case ast.Binary(op=op, left=left, right=right):
                value = self.checked.constants.get(right)
                if value is None:
                    return
                value = number_of(value)
                if (op, value >= 0) in ((">", True), (">=", True), ("==", True)) or (op, value) == (">", -1):
                    self.facts.add(written(left))
                if self.of_call(left) and (op, value) == ("!=", -1):
                    self.worked()
                if self.of_call(left) and (op, value) in (("<", 0), ("==", -1)):
                    self.failed = True
                if written(left) == "errno" and (op, value) != ("==", 0) and (op in ("==", ">") or (op, value) == ("!=", 0)):
                    self.failed = True
                if written(left) == "errno" and (op, value) == ("==", 0):
                    self.worked()
            case ast.Unary(op="!", operand=ast.Ident(name="errno")):
                self.worked()
            case _:
                pass

    def worked(self) -> None:
        """The system call is known not to have failed: its result is not negative."""
        if self.site.attachment.words[1:] == ("return",):
            self.facts |= {"arg0", "arg1"}

    def forget(self, symbol: Symbol) -> None:
        """A variable gets another value."""
        self.facts = {text for text in self.facts if symbol.name not in text}

    def of_call(self, node: ast.Expr) -> bool:
        return written(node) in ("arg0", "arg1") and self.site.attachment.words[1:] == ("return",)

    # ---------------------------------------------------------------- names

    def _IntLit(self, node: ast.IntLit) -> Term:
        return self.constant(node, node.value)

    def _StrLit(self, node: ast.StrLit) -> Term:
        return string(node.value)

    def _Ident(self, node: ast.Ident) -> Term | Translated:
        symbol = self.checked.symbols[node]
        match symbol.kind:
            case "param":
                return self.parameter(symbol, node)
            case "inline":
                assert symbol.inline is not None
                with self.standing_for(node):
                    return self.look_or_constant(symbol.inline.value)
            case "builtin":
                return self.builtin(symbol.name, node)
            case "global":
                return self.variable(symbol, self.names.map_name(symbol), node)
            case _:
                raise self.refuse(f"bpftrace does not know {node.name}", node)

    def look_or_constant(self, node: ast.Expr) -> Term | Translated:
        return self.say(node) if node in self.checked.constants else self.look(node)

    def parameter(self, symbol: Symbol, node: ast.Expr) -> Term | Translated:
        if symbol in self.bound:
            return self.bound[symbol]
        try:
            return native(self.natives[symbol], self.site, self.target, self.every)
        except Unsayable as why:
            raise self.refuse(str(why), node) from None

    def builtin(self, name: str, node: ast.Expr) -> Term | Translated:
        if name.startswith("arg") and name[3:].isdigit():
            return self.argument(int(name[3:]), node)
        if name in PROBE_PARTS:
            return self.part_of_probe(name, node)
        if name == "timestamp":
            self.clocks += 1
            return Term(self.clock, signed=False, natural=True)
        if name == "errno":
            if self.site.attachment.words[1:] != ("return",):
                return number(0)
            return FAILING_ERRNO if self.failed else ERRNO
        if name == "__target":
            return Term(self.child, signed=False, natural=True)
        if name in OF_THREAD and self.site.attachment.kind == "timer":
            raise self.refuse(f"{name} is that of the tracer in {self.probe.name}, but of any process in bpftrace's interval", node)
        if name not in BUILTINS:
            raise self.refuse(f"bpftrace has no counterpart of {name}", node)
        return BUILTINS[name]

    def argument(self, n: int, node: ast.Expr) -> Term | Translated:
        """argN."""
        if self.code is None or n >= len(self.code.argn):
            return number(0)
        with self.standing_for(node):
            return self.look_or_constant(self.code.argn[n])

    def part_of_probe(self, name: str, node: ast.Expr) -> Term:
        if self.every and name == "probefunc":
            self.names_probe = True
            return Term("probe", kind="probe")
        return string(str(getattr(self.probe, PROBE_PARTS[name])))

    def variable(self, symbol: Symbol, text: str, node: ast.Node) -> Term:
        t = strip(symbol.type)
        if not isinstance(t, (Int, Enum, Ptr, String)):
            raise self.refuse("bpftrace keeps only numbers, pointers and strings in variables", node)
        if symbol not in self.names.assigned:
            return string("") if isinstance(t, String) else number(0)
        if symbol.kind == "this" and symbol not in self.local and symbol not in self.first:
            self.first.append(symbol)
        return self.names.value(symbol, text)

    def _ScopedVar(self, node: ast.ScopedVar) -> Term:
        symbol = self.checked.symbols[node]
        return self.variable(symbol, self.place(symbol, (), node), node)

    def place(self, symbol: Symbol, indices: tuple[ast.Expr, ...], node: ast.Node) -> str:
        """A variable's name with its keys."""
        if symbol.kind == "this":
            return f"${symbol.name}"
        keys = [self.key(index) for index in indices]
        if "self" in (symbol.kind, symbol.scope):
            if self.site.attachment.kind == "timer":
                raise self.refuse("thread-local variables are the tracer's here, but of any thread in bpftrace's interval", node)
            keys.insert(0, "tid")
        return self.names.map_name(symbol) + (f"[{', '.join(keys)}]" if keys else "")

    def key(self, node: ast.Expr) -> str:
        term = self.fitted(node)
        if term.kind == "pointer":
            term = address(term)
        if term.kind not in ("int", "string", "stack", "probe"):
            raise self.refuse("bpftrace takes no such key", node)
        return term.text

    def _Index(self, node: ast.Index) -> Term | Translated:
        symbol = self.checked.symbols.get(node)
        if symbol is not None and symbol.kind == "args":
            return self.typed_argument(self.checked.constants[node.indices[0]], node)
        if symbol is not None and symbol.kind == "assoc":
            return self.variable(symbol, self.place(symbol, node.indices, node), node)
        if symbol is not None:
            raise self.refuse(f"bpftrace has no counterpart of {symbol.name}[ ]", node)
        raise self.refuse("array elements are not translated", node)

    def typed_argument(self, n: int, node: ast.Expr) -> Term | Translated:
        assert self.code is not None
        expr, _, info, _ = self.code.args[n]
        with self.standing_for(node):
            value = self.look_or_constant(expr)
        return Translated(info, value) if info is not None and isinstance(value, Term) else value

    # ---------------------------------------------------------------- members

    def _MemberOf(self, node: ast.MemberOf) -> Term | Translated:
        base = self.look_or_constant(node.base)
        info = self.checked.translators.get(node)
        if info is not None:
            source = base.source if isinstance(base, Translated) else base
            return self.translated(info, source, node)
        if isinstance(base, Translated) or base.kind not in ("pointer", "struct"):
            raise self.refuse("a pointer without a type cannot be followed in bpftrace", node)
        return of_type(self.type(node), f"{base.within(ATOM)}{'->' if base.kind == 'pointer' else '.'}{node.name}", node, self)

    def translated(self, info: TranslatorInfo, source: Term, node: ast.MemberOf) -> Term | Translated:
        expr, _ = info.members[node.name]
        outer = self.bound.get(info.param)
        self.bound[info.param] = source
        try:
            with self.standing_for(node):
                return self.look_or_constant(expr)
        finally:
            if outer is None:
                del self.bound[info.param]
            else:
                self.bound[info.param] = outer

    def _Xlate(self, node: ast.Xlate) -> Translated:
        return Translated(self.checked.translators[node], self.say(node.operand))

    # ---------------------------------------------------------------- operators

    def _Unary(self, node: ast.Unary) -> Term:
        match node.op:
            case "!":
                return negated(self.condition(node.operand) if written(node.operand) != "errno" else self.say(node.operand))
            case "+":
                return self.number(node.operand)
            case "-" | "~":
                value = self.number(node.operand)
                return Term(node.op + value.within(ATOM), UNARY, signed=value.signed, wide=self.narrow(node))
            case "++" | "--":
                return self.stepped(node.operand, node.op + "{}", node.op)
            case _:
                raise self.refuse(f"the operator {node.op} on addresses is not translated", node)

    def _Postfix(self, node: ast.Postfix) -> Term:
        return self.stepped(node.operand, "{}" + node.op, node.op)

    def stepped(self, operand: ast.Expr, form: str, op: str) -> Term:
        symbol = self.checked.symbols.get(operand)
        if symbol is None or not isinstance(strip(symbol.type), Int):
            raise self.refuse("bpftrace increments integer variables only", operand)
        value = self.say(operand)
        self.names.note(symbol, value, op == "++")
        self.forget(symbol)
        return Term(form.format(value.text), UNARY, signed=value.signed, wide=value.wide)

    def narrow(self, node: ast.Expr) -> bool:
        """Whether the type of a computed value is narrower than the 64 bits it is computed in."""
        t = strip(self.type(node))
        return isinstance(t, (Int, Enum)) and t.size < 8

    def _Binary(self, node: ast.Binary) -> Term:
        op = node.op
        if op in ("&&", "||"):
            return self.logic(node)
        if op in COMPARISONS:
            return self.comparison(node)
        if op == "^^":
            left, right = negated(self.condition(node.left)), negated(self.condition(node.right))
            return Term(f"{left.within(UNARY)} != {right.within(UNARY)}", OR, natural=True)
        if op == ",":
            raise self.refuse("bpftrace has no comma operator", node)
        left, right = self.number(node.left), self.number(node.right)
        if any(not isinstance(strip(self.type(side)), (Int, Enum)) for side in (node.left, node.right)):
            raise self.refuse("arithmetic on addresses is not translated", node)
        if op in ("/", "%"):
            return self.quotient(node, left, right)
        if op == ">>" and self.signed(node.left) and not left.natural:
            raise self.refuse("bpftrace shifts to the right without regard to the sign, and this may be negative", node)
        wide = self.narrow(node) and op not in ("&", "|", "^", ">>")
        made = binary(left, op, right)
        return Term(made.text, made.level, signed=made.signed, natural=made.natural and not wide, wide=wide)

    def logic(self, node: ast.Binary) -> Term:
        left = self.condition(node.left)
        with self.knowing(node.left if node.op == "&&" else None):
            made = binary(left, node.op, self.condition(node.right))
        return Term(made.text, made.level, natural=True)

    def quotient(self, node: ast.Binary, left: Term, right: Term) -> Term:
        """Division is unsigned in bpftrace; what may be negative is divided by magnitude."""
        op = node.op
        if not self.signed(node) or (left.natural and right.natural):
            made = binary(_unsigned(left), op, _unsigned(right))
            return Term(made.text, made.level, signed=False, natural=True)
        if right.literal is None or right.literal <= 0 or left.level < UNARY:
            raise self.refuse("bpftrace divides without regard to signs, and this may be negative", node)
        sided = left if left.signed else cast(left, 8, True)
        parts = [binary(_unsigned(part), op, right).text for part in (Term(f"(-{left.within(ATOM)})", signed=left.signed), left)]
        return Term(f"{sided.text} < 0 ? -(int64)({parts[0]}) : (int64)({parts[1]})", TERNARY)

    def comparison(self, node: ast.Binary) -> Term:
        op, left, right = node.op, self.say(node.left), self.say(node.right)
        if "string" in (left.kind, right.kind):
            if left.kind != right.kind or op not in ("==", "!="):
                raise self.refuse("bpftrace compares strings only with strings, and only for being equal", node)
            return Term(f"{left.text} {op} {right.text}", 7, natural=True)
        if "probe" in (left.kind, right.kind):
            raise self.refuse("bpftrace cannot tell probes apart by the function's name: name them in the description", node)
        if left.kind == "pointer" and right.literal == 0:
            return Term(f"{left.text} {op} 0", 7, natural=True)
        left, right = address(left), address(right)
        if left.literal is not None and right.literal is None:
            left, right, op = right, left, {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(op, op)
        return compared(left, op, right, self.compares_signed(node.left, node.right))

    def compares_signed(self, left: ast.Expr, right: ast.Expr) -> bool:
        """By the operand of higher rank, width first (language.md 6.2)."""
        ranks = []
        for side in (left, right):
            t = strip(self.type(side))
            signed = isinstance(t, (Int, Enum)) and t.signed
            ranks.append((t.size * 2 + (not signed), signed))
        return max(ranks)[1]

    def _Cond(self, node: ast.Cond) -> Term:
        test = self.condition(node.test)
        with self.knowing(node.test):
            then = self.say(node.then)
        other = self.say(node.other)
        if then.kind != other.kind:
            raise self.refuse("both sides of bpftrace's ?: must be numbers, or strings", node)
        same = then.signed and other.signed
        parts = f"{test.within(OR)} ? {then.within(SUM)} : {other.within(SUM)}"
        return Term(parts, TERNARY, then.kind, same, then.natural and other.natural, then.wide or other.wide)

    def _Assign(self, node: ast.Assign) -> Term:
        raise self.refuse("an assignment is no expression in bpftrace", node)

    def _Cast(self, node: ast.Cast) -> Term:
        t = strip(self.checked.conversions[node.type])
        value = self.say(node.operand)
        if isinstance(t, (Int, Enum)):
            value = self.number(node.operand)
            source = strip(self.type(node.operand))
            if t.size == 8 and not (value.wide and source.size < 8):
                return value
            if value.wide and source.size < t.size:
                value = cast(value, source.size, self.signed(node.operand))
            return cast(value, t.size, t.signed)
        if isinstance(t, String) and value.kind == "string":
            return value
        if isinstance(t, Ptr) and value.kind in ("pointer", "int") and not isinstance(strip(t.to), Struct):
            return value
        if isinstance(t, Ptr) and isinstance(strip(t.to), Struct):
            return Term(f"({t}){value.within(UNARY)}", UNARY, kind="pointer", signed=False)
        raise self.refuse("bpftrace has no such conversion", node)

    def _Stringof(self, node: ast.Stringof) -> Term:
        value = self.say(node.operand)
        if value.kind != "string":
            raise self.refuse("stringof() of an address is not translated", node)
        return value

    # ---------------------------------------------------------------- functions

    def _Call(self, node: ast.Call) -> Term:
        say = FUNCTIONS.get(node.name)
        if say is None:
            raise self.refuse(f"bpftrace has no counterpart of {node.name}( )", node)
        return say(self, node)


class Translated:
    """A value seen through a translator: its members are expressions on `source`."""

    def __init__(self, info: TranslatorInfo, source: Term) -> None:
        self.info, self.source = info, source


def _copyinstr(e: Expressions, node: ast.Call) -> Term:
    if len(node.args) > 1:
        raise e.refuse("copyinstr( ) with a size is not translated", node)
    return Term(f"str({e.say(node.args[0]).text})", kind="string")


def _stack(name: str) -> Callable[[Expressions, ast.Call], Term]:
    def say(e: Expressions, node: ast.Call) -> Term:
        frames = [e.checked.constants.get(arg) for arg in node.args]
        if len(frames) > 1 or None in frames:
            raise e.refuse(f"{node.name}( ) takes a number of frames in bpftrace", node)
        return Term(f"{name}({frames[0]})" if frames else name, kind="stack")

    return say


FUNCTIONS: dict[str, Callable[[Expressions, ast.Call], Term]] = {
    "copyinstr": _copyinstr,
    "stack": _stack("kstack"),
    "ustack": _stack("ustack"),
}


def of_type(t: DType, text: str, node: ast.Node, e: Expressions) -> Term:
    """What a kernel structure's member is in bpftrace."""
    base = strip(t)
    match base:
        case Int() | Enum():
            signed = base.signed
            return Term(text, signed=signed, natural=not signed and base.size < 8)
        case Ptr():
            return Term(text, kind="pointer", signed=False)
        case Array() if is_char(base.of):
            return Term(text, kind="string")
        case Struct():
            return Term(text, kind="struct")
        case _:
            raise e.refuse("a member of this type is not translated", node)


def number_of(word: int) -> int:
    """A folded constant as a signed number."""
    word &= (1 << 64) - 1
    return word - (1 << 64) if word >> 63 else word


def _unsigned(term: Term) -> Term:
    return term if not term.signed or term.literal is not None else cast(term, 8, False)


def conjuncts(test: ast.Expr | None) -> list[ast.Expr]:
    """The conditions that && joins."""
    if isinstance(test, ast.Binary) and test.op == "&&":
        return conjuncts(test.left) + conjuncts(test.right)
    return [test] if test is not None else []


def written(node: ast.Expr) -> str:
    """The D text of an expression, blanks alike."""
    return " ".join(node.span.text.split())


__all__ = ["CODE", "Expressions", "conjuncts", "quoted", "written"]
