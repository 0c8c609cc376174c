"""Probe descriptions: splitting into fields, levels, macros, identifiers (language.md section 2)."""

from __future__ import annotations

import re
from functools import cache

from ..source import Span
from . import ast
from .macros import MacroEnv
from .tokens import Problem

LEVELS = ("provider", "module", "function", "name")  # in the order of a description's fields

_PLURALS = {"provider": "providers", "module": "modules", "function": "functions", "name": "names"}


@cache
def description_word() -> re.Pattern[str]:
    """One description as it stands in a program, or the number of a probe. Parentheses are the parameters of a C++ function, if the
    next field follows them."""
    first, more = r"[-A-Za-z_$:.?*\[\]!]|\\(?!\r?\n)", r"[-\w$:.?*\[\]!`]|\\(?!\r?\n)"
    return re.compile(rf"(?:{first})(?:{more}|\([^(){{}};\n]*\)(?=:))*|\d+", re.ASCII)


@cache
def _macro() -> re.Pattern[str]:
    return re.compile(r"\$\$?(\d+|[A-Za-z_]\w*)?", re.ASCII)


def is_only_description(word: str) -> bool:
    """Whether a word cannot start a declaration, whatever types there are."""
    return any(char in word for char in ":-.?!")


def split_fields(text: str, level: str = "name") -> tuple[str, str, str, str] | None:
    """(provider, module, function, name) of a description, its last field standing at `level`; fields that are not
    written are "". None when there are more fields than the level has."""
    fields = text.split(":")
    room = LEVELS.index(level) + 1
    if len(fields) > room:
        return _split_scoped(text) if level == "name" else None
    fields = [""] * (room - len(fields)) + fields + [""] * (len(LEVELS) - room)
    return fields[0], fields[1], fields[2], fields[3]


def _split_scoped(text: str) -> tuple[str, str, str, str] | None:
    """The fields of a description of a process whose function is a name with scopes: pid1:a.out:Foo::bar:entry. All four fields are
    there: the provider ends at the first colon, the name begins behind the last, the module ends at the first colon between."""
    provider, _, rest = text.partition(":")
    rest, _, name = rest.rpartition(":")
    module, _, function = rest.partition(":")
    scopes = function.split("::")
    if not provider or not all(scopes) or any(":" in scope for scope in scopes):
        return None
    return provider, module, function, name


def parse_description(text: str, span: Span, level: str, macros: MacroEnv) -> ast.ProbeDesc | Problem:
    """The description `text` at `span` with its macros expanded."""
    if text.isdigit():
        return _parse_id(text, span, level)
    fields = split_fields(text, level)
    if fields is None:
        return _invalid(text, "Overspecified probe description")
    expanded = [_expand(field, macros) for field in fields]
    if None in expanded:
        return _invalid(text, "Undefined macro variable in probe description")
    provider, module, function, name = (field or "" for field in expanded)
    return ast.ProbeDesc(span, provider, module, function, name, text)


def _parse_id(text: str, span: Span, level: str) -> ast.ProbeDesc | Problem:
    if level != "name":
        message = f"probe identifier {text} not permitted when specifying {_PLURALS[level]}"
        return Problem("D_PDESC_INVAL", message)
    if len(text) > 10:
        return Problem("D_PDESC_INVAL", f"invalid probe identifier {text}: Unknown probe identifier")
    return ast.ProbeDesc(span, "", "", "", "", text, int(text))


def _invalid(text: str, why: str) -> Problem:
    return Problem("D_PDESC_INVAL", f'invalid probe description "{text}": {why}')


def _expand(field: str, macros: MacroEnv) -> str | None:
    """A field with its macros replaced, None when one is not defined."""
    if "$" not in field:
        return field
    undefined = False

    def replace(match: re.Match[str]) -> str:
        nonlocal undefined
        text = macros.text(match.group(1)) if match.group(1) else None
        undefined |= text is None
        return text or ""

    expanded = _macro().sub(replace, field)
    return None if undefined else expanded
