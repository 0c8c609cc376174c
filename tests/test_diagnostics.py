"""Diagnostics as text, and the table of codes."""

from __future__ import annotations

import re

import pytest

from d2bpf.codes import known, table
from d2bpf.diagnostics import Diagnostic, render
from d2bpf.source import SourceFile, Span
from tests.modules import modules

HEAD = "failed to compile script x.d"


def error(source: SourceFile, at: str, *, help: str = "", place: str = "") -> Diagnostic:
    start = source.text.index(at)
    return Diagnostic("D_SYNTAX", "no", Span(source, start, start + len(at)), help, place=place)


def test_line_source_and_carets() -> None:
    source = SourceFile("x.d", "BEGIN\n{\n\tx =\tfoo bar;\n}\n")
    assert render(error(source, "foo bar", help="try\nagain"), HEAD) == (
        "dtrace: failed to compile script x.d: line 3: no\n    \tx =\tfoo bar;\n    \t   \t^^^^^^^\nhelp: try\nhelp: again"
    )


def test_tag() -> None:
    source = SourceFile("x.d", "x")
    assert render(error(source, "x"), HEAD, errtags=True).startswith(f"dtrace: {HEAD}: [D_SYNTAX] line 1: no\n")


def test_marks_stay_on_the_first_line() -> None:
    source = SourceFile("x.d", "one two\nthree\n")
    assert render(error(source, "two\nthree"), HEAD).split("\n")[1:] == ["    one two", "        ^^^"]


def test_end_of_input() -> None:
    source = SourceFile("x.d", "BEGIN {")
    at_end = Diagnostic("D_SYNTAX", "no", Span(source, 7, 7))
    assert render(at_end, HEAD).split("\n")[1:] == ["    BEGIN {", "           ^"]
    source = SourceFile("x.d", "BEGIN {\n")
    assert render(Diagnostic("D_SYNTAX", "no", Span(source, 8, 8)), HEAD) == f"dtrace: {HEAD}: line 2: no"


def test_other_file() -> None:
    source = SourceFile("x.d", "a\nb\nc\n", marks=[(2, 10, "y.h"), (4, 2, "x.d")])
    assert render(error(source, "b"), HEAD).startswith(f'dtrace: {HEAD}: "y.h", line 10: no\n')
    assert render(error(source, "c"), HEAD).startswith(f"dtrace: {HEAD}: line 2: no\n")


def test_command_line_text() -> None:
    source = SourceFile("x", "BEGIN /a/ { b }", is_file=False, places=[(6, 9, "in predicate"), (10, 15, "in action list")])
    head = f"invalid probe specifier {source.text}"
    assert render(error(source, "a/"), head).startswith(f"dtrace: {head}: in predicate: no\n")
    assert render(error(source, "b }"), head).startswith(f"dtrace: {head}: in action list: no\n")
    assert render(error(source, "BEGIN"), head).startswith(f"dtrace: {head}: no\n")
    assert render(error(source, "BEGIN", place="in predicate"), head).startswith(f"dtrace: {head}: in predicate: no\n")


def test_no_place() -> None:
    assert render(Diagnostic("X_CPP", "Preprocessor not found", help="install it"), HEAD) == (
        f"dtrace: {HEAD}: Preprocessor not found\nhelp: install it"
    )


def test_several_lines_labels_and_severity() -> None:
    source = SourceFile("x.d", "one\ntwo\n")
    finding = Diagnostic(
        "D_DECL_IDRED",
        "identifier redeclared: x\n\t current: int\n\tprevious: string",
        Span(source, 4, 7),
        severity="warning",
        labels=((Span(source, 0, 3), "declared here"),),
    )
    assert render(finding, HEAD) == (
        "dtrace: warning: line 2: identifier redeclared: x\n\t current: int\n\tprevious: string\n"
        "    two\n    ^^^\n"
        "note: line 1: declared here\n    one\n    ^^^"
    )


def test_control_characters_do_not_reach_the_terminal() -> None:
    source = SourceFile("x.d", "\x1b[2Jx \udcff")
    assert render(error(source, "x"), HEAD).split("\n")[1:] == ["    ?[2Jx ?", "        ^"]


def test_messages_show_such_characters_as_escapes() -> None:
    assert render(Diagnostic("D_SYNTAX", 'syntax error near "\x02\udcff\u2028\u00fc"'), HEAD) == (
        f'dtrace: {HEAD}: syntax error near "\\x02\\xff\\u2028\u00fc"'
    )


@pytest.mark.parametrize(
    ("at", "shown", "carets"),
    [
        (0, "x" + "a" * 159 + "...", (4, 1)),
        (1000, "..." + "a" * 40 + "x" + "a" * 119 + "...", (47, 1)),
        (1999, "..." + "a" * 159 + "x", (166, 1)),
    ],
)
def test_only_the_part_of_a_long_line_around_the_place_is_shown(at: int, shown: str, carets: tuple[int, int]) -> None:
    source = SourceFile("x.d", "a" * at + "x" + "a" * (1999 - at))
    assert render(error(source, "x"), HEAD).split("\n")[1:] == ["    " + shown, " " * carets[0] + "^" * carets[1]]


def test_marks_on_a_long_line_are_cut() -> None:
    source = SourceFile("x.d", "x" * 5000)
    assert render(error(source, "x" * 5000), HEAD).split("\n")[2] == "    " + "^" * 80


def test_carriage_returns_are_not_shown() -> None:
    source = SourceFile("x.d", "a b\r\n")
    assert render(error(source, "b"), HEAD).split("\n")[1:] == ["    a b", "      ^"]


@pytest.mark.parametrize("name", sorted(modules()))
def test_every_code_in_the_package_is_in_the_table(name: str) -> None:
    used = set(re.findall(r'"((?:D|X|L)_[A-Z0-9_]+)"', modules()[name].read_text()))
    families = {code.rsplit("_", 1)[0] for code in table()}  # "D_PRINTA", to which a pass adds "_AGGARG"
    assert sorted(code for code in used - families if not known(code)) == []


def test_table() -> None:
    assert not known("D_NONSENSE")
    assert all(re.fullmatch(r"[DX]_[A-Z0-9_]+|L\d{3}", code) and meaning for code, meaning in table().items())
