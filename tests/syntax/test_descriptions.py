"""Probe descriptions: fields, levels, macros, identifiers (language.md section 2)."""

from __future__ import annotations

import pytest

from d2bpf.syntax import MacroEnv, ParseEnv, ast
from d2bpf.syntax.probedesc import split_fields
from tests.syntax.support import parsed, program


def described(text: str, level: str = "name", macros: MacroEnv | None = None) -> ast.ProbeDesc:
    (clause,) = program(text, ParseEnv(level=level, macros=macros or MacroEnv()), is_file=False).items
    assert isinstance(clause, ast.Clause)
    assert clause.body is None
    return clause.probes[0]


@pytest.mark.parametrize(
    ("text", "level", "fields"),
    [
        ("a", "name", ("", "", "", "a")),
        ("a:b", "name", ("", "", "a", "b")),
        ("a:b:c:d", "name", ("a", "b", "c", "d")),
        (":::", "name", ("", "", "", "")),
        ("a::b:", "name", ("a", "", "b", "")),
        ("a", "function", ("", "", "a", "")),
        ("a:b:c", "function", ("a", "b", "c", "")),
        ("a", "module", ("", "a", "", "")),
        ("a:b", "module", ("a", "b", "", "")),
        ("a", "provider", ("a", "", "", "")),
        ("a:b", "provider", None),
        ("a:b:c:d", "function", None),
    ],
)
def test_fields(text: str, level: str, fields: tuple[str, ...] | None) -> None:
    assert split_fields(text, level) == fields


@pytest.mark.parametrize("text", ["BEGIN", "-", "a-b.c?*[!x-z]", r"x\*y", "$1", "_", "1", "syscall::*read*:", "a`b:c"])
def test_text_is_what_was_written(text: str) -> None:
    assert described(text, macros=MacroEnv(args=("z",))).text == text


def test_macros_are_expanded_in_each_field() -> None:
    macros = MacroEnv(args=("10", "libc*"), target=77, ids={"pid": 5})
    found = described("pid$target:$$2:f$pid:tick-$1s", macros=macros)
    assert (found.provider, found.module, found.function, found.name) == ("pid77", "libc*", "f5", "tick-10s")
    assert macros.used == {1, 2}


def test_colons_of_an_argument_make_no_fields() -> None:
    assert described("pid$target:::entry").provider == "pid0"
    assert described("$1", macros=MacroEnv(args=("a:b",))).name == "a:b"


def test_probe_identifier() -> None:
    assert described("42").id == 42
    assert described("tick-42").id is None


def test_empty_text_matches_everything() -> None:
    found = described("")
    assert (found.provider, found.module, found.function, found.name, found.id) == ("", "", "", "", None)


def test_level_applies_to_every_description() -> None:
    (clause,) = program("a, b:c", ParseEnv(level="module"), is_file=False).items
    assert isinstance(clause, ast.Clause)
    assert [(probe.provider, probe.module) for probe in clause.probes] == [("", "a"), ("b", "c")]


def test_command_line_clause_needs_no_braces() -> None:
    items = program("BEGIN END tick-1s /x/", is_file=False).items
    assert [item.probes[0].text for item in items if isinstance(item, ast.Clause)] == ["BEGIN", "END", "tick-1s"]


def test_clause_with_a_wrong_description_is_left_out() -> None:
    found, mistakes = parsed("a:b:c:d:e { }\nBEGIN { }\n")
    assert len(found.items) == 1
    assert mistakes == ['D_PDESC_INVAL invalid probe description "a:b:c:d:e": Overspecified probe description']
