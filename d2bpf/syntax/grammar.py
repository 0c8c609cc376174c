"""The grammar of D: the union of the illumos, FreeBSD, macOS and Oracle dialects, one top-level item at a time.

Stratified instead of ranked by a precedence table, so that PLY finds no conflict to settle. The actions only build
nodes. A token that no source text has (ITEM_*) comes first and says what kind of item follows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from ..source import Span
from . import ast
from ._ply import Parser, Rule, make_parser
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
from .tokens import KEYWORDS, PUNCTUATORS, IntConstant, Token

ITEM_CLAUSE, ITEM_DECLARATION, ITEM_EXPRESSION, ITEM_TYPE = (
    "ITEM_CLAUSE",
    "ITEM_DECLARATION",
    "ITEM_EXPRESSION",
    "ITEM_TYPE",
)

_OTHER_TOKENS = {
    "AGGREGATION", "DESCRIPTION", "IDENT", "INT", "PREDICATE", "PREDICATE_END", "SCOPED", "STRING", "TYPENAME",
    ITEM_CLAUSE, ITEM_DECLARATION, ITEM_EXPRESSION, ITEM_TYPE,
}  # fmt: skip

_RULES: list[Rule] = []


def _symbol(written: str) -> str:
    """A symbol of a rule as written: a name, or a punctuator or keyword in quotes."""
    if written[0] != "'":
        return written
    text = written.strip("'")
    return PUNCTUATORS.get(text) or KEYWORDS[text]


def _rule(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare productions `name : symbols | symbols` whose values go to the decorated action."""
    name, _, alternatives = text.partition(" : ")

    def add(action: Callable[..., Any]) -> Callable[..., Any]:
        for alternative in alternatives.split(" | "):
            symbols = () if alternative == "(nothing)" else tuple(map(_symbol, alternative.split()))
            _RULES.append(Rule(name, symbols, action))
        return action

    return add


def _same(value: Any) -> Any:
    return value


def _one(value: Any) -> tuple[Any, ...]:
    return (value,)


def _none() -> tuple[Any, ...]:
    return ()


