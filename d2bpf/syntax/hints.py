"""Help lines for frequent mistakes: guesses about what was meant, from the tokens around the wrong one."""

from __future__ import annotations

import re

from . import ast
from .foreign import type_help
from .tokens import Token, words

_LOOPS = words("for while do goto continue break")
_OPERAND_ENDS = words("IDENT INT STRING SCOPED AGGREGATION RPAREN RBRACKET INCREMENT DECREMENT")
_STATEMENT_STARTS = words("IDENT SELF THIS AGGREGATION SCOPED IF")
_DECLARATION_STARTS = words("TYPE_WORD STRUCT UNION ENUM STORAGE")
_BEFORE_TYPE = words("SEMICOLON LBRACE LPAREN LBRACKET COMMA LT QUALIFIER INLINE TRANSLATOR ITEM_TYPE")
_STATEMENT_ENDS = words("LBRACE SEMICOLON RBRACE")


def unexpected(token: Token, before: Token | None, open_braces: int, declaring: bool) -> str:
    """A guess at why `token`, following `before`, is a syntax error; "" for none. `open_braces` counts the token's;
    `declaring` says that both stand in a declaration."""
    if is_line_comment(token):
        return "D has no // comments: write /* ... */"
    if token.type == "RESERVED":
        return _reserved(str(token.data))
    if token.type == "LBRACE" and before is not None and before.type in _OPERAND_ENDS:
        return "is a } missing before this clause?" if open_braces > 1 else "is the closing / of the predicate missing?"
    if before is None:
        return ""
    return _in_declaration(before, token) if declaring else _in_clause(before, token)


def is_line_comment(token: Token | None) -> bool:
    """Whether the token is a slash of `//`."""
    if token is None or token.type not in ("SLASH", "PREDICATE_END"):
        return False
    text, at = token.source.text, token.start
    return text.startswith("//", at) or text.startswith("//", max(at - 1, 0))


def end_of_input(open_braces: int) -> str:
    return "a } is missing" if open_braces > 0 else ""


def lone_description(clause: ast.Clause) -> str:
    """Help for a clause without braces in a file: a word that may have been meant as a type."""
    text = clause.probes[0].text
    is_word = len(clause.probes) == 1 and text.isidentifier() and not text.isupper()
    return f"{text} is not a known type, so it is a probe description" if is_word else "{ } is the default action"


def _reserved(word: str) -> str:
    if word in _LOOPS:
        return "D has no loops: a probe that fires repeatedly (tick-1s) takes their place"
    if word in ("switch", "case", "default"):
        return "D has no switch: use ?: or several clauses with predicates"
    return f"{word} is a reserved word"


def _in_declaration(before: Token, token: Token) -> str:
    same_line = "\n" not in token.source.text[before.end : token.start]
    if token.type != "IDENT" or (before.type in _OPERAND_ENDS and not same_line):
        return _missing_semicolon(before, token)
    if before.type == "IDENT":
        return _unknown_type(before.data)
    return _unknown_type(token.data) if before.type in _BEFORE_TYPE else ""


def _in_clause(before: Token, token: Token) -> str:
    if token.type in _DECLARATION_STARTS and before.type in _STATEMENT_ENDS:
        return "variables are declared outside of clauses"
    line = token.source.text[max(0, token.start - 200) : token.start].rpartition("\n")[2]
    cast = re.search(r"\(\s*([A-Za-z_]\w*)[\s*]*\)?\s*$", line, re.ASCII)
    if cast and (before.type == "STAR" or (before.type == "RPAREN" and token.type in _STATEMENT_STARTS)):
        return _unknown_type(cast[1])
    return _missing_semicolon(before, token)


def _missing_semicolon(before: Token, token: Token) -> str:
    next_line = "\n" in token.source.text[before.end : token.start]
    if next_line and before.type in _OPERAND_ENDS and token.type in _STATEMENT_STARTS:
        return "is a ; missing at the end of the line before?"
    return ""


def _unknown_type(name: str) -> str:
    help = type_help(name)
    return f"{name} is not a known type" + (f"; {help}" if help else "")
