"""The D syntax tree: what was written, nothing more. Nodes are frozen and compared by identity, so that a node can
key the side tables of later passes.

Macro arguments ($1, $target) are already tokens when the parser sees them, so no node stands for them; outside
probe descriptions they appear as the literal or identifier they expand to (language.md section 4).
"""

from __future__ import annotations

from dataclasses import dataclass

from ..source import Span


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    span: Span


# ---------------------------------------------------------------- expressions


@dataclass(frozen=True, slots=True, eq=False)
class Expr(Node):
    pass


@dataclass(frozen=True, slots=True, eq=False)
class IntLit(Expr):
    """An integer or character constant. `value` is 0 .. 2**64-1. `suffix` is the lower-cased u/l/ll suffix; `decimal`
    tells which list of types applies (language.md 6.1); `is_char` marks 'c'."""

    value: int
    suffix: str = ""
    decimal: bool = True
    is_char: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class StrLit(Expr):
    """A string constant, escapes already processed. Bytes above 0x7f keep their value through latin-1."""

    value: str


@dataclass(frozen=True, slots=True, eq=False)
class Ident(Expr):
    """A name in the global space: variable, built-in, inline, enumerator."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class KernelSym(Expr):
    """module`name or `name (module "")."""

    module: str
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class ScopedVar(Expr):
    """self->name (scope "self") or this->name (scope "this")."""

    scope: str
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class AggRef(Expr):
    """@name or @name[keys]. The nameless aggregation has name "_". `keys` is None without brackets."""

    name: str
    keys: tuple[Expr, ...] | None


@dataclass(frozen=True, slots=True, eq=False)
class Unary(Expr):
    """op in + - ! ~ * & ++ -- (prefix)."""

    op: str
    operand: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Postfix(Expr):
    """op in ++ --."""

    op: str
    operand: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Binary(Expr):
    """op in * / % + - << >> < <= > >= == != & ^ | && ^^ || and ","."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Assign(Expr):
    """op in = += -= *= /= %= &= ^= |= <<= >>=."""

    op: str
    target: Expr
    value: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Cond(Expr):
    test: Expr
    then: Expr
    other: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Call(Expr):
    name: str
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Index(Expr):
    """base[indices]: array, pointer, associative array, args[n], fds[n], uregs[n] or parameterised inline."""

    base: Expr
    indices: tuple[Expr, ...]


@dataclass(frozen=True, slots=True, eq=False)
class MemberOf(Expr):
    """base.name, or base->name when `arrow`."""

    base: Expr
    name: str
    arrow: bool


@dataclass(frozen=True, slots=True, eq=False)
class Cast(Expr):
    type: TypeName
    operand: Expr


@dataclass(frozen=True, slots=True, eq=False)
class SizeofType(Expr):
    type: TypeName


@dataclass(frozen=True, slots=True, eq=False)
class SizeofExpr(Expr):
    operand: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Offsetof(Expr):
    type: TypeName
    member: str


@dataclass(frozen=True, slots=True, eq=False)
class Stringof(Expr):
    operand: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Xlate(Expr):
    """xlate <type> (operand)."""

    type: TypeName
    operand: Expr


# ---------------------------------------------------------------- types and declarations


@dataclass(frozen=True, slots=True, eq=False)
class TypeSpec(Node):
    """Base of type specifiers."""


@dataclass(frozen=True, slots=True, eq=False)
class BasicType(TypeSpec):
    """Built-in type words as written, e.g. ("unsigned", "long", "int"), ("string",), ("void",)."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class NamedType(TypeSpec):
    """A typedef name, possibly scoped: module`name."""

    name: str
    module: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class StructType(TypeSpec):
    """struct/union, with a tag and/or members. `members` is None for a mere reference `struct x`."""

    kind: str
    tag: str
    members: tuple[Declaration, ...] | None
    module: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class EnumType(TypeSpec):
    tag: str
    values: tuple[tuple[str, Expr | None], ...] | None
    module: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Declarator(Node):
    """A declarator read inside out: `parts` apply to the base type from the last to the first. A part is
    ("pointer",), ("array", Expr | None), ("assoc", (TypeName, ...)) for D's `a[int, string]`, or
    ("function", (TypeName, ...), variadic). For `int *a[3]` parts is (("array", 3), ("pointer",)):
    a is an array of 3 of pointer to int. `bits` is the width expression of a bit-field."""

    name: str
    parts: tuple[tuple[object, ...], ...] = ()
    bits: Expr | None = None


@dataclass(frozen=True, slots=True, eq=False)
class TypeName(Node):
    """An abstract declarator, or a parameter with a name: what stands in casts, sizeof, keys and parameters."""

    spec: TypeSpec
    declarator: Declarator


# ---------------------------------------------------------------- statements


@dataclass(frozen=True, slots=True, eq=False)
class Stmt(Node):
    pass


@dataclass(frozen=True, slots=True, eq=False)
class ExprStmt(Stmt):
    expr: Expr


@dataclass(frozen=True, slots=True, eq=False)
class If(Stmt):
    test: Expr
    then: tuple[Stmt, ...]
    other: tuple[Stmt, ...]


# ---------------------------------------------------------------- top level items


@dataclass(frozen=True, slots=True, eq=False)
class Item(Node):
    pass


@dataclass(frozen=True, slots=True, eq=False)
class ProbeDesc(Node):
    """A probe description after macro expansion. Fields may be empty and may hold globs; `id` is set for a probe given
    by number (-i, or an integer alone). `text` is what the user wrote."""

    provider: str
    module: str
    function: str
    name: str
    text: str
    id: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Clause(Item):
    """`body` is None when no braces were written (allowed only on the command line), () for `{ }`."""

    probes: tuple[ProbeDesc, ...]
    predicate: Expr | None
    body: tuple[Stmt, ...] | None


@dataclass(frozen=True, slots=True, eq=False)
class Declaration(Item):
    """`storage` is "", "self", "this", "typedef" or "extern" (the parser refuses C's other classes). No declarators: a
    struct, union or enum definition alone, or an anonymous struct or union member."""

    storage: str
    spec: TypeSpec
    declarators: tuple[Declarator, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Inline(Item):
    """`inline int x = e;` or, with parameters, `inline int f[int a, string b] = e;` (`params` is None without
    brackets)."""

    type: TypeName
    name: str
    params: tuple[TypeName, ...] | None
    value: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Translator(Item):
    """translator dst < src name > { member = expr; ... };"""

    dst: TypeName
    src: TypeName
    param: str
    members: tuple[tuple[str, Expr, Span], ...]


@dataclass(frozen=True, slots=True, eq=False)
class ProbeDecl(Node):
    name: str
    args: tuple[TypeName, ...]
    xargs: tuple[TypeName, ...] | None


@dataclass(frozen=True, slots=True, eq=False)
class ProviderDef(Item):
    name: str
    probes: tuple[ProbeDecl, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Pragma(Item):
    """A control line that later passes must see, in its place among the items. `kind` is "option" (words: name, value),
    "attributes", "binding" or "depends_on"; `words` are the blank-separated operands."""

    kind: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Program(Node):
    items: tuple[Item, ...]
