"""The one door to PLY: a grammar goes in, a parser without conflicts comes out.

PLY reports conflicts, unused rules and unreachable tokens to a log and goes on. Here each of them is a GrammarDefect,
because a conflict that PLY settles silently is a wrong parse nobody sees.

Building the LALR tables takes PLY a few tenths of a second, so they are kept in the user's cache directory under a name
made from everything they depend on. A cache file that is missing, torn or foreign only costs the time to build again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

_FORMAT = "1"

Tables = dict[str, Any]


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
        table.lr_action = dict(enumerate(tables["action"]))
        table.lr_goto = dict(enumerate(tables["goto"]))
        start = MiniProduction("S'", "S'", 1, None, "", 0)
        table.lr_productions = [start, *(_production(rule) for rule in rules)]
        self._engine = LRParser(table, _refuse)

    def parse(self, stream: TokenStream) -> Any:
        """The start symbol's value. Raises Unexpected; what the actions raise comes through."""
        return self._engine.parse(lexer=stream)


def make_parser(rules: list[Rule], tokens: Iterable[str], start: str) -> Parser:
    """A parser for what the symbol `start` derives; `tokens` are all token types. Raises GrammarDefect."""
    tokens = sorted(tokens)
    signature = _signature(rules, tokens, start)
    path = _cache_path(signature)
    tables = _load(path)
    if tables is None:
        tables = build_tables(rules, tokens, start)
        _store(path, tables)
    return Parser(rules, tables)


def build_tables(rules: list[Rule], tokens: list[str], start: str) -> Tables:
    """The LALR action and goto tables: a list over states of {symbol: number}. Raises GrammarDefect."""
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
    return {
        "action": [table.lr_action[state] for state in range(len(table.lr_action))],
        "goto": [table.lr_goto.get(state, {}) for state in range(len(table.lr_action))],
    }


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


# ---------------------------------------------------------------- the cache


def cache_directory() -> str:
    """$XDG_CACHE_HOME/d2bpf, by default ~/.cache/d2bpf."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "d2bpf")


def _signature(rules: list[Rule], tokens: list[str], start: str) -> str:
    import ply

    text = "\n".join([_FORMAT, ply.__version__, start, " ".join(tokens), *map(str, rules)])
    return hashlib.sha256(text.encode()).hexdigest()


def _cache_path(signature: str) -> str:
    return os.path.join(cache_directory(), f"grammar-{signature[:16]}.json")


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()


def _load(path: str) -> Tables | None:
    """The tables in a cache file, or None unless it is whole: a digest line, then JSON."""
    try:
        with open(path, "rb") as file:
            digest, _, body = file.read().partition(b"\n")
    except OSError:
        return None
    if digest != _digest(body):
        return None
    tables: Tables = json.loads(body)
    return tables


def _store(path: str, tables: Tables) -> None:
    """Write the cache file so that a concurrent reader sees all of it or nothing. No cache is no error."""
    body = json.dumps(tables, separators=(",", ":")).encode()
    temporary = f"{path}.{os.getpid()}"
    with suppress(OSError):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        try:
            with open(temporary, "wb") as file:
                file.write(_digest(body) + b"\n" + body)
            os.replace(temporary, path)
        except OSError:
            with suppress(OSError):
                os.unlink(temporary)
            raise
