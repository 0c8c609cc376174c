"""The grammar of D: the union of the illumos, FreeBSD, macOS and Oracle dialects, one top-level item at a time.

Stratified instead of ranked by a precedence table, so that PLY finds no conflict to settle. The actions only build
nodes. A token that no source text has (ITEM_*) comes first and says what kind of item follows. The rules of
expressions and declarations are in modules of their own; this one has clauses and statements, and the parser.
"""

from __future__ import annotations

from typing import Any

from . import ast, declarations, expressions
from ._ply import Parser, Rule, Store, make_parser, ship
from .rules import Rules, append, between, none, same, span_between
from .tokens import KEYWORDS, PUNCTUATORS, Token

RULES = Rules()
rule, sequence = RULES.rule, RULES.sequence

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

# ---------------------------------------------------------------- items


@rule("item : ITEM_CLAUSE clause | ITEM_DECLARATION outer_declaration | ITEM_EXPRESSION expression")
def _item(_kind: Token, node: ast.Node) -> ast.Node:
    return node


@rule("item : ITEM_TYPE type_name")
def _type_item(_kind: Token, node: ast.TypeName) -> ast.TypeName:
    return node


sequence("descriptions", "DESCRIPTION", "','")


@rule("clause : descriptions predicate body")
def _clause(
    descriptions: tuple[Token, ...], predicate: ast.Expr | None, body: tuple[Token, tuple[ast.Stmt, ...], Token] | None
) -> ast.Clause:
    probes: tuple[ast.ProbeDesc, ...] = tuple(token.data for token in descriptions)
    span = span_between(descriptions[0], body[2] if body else predicate or descriptions[-1])
    return ast.Clause(span, probes, predicate, body[1] if body else None)


@rule("predicate : (nothing)")
@rule("body : (nothing)")
def _absent() -> None:
    return None


rule("predicate : PREDICATE expression PREDICATE_END")(between)


@rule("body : block")
@rule("block : '{' statements '}'")
def _block(*parts: Any) -> Any:
    return parts if len(parts) > 1 else parts[0]


# ---------------------------------------------------------------- statements
# The last statement of a block needs no semicolon, and an else belongs to the nearest if. So statements are sorted:
# `full` is one in which every if has its else, `open` one that ends in an if without; `last` misses its semicolon.


@rule("statements : leading")
def _statements(statements: tuple[ast.Stmt, ...]) -> tuple[ast.Stmt, ...]:
    return statements


rule("statements : leading last")(append)
rule("leading : (nothing)")(none)


@rule("leading : leading full | leading open")
def _leading(statements: tuple[ast.Stmt, ...], statement: ast.Stmt | None) -> tuple[ast.Stmt, ...]:
    return statements if statement is None else (*statements, statement)


@rule("last : expression")
@rule("full : expression ';'")
def _expression_statement(expression: ast.Expr, end: Token | None = None) -> ast.ExprStmt:
    return ast.ExprStmt(span_between(expression, end or expression), expression)


@rule("full : ';'")
def _empty_statement(_semicolon: Token) -> None:
    return None


@rule("full : 'if' '(' expression ')' full_branch 'else' full_branch")
@rule("open : 'if' '(' expression ')' full_branch 'else' open")
@rule("last : 'if' '(' expression ')' full_branch 'else' last")
def _if_else(first: Token, _open: Token, test: ast.Expr, _close: Token, then: Any, _else: Token, other: Any) -> ast.If:
    then_statements, other_statements = _branch_statements(then), _branch_statements(other)
    return ast.If(span_between(first, _branch_end(other) or _else), test, then_statements, other_statements)


@rule("open : 'if' '(' expression ')' branch")
@rule("last : 'if' '(' expression ')' last")
def _if(first: Token, _open: Token, test: ast.Expr, close: Token, then: Any) -> ast.If:
    return ast.If(span_between(first, _branch_end(then) or close), test, _branch_statements(then), ())


rule("full_branch : full | block")(same)
rule("branch : full_branch | open")(same)


def _branch_statements(branch: Any) -> tuple[ast.Stmt, ...]:
    """A branch is a statement, None for an empty one, or a block's (brace, statements, brace)."""
    if isinstance(branch, tuple):
        statements: tuple[ast.Stmt, ...] = branch[1]
        return statements
    return () if branch is None else (branch,)


def _branch_end(branch: Any) -> Any:
    return branch[2] if isinstance(branch, tuple) else branch


_made: list[Parser] = []


def parser(store: Store | None) -> Parser:
    """The parser of one item: made on first use, with the tables in `store`, and kept for the process."""
    if not _made:
        _made.append(make_parser(_rules(), _tokens(), "item", store))
    return _made[0]


def ship_tables() -> str:
    """Write the parser's tables into the package (when an installation is built); returns the file's path."""
    return ship(_rules(), _tokens(), "item")


def _tokens() -> set[str]:
    return (set(PUNCTUATORS.values()) | set(KEYWORDS.values()) | _OTHER_TOKENS) - {"RESERVED"}


def _rules() -> list[Rule]:
    return [*RULES, *expressions.RULES, *declarations.RULES]