def _append(values: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    return (*values, value)


def _append_after(values: tuple[Any, ...], _separator: Token, value: Any) -> tuple[Any, ...]:
    return (*values, value)


def _between(_open: Token, value: Any, _close: Token) -> Any:
    return value


def _list(name: str, element: str, separator: str = "") -> None:
    """`name` is one or more of `element`; its value is a tuple."""
    _rule(f"{name} : {element}")(_one)
    _rule(f"{name} : {name} {separator} {element}")(_append_after if separator else _append)


def _span(first: Any, last: Any) -> Span:
    start: Span = first.span
    return start.to(last.span)


# ---------------------------------------------------------------- items


@_rule("item : ITEM_CLAUSE clause | ITEM_DECLARATION outer_declaration | ITEM_EXPRESSION expression")
def _item(_kind: Token, node: ast.Node) -> ast.Node:
    return node


@_rule("item : ITEM_TYPE type_name")
def _type_item(_kind: Token, node: ast.TypeName) -> ast.TypeName:
    return node


_list("descriptions", "DESCRIPTION", "','")


@_rule("clause : descriptions predicate body")
def _clause(
    descriptions: tuple[Token, ...], predicate: ast.Expr | None, body: tuple[Token, tuple[ast.Stmt, ...], Token] | None
) -> ast.Clause:
    probes: tuple[ast.ProbeDesc, ...] = tuple(token.data for token in descriptions)
    span = _span(descriptions[0], body[2] if body else predicate or descriptions[-1])
    return ast.Clause(span, probes, predicate, body[1] if body else None)


@_rule("predicate : (nothing)")
@_rule("body : (nothing)")
def _absent() -> None:
    return None


_rule("predicate : PREDICATE expression PREDICATE_END")(_between)


@_rule("body : block")
@_rule("block : '{' statements '}'")
def _block(*parts: Any) -> Any:
    return parts if len(parts) > 1 else parts[0]


# ---------------------------------------------------------------- statements
# The last statement of a block needs no semicolon, and an else belongs to the nearest if. So statements are sorted:
# `full` is one in which every if has its else, `open` one that ends in an if without; `last` misses its semicolon.


@_rule("statements : leading")
def _statements(statements: tuple[ast.Stmt, ...]) -> tuple[ast.Stmt, ...]:
    return statements


_rule("statements : leading last")(_append)
_rule("leading : (nothing)")(_none)


@_rule("leading : leading full | leading open")
def _leading(statements: tuple[ast.Stmt, ...], statement: ast.Stmt | None) -> tuple[ast.Stmt, ...]:
    return statements if statement is None else (*statements, statement)


@_rule("last : expression")
@_rule("full : expression ';'")
def _expression_statement(expression: ast.Expr, end: Token | None = None) -> ast.ExprStmt:
    return ast.ExprStmt(_span(expression, end or expression), expression)


@_rule("full : ';'")
def _empty_statement(_semicolon: Token) -> None:
    return None


@_rule("full : 'if' '(' expression ')' full_branch 'else' full_branch")
@_rule("open : 'if' '(' expression ')' full_branch 'else' open")
@_rule("last : 'if' '(' expression ')' full_branch 'else' last")
def _if_else(first: Token, _open: Token, test: ast.Expr, _close: Token, then: Any, _else: Token, other: Any) -> ast.If:
    then_statements, other_statements = _branch_statements(then), _branch_statements(other)
    return ast.If(_span(first, _branch_end(other) or _else), test, then_statements, other_statements)


@_rule("open : 'if' '(' expression ')' branch")
@_rule("last : 'if' '(' expression ')' last")
def _if(first: Token, _open: Token, test: ast.Expr, close: Token, then: Any) -> ast.If:
    return ast.If(_span(first, _branch_end(then) or close), test, _branch_statements(then), ())


_rule("full_branch : full | block")(_same)
_rule("branch : full_branch | open")(_same)


def _branch_statements(branch: Any) -> tuple[ast.Stmt, ...]:
    """A branch is a statement, None for an empty one, or a block's (brace, statements, brace)."""
    if isinstance(branch, tuple):
        statements: tuple[ast.Stmt, ...] = branch[1]
        return statements
    return () if branch is None else (branch,)


def _branch_end(branch: Any) -> Any:
    return branch[2] if isinstance(branch, tuple) else branch


# ---------------------------------------------------------------- expressions


@_rule("primary : IDENT")
def _ident(name: Token) -> ast.Ident:
    return ast.Ident(name.span, str(name.data))


@_rule("primary : INT")
def _int(token: Token) -> ast.Expr:
    constant: IntConstant = token.data
    literal = ast.IntLit(token.span, abs(constant.value), constant.suffix, constant.decimal, constant.is_char)
    return literal if constant.value >= 0 else ast.Unary(token.span, "-", literal)


@_rule("primary : STRING")
def _str(token: Token) -> ast.StrLit:
    return ast.StrLit(token.span, str(token.data))


@_rule("primary : SCOPED")
def _symbol_reference(token: Token) -> ast.KernelSym:
    name, module = token.data
    return ast.KernelSym(token.span, module, name)


@_rule("primary : AGGREGATION")
def _aggregation(token: Token) -> ast.AggRef:
    return ast.AggRef(token.span, str(token.data), None)


@_rule("primary : 'self' '->' IDENT | 'this' '->' IDENT")
def _scoped_variable(scope: Token, _arrow: Token, name: Token) -> ast.ScopedVar:
    return ast.ScopedVar(_span(scope, name), str(scope.data), str(name.data))


@_rule("primary : '(' expression ')'")
def _parenthesised(first: Token, inner: ast.Expr, last: Token) -> ast.Expr:
    return replace(inner, span=_span(first, last))


@_rule("primary : 'xlate' '<' type_name '>' '(' expression ')'")
def _xlate(
    first: Token, _less: Token, kind: ast.TypeName, _greater: Token, _open: Token, operand: ast.Expr, last: Token
) -> ast.Xlate:
    return ast.Xlate(_span(first, last), kind, operand)


@_rule("primary : 'offsetof' '(' type_name ',' IDENT ')'")
def _offsetof(first: Token, _open: Token, kind: ast.TypeName, _comma: Token, name: Token, last: Token) -> ast.Offsetof:
    return ast.Offsetof(_span(first, last), kind, str(name.data))


_rule("postfix : primary")(_same)


@_rule("postfix : postfix '[' arguments ']'")
def _index(base: ast.Expr, _open: Token, indices: tuple[ast.Expr, ...], last: Token) -> ast.Expr:
    if isinstance(base, ast.AggRef) and base.keys is None:
        return ast.AggRef(_span(base, last), base.name, indices)
    return ast.Index(_span(base, last), base, indices)


@_rule("postfix : postfix '(' ')'")
def _call_nothing(function: ast.Expr, _open: Token, last: Token) -> ast.Call:
    return _make_call(function, (), last)


@_rule("postfix : postfix '(' arguments ')'")
def _call(function: ast.Expr, _open: Token, arguments: tuple[ast.Expr, ...], last: Token) -> ast.Call:
    return _make_call(function, arguments, last)


def _make_call(function: ast.Expr, arguments: tuple[ast.Expr, ...], last: Token) -> ast.Call:
    if not isinstance(function, ast.Ident):
        raise Reject("D_FUNC_IDENT", "function designator is not of function type", function.span)
    return ast.Call(_span(function, last), function.name, arguments)


@_rule("postfix : postfix '.' IDENT | postfix '->' IDENT")
def _member_of(base: ast.Expr, operator: Token, name: Token) -> ast.MemberOf:
    return ast.MemberOf(_span(base, name), base, str(name.data), operator.type == "ARROW")


@_rule("postfix : postfix '++' | postfix '--'")
def _postfix(operand: ast.Expr, operator: Token) -> ast.Postfix:
    return ast.Postfix(_span(operand, operator), str(operator.data), operand)


_rule("unary : postfix")(_same)


@_rule("unary : '++' unary | '--' unary | unary_operator cast")
def _unary(operator: Token, operand: ast.Expr) -> ast.Unary:
    return ast.Unary(_span(operator, operand), str(operator.data), operand)


_rule("unary_operator : '&' | '*' | '+' | '-' | '~' | '!'")(_same)


@_rule("unary : 'sizeof' unary")
def _sizeof(first: Token, operand: ast.Expr) -> ast.SizeofExpr:
    return ast.SizeofExpr(_span(first, operand), operand)


@_rule("unary : 'sizeof' '(' type_name ')'")
def _sizeof_type(first: Token, _open: Token, kind: ast.TypeName, last: Token) -> ast.SizeofType:
    return ast.SizeofType(_span(first, last), kind)


@_rule("unary : 'stringof' unary")
def _stringof(first: Token, operand: ast.Expr) -> ast.Stringof:
    return ast.Stringof(_span(first, operand), operand)


_rule("cast : unary")(_same)


@_rule("cast : '(' type_name ')' cast")
def _cast(first: Token, kind: ast.TypeName, _close: Token, operand: ast.Expr) -> ast.Cast:
    return ast.Cast(_span(first, operand), kind, operand)


def _binary(left: ast.Expr, operator: Token, right: ast.Expr) -> ast.Binary:
    return ast.Binary(_span(left, right), str(operator.data), left, right)


_BINARY_LEVELS = (  # from the tightest to the loosest, all left-associative
    ("multiplicative", "* / %"),
    ("additive", "+ -"),
    ("shift", "<< >>"),
    ("relational", "< <= > >="),
    ("equality", "== !="),
    ("bitwise_and", "&"),
    ("bitwise_xor", "^"),
    ("bitwise_or", "|"),
    ("logical_and", "&&"),
    ("logical_xor", "^^"),
    ("logical_or", "||"),
)


def _binary_levels() -> None:
    tighter = "cast"
    for level, operators in _BINARY_LEVELS:
        _rule(f"{level} : {tighter}")(_same)
        _RULES.extend(Rule(level, (level, PUNCTUATORS[text], tighter), _binary) for text in operators.split())
        tighter = level


_binary_levels()

_rule("conditional : logical_or")(_same)


@_rule("conditional : logical_or '?' expression ':' conditional")
def _conditional(test: ast.Expr, _question: Token, then: ast.Expr, _colon: Token, other: ast.Expr) -> ast.Cond:
    return ast.Cond(_span(test, other), test, then, other)


_rule("assignment : conditional")(_same)


@_rule("assignment : unary assignment_operator assignment")
def _assign(target: ast.Expr, operator: Token, value: ast.Expr) -> ast.Assign:
    return ast.Assign(_span(target, value), str(operator.data), target, value)


_rule("assignment_operator : '=' | '+=' | '-=' | '*=' | '/=' | '%=' | '&=' | '^=' | '|=' | '<<=' | '>>='")(_same)

_rule("expression : assignment")(_same)
_rule("expression : expression ',' assignment")(_binary)
_list("arguments", "assignment", "','")

# ---------------------------------------------------------------- declarations


@_rule("outer_declaration : specifiers ';'")
def _bare_declaration(specifiers: tuple[Specifier, ...], end: Token) -> ast.Declaration:
    return declaration(specifiers, (), end)


@_rule("outer_declaration : specifiers declarators ';'")
def _declaration(
    specifiers: tuple[Specifier, ...], declarators: tuple[ast.Declarator, ...], end: Token
) -> ast.Declaration:
    return declaration(specifiers, declarators, end)


@_rule("outer_declaration : 'inline' specifiers declarator '=' assignment ';'")
def _inline(
    first: Token,
    specifiers: tuple[Specifier, ...],
    declarator: ast.Declarator,
    _equals: Token,
    value: ast.Expr,
    end: Token,
) -> ast.Inline:
    return inline(first, specifiers, declarator, value, end)


_rule("outer_declaration : translator | provider")(_same)

_list("specifiers", "specifier")
_rule("specifier : STORAGE | 'self' | 'this' | type_specifier")(_same)
_list("type_specifiers", "type_specifier")
_rule("type_specifier : TYPE_WORD | QUALIFIER | struct_type | enum_type")(_same)


@_rule("type_specifier : TYPENAME")
def _named_type(token: Token) -> ast.NamedType:
    name, module = token.data
    return ast.NamedType(token.span, name, module)


def _tag(token: Token) -> tuple[str, str]:
    """(tag, module) of the name after struct, union or enum."""
    if token.type == "SCOPED":
        name, module = token.data
        return name, module
    return str(token.data), ""


_rule("tag : IDENT | SCOPED")(_same)
_rule("aggregate : 'struct' | 'union'")(_same)


@_rule("struct_type : aggregate tag")
def _struct_reference(kind: Token, tag: Token) -> ast.StructType:
    name, module = _tag(tag)
    return ast.StructType(_span(kind, tag), str(kind.data), name, None, module)


@_rule("struct_type : aggregate '{' members '}'")
def _anonymous_struct(kind: Token, _open: Token, members: tuple[ast.Declaration, ...], last: Token) -> ast.StructType:
    return ast.StructType(_span(kind, last), str(kind.data), "", members)


@_rule("struct_type : aggregate tag '{' members '}'")
def _struct(kind: Token, tag: Token, open: Token, members: tuple[ast.Declaration, ...], last: Token) -> ast.StructType:
    _refuse_scope(tag, f"{kind.data} definition")
    return ast.StructType(_span(kind, last), str(kind.data), str(tag.data), members)


def _refuse_scope(tag: Token, where: str) -> None:
    if tag.type == "SCOPED":
        raise Reject("D_DECL_SCOPE", f"D scoping operator may not be used in a {where}", tag.span)


_list("members", "member")


@_rule("member : type_specifiers ';'")
def _bare_member(specifiers: tuple[Specifier, ...], end: Token) -> ast.Declaration:
    return member(specifiers, (), end)


@_rule("member : type_specifiers member_declarators ';'")
def _member(specifiers: tuple[Specifier, ...], declarators: tuple[ast.Declarator, ...], end: Token) -> ast.Declaration:
    return member(specifiers, declarators, end)


_list("member_declarators", "member_declarator", "','")
_rule("member_declarator : declarator")(_same)


@_rule("member_declarator : declarator ':' conditional")
def _bit_field(declarator: ast.Declarator, _colon: Token, bits: ast.Expr) -> ast.Declarator:
    return replace(declarator, span=_span(declarator, bits), bits=bits)


@_rule("member_declarator : ':' conditional")
def _padding(colon: Token, bits: ast.Expr) -> ast.Declarator:
    return ast.Declarator(_span(colon, bits), "", (), bits)


@_rule("enum_type : 'enum' tag")
def _enum_reference(kind: Token, tag: Token) -> ast.EnumType:
    name, module = _tag(tag)
    return ast.EnumType(_span(kind, tag), name, None, module)


@_rule("enum_type : 'enum' '{' enumerators optional_comma '}'")
def _anonymous_enum(
    kind: Token, _open: Token, values: tuple[tuple[str, ast.Expr | None], ...], _comma: None, last: Token
) -> ast.EnumType:
    return ast.EnumType(_span(kind, last), "", values)


@_rule("enum_type : 'enum' tag '{' enumerators optional_comma '}'")
def _enum(
    kind: Token, tag: Token, _open: Token, values: tuple[tuple[str, ast.Expr | None], ...], _comma: None, last: Token
) -> ast.EnumType:
    _refuse_scope(tag, "enum definition")
    return ast.EnumType(_span(kind, last), str(tag.data), values)


@_rule("optional_comma : (nothing) | ','")
def _optional(*_comma: Token) -> None:
    return None


_list("enumerators", "enumerator", "','")


@_rule("enumerator : IDENT")
def _enumerator(name: Token) -> tuple[str, ast.Expr | None]:
    return str(name.data), None


@_rule("enumerator : IDENT '=' conditional")
def _valued_enumerator(name: Token, _equals: Token, value: ast.Expr) -> tuple[str, ast.Expr | None]:
    return str(name.data), value


# ---------------------------------------------------------------- declarators

_list("declarators", "declarator", "','")
_rule("declarator : direct")(_same)


@_rule("declarator : pointer direct")
def _pointer_declarator(stars: tuple[Token, ...], declarator: ast.Declarator) -> ast.Declarator:
    return with_pointers(stars, declarator)


@_rule("pointer : star")
def _pointer(star: Token) -> tuple[Token, ...]:
    return (star,)


_rule("pointer : pointer star")(_append)


@_rule("star : '*'")
@_rule("star : star QUALIFIER")
def _star(star: Token, qualifier: Token | None = None) -> Token:
    if qualifier is not None:
        refuse_restrict(qualifier)
    return star


@_rule("direct : IDENT")
def _name(name: Token) -> ast.Declarator:
    return ast.Declarator(name.span, str(name.data))


_rule("direct : '(' declarator ')'")(_between)
_rule("abstract : direct_abstract")(_same)
_rule("direct_abstract : '(' abstract ')'")(_between)


@_rule("abstract : pointer")
@_rule("abstract : pointer direct_abstract")
def _abstract_pointer(stars: tuple[Token, ...], declarator: ast.Declarator | None = None) -> ast.Declarator:
    return with_pointers(stars, declarator)


@_rule("direct : direct part")
@_rule("direct_abstract : direct_abstract part")
def _with_part(declarator: ast.Declarator, part: tuple[Token, tuple[object, ...], Token]) -> ast.Declarator:
    return with_part(declarator, part[1], part[2])


@_rule("direct_abstract : part")
def _only_part(part: tuple[Token, tuple[object, ...], Token]) -> ast.Declarator:
    return ast.Declarator(_span(part[0], part[2]), "", (part[1],))


@_rule("part : '[' ']'")
def _open_array(first: Token, last: Token) -> tuple[Token, tuple[object, ...], Token]:
    return first, ("array", None), last


@_rule("part : '[' conditional ']'")
def _array(first: Token, size: ast.Expr, last: Token) -> tuple[Token, tuple[object, ...], Token]:
    return first, ("array", size), last


@_rule("part : '[' parameters ']'")
def _associative(first: Token, keys: tuple[ast.TypeName, ...], last: Token) -> tuple[Token, tuple[object, ...], Token]:
    return first, ("assoc", keys), last


@_rule("part : '(' parameter_list ')'")
def _function(
    first: Token, params: tuple[tuple[ast.TypeName, ...], bool], last: Token
) -> tuple[Token, tuple[object, ...], Token]:
    return first, ("function", *params), last


@_rule("parameter_list : (nothing)")
def _no_parameters() -> tuple[tuple[ast.TypeName, ...], bool]:
    return (), False


@_rule("parameter_list : parameters")
def _fixed_parameters(params: tuple[ast.TypeName, ...]) -> tuple[tuple[ast.TypeName, ...], bool]:
    return params, False


@_rule("parameter_list : parameters ',' '...'")
def _variadic(params: tuple[ast.TypeName, ...], _comma: Token, _dots: Token) -> tuple[tuple[ast.TypeName, ...], bool]:
    return params, True


_list("parameters", "parameter", "','")


@_rule("parameter : specifiers | specifiers declarator | specifiers abstract")
@_rule("type_name : type_specifiers | type_specifiers abstract")
def _type_name(specifiers: Sequence[Specifier], declarator: ast.Declarator | None = None) -> ast.TypeName:
    return type_name(specifiers, declarator)


# ---------------------------------------------------------------- translators and providers


@_rule("translator : 'translator' type_name '<' type_specifiers declarator '>' '{' translations '}' ';'")
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
    return ast.Translator(_span(first, end), dst, source, declarator.name, translations)


_rule("translations : (nothing)")(_none)
_rule("translations : translations translation")(_append)


@_rule("translation : IDENT '=' assignment ';'")
def _translation(name: Token, _equals: Token, value: ast.Expr, _end: Token) -> tuple[str, ast.Expr, Span]:
    return str(name.data), value, name.span


@_rule("provider : 'provider' IDENT '{' probes '}' ';'")
def _provider(
    first: Token, name: Token, _open: Token, probes: tuple[ast.ProbeDecl, ...], _close: Token, end: Token
) -> ast.ProviderDef:
    return ast.ProviderDef(_span(first, end), str(name.data), probes)


_rule("probes : (nothing)")(_none)
_rule("probes : probes probe")(_append)


@_rule("probe : 'probe' IDENT probe_arguments ';'")
def _probe(first: Token, name: Token, args: tuple[ast.TypeName, ...], end: Token) -> ast.ProbeDecl:
    return ast.ProbeDecl(_span(first, end), str(name.data), args, None)


@_rule("probe : 'probe' IDENT probe_arguments ':' probe_arguments ';'")
def _translated_probe(
    first: Token,
    name: Token,
    args: tuple[ast.TypeName, ...],
    _colon: Token,
    xargs: tuple[ast.TypeName, ...],
    end: Token,
) -> ast.ProbeDecl:
    return ast.ProbeDecl(_span(first, end), str(name.data), args, xargs)


@_rule("probe_arguments : '(' ')'")
def _no_arguments(_open: Token, _close: Token) -> tuple[ast.TypeName, ...]:
    return ()


_rule("probe_arguments : '(' parameters ')'")(_between)


@cache
def parser() -> Parser:
    """The parser of one item, for the process."""
    tokens = set(PUNCTUATORS.values()) | set(KEYWORDS.values()) | _OTHER_TOKENS
    return make_parser(_RULES, tokens - {"RESERVED"})
