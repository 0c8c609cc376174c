"""printf() formats: the table of conversions, and the parser of format texts (output.md section 4).

The compiler checks arguments against the rows of CONVERSIONS, the runtime prints by the same rows. Embedded in emitted
programs: plain Python 3.9, no imports.

Kinds of argument that a row may accept:

    integer   any integer or enum              small     an integer of at most 4 bytes
    time      an integer of 8 bytes            port      an integer of 2 bytes
    pointer   any pointer                      string    string or char array
    wide      array of 4-byte integers         float     float, double or long double
    stack     stack(), ustack(), jstack()      longdouble
    sym       sym(), func(), mod()             usym      usym(), ufunc(), uaddr(), umod()
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Union

    Segment = Union[str, "Conversion"]

POINTER_DIGITS = 16  # what the flag `?` stands for
WIDEST = 1 << 20  # columns; a wider field is a slip, not a wish


class FormatError(ValueError):
    """A format text that is not well formed. `message` is dtrace's wording."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Row:
    """One conversion: `name` as written after the flags (with its size prefix), `how` it prints, the argument kinds it
    `accepts`, and the `prototype` that an error about its argument shows (output.md 4.3)."""

    __slots__ = ("accepts", "how", "name", "prototype")

    def __init__(self, name: str, how: str, accepts: tuple[str, ...], prototype: str) -> None:
        self.name = name
        self.how = how
        self.accepts = accepts
        self.prototype = prototype

    @property
    def letter(self) -> str:
        """The conversion without its size prefix."""
        return self.name[-1]


_INTEGERS = "char, short, int, long, or long long"
_SMALL = "char, short, or int"
_FLOATS = "float, double, or long double"
_STRING = "char [] or string (or use stringof)"
_ADDRESS = "pointer or integer"
_TARGET = "pointer or integer (with -p/-c) or _usymaddr (without -p/-c)"

# names, how it prints, accepted kinds, prototype. Size prefixes of integers are checked no further than "an integer":
# values print by their own size, and scripts of other platforms say %ld for what is long long elsewhere.
_TABLE: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("a", "kernel address", ("pointer", "integer", "sym"), _ADDRESS),
    ("A", "user address", ("usym", "pointer", "integer"), _TARGET),
    ("c", "char", ("small",), _SMALL),
    ("C", "escaped char", ("small",), _SMALL),
    ("d i o u x X", "integer", ("integer",), _INTEGERS),
    ("hd hi hx hX", "integer", ("integer",), "short"),
    ("ho hu", "integer", ("integer",), "unsigned short"),
    ("ld li lx lX", "integer", ("integer",), "long"),
    ("lo lu", "integer", ("integer",), "unsigned long"),
    ("lld lli llx llX", "integer", ("integer",), "long long"),
    ("llo llu", "integer", ("integer",), "unsigned long long"),
    ("e E f g G", "float", ("float",), _FLOATS),
    ("Le LE Lf Lg LG", "float", ("longdouble",), "long double"),
    ("I", "host", ("string",), _STRING),
    ("k", "stack", ("stack",), "stack"),
    ("lc wc", "wide char", ("small",), "wchar_t"),
    ("ls ws", "wide string", ("wide",), "wchar_t []"),
    ("p", "integer", ("pointer", "integer", "sym", "usym"), _ADDRESS),
    ("P", "port", ("port",), "uint16_t"),
    ("s", "string", ("string",), _STRING),
    ("S", "escaped string", ("string",), _STRING),
    ("T", "time", ("time",), "int64_t"),
    ("Y", "date", ("time",), "int64_t"),
)

CONVERSIONS = {
    name: Row(name, how, accepts, prototype) for names, how, accepts, prototype in _TABLE for name in names.split()
}


class Conversion:
    """One `%` sequence of a format. `index` counts them from 1, `%%` included. `width` and `precision` are None where
    not given; a precision of 0 counts as not given. `star_width` and `star_precision`: taken from int arguments before
    the value, in this order. `aggregation`: `%@`."""

    __slots__ = (
        "aggregation",
        "alternate",
        "blank",
        "group",
        "index",
        "left",
        "plus",
        "precision",
        "row",
        "star_precision",
        "star_width",
        "width",
        "zero",
    )

    def __init__(self, index: int, row: Row) -> None:
        self.index = index
        self.row = row
        self.left = self.zero = self.plus = self.blank = self.alternate = self.group = False
        self.width: int | None = None
        self.precision: int | None = None
        self.star_width = self.star_precision = self.aggregation = False

    @property
    def arguments(self) -> int:
        """How many arguments it consumes; an aggregation's value is none."""
        return self.star_width + self.star_precision + (not self.aggregation)

    def fixed(self, width: int | None, precision: int | None) -> Conversion:
        """The same with a width (negative: left-justified) and precision known at last instead of stars."""
        other = Conversion(self.index, self.row)
        for name in ("left", "zero", "plus", "blank", "alternate", "group", "aggregation"):
            setattr(other, name, getattr(self, name))
        if width is not None and width < 0:
            other.left, other.zero, width = True, False, -width
        other.width = None if width is None else min(width, WIDEST)
        other.precision = min(precision, WIDEST) if precision is not None and precision > 0 else None
        return other


