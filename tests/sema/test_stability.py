"""How stable a program is: as stable as the least stable of what it names."""

from __future__ import annotations

import pytest

from .stub import analyse


@pytest.mark.parametrize(
    ("text", "descriptions", "statements"),
    [
        ("BEGIN { x = pid; }", "Evolving/Evolving/ISA", "Stable/Stable/Common"),
        ("syscall::read:entry { x = 1; }", "Private/Private/Unknown", "Stable/Stable/Common"),
        ("BEGIN { x = curthread; }", "Evolving/Evolving/ISA", "Stable/Private/Common"),
        ("BEGIN /curthread == 0/ { x = 1; }", "Evolving/Evolving/ISA", "Stable/Private/Common"),
        ("syscall::read:entry { x = args[0]; }", "Private/Private/Unknown", "Evolving/Private/ISA"),
        ("int x;", "Stable/Stable/Common", "Stable/Stable/Common"),
    ],
)
def test_least_of_what_is_used(text: str, descriptions: str, statements: str) -> None:
    found = analyse(text)
    assert found.errors == []
    assert found.checked.stability == [(descriptions, statements)]


@pytest.mark.parametrize(
    ("minimum", "messages"),
    [
        ("Stable/Private/Common", ["probe description dtrace:::BEGIN (Evolving/Evolving/ISA)"]),
        ("Evolving/Evolving/ISA", ["scalar curthread (Stable/Private/Common)"]),
        ("Internal/Internal/Unknown", []),
    ],
)
def test_what_is_below_the_minimum_is_an_error(minimum: str, messages: list[str]) -> None:
    found = analyse("dtrace:::BEGIN { x = curthread; }", amin=minimum)
    expected = [("D_ATTR_MIN", f"attributes for {text} are less than predefined minimum") for text in messages]
    assert [(error.code, error.message) for error in found.errors] == expected
