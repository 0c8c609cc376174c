"""The grammar's rules for expressions (language.md 7.1)."""

from __future__ import annotations

from dataclasses import replace

from . import ast
from ._ply import Rule
from .declarators import Reject
from .rules import Rules, same, span_between
from .tokens import PUNCTUATORS, IntConstant, Token

RULES = Rules()
rule, sequence = RULES.rule, RULES.sequence


@rule("primary : IDENT")
def _ident(name: Token) -> ast.Ident:
    return ast.Ident(name.span, str(name.data))


@rule("primary : INT")
def _int(token: Token) -> ast.Expr:
    constant: IntConstant = token.data
    literal = ast.IntLit(token.span, abs(constant.value), constant.suffix, constant.decimal, constant.is_char)
    return literal if constant.value >= 0 else ast.Unary(token.span, "-", literal)


@rule("primary : STRING")
def _str(token: Token) -> ast.StrLit:
    return ast.StrLit(token.span, str(token.data))


@rule("primary : SCOPED")
def _symbol_reference(token: Token) -> ast.KernelSym:
    name, module = token.data
    return ast.KernelSym(token.span, module, name)


@rule("primary : AGGREGATION")
def _aggregation(token: Token) -> ast.AggRef:
    return ast.AggRef(token.span, str(token.data), None)


@rule("primary : 'self' '->' IDENT | 'this' '->' IDENT")
def _scoped_variable(scope: Token, _arrow: Token, name: Token) -> ast.ScopedVar:
    return ast.ScopedVar(span_between(scope, name), str(scope.data), str(name.data))


@rule("primary : '(' expression ')'")
def _parenthesised(first: Token, inner: ast.Expr, last: Token) -> ast.Expr:
    return replace(inner, span=span_between(first, last))


@rule("primary : 'xlate' '<' type_name '>' '(' expression ')'")
def _xlate(
    first: Token, _less: Token, kind: ast.TypeName, _greater: Token, _open: Token, operand: ast.Expr, last: Token
) -> ast.Xlate:
    return ast.Xlate(span_between(first, last), kind, operand)


@rule("primary : 'offsetof' '(' type_name ',' IDENT ')'")
def _offsetof(first: Token, _open: Token, kind: ast.TypeName, _comma: Token, name: Token, last: Token) -> ast.Offsetof:
    return ast.Offsetof(span_between(first, last), kind, str(name.data))


rule("postfix : primary")(same)


@rule("postfix : postfix '[' arguments ']'")
def _index(base: ast.Expr, _open: Token, indices: tuple[ast.Expr, ...], last: Token) -> ast.Expr:
    if isinstance(base, ast.AggRef) and base.keys is None:
        return ast.AggRef(span_between(base, last), base.name, indices)
    return ast.Index(span_between(base, last), base, indices)


@rule("postfix : postfix '(' ')'")
def _call_nothing(function: ast.Expr, _open: Token, last: Token) -> ast.Call:
    return _make_call(function, (), last)


@rule("postfix : postfix '(' arguments ')'")
def _call(function: ast.Expr, _open: Token, arguments: tuple[ast.Expr, ...], last: Token) -> ast.Call:
    return _make_call(function, arguments, last)


def _make_call(function: ast.Expr, arguments: tuple[ast.Expr, ...], last: Token) -> ast.Call:
    if not isinstance(function, ast.Ident):
        raise Reject("D_FUNC_IDENT", "function designator is not of function type", function.span)
    return ast.Call(span_between(function, last), function.name, arguments)


@rule("postfix : postfix '.' IDENT | postfix '->' IDENT")
def _member_of(base: ast.Expr, operator: Token, name: Token) -> ast.MemberOf:
    return ast.MemberOf(span_between(base, name), base, str(name.data), operator.type == "ARROW")


@rule("postfix : postfix '++' | postfix '--'")
def _postfix(operand: ast.Expr, operator: Token) -> ast.Postfix:
    return ast.Postfix(span_between(operand, operator), str(operator.data), operand)


rule("unary : postfix")(same)


@rule("unary : '++' unary | '--' unary | unary_operator cast")
def _unary(operator: Token, operand: ast.Expr) -> ast.Unary:
    return ast.Unary(span_between(operator, operand), str(operator.data), operand)


rule("unary_operator : '&' | '*' | '+' | '-' | '~' | '!'")(same)


@rule("unary : 'sizeof' unary")
def _sizeof(first: Token, operand: ast.Expr) -> ast.SizeofExpr:
    return ast.SizeofExpr(span_between(first, operand), operand)


@rule("unary : 'sizeof' '(' type_name ')'")
def _sizeof_type(first: Token, _open: Token, kind: ast.TypeName, last: Token) -> ast.SizeofType:
    return ast.SizeofType(span_between(first, last), kind)


@rule("unary : 'stringof' unary")
def _stringof(first: Token, operand: ast.Expr) -> ast.Stringof:
    return ast.Stringof(span_between(first, operand), operand)


rule("cast : unary")(same)


@rule("cast : '(' type_name ')' cast")
def _cast(first: Token, kind: ast.TypeName, _close: Token, operand: ast.Expr) -> ast.Cast:
    return ast.Cast(span_between(first, operand), kind, operand)


def _binary(left: ast.Expr, operator: Token, right: ast.Expr) -> ast.Binary:
    return ast.Binary(span_between(left, right), str(operator.data), left, right)


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
        rule(f"{level} : {tighter}")(same)
        RULES.extend(Rule(level, (level, PUNCTUATORS[text], tighter), _binary) for text in operators.split())
        tighter = level


_binary_levels()

rule("conditional : logical_or")(same)


@rule("conditional : logical_or '?' expression ':' conditional")
def _conditional(test: ast.Expr, _question: Token, then: ast.Expr, _colon: Token, other: ast.Expr) -> ast.Cond:
    return ast.Cond(span_between(test, other), test, then, other)


rule("assignment : conditional")(same)


@rule("assignment : unary assignment_operator assignment")
def _assign(target: ast.Expr, operator: Token, value: ast.Expr) -> ast.Assign:
    return ast.Assign(span_between(target, value), str(operator.data), target, value)


rule("assignment_operator : '=' | '+=' | '-=' | '*=' | '/=' | '%=' | '&=' | '^=' | '|=' | '<<=' | '>>='")(same)

rule("expression : assignment")(same)
rule("expression : expression ',' assignment")(_binary)
sequence("arguments", "assignment", "','")
