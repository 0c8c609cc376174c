"""The grammar's rules for declarations, types, inlines, translators and providers (language.md 8 and 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..source import Span
from . import ast
from .declarators import (
    Reject,
    Specifier,
    declaration,
    inline,
    member,
    refuse_restrict,
    type_name,
    with_part,
    with_pointers,
)
from .rules import Rules, append, between, none, same, span_between
from .tokens import Token

RULES = Rules()
rule, sequence = RULES.rule, RULES.sequence


@rule("outer_declaration : specifiers ';'")
def _bare_declaration(specifiers: tuple[Specifier, ...], end: Token) -> ast.Declaration:
    return declaration(specifiers, (), end)


@rule("outer_declaration : specifiers declarators ';'")
def _declaration(specifiers: tuple[Specifier, ...], declarators: tuple[ast.Declarator, ...], end: Token) -> ast.Declaration:
    return declaration(specifiers, declarators, end)


@rule("outer_declaration : 'inline' specifiers declarator '=' assignment ';'")
def _inline(
    first: Token,
    specifiers: tuple[Specifier, ...],
    declarator: ast.Declarator,
    _equals: Token,
    value: ast.Expr,
    end: Token,
) -> ast.Inline:
    return inline(first, specifiers, declarator, value, end)


rule("outer_declaration : translator | provider")(same)

sequence("specifiers", "specifier")
rule("specifier : STORAGE | 'self' | 'this' | type_specifier")(same)
sequence("type_specifiers", "type_specifier")
rule("type_specifier : TYPE_WORD | QUALIFIER | struct_type | enum_type")(same)


@rule("type_specifier : TYPENAME")
def _named_type(token: Token) -> ast.NamedType:
    name, module = token.data
    return ast.NamedType(token.span, name, module)


def _tag(token: Token) -> tuple[str, str]:
    """(tag, module) of the name after struct, union or enum."""
    if token.type == "SCOPED":
        name, module = token.data
        return name, module
    return str(token.data), ""


rule("tag : IDENT | SCOPED")(same)
rule("aggregate : 'struct' | 'union'")(same)


@rule("struct_type : aggregate tag")
def _struct_reference(kind: Token, tag: Token) -> ast.StructType:
    name, module = _tag(tag)
    return ast.StructType(span_between(kind, tag), str(kind.data), name, None, module)


@rule("struct_type : aggregate '{' members '}'")
def _anonymous_struct(kind: Token, _open: Token, members: tuple[ast.Declaration, ...], last: Token) -> ast.StructType:
    return ast.StructType(span_between(kind, last), str(kind.data), "", members)


@rule("struct_type : aggregate tag '{' members '}'")
def _struct(kind: Token, tag: Token, open: Token, members: tuple[ast.Declaration, ...], last: Token) -> ast.StructType:
    _refuse_scope(tag, f"{kind.data} definition")
    return ast.StructType(span_between(kind, last), str(kind.data), str(tag.data), members)


def _refuse_scope(tag: Token, where: str) -> None:
    if tag.type == "SCOPED":
        raise Reject("D_DECL_SCOPE", f"D scoping operator may not be used in a {where}", tag.span)


sequence("members", "member")


@rule("member : type_specifiers ';'")
def _bare_member(specifiers: tuple[Specifier, ...], end: Token) -> ast.Declaration:
    return member(specifiers, (), end)


@rule("member : type_specifiers member_declarators ';'")
def _member(specifiers: tuple[Specifier, ...], declarators: tuple[ast.Declarator, ...], end: Token) -> ast.Declaration:
    return member(specifiers, declarators, end)


sequence("member_declarators", "member_declarator", "','")
rule("member_declarator : declarator")(same)


@rule("member_declarator : declarator ':' conditional")
def _bit_field(declarator: ast.Declarator, _colon: Token, bits: ast.Expr) -> ast.Declarator:
    return replace(declarator, span=span_between(declarator, bits), bits=bits)


@rule("member_declarator : ':' conditional")
def _padding(colon: Token, bits: ast.Expr) -> ast.Declarator:
    return ast.Declarator(span_between(colon, bits), "", (), bits)


@rule("enum_type : 'enum' tag")
def _enum_reference(kind: Token, tag: Token) -> ast.EnumType:
    name, module = _tag(tag)
    return ast.EnumType(span_between(kind, tag), name, None, module)


@rule("enum_type : 'enum' '{' enumerators optional_comma '}'")
def _anonymous_enum(
    kind: Token, _open: Token, values: tuple[tuple[str, ast.Expr | None], ...], _comma: None, last: Token
) -> ast.EnumType:
    return ast.EnumType(span_between(kind, last), "", values)


@rule("enum_type : 'enum' tag '{' enumerators optional_comma '}'")
def _enum(
    kind: Token, tag: Token, _open: Token, values: tuple[tuple[str, ast.Expr | None], ...], _comma: None, last: Token
) -> ast.EnumType:
    _refuse_scope(tag, "enum definition")
    return ast.EnumType(span_between(kind, last), str(tag.data), values)


@rule("optional_comma : (nothing) | ','")
def _optional(*_comma: Token) -> None:
    return None


sequence("enumerators", "enumerator", "','")


@rule("enumerator : IDENT")
def _enumerator(name: Token) -> tuple[str, ast.Expr | None]:
    return str(name.data), None


@rule("enumerator : IDENT '=' conditional")
def _valued_enumerator(name: Token, _equals: Token, value: ast.Expr) -> tuple[str, ast.Expr | None]:
    return str(name.data), value


# ---------------------------------------------------------------- declarators

sequence("declarators", "declarator", "','")
rule("declarator : direct")(same)


@rule("declarator : pointer direct")
def _pointer_declarator(stars: tuple[Token, ...], declarator: ast.Declarator) -> ast.Declarator:
    return with_pointers(stars, declarator)


@rule("pointer : star")
def _pointer(star: Token) -> tuple[Token, ...]:
    return (star,)


rule("pointer : pointer star")(append)


@rule("star : '*'")
@rule("star : star QUALIFIER")
def _star(star: Token, qualifier: Token | None = None) -> Token:
    if qualifier is not None:
        refuse_restrict(qualifier)
    return star


@rule("direct : IDENT")
def _name(name: Token) -> ast.Declarator:
    return ast.Declarator(name.span, str(name.data))


rule("direct : '(' declarator ')'")(between)
rule("abstract : direct_abstract")(same)
rule("direct_abstract : '(' abstract ')'")(between)


@rule("abstract : pointer")
@rule("abstract : pointer direct_abstract")
def _abstract_pointer(stars: tuple[Token, ...], declarator: ast.Declarator | None = None) -> ast.Declarator:
    return with_pointers(stars, declarator)


@rule("direct : direct part")
@rule("direct_abstract : direct_abstract part")
def _with_part(declarator: ast.Declarator, part: tuple[Token, tuple[object, ...], Token]) -> ast.Declarator:
    return with_part(declarator, part[1], part[2])


@rule("direct_abstract : part")
def _only_part(part: tuple[Token, tuple[object, ...], Token]) -> ast.Declarator:
    return ast.Declarator(span_between(part[0], part[2]), "", (part[1],))


@rule("part : '[' ']'")
def _open_array(first: Token, last: Token) -> tuple[Token, tuple[object, ...], Token]:
    return first, ("array", None), last


@rule("part : '[' conditional ']'")
def _array(first: Token, size: ast.Expr, last: Token) -> tuple[Token, tuple[object, ...], Token]:
    return first, ("array", size), last


@rule("part : '[' parameters ']'")
def _associative(first: Token, keys: tuple[ast.TypeName, ...], last: Token) -> tuple[Token, tuple[object, ...], Token]:
    return first, ("assoc", keys), last


@rule("part : '(' parameter_list ')'")
def _function(first: Token, params: tuple[tuple[ast.TypeName, ...], bool], last: Token) -> tuple[Token, tuple[object, ...], Token]:
    return first, ("function", *params), last


@rule("parameter_list : (nothing)")
def _no_parameters() -> tuple[tuple[ast.TypeName, ...], bool]:
    return (), False


@rule("parameter_list : parameters")
def _fixed_parameters(params: tuple[ast.TypeName, ...]) -> tuple[tuple[ast.TypeName, ...], bool]:
    return params, False


@rule("parameter_list : parameters ',' '...'")
def _variadic(params: tuple[ast.TypeName, ...], _comma: Token, _dots: Token) -> tuple[tuple[ast.TypeName, ...], bool]:
    return params, True


sequence("parameters", "parameter", "','")


@rule("parameter : specifiers | specifiers declarator | specifiers abstract")
@rule("type_name : type_specifiers | type_specifiers abstract")
def _type_name(specifiers: Sequence[Specifier], declarator: ast.Declarator | None = None) -> ast.TypeName:
    return type_name(specifiers, declarator)


# ---------------------------------------------------------------- translators and providers


@rule("translator : 'translator' type_name '<' type_specifiers declarator '>' '{' translations '}' ';'")
def _translator(
    first: Token,
    dst: ast.TypeName,
    _less: Token,
    specifiers: tuple[Specifier, ...],
    declarator: ast.Declarator,
    _greater: Token,
    _open: Token,
    translations: tuple[tuple[str, ast.Expr, Span], ...],
    _close: Token,
    end: Token,
) -> ast.Translator:
    source = type_name(specifiers, replace(declarator, name=""))
    return ast.Translator(span_between(first, end), dst, source, declarator.name, translations)


rule("translations : (nothing)")(none)
rule("translations : translations translation")(append)


@rule("translation : IDENT '=' assignment ';'")
def _translation(name: Token, _equals: Token, value: ast.Expr, _end: Token) -> tuple[str, ast.Expr, Span]:
    return str(name.data), value, name.span


@rule("provider : 'provider' IDENT '{' probes '}' ';'")
def _provider(
    first: Token, name: Token, _open: Token, probes: tuple[ast.ProbeDecl, ...], _close: Token, end: Token
) -> ast.ProviderDef:
    return ast.ProviderDef(span_between(first, end), str(name.data), probes)


rule("probes : (nothing)")(none)
rule("probes : probes probe")(append)


@rule("probe : 'probe' IDENT probe_arguments ';'")
def _probe(first: Token, name: Token, args: tuple[ast.TypeName, ...], end: Token) -> ast.ProbeDecl:
    return ast.ProbeDecl(span_between(first, end), str(name.data), args, None)


@rule("probe : 'probe' IDENT probe_arguments ':' probe_arguments ';'")
def _translated_probe(
    first: Token,
    name: Token,
    args: tuple[ast.TypeName, ...],
    _colon: Token,
    xargs: tuple[ast.TypeName, ...],
    end: Token,
) -> ast.ProbeDecl:
    return ast.ProbeDecl(span_between(first, end), str(name.data), args, xargs)


@rule("probe_arguments : '(' ')'")
def _no_arguments(_open: Token, _close: Token) -> tuple[ast.TypeName, ...]:
    return ()


rule("probe_arguments : '(' parameters ')'")(between)
