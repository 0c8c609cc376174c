"""printf() on recorded data: a parsed format (formats.py) and a record's layout become pieces of text (template.py).

Most conversions become one of Python's own for bytes, so that a whole format is a single `%`; only what Python prints
otherwise than C goes through a function. Bytes `%` follows C for flags, width and precision, except that C
    ignores `0` where a precision is given,
    ignores `+` and blank for unsigned conversions,
    prints `#` of zero without 0x, and octal as 017, not 0o17.
"""

from __future__ import annotations

from ..formats import Conversion, parse
from .template import Piece, Slot, literal
from .text import escaped, of_script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from .decode import Layout
    from .symbolize import Symbolizer
    from .template import Convert

    View = Callable[[Layout, int, Conversion], Slot]
    Fragment = tuple[bytes, "Convert | None"]
    Formatter = Callable[[Conversion, bool, Symbolizer], Fragment]
    # The value of a `%@` conversion, and whether it is a finished text (a graph) that no conversion applies to.
    Aggregated = Callable[[Conversion], tuple[Slot, bool]]

_SECOND = 10**9
_LOW_BYTE = (0xFF).__and__


def format_pieces(
    text: str, arguments: Sequence[int], layout: Layout, symbols: Symbolizer, aggregated: Aggregated | None = None
) -> list[Piece]:
    """The pieces of a format. `arguments` are indexes of fields of `layout`, in order; `aggregated` serves `%@`."""
    left = iter(arguments)
    return [
        _piece(segment, left, layout, symbols, aggregated) if isinstance(segment, Conversion) else literal(of_script(segment))
        for segment in parse(text)
    ]


def _piece(
    conversion: Conversion, left: Iterator[int], layout: Layout, symbols: Symbolizer, aggregated: Aggregated | None
) -> Piece:
    view, formatter = _HOW[conversion.row.how]
    stars = [layout.number(next(left)) for _ in range(conversion.star_width + conversion.star_precision)]
    signed = True
    if conversion.aggregation and aggregated is not None:
        value, finished = aggregated(conversion)
        if finished:
            formatter = _finished
    else:
        index = next(left)
        value, signed = view(layout, index, conversion), layout.is_signed(index)
    if not stars:
        template, convert = formatter(conversion, signed, symbols)
        return Piece(template, [value.then(convert)])

    def merge(*values: Any) -> bytes:
        width = values[0] if conversion.star_width else conversion.width
        precision = values[len(stars) - 1] if conversion.star_precision else conversion.precision
        template, convert = formatter(conversion.fixed(width, precision), signed, symbols)
        return template % (convert(values[-1]) if convert else values[-1],)

    return Piece(b"%s", [*stars, value], merge)


# ---- views of fields (decode.py) ----


def _integer_view(layout: Layout, index: int, conversion: Conversion) -> Slot:
    return layout.number(index, signed=None if conversion.row.letter in "diTY" else False)


def _text_view(layout: Layout, index: int, conversion: Conversion) -> Slot:
    return layout.text(index)


def _raw_view(layout: Layout, index: int, conversion: Conversion) -> Slot:
    return layout.raw(index)


def _float_view(layout: Layout, index: int, conversion: Conversion) -> Slot:
    return layout.real(index)


def _address_view(layout: Layout, index: int, conversion: Conversion) -> Slot:
    return layout.address(index)


def _stack_view(layout: Layout, index: int, conversion: Conversion) -> Slot:
    return layout.frames(index)


# ---- formatters: `template % convert(value)` is the conversion's text ----


def _finished(conversion: Conversion, signed: bool, symbols: Symbolizer) -> Fragment:
    return b"%s", None


def _string(conversion: Conversion, signed: bool, symbols: Symbolizer) -> Fragment:
    return b"%" + _width(conversion) + _precision(conversion) + b"s", None


def _escaped_string(conversion: Conversion, signed: bool, symbols: Symbolizer) -> Fragment:
    return _string(conversion, signed, symbols)[0], escaped


def _char(conversion: Conversion, signed: bool, symbols: Symbolizer) -> Fragment:
    return b"%" + _width(conversion) + b"c", _LOW_BYTE


