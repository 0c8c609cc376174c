"""The door to PLY: what it refuses, and how tables are kept."""

from __future__ import annotations

import marshal
from typing import Any

import pytest

from d2bpf.source import SourceFile
from d2bpf.syntax import _ply, declarations, expressions, grammar
from d2bpf.syntax._ply import GrammarDefect, Rule, Unexpected, build_tables, make_parser
from d2bpf.syntax.tokens import Token


def rule(text: str) -> Rule:
    name, symbols = text.split(":")
    return Rule(name.strip(), tuple(symbols.split()), lambda *values: values)


SUM = [rule("sum : INT"), rule("sum : sum PLUS INT")]


@pytest.mark.parametrize(
    ("rules", "tokens", "complaint"),
    [
        (["e : INT", "e : e PLUS e"], ["INT", "PLUS"], "shift/reduce on PLUS"),
        (["e : a", "e : b", "a : INT", "b : INT"], ["INT"], "reduce/reduce"),
        (["e : INT"], ["INT", "PLUS"], "token PLUS is not used"),
        (["e : INT", "f : INT"], ["INT"], "rule f is not used"),
        (["e : INT", "f : g", "g : f INT"], ["INT"], "f cannot be reached"),
        (["e : nothing"], [], "nothing is not defined"),
        (["e : e INT"], ["INT"], "e derives itself for ever"),
        (["e : INT", "e : INT"], ["INT"], "Duplicate rule"),
        (["INT : INT"], ["INT"], "Already defined as a token"),
    ],
)
def test_defects_are_refused(rules: list[str], tokens: list[str], complaint: str) -> None:
    with pytest.raises(GrammarDefect, match=complaint):
        build_tables([rule(text) for text in rules], tokens, "e")


class Stream:
    def __init__(self, *types: str) -> None:
        source = SourceFile("x.d", "")
        self._tokens = [Token(type, None, source, 0, 0) for type in types]

    def token(self) -> Token | None:
        return self._tokens.pop(0) if self._tokens else None


def types(value: Any) -> Any:
    return tuple(map(types, value)) if isinstance(value, tuple) else value.type


def test_parser_gives_values_to_actions() -> None:
    parser = make_parser(SUM, ["INT", "PLUS"], "sum", None)
    assert types(parser.parse(Stream("INT", "PLUS", "INT"))) == (("INT",), "PLUS", "INT")
    assert types(parser.parse(Stream("INT"))) == ("INT",)


def test_unexpected_token_and_end() -> None:
    parser = make_parser(SUM, ["INT", "PLUS"], "sum", None)
    with pytest.raises(Unexpected) as caught:
        parser.parse(Stream("INT", "INT"))
    assert types(caught.value.token) == "INT"
    with pytest.raises(Unexpected) as caught:
        parser.parse(Stream("INT", "PLUS"))
    assert caught.value.token is None


class Store(dict[tuple[str, bytes], bytes]):
    def put(self, kind: str, key: bytes, content: bytes) -> None:
        self[kind, key] = content


def test_tables_are_built_once(monkeypatch: pytest.MonkeyPatch) -> None:
    store: Any = Store()
    store.get = lambda kind, key: dict.get(store, (kind, key))
    make_parser(SUM, ["INT", "PLUS"], "sum", store)
    assert [kind for kind, _ in store] == ["grammar"]
    monkeypatch.setattr(_ply, "build_tables", None)
    parser = make_parser(SUM, ["INT", "PLUS"], "sum", store)
    assert types(parser.parse(Stream("INT", "PLUS", "INT"))) == (("INT",), "PLUS", "INT")


def test_tables_of_another_grammar_are_not_used() -> None:
    store: Any = Store()
    store.get = lambda kind, key: marshal.dumps(("another", [], []))
    parser = make_parser(SUM, ["INT", "PLUS"], "sum", store)
    assert types(parser.parse(Stream("INT"))) == ("INT",)


def test_every_rule_of_d_is_named_in_lower_case_and_every_token_in_upper_case() -> None:
    rules = [*grammar.RULES, *expressions.RULES, *declarations.RULES]
    names = {rule.name for rule in rules}
    symbols = {symbol for rule in rules for symbol in rule.symbols}
    assert all(name.islower() for name in names)
    assert all(symbol.isupper() for symbol in symbols - names)
