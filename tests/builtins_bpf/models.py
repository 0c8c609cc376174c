"""What D's string subroutines give, said once more in Python, for bytes without NUL of at most strsize characters."""

from __future__ import annotations

import ipaddress
import string

DIGITS = string.digits + string.ascii_lowercase


def substr(s: bytes, index: int, count: int | None) -> bytes:
    size = len(s)
    if count is None:
        count = size + max(0, -index)
    if index < 0:
        index += size
        if index < 0 and index + count > 0:
            count += index
            index = 0
    if index < 0 or index >= size:
        return b""
    if count < 0:
        count += size - index
    return s[index : index + max(0, count)]


def index(s: bytes, t: bytes, start: int = 0) -> int:
    start = max(0, start)
    return min(start, len(s)) if not t else s.find(t, start)


def rindex(s: bytes, t: bytes, start: int | None = None) -> int:
    start = len(s) if start is None else start
    if not t:
        return min(max(start, 0), len(s))
    return -1 if start < 0 else s.rfind(t, 0, start + len(t))


def strtok(s: bytes, delimiters: bytes) -> list[bytes]:
    """All tokens in order."""
    tokens, token = [], b""
    for c in s:
        if c in delimiters:
            if token:
                tokens.append(token)
            token = b""
        else:
            token += bytes([c])
    return [*tokens, token] if token else tokens


def basename(s: bytes) -> bytes:
    if not s:
        return b"."
    return s.rstrip(b"/").rpartition(b"/")[2] or b"/"


def dirname(s: bytes) -> bytes:
    if not s:
        return b"."
    if not s.strip(b"/"):
        return b"/"
    before, slash, _ = s.rstrip(b"/").rpartition(b"/")
    if not slash:
        return b"."
    return before.rstrip(b"/") or b"/"


def cleanpath(s: bytes) -> bytes:
    if not s:
        return b""
    kept: list[bytes] = []
    rooted = s.startswith(b"/")
    for part in s.split(b"/"):
        if part == b".." and kept and kept[-1] != b"..":
            kept.pop()
        elif (part == b".." and not rooted) or part not in (b"", b".", b".."):
            kept.append(part)
    return b"/" * rooted + b"/".join(kept) or b"."


def lltostr(n: int, base: int) -> bytes:
    """`n` as a signed 64-bit number."""
    sign = "-" if base == 10 and n < 0 else ""
    left = -n if sign else n & (1 << 64) - 1
    digits = ""
    while left or not digits:
        left, digit = divmod(left, base)
        digits = DIGITS[digit] + digits
    prefix = "0x" if base == 16 else "0" if base == 8 and n else ""
    return (sign + prefix + digits).encode()


def strtoll(s: bytes, base: int) -> int:
    """A signed 64-bit number, wrapped."""
    s = s.lstrip(b" \t")
    negative = s[:1] == b"-"
    if s[:1] in (b"-", b"+"):
        s = s[1:]
    if base == 16 and s[:2].lower() == b"0x" and s[2:3].lower().isalnum() and s[2:3].lower() in DIGITS[:16].encode():
        s = s[2:]
    value = 0
    for c in s.lower():
        digit = DIGITS.find(chr(c)) if c < 128 else -1
        if not 0 <= digit < base:
            break
        value = value * base + digit
    return wrap(-value if negative else value)


def wrap(n: int) -> int:
    n &= (1 << 64) - 1
    return n - (1 << 64) if n >> 63 else n


def inet6(address: bytes, quad: bool) -> bytes:
    """`quad`: addresses that hold an IPv4 one print as that alone."""
    groups = [int.from_bytes(address[i : i + 2], "big") for i in range(0, 16, 2)]
    last = int.from_bytes(address[12:], "big")
    mapped = groups[:6] == [0, 0, 0, 0, 0, 0xFFFF]
    compatible = groups[:6] == [0] * 6 and last > 1
    if mapped or compatible:
        text = str(ipaddress.IPv4Address(last))
        return (text if quad else f"::ffff:{text}" if mapped else f"::{text}").encode()
    return rfc5952(groups).encode()


def rfc5952(groups: list[int]) -> str:
    runs = [(length, -first) for first in range(8) for length in range(2, 9 - first) if not any(groups[first : first + length])]
    if not runs:
        return ":".join(f"{g:x}" for g in groups)
    length, first = max(runs)
    before, after = groups[:-first], groups[length - first :]
    return ":".join(f"{g:x}" for g in before) + "::" + ":".join(f"{g:x}" for g in after)
