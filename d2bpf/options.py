"""Options of -x, `#pragma D option`, DTRACE_OPT_NAME and setopt(), and how their values are written (options-cli.md 6).

Bottom layer and embedded in emitted programs: plain Python 3.9, no imports. Values are plain data: sizes in bytes,
rates as an interval in nanoseconds, flags as bool, counts as int, everything else as str or list of str.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping
    from typing import Any

# Where a setting comes from.
COMMAND, ENVIRONMENT, PRAGMA, SETOPT = "command", "environment", "pragma", "setopt"

BAD_NAME = "Invalid option name"
BAD_VALUE = "Invalid value for specified option"
NOT_FROM_D = "Option cannot be used from within a D program"
NOT_ACTIVE = "Operation illegal when tracing is active"
TOO_NEW = "Requested version is not supported by compiler"

# Names of attributes, from the least stable to the most, and of where something exists, from here only to everywhere.
STABILITIES = ("Internal", "Private", "Obsolete", "External", "Unstable", "Evolving", "Stable", "Standard")
CLASSES = ("Unknown", "CPU", "Platform", "Group", "ISA", "Common")

API_VERSION = (2, 0, 0)  # of D: what -xversion may ask for at most

K, M, SECOND = 1 << 10, 1 << 20, 10**9


class Option:
    """One row: `kind` names the syntax of its value (a key of _READERS, a list of words joined by `|`, or `ignored`). The values
    of `texts` and `words` gather in a list, those of `cpp` in the list of cppargs.

    `when` is "run" (fixed once tracing has begun), "dynamic" (setopt() may change it) or "compile". `pragma`: may be
    set from within a D program. `most`: the largest value allowed."""

    __slots__ = ("default", "kind", "most", "name", "pragma", "when")

    def __init__(
        self, name: str, kind: str, default: object, when: str, *, pragma: bool = True, most: int | None = None
    ) -> None:
        self.name = name
        self.kind = kind
        self.default = default
        self.when = when
        self.pragma = pragma
        self.most = most


def _rows(when: str, table: tuple[tuple[str, str, object], ...], **common: Any) -> list[Option]:
    return [Option(name, kind, default, when, **common) for names, kind, default in table for name in names.split()]


_RUN: tuple[tuple[str, str, object], ...] = (
    ("aggsize bufsize specsize", "size", 4 * M),
    ("dynvarsize", "size", 1 * M),
    ("scratchsize", "size", 256),
    ("jstackstrsize", "size", 512),
    ("bpflogsize", "size", 0),
    ("cleanrate", "rate", SECOND // 101),
    ("statusrate", "rate", SECOND),
    ("bufpolicy", "switch|fill|ring", "switch"),
    ("bufresize", "auto|manual", "auto"),
    ("cpu", "cpu", None),
    ("destructive grabanon noresolve nodemangle temporal bpflog", "flag", False),
    ("stackframes", "count", 20),
    ("ustackframes", "count", 100),
    ("jstackframes", "count", 50),
    ("maxframes", "count", 127),
    ("nspec", "count", 1),
)

_DYNAMIC: tuple[tuple[str, str, object], ...] = (
    ("agghist aggpack aggzoom aggsortkey aggsortrev flowindent quiet quietresize rawbytes", "flag", False),
    ("aggsortkeypos aggsortpos", "count", 0),
    ("stackindent", "count", 14),
    ("aggrate switchrate", "rate", 0),
)

_COMPILE: tuple[tuple[str, str, object], ...] = (
    ("aggpercpu argref cpp debug debugassert defaultargs droptags empty errtags", "flag", False),
    ("kdefs knodefs nolibs pspec udefs unodefs verbose zdefs", "flag", False),
    ("amin", "attributes", None),
    ("version", "version", None),
    ("disasm tree iregs tregs", "count", 0),
    ("pgmax", "count", 8),
    ("encoding", "ascii|utf8", None),
    ("evaltime", "exec|preinit|postinit|main", "postinit"),
    ("late", "all|dynamic|static", "dynamic"),
    ("libdir setenv unsetenv", "texts", ()),
    ("core ctypes dtypes lazyload linkmode linktype linknommap strip xlate", "ignored", None),
    ("syslibdir sysslice useruid dofstashpath objcopypath preallocate", "ignored", None),
)

_NOT_FROM_D: tuple[tuple[str, str, object], ...] = (
    ("cpphdrs", "flag", False),
    ("cpppath", "text", "cpp"),
    ("cppargs", "words", ()),
    ("define undef incdir", "cpp", None),
    ("ctfpath ldpath modpath procfspath stdc", "ignored", None),
)

OPTIONS: dict[str, Option] = {
    row.name: row
    for row in (
        *_rows("run", _RUN),
        Option("pcapsize", "size", 1514, "run", most=65535),
        Option("strsize", "size", 256, "run", most=1 * M),  # beyond, verifying a loop over one takes minutes
        Option("lockmem", "limit", None, "run", pragma=False),
        *_rows("dynamic", _DYNAMIC),
        Option("printsize", "size", 8 * K, "dynamic", most=64 * K),
        *_rows("compile", _COMPILE),
        *_rows("compile", _NOT_FROM_D, pragma=False),
    )
}


def defaults() -> dict[str, Any]:
    """Every option with the value in force when nobody sets it."""
    return {name: list(row.default) if isinstance(row.default, tuple) else row.default for name, row in OPTIONS.items()}


def set_option(options: MutableMapping[str, Any], name: str, value: str | None, origin: str) -> str | None:
    """Set `options[name]` from text (None: the option was named without a value). Returns dtrace's error text, or None.

    `origin` is COMMAND, ENVIRONMENT, PRAGMA or SETOPT. Options that may be given repeatedly gather a list."""
    row = OPTIONS.get(name)
    if row is None:
        return BAD_NAME
    if origin == PRAGMA and not row.pragma:
        return NOT_FROM_D
    if origin == SETOPT and row.when != "dynamic":
        return NOT_ACTIVE
    if row.kind == "ignored":
        return None
    try:
        read: Any = _read_word(row, value) if "|" in row.kind else _READERS[row.kind](value)
    except ValueError:
        return BAD_VALUE
    if row.kind == "version" and tuple(map(int, read.split("."))) > API_VERSION:
        return TOO_NEW
    if row.most is not None and read > row.most:
        return BAD_VALUE
    if row.kind == "cpp":  # kept as cpp takes them, in the order given
        name, read = "cppargs", [_CPP_FLAGS[name] + text for text in read]
    options[name] = [*options.get(name, ()), *read] if isinstance(read, list) else read
    return None


_CPP_FLAGS = {"define": "-D", "undef": "-U", "incdir": "-I"}


# ---- the syntax of values (6.1): text or None -> value; ValueError where it is not one ----

_SUFFIXES = {"k": 10, "m": 20, "g": 30, "t": 40}
_UNITS = {
    "": 1,
    "ns": 1,
    "nsec": 1,
    "us": 10**3,
    "usec": 10**3,
    "ms": 10**6,
    "msec": 10**6,
    "s": SECOND,
    "sec": SECOND,
    "m": 60 * SECOND,
    "min": 60 * SECOND,
    "h": 3600 * SECOND,
    "hour": 3600 * SECOND,
    "d": 86400 * SECOND,
    "day": 86400 * SECOND,
}
_YES = ("", "yes", "enable", "enabled", "true", "on", "set")
_NO = ("no", "disable", "disabled", "false", "off", "unset")


def _number(text: str) -> int:
    """C's integer constants: decimal, 0x and octal; no sign, no blanks, no underscores."""
    text = text.lower()
    base, digits = (16, text[2:]) if text[:2] == "0x" else (8, text) if text[:1] == "0" else (10, text)
    if not digits or set(digits) - set("0123456789abcdef"):
        raise ValueError(text)
    return int(digits, base)