def _escaped_char(conversion: Conversion, signed: bool, symbols: Symbolizer) -> Fragment:
    return _string(conversion, signed, symbols)[0], lambda value: escaped(bytes((value & 0xFF,)))


def _integer(conversion: Conversion, signed: bool, symbols: Symbolizer) -> Fragment:
    letter = conversion.row.letter
    sign = _sign(conversion) if signed and letter in "di" else b""
    letter = {"p": "x", "i": "d", "u": "d"}.get(letter, letter)
    digits = _precision(conversion) + letter.encode()
    if conversion.group and letter == "d" and _separators()[0]:
        return b"%s", _laid_out(conversion, sign, b"%" + digits, _grouped)
    if conversion.alternate and letter != "d":
        return b"%s", _laid_out(conversion, sign, b"%" + digits, _ALTERNATE[letter])
    zero = b"0" if conversion.zero and not conversion.precision else b""
    return b"%" + sign + zero + _width(conversion) + digits, None


def _float(conversion: Conversion, signed: bool, symbols: Symbolizer) -> Fragment:
    alternate = b"#" if conversion.alternate else b""
    digits = _precision(conversion) + conversion.row.letter.encode()
    if conversion.group and conversion.row.letter in "fgG" and _separators()[0]:
        return b"%s", _laid_out(conversion, _sign(conversion), b"%" + alternate + digits, _grouped)
    zero = b"0" if conversion.zero else b""
    return b"%" + alternate + _sign(conversion) + zero + _width(conversion) + digits, None


def _stack(conversion: Conversion, signed: bool, symbols: Symbolizer) -> Fragment:
    width = conversion.width or 0
    if conversion.left:
        return b"%s", lambda stack: symbols.stack(stack, indent=width)
    return b"%s", lambda stack: symbols.stack(stack, indent=0, width=width)


def _kernel_address(conversion: Conversion, signed: bool, symbols: Symbolizer) -> Fragment:
    return _string(conversion, signed, symbols)[0], lambda address: symbols.location(*address)


def _user_address(conversion: Conversion, signed: bool, symbols: Symbolizer) -> Fragment:
    """A bare integer is an address of the target."""

    def location(address: tuple[int | None, int]) -> bytes:
        pid = symbols.target if address[0] is None else address[0]
        return symbols.location(pid or 0, address[1])

    return _string(conversion, signed, symbols)[0], location


def _wide_char(conversion: Conversion, signed: bool, symbols: Symbolizer) -> Fragment:
    return b"%" + _width(conversion) + b"s", _utf8


def _wide_string(conversion: Conversion, signed: bool, symbols: Symbolizer) -> Fragment:
    """Up to the first zero; as in C the precision counts bytes and cuts no character in two."""
    most = conversion.precision

    def text(data: bytes) -> bytes:
        chars: list[bytes] = []
        size = 0
        for char in memoryview(data).cast("I"):
            chars.append(_utf8(char))
            size += len(chars[-1])
            if not char or (most and size > most):
                chars.pop()
                break
        return b"".join(chars)

    return b"%" + _width(conversion) + b"s", text


def _time(conversion: Conversion, signed: bool, symbols: Symbolizer) -> Fragment:
    return _string(conversion, signed, symbols)[0], _clock("%a, %d %b %G %T %Z")


def _date(conversion: Conversion, signed: bool, symbols: Symbolizer) -> Fragment:
    return _string(conversion, signed, symbols)[0], _clock("%Y %b %e %T")


def _host(conversion: Conversion, signed: bool, symbols: Symbolizer) -> Fragment:
    return _string(conversion, signed, symbols)[0], _host_name


def _port(conversion: Conversion, signed: bool, symbols: Symbolizer) -> Fragment:
    return _string(conversion, signed, symbols)[0], _service_name


# What row.how of formats.py means here.
_HOW: dict[str, tuple[View, Formatter]] = {
    "integer": (_integer_view, _integer),
    "float": (_float_view, _float),
    "string": (_text_view, _string),
    "escaped string": (_raw_view, _escaped_string),
    "char": (_integer_view, _char),
    "escaped char": (_integer_view, _escaped_char),
    "wide char": (_integer_view, _wide_char),
    "wide string": (_raw_view, _wide_string),
    "kernel address": (_address_view, _kernel_address),
    "user address": (_address_view, _user_address),
    "stack": (_stack_view, _stack),
    "time": (_integer_view, _time),
    "date": (_integer_view, _date),
    "host": (_text_view, _host),
    "port": (_integer_view, _port),
}

