"""From written types to D types: type specifiers and declarators, D's own typedefs, the kernel's types, and the type
text of provider and built-in tables (language.md section 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from ..diagnostics import Abandon, Sink
from ..dtypes import (
    CHAR,
    INT,
    LONG,
    LONGLONG,
    SHORT,
    UCHAR,
    UINT,
    ULONG,
    ULONGLONG,
    USHORT,
    VOID,
    Array,
    DType,
    Dynamic,
    Enum,
    Float,
    Func,
    Int,
    Ptr,
    Stack,
    String,
    Struct,
    StructBody,
    SymAddr,
    Typedef,
    Void,
    is_integer,
    strip,
)
from ..source import Span
from ..syntax import ast
from ..syntax.foreign import type_help
from .layout import lay_out
from .relations import is_incomplete, same_type

KERNEL_MODULES = frozenset({"vmlinux", "genunix", "unix", "kernel", "mach_kernel"})  # the kernel proper, by any system's name
MAX_ARRAY = (1 << 31) - 1
INT_MAX = (1 << 31) - 1
_NO_KERNEL_TYPES = "this kernel has no type information (CONFIG_DEBUG_INFO_BTF), so its structures are not known"

_TYPEDEFS: dict[str, DType] = {
    "int8_t": CHAR, "int16_t": SHORT, "int32_t": INT, "int64_t": LONG,
    "uint8_t": UCHAR, "uint16_t": USHORT, "uint32_t": UINT, "uint64_t": ULONG,
    "intptr_t": LONG, "uintptr_t": ULONG, "size_t": ULONG, "ssize_t": LONG, "ptrdiff_t": LONG,
    "uchar_t": UCHAR, "ushort_t": USHORT, "uint_t": UINT, "ulong_t": ULONG,
    "longlong_t": LONGLONG, "u_longlong_t": ULONGLONG, "offset_t": LONG, "time_t": LONG,
    "u_char": UCHAR, "u_short": USHORT, "u_int": UINT, "u_long": ULONG,
    "caddr_t": Ptr(CHAR), "off_t": LONG, "hrtime_t": LONGLONG, "bool": Int("_Bool", 1, False), "boolean_t": INT,
    "id_t": INT, "pid_t": INT, "uid_t": UINT, "gid_t": UINT, "dev_t": UINT,
    "zoneid_t": INT, "taskid_t": INT, "projid_t": INT, "poolid_t": INT, "ctid_t": INT,
    "processorid_t": INT, "ipaddr_t": UINT,
}  # fmt: skip

_UNSIZED = ("array", None)  # the part of a declarator without a dimension
_SPECIAL: dict[str, DType] = {"stack": Stack(False, 0), "_symaddr": SymAddr("sym"), "_usymaddr": SymAddr("usym")}
_WORDS = {"char", "short", "int", "long", "signed", "unsigned", "void", "float", "double", "_Bool", "string"}


class KernelTypes(Protocol):
    """What is asked of the Target: a kernel type by kind ("struct", "union", "enum", "typedef"), name and module ("" any);
    value and enumeration of an enumerator; whether the kernel says nothing of its types."""

    @property
    def are_missing(self) -> bool: ...

    def lookup(self, kind: str, name: str, module: str = "") -> DType | None: ...

    def enumerator(self, name: str) -> tuple[int, Enum] | None: ...


class Types:
    """The type name spaces of one compilation, and the way from syntax into them."""

    def __init__(
        self,
        kernel: KernelTypes | None,
        sink: Sink,
        load: Callable[[str], bool],
        constant: Callable[[ast.Expr], int | None],
        strsize: Callable[[], int],
    ) -> None:
        """`load(name)` reads the provider library that defines a name, if there is one; `constant(e)` folds an expression."""
        self.kernel, self.sink, self._load, self._constant, self._strsize = kernel, sink, load, constant, strsize
        self.in_library = False  # what is at hand is a provider library's: its own types come before the program's
        # By spelling, "pid_t" or "struct node": the program's types, the libraries', D's own and those the kernel was asked for.
        self._own: dict[str, DType] = {}
        self._library: dict[str, DType] = {}
        self._given: dict[str, DType | None] = {name: Typedef(name, to) for name, to in _TYPEDEFS.items()}
        self.spoilt: set[str] = set()  # names whose definition was in error: their uses are not reported again
        self.enumerator: Callable[[str, Enum, int, Span], None] = lambda name, t, value, span: None
        self._texts: dict[str, DType | None] = {}
        self._anonymous = 0

    def string(self) -> String:
        """The type of a string of unknown length: strsize characters and the NUL (builtins.md section 1)."""
        return String(self._strsize() + 1)

    @contextmanager
    def seen_from(self, library: bool) -> Iterator[None]:
        """Names of types mean what they do in a provider library, or in a program. Neither hides the other's from itself."""
        outer, self.in_library = self.in_library, library
        try:
            yield
        finally:
            self.in_library = outer

    # ---------------------------------------------------------------- names

    def known(self, name: str, module: str = "") -> bool:
        """Whether a name is a type: what the parser asks to tell a cast from a call."""
        return name in ("_symaddr", "_usymaddr") or self.named(name, module) is not None

    def typedefs(self) -> set[str]:
        """The typedef names declared so far."""
        return {name for space in (self._own, self._library, self._given) for name, t in space.items() if isinstance(t, Typedef)}

    def named(self, spelling: str, module: str = "") -> DType | None:
        """The type of a spelling, a typedef name or keyword and tag: declared in D, by a provider library, or the kernel's."""
        if module and module not in KERNEL_MODULES:
            return self._of_kernel(spelling, module)
        found = self._declared(spelling)
        if found is None and spelling not in self._given:
            if self._load(spelling):
                found = self._declared(spelling)
            if found is None:
                self._given[spelling] = self._of_kernel(spelling, "")  # finding nothing takes a millisecond, so that is kept too
        return found or self._given.get(spelling)

    def _declared(self, spelling: str) -> DType | None:
        first, second = (self._library, self._own) if self.in_library else (self._own, self._library)
        return first.get(spelling) or second.get(spelling)

    def _of_kernel(self, spelling: str, module: str) -> DType | None:
        kind, _, name = spelling.rpartition(" ")
        return self.kernel.lookup(kind or "typedef", name, module) if self.kernel else None

    @property
    def _space(self) -> dict[str, DType]:
        """Where what is defined now is entered."""
        return self._library if self.in_library else self._own

    # ---------------------------------------------------------------- text of tables

    def text(self, text: str) -> DType | None:
        """The type of a table's type text such as "struct sock *", "char [16]" or "void (*)(int)"; None when a name in it is
        unknown here."""
        if text not in self._texts:
            with self.seen_from(library=True):
                self._texts[text] = self._read(text)
        return self._texts[text]

    def _read(self, text: str) -> DType | None:
        text = text.strip()
        if text.endswith(")"):
            return Ptr(Func(VOID)) if "(*)" in text else None
        if text.endswith("]"):
            inner, _, count = text[:-1].rpartition("[")
            of = self.text(inner.strip())
            return Array(of, int(count)) if of is not None and count.strip().isdigit() else None
        if text.endswith("*"):
            to = self.text(text[:-1])
            return Ptr(to) if to is not None else None
        words = tuple(w for w in text.split() if w not in ("const", "volatile", "restrict"))
        if not words:
            return None
        if words[0] in ("struct", "union", "enum") and len(words) == 2:
            return self.named(" ".join(words))
        if all(w in _WORDS for w in words):
            return self._basic(words)
        return self._special(words[0]) or self.named(words[0]) if len(words) == 1 else None

    def _special(self, name: str) -> DType | None:
        return _SPECIAL.get(name)

    # ---------------------------------------------------------------- syntax

    def name(self, node: ast.TypeName) -> DType:
        """The type of a type name. Abandon after reporting an unknown or impossible one."""
        return self.declared(self.spec(node.spec, bool(node.declarator.parts)), node.declarator)

    def declared(self, base: DType, declarator: ast.Declarator, skip: int = 0) -> DType:
        """`base` under a declarator's parts, but for the outermost `skip` of them."""
        t = base
        for part in reversed(declarator.parts[skip:]):
            t = self._part(t, part, declarator)
        return t

    def _part(self, t: DType, part: tuple[Any, ...], declarator: ast.Declarator) -> DType:
        if part[0] == "pointer":
            return Ptr(t)
        if part[0] == "array":
            return self._array(t, part[1], declarator)
        if part[0] == "function":
            return Func(t, tuple(self.parameters(part[1], "function", declarator.span)), bool(part[2]))
        raise self.sink.error(
            "D_DECL_ARRSUB",
            "positive integral constant expression or tuple signature expected as array declaration subscript",
            declarator.span,
        )

    def _array(self, of: DType, count: ast.Expr | None, declarator: ast.Declarator) -> DType:
        if isinstance(strip(of), (Void, Func)) or is_incomplete(of):
            raise self.sink.error("D_DECL_COMBO", "invalid type combination", declarator.span)
        if count is None:
            if declarator.name:
                raise self.sink.error(
                    "D_DECL_ARRNULL",
                    f"array declaration requires array dimension or tuple signature: {declarator.name}",
                    declarator.span,
                )
            return Array(of, 0)
        n = self._constant(count)
        if n is None or n < 0:
            raise self.sink.error(
                "D_DECL_ARRSUB",
                "positive integral constant expression or tuple signature expected as array declaration subscript",
                declarator.span,
            )
        if n > MAX_ARRAY:
            raise self.sink.error("D_DECL_ARRBIG", "array dimension too big", declarator.span)
        return Array(of, n)

    def parameters(self, params: tuple[ast.TypeName, ...], what: str, span: Span) -> list[DType]:
        """Types of a function's parameters or an associative array's keys; `what` names which for the messages."""
        types = [self._parameter(p) for p in params]
        if len(types) == 1 and isinstance(strip(types[0]), Void) and what == "function":
            return []
        for i, t in enumerate(types):
            if isinstance(strip(t), Void):
                raise self.sink.error("D_DECL_PROTO_VOID", f"void must be sole parameter in {what} declaration", span)
            if isinstance(strip(t), (Func, Dynamic, Stack, SymAddr)):
                raise self.sink.error(
                    "D_DECL_PROTO_TYPE", f"{what} prototype may not use parameter of type {t}: parameter #{i + 1}", span
                )
        return types

    def _parameter(self, node: ast.TypeName) -> DType:
        """Of a parameter; an array without dimension is a pointer there, as in C."""
        if node.declarator.parts[:1] == (_UNSIZED,):
            return Ptr(self.declared(self.spec(node.spec, True), node.declarator, 1))
        return self.name(node)

    def spec(self, spec: ast.TypeSpec, behind_pointer: bool = False) -> DType:
        """The type of specifiers; `behind_pointer` lets an unknown tag stand as a forward declaration where D source is
        declaring it (see struct members)."""
        if isinstance(spec, ast.BasicType):
            return self._basic(spec.words)
        if isinstance(spec, ast.NamedType):
            return self._named(spec)
        if isinstance(spec, ast.StructType):
            return self._struct(spec) if spec.members is not None else self._reference(spec.kind, spec.tag, spec)
        if isinstance(spec, ast.EnumType):
            return self._enum(spec) if spec.values is not None else self._reference("enum", spec.tag, spec)
        raise TypeError(type(spec).__name__)

    def _basic(self, words: tuple[str, ...]) -> DType:
        """The type of type words that go together (the parser has seen to that)."""
        core = next((w for w in words if w not in ("signed", "unsigned", "short", "long")), "int")
        unsigned, short, longs = "unsigned" in words, "short" in words, words.count("long")
        if core == "void":
            return VOID
        if core == "string":
            return self.string()
        if core == "_Bool":
            return Int("_Bool", 1, False)
        if core == "float":
            return Float("float", 4)
        if core == "double":
            return Float("long double", 16) if longs else Float("double", 8)
        if core == "char":
            return UCHAR if unsigned else CHAR
        if short:
            return USHORT if unsigned else SHORT
        return ((UINT, ULONG, ULONGLONG) if unsigned else (INT, LONG, LONGLONG))[longs]

    def _named(self, spec: ast.NamedType) -> DType:
        special = self._special(spec.name)
        found = special or self.named(spec.name, spec.module)
        if found is None:
            raise self._unknown(spec.name, spec)
        return found

    def _reference(self, kind: str, tag: str, spec: ast.StructType | ast.EnumType) -> DType:
        found = self.named(f"{kind} {tag}", spec.module)
        if found is None:
            raise self._unknown(f"{kind} {tag}", spec)
        return found

    def _unknown(self, name: str, spec: ast.NamedType | ast.StructType | ast.EnumType) -> Abandon:
        if name in self.spoilt and self.sink.errors:
            return Abandon(name)
        self.spoilt.add(name)
        shown = f"{spec.module}`{name}" if spec.module else name
        return self.sink.error(
            "D_UNKNOWN",
            f"failed to resolve type {shown}: Unknown type name",
            spec.span,
            type_help(name) or self.absence_help(),
        )

    def absence_help(self) -> str:
        """What to say of a kernel type that is unknown because all are, or ""."""
        return _NO_KERNEL_TYPES if self.kernel is not None and self.kernel.are_missing else ""

    # ---------------------------------------------------------------- definitions

    def forward(self, kind: str, tag: str) -> DType:
        """The type of a tag, as a forward declaration if it is not known yet."""
        found = self.named(f"{kind} {tag}")
        if found is None:
            found = self._space[f"{kind} {tag}"] = Enum(tag) if kind == "enum" else Struct(kind, tag, "d", StructBody(0))
        return found

    def _anonymous_tag(self) -> str:
        self._anonymous += 1
        return f"(anon {self._anonymous})"

    def _struct(self, spec: ast.StructType) -> DType:
        tag = spec.tag or self._anonymous_tag()
        spelling = f"{spec.kind} {tag}"
        old = self._space.get(spelling)
        if old is not None and not is_incomplete(old):
            raise self.sink.error("D_DECL_TYPERED", f"type redeclared: {spelling}", spec.span)
        # Pointers made while the type was only forward declared share its body, which is filled in now.
        body = old.body if isinstance(old, Struct) and old.body else StructBody(0)
        struct = self._space[spelling] = Struct(spec.kind, tag, "d", body)
        try:
            members = [m for d in spec.members or () for m in self._members(d)]
        except Abandon:
            del self._space[spelling]
            self.spoilt.add(spelling)
            raise
        body.size, body.members = lay_out(spec.kind, members)
        return struct

    def _members(self, declaration: ast.Declaration) -> list[tuple[str, DType, int | None]]:
        base = self._member_base(declaration)
        if not declaration.declarators:
            if isinstance(strip(base), Struct):
                return [("", base, None)]
            raise self.sink.error("D_DECL_MNAME", "member declaration requires a name", declaration.span)
        return [self._member(base, d) for d in declaration.declarators]

    def _member_base(self, declaration: ast.Declaration) -> DType:
        spec = declaration.spec
        pointers = all(any(p[0] == "pointer" for p in d.parts) for d in declaration.declarators)
        if isinstance(spec, ast.StructType) and spec.members is None and spec.tag and pointers and declaration.declarators:
            return self.forward(spec.kind, spec.tag)
        return self.spec(spec)

    def _member(self, base: DType, d: ast.Declarator) -> tuple[str, DType, int | None]:
        if d.name and d.parts[:1] == (_UNSIZED,):  # a flexible array, as headers of C have them
            t: DType = Array(self.declared(base, d, 1), 0)
        else:
            t = self.declared(base, d)
        if d.bits is not None:
            return d.name, t, self._width(t, d)
        if not d.name:
            raise self.sink.error("D_DECL_MNAME", "member declaration requires a name", d.span)
        self.require_object(t, d)
        return d.name, t, None

    def _width(self, t: DType, d: ast.Declarator) -> int:
        assert d.bits is not None
        bits = self._constant(d.bits)
        if bits is None or bits < 0 or (bits == 0 and d.name):
            raise self.sink.error("D_DECL_BFCONST", "positive integral constant expression expected as bit-field size", d.span)
        if not is_integer(t):
            raise self.sink.error("D_DECL_BFTYPE", f"invalid type for bit-field: {d.name}", d.span)
        if bits > t.size * 8:
            raise self.sink.error("D_DECL_BFSIZE", f"bit-field too big for type: {d.name}", d.span)
        return bits

    def require_object(self, t: DType, d: ast.Declarator) -> None:
        """Report a type no variable or member can have: void, a result of dynamic type, an incomplete structure."""
        base = strip(t)
        while isinstance(base, Array):
            base = strip(base.of)
        if isinstance(base, Void):
            raise self.sink.error("D_DECL_VOIDOBJ", f"cannot have void object: {d.name}", d.span)
        if isinstance(base, (Dynamic, Stack, SymAddr)):
            raise self.sink.error("D_DECL_DYNOBJ", f"cannot have dynamic object: {d.name}", d.span)
        if is_incomplete(base):
            raise self.sink.error("D_DECL_INCOMPLETE", f"incomplete struct/union/enum {base}: {d.name}", d.span)

    def _enum(self, spec: ast.EnumType) -> DType:
        tag = spec.tag or self._anonymous_tag()
        old = self._space.get(f"enum {tag}")
        if isinstance(old, Enum) and old.values:
            raise self.sink.error("D_DECL_TYPERED", f"type redeclared: enum {tag}", spec.span)
        values: list[tuple[str, int]] = []
        following = 0
        for name, given in spec.values or ():
            value = following if given is None else self._enumerator(name, given)
            if not -INT_MAX - 1 <= value <= INT_MAX:
                raise self.sink.error("D_DECL_ENOFLOW", f"enumerator value overflows INT_MAX: {name}", spec.span)
            if any(name == earlier for earlier, _ in values):
                raise self.sink.error("D_DECL_IDRED", f"identifier redeclared: {name}", spec.span)
            values.append((name, value))
            self.enumerator(name, Enum(tag, tuple(values)), value, spec.span)  # the next ones may build on it
            following = value + 1
        enum = Enum(tag, tuple(values))
        self._space[f"enum {tag}"] = enum
        for name, value in values:
            self.enumerator(name, enum, value, spec.span)
        return enum

    def _enumerator(self, name: str, given: ast.Expr) -> int:
        value = self._constant(given)
        if value is None:
            raise self.sink.error(
                "D_DECL_ENCONST", f"enumerator '{name}' must be assigned to an integral constant expression", given.span
            )
        return value

    def define(self, name: str, t: DType, span: Span) -> None:
        """`typedef t name;`. The same again is accepted."""
        old = self._space.get(name)
        if old is not None and not same_type(old, t):
            raise self.sink.error("D_DECL_TYPERED", f"type redeclared: {name}", span)
        self._space[name] = Typedef(name, t)
