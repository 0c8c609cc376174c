"""The one door to PLY: a grammar goes in, a parser without conflicts comes out.

PLY reports conflicts, unused rules and unreachable tokens to a log and goes on. Here each of them is a GrammarDefect,
because a conflict that PLY settles silently is a wrong parse nobody sees.

Building the LALR tables takes PLY most of a tenth of a second, so an installation brings them along (tables.bin, written when it
was built), and others are kept in the store of compiled things: both together with the text of everything they depend on. What
neither has, or has for another grammar, is built again.
"""

from __future__ import annotations

import marshal
import os
import sys
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

_KIND = "grammar"
SHIPPED = "tables.bin"  # beside this file

Rows = list[dict[str, int]]


class GrammarDefect(Exception):
    """The grammar is not what it should be: a bug of ours, never a user's."""


class Unexpected(Exception):
    """The parser met a token it has no use for; `token` is None at the end of the input."""

    def __init__(self, token: Any | None) -> None:
        super().__init__(token)
        self.token = token


class TokenStream(Protocol):
    def token(self) -> Any | None:
        """The next token (with `type` and `value`), None at the end."""


class Store(Protocol):
    """Keeps bytes between runs (runtime/cache.py is one)."""

    def get(self, kind: str, key: bytes) -> bytes | None: ...

    def put(self, kind: str, key: bytes, content: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class Tables:
    """LALR tables: for each state, {token: what to do} and {symbol: next state}."""

    action: Rows
    goto: Rows


@dataclass(frozen=True, slots=True)
class Rule:
    """One production: `name` derives `symbols`; `action` takes their values and returns the value of `name`."""

    name: str
    symbols: tuple[str, ...]
    action: Callable[..., Any]

    def __str__(self) -> str:
        return f"{self.name} : {' '.join(self.symbols)}"


class Parser:
    """An LALR parser over cached tables. One Parser serves any number of inputs, one after the other."""

    def __init__(self, rules: list[Rule], tables: Tables) -> None:
        from ply.yacc import LRParser, LRTable, MiniProduction

        table = LRTable()
        table.lr_action = dict(enumerate(tables.action))
        table.lr_goto = dict(enumerate(tables.goto))
        start = MiniProduction("S'", "S'", 1, None, "", 0)
        table.lr_productions = [start, *(_production(rule) for rule in rules)]
        self._engine = LRParser(table, _refuse)

    def parse(self, stream: TokenStream) -> Any:
        """The start symbol's value. Raises Unexpected; what the actions raise comes through."""
        return self._engine.parse(lexer=stream)


def make_parser(rules: list[Rule], tokens: Iterable[str], start: str, store: Store | None) -> Parser:
    """A parser for what the symbol `start` derives; `tokens` are all token types. Raises GrammarDefect."""
    tokens = sorted(tokens)
    text = _description(rules, tokens, start)
    tables = _usable(_shipped(), text)
    if tables is None and store is not None:
        tables = _usable(store.get(_KIND, _key(text)), text)
    if tables is None:
        tables = build_tables(rules, tokens, start)
        if store is not None:
            store.put(_KIND, _key(text), _pack(text, tables))
    return Parser(rules, tables)


def ship(rules: list[Rule], tokens: Iterable[str], start: str) -> str:
    """Write the tables beside this file, for an installation to bring along. Returns the file's path."""
    tokens = sorted(tokens)
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), SHIPPED)
    with open(path, "wb") as file:
        file.write(_pack(_description(rules, tokens, start), build_tables(rules, tokens, start)))
    return path


def build_tables(rules: list[Rule], tokens: list[str], start: str) -> Tables:
    """PLY's tables for the grammar. Raises GrammarDefect."""
    from ply.yacc import Grammar, GrammarError, LRGeneratedTable

    grammar = Grammar(tokens)
    try:
        for rule in rules:
            grammar.add_production(rule.name, list(rule.symbols))
        grammar.set_start(start)
    except GrammarError as defect:
        raise GrammarDefect(str(defect)) from defect
    _refuse_complaints(grammar)
    table = LRGeneratedTable(grammar, "LALR")
    conflicts = [f"state {state}: shift/reduce on {token}" for state, token, _ in table.sr_conflicts]
    conflicts += [f"state {state}: reduce/reduce: {kept} | {lost}" for state, kept, lost in table.rr_conflicts]
    if conflicts:
        raise GrammarDefect("conflicts: " + "; ".join(conflicts))
    states = range(len(table.lr_action))
    return Tables([table.lr_action[state] for state in states], [table.lr_goto.get(state, {}) for state in states])


def _refuse_complaints(grammar: Any) -> None:
    complaints = [f"{symbol} is not defined" for symbol, _ in grammar.undefined_symbols()]
    complaints += [f"token {token} is not used" for token in grammar.unused_terminals()]
    complaints += [f"rule {production.name} is not used" for production in grammar.unused_rules()]
    complaints += [f"{symbol} cannot be reached" for symbol in grammar.find_unreachable()]
    if not complaints:
        complaints += [f"{symbol} derives itself for ever" for symbol in grammar.infinite_cycles()]
    if complaints:
        raise GrammarDefect("; ".join(complaints))


def _production(rule: Rule) -> Any:
    """The rule as PLY's engine wants it, its action taking values in place of PLY's slice."""
    from ply.yacc import MiniProduction

    action = rule.action

    def reduce(production: Any) -> None:
        children = production.slice
        children[0].value = action(*[child.value for child in children[1:]])

    made = MiniProduction(str(rule), rule.name, len(rule.symbols), None, "", 0)
    made.callable = reduce
    return made


def _refuse(token: Any | None) -> None:
    raise Unexpected(token)


# ---------------------------------------------------------------- tables that were kept


def _pack(text: str, tables: Tables) -> bytes:
    return marshal.dumps((text, tables.action, tables.goto))


def _usable(kept: bytes | None, text: str) -> Tables | None:
    """The tables kept, if for this very grammar."""
    if kept is None:
        return None
    try:
        kept_text, action, goto = marshal.loads(kept)
    except (ValueError, EOFError, TypeError):  # written by another Python
        return None
    return Tables(action, goto) if kept_text == text else None


def _shipped() -> bytes | None:
    try:
        with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), SHIPPED), "rb") as file:
            return file.read()
    except OSError:
        return None


def _key(text: str) -> bytes:
    """A name for the grammar in the store; which grammar it is, the text itself tells."""
    data = text.encode()
    return zlib.crc32(data).to_bytes(4, "big") + len(data).to_bytes(4, "big")


def _description(rules: list[Rule], tokens: list[str], start: str) -> str:
    """All that the tables depend on."""
    import ply

    return "\n".join([ply.__version__, str(sys.implementation.cache_tag), start, " ".join(tokens), *map(str, rules)])
