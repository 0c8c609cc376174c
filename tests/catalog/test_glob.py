"""Patterns of probe descriptions."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from d2bpf.catalog.glob import is_any, is_glob, literal, matches, prefix


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("", "", True),
        ("", "read", True),
        ("*", "", True),
        ("read", "read", True),
        ("read", "pread", False),
        ("read", "readv", False),
        ("*read", "pread", True),
        ("*read*", "readahead", True),
        ("r?ad", "read", True),
        ("r?ad", "rad", False),
        ("[rw]*", "write", True),
        ("[!rw]*", "write", False),
        ("[!rw]*", "open", True),
        ("[a-f]stat", "fstat", True),
        ("[a-f]stat", "lstat", False),
        ("[]a]", "]", True),
        ("[!]a]", "]", False),
        ("[a-]", "-", True),
        ("[^a]", "^", True),
        ("[z-a]", "m", False),
        ("[!z-a]", "m", True),
        ("[a", "a", False),
        ("[a", "[a", False),
        (r"\*", "*", True),
        (r"\*", "read", False),
        (r"a\[b", "a[b", True),
        (r"[\]]", "]", True),
        ("a.c", "abc", False),
        ("tick-*", "tick-1s", True),
        ("Read", "read", False),
    ],
)
def test_matches(pattern: str, name: str, expected: bool) -> None:
    assert matches(pattern, name) is expected


@pytest.mark.parametrize(
    ("pattern", "name"),
    [("read", "read"), (r"a\*b", "a*b"), ("tick-1s", "tick-1s"), ("a*", None), ("a?", None), ("[a]", None), ("", "")],
)
def test_literal(pattern: str, name: str | None) -> None:
    assert literal(pattern) == name


def test_kinds() -> None:
    assert [is_any(p) for p in ("", "*", "**", "a*", "?")] == [True, True, True, False, False]
    assert [is_glob(p) for p in ("", "*", "a", r"a\*", "a?")] == [True, True, False, False, True]
    assert [prefix(p) for p in ("open*", "open", "*open", "o[p]en", "")] == ["open", "open", "", "o", ""]


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_agrees_with_the_shell(pattern: str, name: str) -> None:
    assert matches(pattern, name) == (not pattern or fnmatchcase(name, pattern))


@given(st.text(min_size=1, max_size=12))
def test_any_text_escaped_matches_itself_alone(name: str) -> None:
    escaped = "".join("\\" + char for char in name)
    assert literal(escaped) == name
    assert matches(escaped, name)
    assert not matches(escaped, name + "x")


@given(st.text("ab[]!-\\*?", max_size=12), st.text("ab[]!-", max_size=6))
def test_no_pattern_is_an_error(pattern: str, name: str) -> None:
    assert matches(pattern, name) in (True, False)