# ---- parts of a template ----


def _width(conversion: Conversion) -> bytes:
    return (b"-" if conversion.left else b"") + (b"%d" % conversion.width if conversion.width else b"")


def _precision(conversion: Conversion) -> bytes:
    return b".%d" % conversion.precision if conversion.precision else b""


def _sign(conversion: Conversion) -> bytes:
    return b"+" if conversion.plus else b" " if conversion.blank else b""


# ---- numbers that Python lays out differently ----


def _laid_out(conversion: Conversion, plus: bytes, bare: bytes, dress: Callable[[bytes, bool], tuple[bytes, bytes]]) -> Convert:
    """A number as sign, prefix, zeros and digits. `dress(digits, is not zero)` gives (prefix, digits)."""
    width = conversion.width or 0
    zeros = conversion.zero and (conversion.row.how == "float" or not conversion.precision)

    def text(value: Any) -> bytes:
        digits = bare % value
        sign = plus
        if digits[:1] == b"-":
            sign, digits = b"-", digits[1:]
        prefix, digits = dress(digits, value != 0)
        sign += prefix
        if zeros:
            digits = digits.rjust(width - len(sign), b"0")
        return (sign + digits).ljust(width) if conversion.left else (sign + digits).rjust(width)

    return text


_ALTERNATE: dict[str, Callable[[bytes, bool], tuple[bytes, bytes]]] = {
    "x": lambda digits, some: (b"0x" if some else b"", digits),
    "X": lambda digits, some: (b"0X" if some else b"", digits),
    "o": lambda digits, some: (b"", digits if digits[:1] == b"0" else b"0" + digits),
}


def _grouped(digits: bytes, some: bool) -> tuple[bytes, bytes]:
    """Digits before the point in the groups of the user's locale."""
    separator, sizes = _separators()
    whole, point, rest = digits.partition(b".")
    groups: list[bytes] = []
    at = 0
    while whole and (size := sizes[min(at, len(sizes) - 1)]) < len(whole):
        whole, group = whole[:-size], whole[-size:]
        groups.insert(0, group)
        at += 1
    return b"", separator.join([whole, *groups]) + point + rest


_locale: list[tuple[bytes, list[int]]] = []


def _separators() -> tuple[bytes, list[int]]:
    """The thousands separator of the user's locale (empty in C and POSIX) and the sizes of groups from the right, the
    last of which repeats."""
    if not _locale:
        import locale

        previous = locale.setlocale(locale.LC_NUMERIC)
        try:
            locale.setlocale(locale.LC_NUMERIC, "")
            rules: Mapping[str, Any] = locale.localeconv()
        except locale.Error:  # the environment names one that is not installed
            rules = {}
        finally:
            locale.setlocale(locale.LC_NUMERIC, previous)
        sizes = [1 << 30 if size == locale.CHAR_MAX else size for size in rules.get("grouping", ()) if size]
        _locale.append((rules.get("thousands_sep", "").encode() if sizes else b"", sizes))
    return _locale[0]


# ---- values that become text ----


def _utf8(char: int) -> bytes:
    """A wide character; what is none prints as U+FFFD."""
    return chr(char if char < 0x110000 else 0xFFFD).encode("utf-8", "replace")


def _clock(format_: str) -> Convert:
    """Nanoseconds since 1970 as local time; the last second's text is kept, for events come in bursts."""
    import time

    last: dict[int, bytes] = {}

    def text(nanoseconds: int) -> bytes:
        seconds = nanoseconds // _SECOND
        found = last.get(seconds)
        if found is None:
            last.clear()
            found = last[seconds] = time.strftime(format_, time.localtime(seconds)).encode()
        return found

    return text


def _host_name(address: bytes) -> bytes:
    import socket

    try:
        return socket.gethostbyaddr(address.decode("latin-1"))[0].encode()
    except (OSError, UnicodeError):
        return address


def _service_name(port: int) -> bytes:
    import socket

    try:
        return socket.getservbyport(port).encode()
    except OSError:
        return b"%d" % port
