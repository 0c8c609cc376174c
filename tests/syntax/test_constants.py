"""Integer, character and string constants (language.md section 3)."""

from __future__ import annotations

import pytest

from d2bpf.source import decode_source
from d2bpf.syntax import ast
from tests.syntax.support import expression


@pytest.mark.parametrize(
    ("text", "value", "suffix", "decimal"),
    [
        ("0", 0, "", False),
        ("7", 7, "", True),
        ("017", 15, "", False),
        ("0x1F", 31, "", False),
        ("0X1fu", 31, "u", False),
        ("1l", 1, "l", True),
        ("1ULL", 1, "ull", True),
        ("0x1fF", 0x1FF, "", False),
        ("18446744073709551615", 2**64 - 1, "", True),
        ("0xffffffffffffffff", 2**64 - 1, "", False),
        ("01777777777777777777777", 2**64 - 1, "", False),
    ],
)
def test_integer(text: str, value: int, suffix: str, decimal: bool) -> None:
    literal = expression(text)
    assert isinstance(literal, ast.IntLit)
    assert (literal.value, literal.suffix, literal.decimal, literal.is_char) == (value, suffix, decimal, False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'a'", 0x61),
        ("'ab'", 0x6162),
        ("'abcdefgh'", 0x6162636465666768),
        (r"'\n'", 10),
        (r"'\0'", 0),
        (r"'\x41'", 0x41),
        (r"'\377'", 0xFF),
        (r"'\''", 0x27),
        (r"'\\'", 0x5C),
        (r"'\q'", 0x5C71),
        ("'\"'", 0x22),
        ("'é'", 0xC3A9),
    ],
)
def test_character(text: str, value: int) -> None:
    literal = expression(text)
    assert isinstance(literal, ast.IntLit)
    assert (literal.value, literal.is_char, literal.decimal) == (value, True, True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('""', ""),
        ('"plain"', "plain"),
        (r'"\a\b\f\n\r\t\v\"\\"', '\a\b\f\n\r\t\v"\\'),
        (r'"\101\x42\x443"', "AB\x43"),
        (r'"\1018"', "A8"),
        (r'"\q\%"', r"\q\%"),
        (r'"a\0b"', "a"),
        ('"é"', "\xc3\xa9"),
        ('"it\'s"', "it's"),
        ('"/* no comment */"', "/* no comment */"),
        ('"$1 $target"', "$1 $target"),
    ],
)
def test_string(text: str, value: str) -> None:
    literal = expression(text)
    assert isinstance(literal, ast.StrLit)
    assert literal.value == value


def test_bytes_that_are_not_utf8_keep_their_value() -> None:
    literal = expression(decode_source(b'"\xff\xc3\xa9"'))
    assert isinstance(literal, ast.StrLit)
    assert literal.value == "\xff\xc3\xa9"
