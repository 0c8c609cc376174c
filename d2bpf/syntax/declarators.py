"""Declaration specifiers and declarators: what the grammar collects, put in order (language.md 8, tags D_DECL_*)."""

from __future__ import annotations

from collections.abc import Sequence

from ..source import Span
from . import ast
from .tokens import STORAGE_WORDS, Token

Specifier = Token | ast.TypeSpec  # a word, or a struct, union, enum or typedef name

_STORAGE = STORAGE_WORDS | {"self", "this"}
_NOT_IN_D = frozenset(("auto", "register", "static", "restrict"))
_ATTRIBUTES = frozenset(("short", "long", "signed", "unsigned"))


class Reject(Exception):
    """The parse is right but what it says is not: a diagnostic that the item's reader reports."""

    def __init__(self, code: str, message: str, span: Span, help: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.span = span
        self.help = help


def span_of(specifiers: Sequence[Specifier]) -> Span:
    return specifiers[0].span.to(specifiers[-1].span)


def refuse_restrict(word: Token) -> None:
    """Refuse a word of C that D's parser knows and D does not have. Raises Reject."""
    if word.data in _NOT_IN_D:
        raise Reject("D_DECL_BADCLASS", "specified storage class not appropriate in D", word.span)


def split_specifiers(specifiers: Sequence[Specifier]) -> tuple[str, ast.TypeSpec]:
    """The storage class ("" for none) and the type of a declaration. Raises Reject."""
    storage: list[Token] = []
    words: list[Token] = []
    types: list[ast.TypeSpec] = []
    for specifier in specifiers:
        if isinstance(specifier, ast.TypeSpec):
            types.append(specifier)
            continue
        refuse_restrict(specifier)
        if specifier.data in _STORAGE:
            storage.append(specifier)
        elif specifier.type != "QUALIFIER":
            words.append(specifier)
    if len(storage) > 1:
        raise Reject("D_DECL_CLASS", "only one storage class allowed in a declaration", storage[1].span)
    return (str(storage[0].data) if storage else ""), _the_type(words, types, span_of(specifiers))


def _the_type(words: list[Token], types: list[ast.TypeSpec], span: Span) -> ast.TypeSpec:
    if not words and not types:
        raise Reject("D_DECL_IDENT", "old-style declaration or incorrect type specified", span)
    if len(types) > 1 or (words and types):
        raise Reject("D_DECL_COMBO", "invalid type combination", span)
    if types:
        return types[0]
    _check_words([str(word.data) for word in words], span)
    return ast.BasicType(span_of(words), tuple(str(word.data) for word in words))


def _check_words(words: list[str], span: Span) -> None:
    """Refuse type words that do not go together."""
    bases = [word for word in words if word not in _ATTRIBUTES]
    base = bases[0] if bases else "int"
    longs, shorts = words.count("long"), words.count("short")
    sized, sign = longs + shorts > 0, [word for word in words if word in ("signed", "unsigned")]
    double = base == "double" and longs == 1 and not shorts
    for code, wrong, message in (
        ("D_DECL_COMBO", len(bases) > 1 or len(sign) > 1 or shorts > 1 or longs > 2, "invalid type combination"),
        ("D_DECL_COMBO", bool(longs and shorts), "invalid type combination"),
        ("D_DECL_VOIDATTR", base == "void" and (sized or bool(sign)), _mix("attributes", "void")),
        ("D_DECL_CHARATTR", base == "char" and sized, _mix("short and long", "char")),
        ("D_DECL_SIGNINT", bool(sign) and base not in ("int", "char"), _mix("signed and unsigned", base)),
        ("D_DECL_LONGINT", sized and base != "int" and not double, _mix("short and long", base)),
    ):
        if wrong:
            raise Reject(code, message, span)


def _mix(attributes: str, base: str) -> str:
    return f"invalid type declaration: {attributes} may not be used with {base} type"


def type_name(specifiers: Sequence[Specifier], declarator: ast.Declarator | None = None) -> ast.TypeName:
    """A type as it stands in a cast, sizeof or as a parameter. Raises Reject."""
    storage, spec = split_specifiers(specifiers)
    span = span_of(specifiers)
    if storage:
        message = "inappropriate storage class for function or associative array parameter"
        raise Reject("D_DECL_PARMCLASS", message, span)
    if declarator is None:
        declarator = ast.Declarator(Span(span.source, span.end, span.end), "")
    return ast.TypeName(span.to(declarator.span), spec, declarator)


def declaration(specifiers: Sequence[Specifier], declarators: Sequence[ast.Declarator], end: Token) -> ast.Declaration:
    """A declaration up to its semicolon `end`. Raises Reject."""
    storage, spec = split_specifiers(specifiers)
    span = span_of(specifiers).to(end.span)
    if not declarators and not isinstance(spec, (ast.StructType, ast.EnumType)):
        raise Reject("D_DECL_USELESS", "useless declaration", span)
    return ast.Declaration(span, storage, spec, tuple(declarators))


def member(specifiers: Sequence[Specifier], declarators: Sequence[ast.Declarator], end: Token) -> ast.Declaration:
    """A member line of a struct or union. Raises Reject."""
    storage, spec = split_specifiers(specifiers)
    span = span_of(specifiers).to(end.span)
    if storage:
        raise Reject("D_DECL_CLASS", "storage class may not be given to a struct or union member", span)
    anonymous = isinstance(spec, ast.StructType) and spec.members is not None and not spec.tag
    if not declarators and not anonymous:
        raise Reject("D_DECL_MNAME", "member declaration requires a name", span)
    return ast.Declaration(span, "", spec, tuple(declarators))


def inline(first: Token, specifiers: Sequence[Specifier], declarator: ast.Declarator, value: ast.Expr, end: Token) -> ast.Inline:
    """An inline; the tuple signature next to its name, if any, becomes its parameters. Raises Reject."""
    parts = declarator.parts
    params: tuple[ast.TypeName, ...] | None = None
    if parts and parts[0][0] == "assoc":
        params = parts[0][1]  # type: ignore[assignment]
        parts = parts[1:]
    kind = type_name(specifiers, ast.Declarator(declarator.span, "", parts))
    return ast.Inline(first.span.to(end.span), kind, declarator.name, params, value)


def with_part(declarator: ast.Declarator, part: tuple[object, ...], end: Token) -> ast.Declarator:
    """The declarator with an array or function part behind it."""
    return ast.Declarator(declarator.span.to(end.span), declarator.name, (*declarator.parts, part))


def with_pointers(pointers: Sequence[Token], declarator: ast.Declarator | None) -> ast.Declarator:
    """The declarator (nameless if None) as that many pointers."""
    stars = (("pointer",),) * len(pointers)
    first = pointers[0].span
    if declarator is None:
        return ast.Declarator(first.to(pointers[-1].span), "", stars)
    return ast.Declarator(first.to(declarator.span), declarator.name, (*declarator.parts, *stars))


def typedef_names(item: ast.Node) -> tuple[str, ...]:
    """The names that a declaration makes types."""
    if isinstance(item, ast.Declaration) and item.storage == "typedef":
        return tuple(declarator.name for declarator in item.declarators)
    return ()