def _read_size(value: str | None) -> int:
    text = value or ""
    shift = _SUFFIXES.get(text[-1:].lower(), 0)
    size = _number(text[:-1] if shift else text) << shift
    if size >> 63:
        raise ValueError(text)
    return size


def _read_rate(value: str | None) -> int:
    text = value or ""
    digits = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    unit = text[len(digits) :].lower()
    number = _number(digits.lstrip("0") or digits[:1])  # decimal, whatever it begins with
    if unit == "hz":
        return SECOND // number if number else 0
    if unit not in _UNITS:
        raise ValueError(text)
    return number * _UNITS[unit]


def _read_flag(value: str | None) -> bool:
    text = (value or "").lower()
    if text in _YES or text in _NO:
        return text in _YES
    return _number(text) != 0


def _read_count(value: str | None) -> int:
    return _number(value or "")


def _read_cpu(value: str | None) -> int | None:
    """A CPU number; `all`, which Oracle's documentation shows as the default, means None."""
    return None if value == "all" else _number(value or "")


def _read_limit(value: str | None) -> int | None:
    """A size; `unlimited` means None."""
    return None if value == "unlimited" else _read_size(value)


def _read_text(value: str | None) -> str:
    if not value:
        raise ValueError(value)
    return value


def _read_attributes(value: str | None) -> str:
    """Stability of names and of data, and class: Evolving/Private/ISA."""
    words = (value or "").split("/")
    if len(words) != 3 or not {words[0], words[1]} <= set(STABILITIES) or words[2] not in CLASSES:
        raise ValueError(value)
    return value or ""


def _read_version(value: str | None) -> str:
    """X.Y or X.Y.Z."""
    text = value or ""
    parts = text.split(".")
    if len(parts) not in (2, 3) or not all(part.isdecimal() and part.isascii() for part in parts):
        raise ValueError(text)
    return text


def _read_word(row: Option, value: str | None) -> str:
    if value not in row.kind.split("|"):
        raise ValueError(value)
    return value or ""


_READERS: dict[str, Callable[[str | None], Any]] = {
    "size": _read_size,
    "rate": _read_rate,
    "flag": _read_flag,
    "count": _read_count,
    "cpu": _read_cpu,
    "limit": _read_limit,
    "text": _read_text,
    "version": _read_version,
    "attributes": _read_attributes,
    "texts": lambda value: [_read_text(value)],
    "words": lambda value: _read_text(value).split(),
    "cpp": lambda value: [_read_text(value)],
}
