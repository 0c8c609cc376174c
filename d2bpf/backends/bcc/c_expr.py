"""C for expressions and places of the IR.

Every expression stands for a 64-bit word (ir/ops.py), but C has types, and those decide what an operator does: it divides, compares
and shifts signed words otherwise than unsigned ones, computes in 32 bits where both operands have no more, and may do as it pleases
where a signed sum overflows. So the printer knows the C type of what it prints, and adds the casts that make C compute what the IR
says: arithmetic in u64, which wraps, and comparisons and shifts as their operator is marked. What is narrower in memory is widened
where it is read and narrowed where it is written. Functions of the .bpf.h files take and return 64-bit integers; addresses are
integers for them too.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...ir import ops
from ...ir.ops import Expr, Place, StructDef
from ...ir.walk import statements

MEMORY_CALLS = {  # kernel helpers: which arguments are addresses to write to (p) and to read from (a)
    "bpf_probe_read_kernel": "pna",
    "bpf_probe_read_kernel_str": "pna",
    "bpf_probe_read_user": "pna",
    "bpf_probe_read_user_str": "pna",
    "bpf_get_current_comm": "pn",
}
CLOCK = "timestamp"  # the local variable of the macro TIMESTAMP
COMPARISONS = frozenset(("<", "<=", "==", "!="))
LEFT_DECIDES = frozenset(("<<", ">>"))  # operators whose type in C is that of the left operand


def integer(size: int, signed: bool) -> str:
    return f"{'s' if signed else 'u'}{8 * size}"


def constant(value: int) -> str:
    if -(1 << 31) <= value < 1 << 31:
        return str(value)
    if value < 0:
        return f"({value + 1}LL - 1)" if value == -(1 << 63) else f"{value}LL"
    return f"{value:#x}ULL" if value >= 1 << 63 else f"{value}LL"


def comment(text: str) -> str:
    """Text made safe to stand in a C comment."""
    return text.replace("*/", "* /").replace("/*", "/ *").rstrip("\\").encode("ascii", "replace").decode()


def balanced(text: str) -> bool:
    """Whether the parenthesis that opens the text closes at its end."""
    depth = 0
    for i, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if depth == 0:
            return i == len(text) - 1
    return False


class Expressions:
    """Prints expressions and places of one handler of a program."""

    def __init__(self, program: ops.Program) -> None:
        self.program = program
        self.lines: list[str] = []  # grows as things are printed
        self.depth = 0  # of indentation
        self.handler: ops.Handler | None = None
        self._one_reading = False  # of the clock, in the handler at hand
        self._event_args: set[int] = set()  # arguments of the event that the handler at hand keeps as variables
        self._structs: dict[str, StructDef | None] = {}  # by the handler's names of keys and pointers

    def line(self, text: str = "") -> None:
        self.lines.append("\t" * self.depth + text if text else "")

    # ---------------------------------------------------------------- places

    def _field(self, place: Place) -> ops.FieldDef | None:
        names = {"state": "state", "self": "thread", "s": "scratch"}
        struct = self.program.structs.get(names.get(place.base, ""))
        if struct is None and place.name == "value":
            return None
        if struct is None or place.offset:
            return None
        return next((f for f in struct.fields if f.name == place.name), None)

    def _path(self, place: Place) -> str:
        base = {"state": "vars"}.get(place.base, place.base)
        if place.base == "local":
            return place.name
        if place.base.startswith("key"):
            return f"{base}.{place.name}" if place.name else base
        return f"{base}->{place.name}"

    def _array(self, place: Place) -> bool:
        """Whether the place is an array in C, whose name is its address."""
        if place.base in ("local", "s"):
            return True
        field = self._field(Place(place.base, place.name))
        if field is not None:
            return bool(field.count)
        struct = self._structs.get(place.base)
        return bool(struct and place.name and struct.find(place.name).count)

    def _structs_of(self, handler: ops.Handler) -> dict[str, StructDef | None]:
        """What the handler's keys are, and what its pointers into maps point to (None: a plain integer)."""
        found: dict[str, StructDef | None] = {}
        for s in handler_statements(handler):
            if isinstance(s, ops.Key):
                found[s.name] = self.program.structs[s.struct]
            elif isinstance(s, ops.Lookup):
                found[s.pointer] = self.program.structs.get(self.program.maps[s.map].value)
        return found

    def pointer(self, place: Place) -> str:
        """A C pointer to the place."""
        path = self._path(place)
        base = path if self._array(place) else f"&{path}"
        offset = f" + {place.offset}" if place.offset else ""
        at = f" + {self.operand(place.at)}" if place.at is not None else ""
        return f"(char *){base}{offset}{at}" if offset or at else base

    def _bytes(self, place: Place, size: int, signed: bool = False) -> str:
        return f"*({integer(size, signed)} *)({self.pointer(place)})"

    def _lvalue(self, place: Place, size: int, signed: bool | None = None) -> str:
        """The place as a C lvalue of `size` bytes; its signedness is of no matter when `signed` is None."""
        if place.offset or place.at is not None or self._array(place):
            if place.base == "local" and size == 8 and place.offset % 8 == 0 and place.at is None and not signed:
                return f"{place.name}[{place.offset // 8}]"
            return self._bytes(place, size, bool(signed))
        field = self._field(place)
        if field is None:
            struct = self._structs.get(place.base)
            field = struct.find(place.name) if struct else None
        if field is not None and (field.size != size or signed not in (None, field.signed)):
            return self._bytes(place, size, bool(signed))
        return self._path(place)

    # ---------------------------------------------------------------- expressions

    def expr(self, e: Expr) -> str:
        """The expression as C text."""
        match e:
            case ops.Const(value=v):
                return constant(v)
            case ops.Tmp(name=n) | ops.Symbol(name=n) | ops.Offset(name=n):
                return n
            case ops.Context(index=i):
                return f"event_arg{i}" if i in self._event_args else f"ctx->args[{i}]"
            case ops.ContextField(offset=at, size=size, signed=signed):
                return f"ctx->at{at}" if size == 8 else f"({integer(8, signed)})ctx->at{at}"
            case ops.Register(name=name):
                return f"saved_register(ctx, {name})"
            case ops.Un(op="!", operand=x):
                return f"!{self.operand(x)}"
            case ops.Un(op=op, operand=x):
                return f"{op}{self._word(x)}"
            case ops.Ext(size=size, signed=signed, operand=x):
                return f"({integer(8, signed)})({integer(size, signed)}){self.operand(x)}"
            case ops.Select(test=t, then=a, other=b):
                small = isinstance(b, ops.Const) and self.c_type(b) == "int" and not isinstance(a, ops.Const)
                return f"({self.operand(t)} ? {self._word(a)} : {self.expr(b) if small else self._word(b)})"
            case ops.Get(place=place, size=size, signed=signed):
                text = self._lvalue(place, size, signed)
                return text if size == 8 else f"({integer(8, signed)}){text}"
            case ops.Address(place=place):
                text = self.pointer(place)
                return f"(u64)({text})" if text.startswith("(char *)") else f"(u64){text}"
            case ops.Bin():
                return self._binary(e)
            case ops.Call():
                return self._call(e)
            case _:
                pass
        raise AssertionError(e)

    def c_type(self, e: Expr) -> str:
        """The C type of the text of an expression: u64, s64, "int" for what is narrower, "pointer"."""
        match e:
            case ops.Const(value=v):
                return "int" if -(1 << 31) <= v < 1 << 31 else "s64" if v < 1 << 63 else "u64"
            case ops.Symbol(name=n):
                return "pointer" if n in ("ctx", "self", "s") or n in self._structs else "int"
            case ops.Offset() | ops.Un(op="!"):
                return "int"
            case ops.Bin(op=op) if op.rstrip("us") in COMPARISONS or op in ("&&", "||"):
                return "int"
            case ops.Bin(op=">>s"):
                return "s64"
            case ops.Get(signed=signed) | ops.Ext(signed=signed) | ops.ContextField(signed=signed):
                return integer(8, signed)
            case _:
                return "u64"

    def operand(self, e: Expr) -> str:
        """The expression's text, in parentheses unless it binds more tightly than any binary operator."""
        text = self.expr(e)
        simple = isinstance(e, (ops.Tmp, ops.Symbol, ops.Call, ops.Offset, ops.Context, ops.Register)) or (
            isinstance(e, ops.Const) and e.value >= 0
        )
        simple = simple or (isinstance(e, ops.Get) and not text.startswith("*"))
        return text if simple or (text.startswith("(") and balanced(text)) else f"({text})"

    def condition(self, e: Expr) -> str:
        """The expression as C text that counts only as zero or not."""
        match e:
            case ops.Select(test=t, then=a, other=ops.Const(value=0)):
                return f"{self.operand(t)} && {self.plain(a)}"
            case _:
                return self.plain(e) if isinstance(e, ops.Get) else self.expr(e)

    def plain(self, e: Expr) -> str:
        """An operand of any integer type."""
        return self._lvalue(e.place, e.size, e.signed) if isinstance(e, ops.Get) else self.operand(e)

    def _word(self, e: Expr) -> str:
        """The expression as an operand of type u64."""
        if isinstance(e, ops.Get) and e.size < 8:
            return f"(u64){self._lvalue(e.place, e.size, e.signed)}"
        text = self.operand(e)
        return text if self.c_type(e) == "u64" else f"(u64){text}"

    def _signed(self, e: Expr) -> str:
        text = self.operand(e)
        return text if self.c_type(e) in ("s64", "int") else f"(s64){text}"

    def _binary(self, e: ops.Bin) -> str:
        op, mark = (e.op[:-1], e.op[-1]) if e.op[-1] in "us" else (e.op, "")
        if op in ("&&", "||"):
            return f"{self.operand(e.left)} {op} {self.operand(e.right)}"
        if mark == "s" and op == ">>":
            return f"(s64){self.operand(e.left)} >> {self.operand(e.right)}"
        if mark == "s":
            return f"{self._signed(e.left)} {op} {self._signed(e.right)}"
        if op in ("==", "!="):
            return f"{self._comparable(e.left)} {op} {self._comparable(e.right)}"
        if op not in LEFT_DECIDES and self.c_type(e.right) == "u64" and self.c_type(e.left) != "pointer":
            return f"{self.operand(e.left)} {op} {self.operand(e.right)}"
        right = self._word(e.right) if self.c_type(e.right) == "pointer" else self.operand(e.right)
        return f"{self._word(e.left)} {op} {right}"

    def _comparable(self, e: Expr) -> str:
        return self._word(e) if self.c_type(e) == "pointer" else self.operand(e)

    def _call(self, e: ops.Call) -> str:
        if e.function == "TIMESTAMP" and self._one_reading:
            return "bpf_ktime_get_ns()"
        shape = MEMORY_CALLS.get(e.function)
        if shape is None:
            return f"{e.function}({', '.join(map(self.expr, e.args))})"
        args = []
        for kind, arg in zip(shape, e.args, strict=True):
            if kind == "p" and isinstance(arg, ops.Address):
                args.append(self.pointer(arg.place))
            elif kind in "pa":
                args.append(f"(void *){self.operand(arg)}")
            else:
                args.append(self.expr(arg))
        return f"{e.function}({', '.join(args)})"


def handler_statements(handler: ops.Handler) -> Iterator[ops.Stmt]:
    yield from statements(handler.when)
    for clause in [*handler.clauses, *handler.error_clauses]:
        yield from statements(clause.body)
