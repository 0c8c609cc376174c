"""How the grammar is written down: a rule is a function that builds a node, decorated with its productions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..source import Span
from ._ply import Rule
from .tokens import KEYWORDS, PUNCTUATORS, Token


def _symbol(written: str) -> str:
    """A symbol of a rule as written: a name, or a punctuator or keyword in quotes."""
    if written[0] != "'":
        return written
    text = written.strip("'")
    return PUNCTUATORS.get(text) or KEYWORDS[text]


class Rules(list[Rule]):
    """A part of the grammar."""

    def rule(self, text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare productions `name : symbols | symbols` whose values go to the decorated action."""
        name, _, alternatives = text.partition(" : ")

        def add(action: Callable[..., Any]) -> Callable[..., Any]:
            for alternative in alternatives.split(" | "):
                symbols = () if alternative == "(nothing)" else tuple(map(_symbol, alternative.split()))
                self.append(Rule(name, symbols, action))
            return action

        return add

    def sequence(self, name: str, element: str, separator: str = "") -> None:
        """`name` is one or more of `element`; its value is a tuple."""
        self.rule(f"{name} : {element}")(_one)
        self.rule(f"{name} : {name} {separator} {element}")(_append_after if separator else append)


def same(value: Any) -> Any:
    return value


def _one(value: Any) -> tuple[Any, ...]:
    return (value,)


def none() -> tuple[Any, ...]:
    return ()


def append(values: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    return (*values, value)


def _append_after(values: tuple[Any, ...], _separator: Token, value: Any) -> tuple[Any, ...]:
    return (*values, value)


def between(_open: Token, value: Any, _close: Token) -> Any:
    return value


def span_between(first: Any, last: Any) -> Span:
    start: Span = first.span
    return start.to(last.span)
