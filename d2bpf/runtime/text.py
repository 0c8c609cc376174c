"""Bytes as people read them: strings cut at their NUL, C escapes, hexadecimal dumps.

Everything printed is bytes from end to end, so that what a traced program wrote comes out byte for byte.
"""

from __future__ import annotations

_ESCAPES = {
    0: b"\\0",
    7: b"\\a",
    8: b"\\b",
    9: b"\\t",
    10: b"\\n",
    11: b"\\v",
    12: b"\\f",
    13: b"\\r",
    34: b'\\"',
    92: b"\\\\",
}
_TEXT = frozenset([*range(0x20, 0x7F), *range(7, 14)])  # C's isprint() and isspace(), \a and \b
_COLUMNS = b"  0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f  0123456789abcdef\n"
_SHOWN = bytes(c if 0x20 <= c < 0x7F else 0x2E for c in range(256))


def of_script(text: str) -> bytes:
    """A string constant of the D program; its bytes above 0x7f are held as latin-1."""
    return text.encode("latin-1")


def of_name(text: str) -> bytes:
    """A file's, probe's or symbol's name."""
    return text.encode("utf-8", "surrogateescape")


def cut(data: bytes) -> bytes:
    """The bytes before the first NUL."""
    return data.partition(b"\0")[0]


def escaped(data: bytes) -> bytes:
    """C's escapes for what does not print; ends with the first NUL, which shows as `\\0` (output.md 4.2, %S)."""
    text, nul, _ = data.partition(b"\0")
    return b"".join(_escape(c) for c in text + nul)


def _escape(c: int) -> bytes:
    return _ESCAPES.get(c) or (bytes((c,)) if 0x20 <= c < 0x7F else b"\\%03o" % c)


def as_text(data: bytes) -> bytes | None:
    """The text, if that is all the data holds: printable up to a NUL or the end, and nothing but NULs after it."""
    text = data.rstrip(b"\0")
    return text if _TEXT.issuperset(text) else None


def dump(data: bytes) -> bytes:
    """A hexadecimal dump, 16 bytes a row (output.md 3.2); nothing at all for no data."""
    if not data:
        return b""
    rows = [b"\n           ", _COLUMNS]
    for at in range(0, len(data), 16):
        row = data[at : at + 16]
        numbers = b"".join(b" %02x" % c for c in row)
        rows.append(b"     %5x:%-48s  %s\n" % (at, numbers, row.translate(_SHOWN)))
    return b"".join(rows)