def parse(text: str) -> list[Segment]:
    """A format text as literal strings and Conversions in order; `%%` has become part of the literal text.

    Raises FormatError."""
    segments: list[Segment] = []
    literal = ""
    index = at = 0
    while True:
        percent = text.find("%", at)
        if percent < 0:
            break
        literal += text[at:percent]
        index += 1
        scanner = _Scanner(text, percent + 1, index)
        found = scanner.conversion()
        at = scanner.at
        if found is None:
            literal += "%"
            continue
        if literal:
            segments.append(literal)
            literal = ""
        segments.append(found)
    literal += text[at:]
    if literal:
        segments.append(literal)
    return segments


_DIGITS = frozenset("0123456789")
_SWITCHES = {"+": "plus", " ": "blank", "#": "alternate", "'": "group", "@": "aggregation"}


class _Scanner:
    """Reads one conversion; flags, width and precision may come in any order."""

    def __init__(self, text: str, at: int, index: int) -> None:
        self.text = text
        self.at = at
        self.index = index
        self.switches: list[str] = []
        self.left = self.zero = self.dot = False
        self.width: int | None = None
        self.precision: int | None = None
        self.star_width = self.star_precision = False

    def conversion(self) -> Conversion | None:
        """The conversion, None for `%%`; `at` is then behind it."""
        start = self.at
        while True:
            char = self.text[self.at : self.at + 1]
            if char in _SWITCHES:
                self.switches.append(_SWITCHES[char])
                self.at += 1
            elif char in _DIGITS and (self.dot or char != "0"):
                self._number()
            elif char and char in _MARKS:
                _MARKS[char](self)
                self.at += 1
            else:
                return self._named(start)

    def _error(self, problem: str) -> FormatError:
        return FormatError(f"format conversion #{self.index} {problem}")

    def _number(self) -> None:
        end = self.at
        while self.text[end : end + 1] in _DIGITS:
            end += 1
        value = int(self.text[self.at : end])
        if value > WIDEST:
            raise self._error(f"is wider than {WIDEST} columns")
        self.at = end
        if self.dot:
            self.precision = value or None
        else:
            self.width = value

    def _left(self) -> None:
        self.left, self.zero = True, False

    def _zero(self) -> None:
        self.left, self.zero = False, True

    def _pointer_width(self) -> None:
        self.width = POINTER_DIGITS

    def _dot(self) -> None:
        if self.dot:
            raise self._error("has more than one '.' specified")
        self.dot = True

    def _star(self) -> None:
        if self.star_precision if self.dot else self.star_width:
            part = "precision" if self.dot else "width"
            raise self._error(f"has more than one '*' specified for the output {part}")
        if self.dot:
            self.star_precision = True
        else:
            self.star_width = True

    def _positional(self) -> None:
        raise self._error("uses unsupported positional format (%n$)")

    def _named(self, start: int) -> Conversion | None:
        end = self.at
        while self.text[end : end + 1] in ("h", "l", "L", "w"):
            end += 1
        name = self.text[self.at : end + 1]
        if end >= len(self.text):
            raise self._error("name expected before end of format string")
        if name == "%":
            if self.at > start:
                raise self._error("cannot be combined with other format flags: %%")
            self.at += 1
            return None
        row = CONVERSIONS.get(name)
        if row is None:
            raise self._error(f"is undefined: %{name}")
        self.at = end + 1
        found = Conversion(self.index, row)
        for switch in self.switches:
            setattr(found, switch, True)
        found.left, found.zero = self.left, self.zero
        found.width, found.precision = self.width, self.precision
        found.star_width, found.star_precision = self.star_width, self.star_precision
        return found


_MARKS = {
    "-": _Scanner._left,
    "0": _Scanner._zero,
    "?": _Scanner._pointer_width,
    ".": _Scanner._dot,
    "*": _Scanner._star,
    "$": _Scanner._positional,
}
