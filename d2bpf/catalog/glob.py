"""Patterns of probe description fields (language.md section 2): `*`, `?`, `[a-z]`, `[!a-z]` and backslash, as in sh.

A pattern always covers the whole field. The empty pattern matches everything.
"""

from __future__ import annotations

import re
from functools import cache

_WILD = frozenset("*?[")


def is_glob(pattern: str) -> bool:
    """Whether the pattern can match more than one name ("" does)."""
    return not pattern or literal(pattern) is None


def is_any(pattern: str) -> bool:
    """Whether the pattern says nothing: empty, or stars alone."""
    return not pattern.strip("*")


@cache
def literal(pattern: str) -> str | None:
    """The one name a pattern without wildcards stands for, its backslashes taken off; None for a glob."""
    name, at = "", 0
    while at < len(pattern):
        char = pattern[at]
        if char in _WILD:
            return None
        if char == "\\" and at + 1 < len(pattern):
            at += 1
            char = pattern[at]
        name += char
        at += 1
    return name


def prefix(pattern: str) -> str:
    """What every match of the pattern begins with."""
    return pattern[: next((at for at, char in enumerate(pattern) if char in "*?[\\"), len(pattern))]


def matches(pattern: str, name: str) -> bool:
    """Whether the pattern covers `name`."""
    return not pattern or pattern == "*" or bool(_compiled(pattern).fullmatch(name))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    text, at = "", 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            text += ".*"
        elif char == "?":
            text += "."
        elif char == "[":
            piece, at = _char_class(pattern, at)
            text += piece
        else:
            if char == "\\" and at < len(pattern):
                char = pattern[at]
                at += 1
            text += re.escape(char)
    return re.compile(text, re.DOTALL)


def _char_class(pattern: str, at: int) -> tuple[str, int]:
    """The regular expression for the class that opens before `at`, and where it ends. Without `]` it matches
    nothing."""
    negated = pattern.startswith("!", at)
    at += negated
    chars: list[tuple[str, str]] = []
    first = True
    while at < len(pattern) and (first or pattern[at] != "]"):
        first = False
        low, at = _class_char(pattern, at)
        high = low
        if pattern.startswith("-", at) and at + 1 < len(pattern) and pattern[at + 1] != "]":
            high, at = _class_char(pattern, at + 1)
        chars.append((low, high))
    if at >= len(pattern):
        return "(?!)", at
    body = "".join(re.escape(low) if low == high else f"{re.escape(low)}-{re.escape(high)}" for low, high in chars if low <= high)
    if not body:
        return "." if negated else "(?!)", at + 1
    return f"[{'^' if negated else ''}{body}]", at + 1


def _class_char(pattern: str, at: int) -> tuple[str, int]:
    if pattern[at] == "\\" and at + 1 < len(pattern):
        at += 1
    return pattern[at], at + 1
