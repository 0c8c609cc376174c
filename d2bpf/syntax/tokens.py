"""Tokens, the words of D, and the values of its constants (language.md section 3)."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from ..source import SourceFile, Span

PUNCTUATORS = {
    "...": "ELLIPSIS", "<<=": "SHL_ASSIGN", ">>=": "SHR_ASSIGN",
    "->": "ARROW", "++": "INCREMENT", "--": "DECREMENT", "<<": "SHL", ">>": "SHR", "<=": "LE", ">=": "GE",
    "==": "EQ", "!=": "NE", "&&": "LOGICAL_AND", "^^": "LOGICAL_XOR", "||": "LOGICAL_OR",
    "+=": "ADD_ASSIGN", "-=": "SUB_ASSIGN", "*=": "MUL_ASSIGN", "/=": "DIV_ASSIGN", "%=": "MOD_ASSIGN",
    "&=": "AND_ASSIGN", "|=": "OR_ASSIGN", "^=": "XOR_ASSIGN",
    "=": "ASSIGN", "+": "PLUS", "-": "MINUS", "*": "STAR", "/": "SLASH", "%": "PERCENT", "&": "AND", "|": "OR",
    "^": "XOR", "!": "NOT", "~": "TILDE", "<": "LT", ">": "GT", "?": "QUESTION", ":": "COLON", ",": "COMMA",
    ";": "SEMICOLON", ".": "DOT", "(": "LPAREN", ")": "RPAREN", "[": "LBRACKET", "]": "RBRACKET",
    "{": "LBRACE", "}": "RBRACE",
}  # fmt: skip


def words(text: str) -> frozenset[str]:
    """The set of the words in `text`."""
    return frozenset(text.split())


TYPE_WORDS = words("char double float int long short signed string unsigned void _Bool")
QUALIFIERS = words("const volatile restrict")
STORAGE_WORDS = words("auto extern register static typedef")
RESERVED = words("break case continue counter default do for goto import return switch while")

KEYWORDS = (
    dict.fromkeys(TYPE_WORDS, "TYPE_WORD")
    | dict.fromkeys(QUALIFIERS, "QUALIFIER")
    | dict.fromkeys(STORAGE_WORDS, "STORAGE")
    | dict.fromkeys(RESERVED, "RESERVED")
    | {word: word.upper() for word in words("else enum if inline offsetof probe provider self sizeof stringof")}
    | {word: word.upper() for word in words("struct this translator union xlate")}
)

# Typedefs that every D program knows without any kernel type information (language.md section 6).
BUILTIN_TYPEDEFS = words(
    "int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t intptr_t uintptr_t size_t ssize_t ptrdiff_t "
    "uchar_t ushort_t uint_t ulong_t longlong_t u_longlong_t offset_t time_t id_t pid_t uid_t gid_t dev_t zoneid_t "
    "taskid_t projid_t poolid_t ctid_t _symaddr _usymaddr"
)


class Problem(NamedTuple):
    """A mistake found while reading a token; it becomes a diagnostic when the parser arrives there."""

    code: str
    message: str
    near: bool = False  # the message ends with ` near "tok"`
    help: str = ""


class Token:
    """One token. `type` is its name in the grammar. `data` is its value: an IntConstant, the text of a string or word,
    the (name, module) of a TYPENAME or SCOPED, the ProbeDesc of a DESCRIPTION, the Problem of an ERROR."""

    __slots__ = ("data", "end", "source", "start", "type")
    lexer = None  # PLY sets one on a token that has none

    def __init__(self, type: str, data: Any, source: SourceFile, start: int, end: int) -> None:
        self.type = type
        self.data = data
        self.source = source
        self.start = start
        self.end = end

    @property
    def value(self) -> Token:
        """PLY hands `value` to the grammar's actions; they want the token."""
        return self

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def __repr__(self) -> str:
        return f"<{self.type} {self.text!r}>"


class IntConstant(NamedTuple):
    """An integer or character constant: `value` is negative only for a macro argument."""

    value: int
    suffix: str = ""
    decimal: bool = True
    is_char: bool = False


# ---------------------------------------------------------------- constants

_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
_MAX_INT = (1 << 64) - 1
_MAX_CHARS = 8


@cache
def _escape() -> re.Pattern[str]:
    return re.compile(r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]+)|(.))", re.DOTALL)


def _unescape_all(text: str, quote: str) -> str:
    """`text` as bytes in latin-1, with its escapes replaced; an unknown one keeps both its characters."""
    text = text.encode("utf-8", "surrogateescape").decode("latin-1")
    if "\\" not in text:
        return text

    def replace(match: re.Match[str]) -> str:
        octal, hexadecimal, char = match.groups()
        if char:
            return char if char == quote else _ESCAPES.get(char, match.group())
        return chr(int(octal, 8) & 0xFF) if octal else chr(int(hexadecimal, 16) & 0xFF)

    return _escape().sub(replace, text)


def unescape(text: str) -> str:
    """The value of a string constant without its quotes: each character is a byte, and a NUL byte ends it."""
    return _unescape_all(text, '"').partition("\0")[0]


def integer(text: str) -> IntConstant | Problem:
    """The value of a decimal, octal or hexadecimal constant with its suffix."""
    digits = text.rstrip("uUlL")
    suffix = text[len(digits) :].lower()
    if digits[:2] in ("0x", "0X"):
        value, decimal = int(digits, 16), False
    elif len(digits) > 1 and digits[0] == "0":
        wrong = next((c for c in digits if c in "89"), "")
        if wrong:
            return Problem("D_INT_DIGIT", f"constant {text} contains invalid digit {wrong}")
        value, decimal = int(digits, 8), False
    else:
        # 20 digits hold any 64-bit number; beyond, int() could take quadratic time.
        value, decimal = (int(digits) if len(digits) <= 20 else _MAX_INT + 1), digits != "0"
    if value > _MAX_INT:
        return Problem("D_INT_OFLOW", f"constant {text} results in integer overflow")
    return IntConstant(value, suffix, decimal)


def character(body: str) -> IntConstant | Problem:
    """The value of a character constant, given what stands between the quotes: bytes packed, the first highest."""
    data = _unescape_all(body, "'").encode("latin-1")
    if not data:
        return Problem("D_CHR_NULL", "empty character constant")
    if len(data) > _MAX_CHARS:
        return Problem("D_CHR_OFLOW", "character constant is too long")
    return IntConstant(int.from_bytes(data, "big"), is_char=True)
