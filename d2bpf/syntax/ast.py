"""The D syntax tree: what was written, nothing more. Nodes are frozen and compared by identity, so that a node can
key the side tables of later passes.

Macro arguments ($1, $target) are already tokens when the parser sees them, so no node stands for them; outside
probe descriptions they appear as the literal or identifier they expand to (language.md section 4).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import Field, dataclass
from typing import Any, ClassVar, TypeVar, dataclass_transform

from ..source import Span

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, eq_default=False)
def node(kind: type[_T]) -> type[_T]:
    """A dataclass with slots. That it is frozen the type checker sees to: at run time that alone would cost every start
    of the compiler 5 ms for the forty classes below."""
    return dataclass(slots=True, eq=False, repr=False)(kind)


@node
class Node:
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    span: Span

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.span.text!r}>"


# ---------------------------------------------------------------- expressions


@node
class Expr(Node):
    pass


@node
class IntLit(Expr):
    """An integer or character constant. `value` is 0 .. 2**64-1. `suffix` is the lower-cased u/l/ll suffix; `decimal`
    tells which list of types applies (language.md 6.1); `is_char` marks 'c'."""

    value: int
    suffix: str = ""
    decimal: bool = True
    is_char: bool = False


@node
class StrLit(Expr):
    """A string constant, escapes already processed. Bytes above 0x7f keep their value through latin-1."""

    value: str


@node
class Ident(Expr):
    """A name in the global space: variable, built-in, inline, enumerator."""

    name: str


@node
class KernelSym(Expr):
    """module`name or `name (module "")."""

    module: str
    name: str


@node
class ScopedVar(Expr):
    """self->name (scope "self") or this->name (scope "this")."""

    scope: str
    name: str


@node
class AggRef(Expr):
    """@name or @name[keys]. The nameless aggregation has name "_". `keys` is None without brackets."""

    name: str
    keys: tuple[Expr, ...] | None


@node
class Unary(Expr):
    """op in + - ! ~ * & ++ -- (prefix)."""

    op: str
    operand: Expr


@node
class Postfix(Expr):
    """op in ++ --."""

    op: str
    operand: Expr


@node
class Binary(Expr):
    """op in * / % + - << >> < <= > >= == != & ^ | && ^^ || and ","."""

    op: str
    left: Expr
    right: Expr


@node
class Assign(Expr):
    """op in = += -= *= /= %= &= ^= |= <<= >>=."""

    op: str
    target: Expr
    value: Expr


@node
class Cond(Expr):
    test: Expr
    then: Expr
    other: Expr


@node
class Call(Expr):
    name: str
    args: tuple[Expr, ...]


@node
class Index(Expr):
    """base[indices]: array, pointer, associative array, args[n], fds[n], uregs[n] or parameterised inline."""

    base: Expr
    indices: tuple[Expr, ...]


@node
class MemberOf(Expr):
    """base.name, or base->name when `arrow`."""

    base: Expr
    name: str
    arrow: bool


@node
class Cast(Expr):
    type: TypeName
    operand: Expr


@node
class SizeofType(Expr):
    type: TypeName


@node
class SizeofExpr(Expr):
    operand: Expr


@node
class Offsetof(Expr):
    type: TypeName
    member: str


@node
class Stringof(Expr):
    operand: Expr


@node
class Xlate(Expr):
    """xlate <type> (operand)."""

    type: TypeName
    operand: Expr


# ---------------------------------------------------------------- types and declarations


@node
class TypeSpec(Node):
    """Base of type specifiers."""


@node
class BasicType(TypeSpec):
    """Built-in type words as written, e.g. ("unsigned", "long", "int"), ("string",), ("void",)."""

    words: tuple[str, ...]


@node
class NamedType(TypeSpec):
    """A typedef name, possibly scoped: module`name."""

    name: str
    module: str = ""


@node
class StructType(TypeSpec):
    """struct/union, with a tag and/or members. `members` is None for a mere reference `struct x`."""

    kind: str
    tag: str
    members: tuple[Declaration, ...] | None
    module: str = ""


@node
class EnumType(TypeSpec):
    tag: str
    values: tuple[tuple[str, Expr | None], ...] | None
    module: str = ""


@node
class Declarator(Node):
    """A declarator read inside out: `parts` apply to the base type from the last to the first. A part is
    ("pointer",), ("array", Expr | None), ("assoc", (TypeName, ...)) for D's `a[int, string]`, or
    ("function", (TypeName, ...), variadic). For `int *a[3]` parts is (("array", 3), ("pointer",)):
    a is an array of 3 of pointer to int. `bits` is the width expression of a bit-field."""

    name: str
    parts: tuple[tuple[object, ...], ...] = ()
    bits: Expr | None = None


@node
class TypeName(Node):
    """An abstract declarator, or a parameter with a name: what stands in casts, sizeof, keys and parameters."""

    spec: TypeSpec
    declarator: Declarator


# ---------------------------------------------------------------- statements


@node
class Stmt(Node):
    pass


@node
class ExprStmt(Stmt):
    expr: Expr


@node
class If(Stmt):
    test: Expr
    then: tuple[Stmt, ...]
    other: tuple[Stmt, ...]


# ---------------------------------------------------------------- top level items


@node
class Item(Node):
    pass


@node
class ProbeDesc(Node):
    """A probe description after macro expansion. Fields may be empty and may hold globs; `id` is set for a probe given
    by number (-i, or an integer alone). `text` is what the user wrote."""

    provider: str
    module: str
    function: str
    name: str
    text: str
    id: int | None = None


@node
class Clause(Item):
    """`body` is None when no braces were written (allowed only on the command line), () for `{ }`."""

    probes: tuple[ProbeDesc, ...]
    predicate: Expr | None
    body: tuple[Stmt, ...] | None


@node
class Declaration(Item):
    """`storage` is "", "self", "this", "typedef" or "extern" (the parser refuses C's other classes). No declarators: a
    struct, union or enum definition alone, or an anonymous struct or union member."""

    storage: str
    spec: TypeSpec
    declarators: tuple[Declarator, ...]


@node
class Inline(Item):
    """`inline int x = e;` or, with parameters, `inline int f[int a, string b] = e;` (`params` is None without
    brackets)."""

    type: TypeName
    name: str
    params: tuple[TypeName, ...] | None
    value: Expr


@node
class Translator(Item):
    """translator dst < src name > { member = expr; ... };"""

    dst: TypeName
    src: TypeName
    param: str
    members: tuple[tuple[str, Expr, Span], ...]


@node
class ProbeDecl(Node):
    name: str
    args: tuple[TypeName, ...]
    xargs: tuple[TypeName, ...] | None


@node
class ProviderDef(Item):
    name: str
    probes: tuple[ProbeDecl, ...]


@node
class Pragma(Item):
    """A control line that later passes must see, in its place among the items. `kind` is "option" (words: name, value),
    "attributes", "binding" or "depends_on"; `words` are the blank-separated operands."""

    kind: str
    words: tuple[str, ...]


@node
class Program(Node):
    items: tuple[Item, ...]


# ---------------------------------------------------------------- walking


def children(parent: Node) -> Iterator[Node]:
    """The nodes directly below a node, in the order of its fields."""
    for name in parent.__dataclass_fields__:
        yield from _nodes_in(getattr(parent, name))


def _nodes_in(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for element in value:
            yield from _nodes_in(element)


def deeper_than(root: Node, levels: int) -> Node | None:
    """A node more than so many levels below `root`, None if there is none."""
    below = [root]
    for _ in range(levels):
        below = [child for parent in below for child in children(parent)]
    return next((child for parent in below for child in children(parent)), None)
