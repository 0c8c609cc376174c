"""printf() formats: parsing, and every conversion and flag on real values. The C library's printf is the oracle for what
both have; output.md section 4 for the rest."""

from __future__ import annotations

import ctypes
import os
import struct
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from d2bpf.formats import CONVERSIONS, Conversion, FormatError, parse
from tests.consumer.tape import (
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    Field,
    Tape,
    data,
    field,
    probe,
    real,
    stack,
    string,
    sym,
    tail,
    ustack,
)


def show(format_: str, *arguments: tuple[Field, Any], **options: Any) -> str:
    return shown(format_, *arguments, **options).decode()


def shown(format_: str, *arguments: tuple[Field, Any], **options: Any) -> bytes:
    return played(Tape(quiet=True, **options), format_, *arguments)


def played(tape: Tape, format_: str, *arguments: tuple[Field, Any]) -> bytes:
    number = tape.record([{"do": "printf", "format": format_}], *(one for one, _ in arguments))
    tape.play(number, *(value for _, value in arguments))
    tape.consumer.flush()
    return tape.stdout.getvalue()


# ---------------------------------------------------------------- parsing


def conversion(text: str) -> Conversion:
    (only,) = parse(text)
    assert isinstance(only, Conversion)
    return only


def test_text_and_conversions_in_order() -> None:
    first, percent, second, rest = parse("%s: 100%% of %d\n")
    assert isinstance(first, Conversion) and isinstance(second, Conversion)
    assert (first.row.name, first.index) == ("s", 1)
    assert percent == ": 100% of "
    assert (second.row.name, second.index) == ("d", 3)
    assert rest == "\n"


def test_no_conversions() -> None:
    assert parse("hello") == ["hello"]
    assert parse("") == []
    assert parse("%%%%") == ["%%"]


@pytest.mark.parametrize("name", sorted(CONVERSIONS))
def test_every_row_parses_by_its_name(name: str) -> None:
    assert conversion("%" + name).row is CONVERSIONS[name]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("%-5d", {"left": True, "width": 5}),
        ("%05d", {"zero": True, "width": 5}),
        ("%-05d", {"left": False, "zero": True}),  # the later one holds
        ("%0-5d", {"left": True, "zero": False}),
        ("%5-d", {"left": True, "width": 5}),  # flags mix with digits
        ("%+d", {"plus": True}),
        ("% d", {"blank": True}),
        ("%#x", {"alternate": True}),
        ("%'d", {"group": True}),
        ("%?p", {"width": 16}),
        ("%10.3d", {"width": 10, "precision": 3}),
        ("%.08d", {"precision": 8, "zero": False}),
        ("%.0s", {"precision": None}),
        ("%.s", {"precision": None}),
        ("%*d", {"star_width": True, "star_precision": False, "arguments": 2}),
        ("%.*d", {"star_width": False, "star_precision": True, "arguments": 2}),
        ("%*.*d", {"star_width": True, "star_precision": True, "arguments": 3}),
        ("%@d", {"aggregation": True, "arguments": 0}),
        ("%10@d", {"aggregation": True, "width": 10}),
        ("%*@d", {"aggregation": True, "arguments": 1}),
    ],
)
def test_flags(text: str, expected: dict[str, Any]) -> None:
    found = conversion(text)
    assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("%y", "format conversion #1 is undefined: %y"),
        ("%d %b", "format conversion #2 is undefined: %b"),
        ("%% %D", "format conversion #2 is undefined: %D"),
        ("%F", "format conversion #1 is undefined: %F"),
        ("%n", "format conversion #1 is undefined: %n"),
        ("%hhd", "format conversion #1 is undefined: %hhd"),
        ("%5jd", "format conversion #1 is undefined: %j"),
        ("%zd", "format conversion #1 is undefined: %z"),
        ("%td", "format conversion #1 is undefined: %t"),
        ("%Z", "format conversion #1 is undefined: %Z"),
        ("%l%", "format conversion #1 is undefined: %l%"),
        ("%", "format conversion #1 name expected before end of format string"),
        ("%d %-5", "format conversion #2 name expected before end of format string"),
        ("%ll", "format conversion #1 name expected before end of format string"),
        ("%1.2.3d", "format conversion #1 has more than one '.' specified"),
        ("%**d", "format conversion #1 has more than one '*' specified for the output width"),
        ("%.**d", "format conversion #1 has more than one '*' specified for the output precision"),
        ("%1$d", "format conversion #1 uses unsupported positional format (%n$)"),
        ("%5%", "format conversion #1 cannot be combined with other format flags: %%"),
        ("%d %-%", "format conversion #2 cannot be combined with other format flags: %%"),
        ("%9999999d", "format conversion #1 is wider than 1048576 columns"),
        ("%\xb2d", "format conversion #1 is undefined: %\xb2"),  # a digit to Python, not to C
    ],
)
def test_bad_formats(text: str, message: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse(text)
    assert caught.value.message == message == str(caught.value)


@settings(deadline=None)
@given(st.text(alphabet="%dsxlhLw0123456789.*-+#'?@$ cCkSTYeg", max_size=12))
def test_any_text_parses_or_says_why_not(text: str) -> None:
    try:
        segments = parse(text)
    except FormatError as error:
        assert error.message.startswith("format conversion #")
    else:
        assert all(isinstance(segment, (str, Conversion)) for segment in segments)


PROTOTYPES = {
    "a p": "pointer or integer",
    "A": "pointer or integer (with -p/-c) or _usymaddr (without -p/-c)",
    "c C": "char, short, or int",
    "d i o u x X": "char, short, int, long, or long long",
    "e f g E G": "float, double, or long double",
    "s S": "char [] or string (or use stringof)",
    "ls ws": "wchar_t []",
    "k": "stack",
    "T Y": "int64_t",
    "hd hx": "short",
    "hu": "unsigned short",
    "ld lx": "long",
    "lu": "unsigned long",
    "lld llx": "long long",
    "llu": "unsigned long long",
    "Lf": "long double",
}


@pytest.mark.parametrize(("names", "prototype"), PROTOTYPES.items())
def test_prototypes(names: str, prototype: str) -> None:
    assert {CONVERSIONS[name].prototype for name in names.split()} == {prototype}


# ---------------------------------------------------------------- integers against the C library


LIBC = ctypes.CDLL(None)
INTEGERS = {(1, True): I8, (2, True): I16, (4, True): I32, (8, True): I64} | {
    (1, False): U8,
    (2, False): U16,
    (4, False): U32,
    (8, False): U64,
}


def c_printf(format_: str, *arguments: Any) -> bytes:
    buffer = ctypes.create_string_buffer(4096)
    LIBC.snprintf(buffer, ctypes.c_size_t(len(buffer)), format_.encode(), *arguments)
    return buffer.value


def c_layout(left: bool, zero: bool, width: int | None, precision: int | None, others: str) -> str:
    """The same flags for C; a precision of 0 counts as none in D."""
    return ("-" if left else "0" if zero else "") + others + str(width or "") + (f".{precision}" if precision else "")


flags = st.lists(st.sampled_from("-0+ #'"), max_size=4).map("".join)
widths = st.one_of(st.none(), st.integers(1, 40))
precisions = st.one_of(st.none(), st.integers(0, 30))


@settings(deadline=None)
@given(
    st.sampled_from(sorted(INTEGERS)),
    st.sampled_from("dioxXup"),
    st.sampled_from(["", "h", "l", "ll"]),
    flags,
    widths,
    precisions,
    st.integers(-(1 << 63), (1 << 64) - 1) | st.integers(-3, 3),
)
def test_integers_print_as_in_c(
    kind: tuple[int, bool], letter: str, prefix: str, flags: str, width: int | None, precision: int | None, value: int
) -> None:
    size, signed = kind
    value &= (1 << 8 * size) - 1
    if signed and value >> 8 * size - 1:
        value -= 1 << 8 * size
    given_ = "%" + flags + str(width or "") + ("" if precision is None else f".{precision}")
    given_ += letter if letter == "p" else prefix + letter
    left = flags.rfind("-") > flags.rfind("0")
    zero = flags.rfind("0") > flags.rfind("-")
    others = "".join(flag for flag in "+ #" if flag in flags)
    layout = c_layout(left, zero, width, precision, others)
    if letter in "di":
        expected = c_printf(f"%{layout}ll" + ("d" if signed else "u"), ctypes.c_longlong(value))
    else:
        unsigned = value & (1 << 8 * size) - 1
        expected = c_printf(f"%{layout}ll" + {"p": "x"}.get(letter, letter), ctypes.c_ulonglong(unsigned))
    assert shown(given_, (INTEGERS[kind], value)) == expected


@settings(deadline=None)
@given(
    st.integers(-60, 60),
    st.integers(-60, 60),
    st.sampled_from(["%*d", "%-*d", "%0*d", "%.*d", "%*.*d", "%0*.*d", "%-*.*d", "%+*.*d"]),
    st.integers(-(1 << 31), (1 << 31) - 1),
)
def test_widths_and_precisions_from_arguments(width: int, precision: int, format_: str, value: int) -> None:
    stars = [width] * format_.startswith(("%*", "%-*", "%0*", "%+*")) + [precision] * (".*" in format_)
    c_format = format_ if precision > 0 else format_.replace(".*", "")
    c_stars = stars if precision > 0 or ".*" not in format_ else stars[:-1]
    expected = c_printf(c_format, *c_stars, value)
    assert shown(format_, *((I32, star) for star in stars), (I32, value)) == expected


@pytest.mark.parametrize(
    ("format_", "one", "value", "expected"),
    [
        ("%x", I8, -1, "ff"),
        ("%d", I8, -1, "-1"),
        ("%u", I32, -1, "4294967295"),
        ("%d", U32, 4294967295, "4294967295"),
        ("%i", U64, (1 << 64) - 1, "18446744073709551615"),
        ("%x", I64, -1, "ffffffffffffffff"),
        ("%p", U64, 0xFFFF888812345678, "ffff888812345678"),
        ("%#p", U64, 0xFFFF888812345678, "0xffff888812345678"),
        ("%?p", U64, 0xABC, "             abc"),
        ("%?x|", I32, 0xABC, "             abc|"),
        ("%#x", I32, 0, "0"),
        ("%#o", I32, 8, "010"),
        ("%ld", I32, -5, "-5"),
        ("%hd", I64, 1 << 40, "1099511627776"),
    ],
)
def test_integers(format_: str, one: Field, value: int, expected: str) -> None:
    assert show(format_, (one, value)) == expected


def test_addresses_print_as_numbers_too() -> None:
    assert show("%p %p", (sym("sym"), 0xFFFFFFFF81000000), (sym("usym"), [12, 0x401000])) == "ffffffff81000000 401000"


def test_grouping_by_the_locale() -> None:
    """No locale with a separator need be installed: the separators are put in by hand."""
    from d2bpf.runtime import printf

    printf._locale[:] = [(b",", [3])]
    try:
        assert show("%'d|%'12d|%-'8d|%'x", (I64, -1234567), (I32, 123456), (I32, 999), (I32, 65536)) == (
            "-1,234,567|     123,456|999     |10000"
        )
        assert show("%'.1f|%'+10.2f", (real(8), 1234567.25), (real(8), 1000.0)) == "1,234,567.2| +1,000.00"
        printf._locale[:] = [(b".", [3, 2])]
        assert show("%'d", (I64, 123456789)) == "12.34.56.789"
    finally:
        printf._locale.clear()


# ---------------------------------------------------------------- text


printable = st.binary(max_size=20).filter(lambda text: b"\0" not in text)


@settings(deadline=None)
@given(printable, st.booleans(), widths, precisions, st.sampled_from(["str", "tail", "bytes"]))
def test_strings_print_as_in_c(text: bytes, left: bool, width: int | None, precision: int | None, kind: str) -> None:
    given_ = "%" + ("-" if left else "") + str(width or "") + ("" if precision is None else f".{precision}") + "s"
    expected = c_printf("%" + c_layout(left, False, width, precision, "") + "s", ctypes.c_char_p(text))
    assert shown(given_, (field(kind, 24), text)) == expected


def test_strings() -> None:
    assert show("[%s]", (string(8), b"ab\0cd")) == "[ab]"
    assert show("[%.0s]", (string(8), "abc")) == "[abc]"
    assert show("[%05s]", (string(8), "abc")) == "[  abc]"
    assert show("[%*s|%-*s]", (I32, 5), (string(8), "abc"), (I32, 5), (tail(), "de")) == "[  abc|de   ]"
    assert show("[%.*s|%.*s]", (I32, 2), (string(8), "abc"), (I32, 0), (string(8), "abc")) == "[ab|abc]"
    assert show("[%*s]", (I32, -6), (string(8), "abc")) == "[abc   ]"
    assert show("100%% [%s]%%", (string(8), "%d")) == "100% [%d]%"
    assert shown("%s", (string(8), b"\xff\xfe\x80")) == b"\xff\xfe\x80"
    assert shown("caf\xc3\xa9 %s", (string(8), "ü")) == "café ü".encode()


def test_several_tails_keep_apart() -> None:
    arguments = [(tail(), "one"), (I32, 1), (tail(), ""), (tail(), "three")]
    assert show("%s %d [%s] %s", *arguments) == "one 1 [] three"


def test_tails_and_numbers_in_any_order() -> None:
    tape = Tape(quiet=True)
    number = tape.record([{"do": "printf", "format": "%s %d %s %d %d", "fields": [3, 0, 1, 2, 0]}], I32, tail(), U8, tail())
    tape.play(number, 70000, "first", 255, "second")
    assert tape.out() == "second 70000 first 255 70000"


def test_one_field_printed_in_several_ways() -> None:
    tape = Tape(quiet=True)
    number = tape.record([{"do": "printf", "format": "%d %u %x %c", "fields": [0, 0, 0, 0]}], I16)
    tape.play(number, -159)
    assert tape.out() == "-159 65377 ff61 a"


def test_escaped_strings() -> None:
    assert show("%S", (string(16), 'a b"\\\t\n')) == 'a b\\"\\\\\\t\\n\\0'
    assert show("%S", (tail(), "a\a\b\f\v\r\x01~\x7f")) == "a\\a\\b\\f\\v\\r\\001~\\177\\0"
    assert show("%S", (string(8), b"\xc3\xa9")) == "\\303\\251\\0"
    assert show("%S", (data(4), "abcd")) == "abcd"  # no NUL, none shown
    assert show("%S", (data(4), b"ab\0d")) == "ab\\0"
    assert show("[%8S]", (string(8), "ab")) == "[    ab\\0]"
    assert show("[%.2S]", (string(8), "abc")) == "[ab]"
    assert show("%S", (probe("func"), None)) == "\\0"


def test_characters() -> None:
    assert show("[%c%c%c]", (I32, 65), (I8, 66), (I16, 67)) == "[ABC]"
    assert show("[%3c|%-3c]", (I32, 65), (I32, 66)) == "[  A|B  ]"
    assert shown("%c", (I32, 0x1FF)) == b"\xff"
    assert shown("%c", (I32, 0)) == b"\0"
    assert shown("%c", (I8, -1)) == b"\xff"
    assert show("%C%C%C%C", (I32, 65), (I32, 10), (I32, 0), (I32, 200)) == "A\\n\\0\\310"
    assert show("[%4C]", (I32, 9)) == "[  \\t]"


def test_wide_characters() -> None:
    assert show("%lc%wc", (I32, 0x20AC), (I32, 65)) == "€A"
    assert show("%lc", (I32, 0x7FFFFFFF)) == "\ufffd"
    text = struct.pack("=5I", 0x41, 0xE9, 0x20AC, 0, 0x42)
    assert show("%ls|%ws", (data(20), text), (data(20), text)) == "Aé€|Aé€"
    assert show("[%.3ls]", (data(20), text)) == "[Aé]"  # bytes, and no half characters
    assert show("[%.5ls]", (data(20), text)) == "[Aé]"
    assert show("[%.6ls]", (data(20), text)) == "[Aé€]"


def test_parts_of_the_probe() -> None:
    tape = Tape(quiet=True)
    tape.site = tape.probe(9, "syscall", "vmlinux", "read", "entry")
    parts = [(probe(part), None) for part in ("prov", "mod", "func", "name")]
    assert played(tape, "%s:%s:%s:%10s", *parts) == b"syscall:vmlinux:read:     entry"


# ---------------------------------------------------------------- floats


@settings(deadline=None)
@given(
    st.floats(allow_nan=False, width=64),
    st.sampled_from("eEfgG"),
    st.lists(st.sampled_from("-0+ #"), max_size=3).map("".join),
    widths,
    precisions,
)
def test_floats_print_as_in_c(value: float, letter: str, flags: str, width: int | None, precision: int | None) -> None:
    if value in (float("inf"), float("-inf")):
        flags = flags.replace("0", "")  # C pads infinities with blanks
    left = flags.rfind("-") > flags.rfind("0")
    zero = flags.rfind("0") > flags.rfind("-")
    layout = c_layout(left, zero, width, precision, "".join(flag for flag in "+ #" if flag in flags))
    given_ = "%" + flags + str(width or "") + ("" if precision is None else f".{precision}") + letter
    assert shown(given_, (real(8), value)) == c_printf(f"%{layout}{letter}", ctypes.c_double(value))


def test_floats() -> None:
    assert show("%f", (real(4), 0.5)) == "0.500000"
    assert show("%.0f", (real(8), 2.25)) == "2.250000"  # a precision of 0 is none
    assert show("%*.*f", (I32, 8), (I32, 2), (real(8), 2.25)) == "    2.25"


def long_double(mantissa: int, exponent: int, negative: bool = False) -> bytes:
    """As the x87 stores it: 64 bits with the leading one, 15 bits of biased exponent, the sign."""
    return struct.pack("<QH6x", mantissa, exponent | negative << 15)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (long_double(0, 0), "0.000000"),
        (long_double(3 << 62, 16383 + 1), "3.000000"),
        (long_double(1 << 63, 16383 - 1, negative=True), "-0.500000"),
        (long_double(1 << 63, 0x7FFF), "inf"),
        (long_double(1 << 63, 0x7FFF, negative=True), "-inf"),
        (long_double(3 << 62, 0x7FFF), "nan"),
        (long_double(1 << 63, 0x7FFE), "inf"),  # beyond what a double holds
    ],
)
def test_long_doubles(raw: bytes, expected: str) -> None:
    assert show("%Lf", (real(16), raw)) == expected


# ---------------------------------------------------------------- times, names of the network


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


NANOSECONDS = 1733246400 * 10**9 + 999_999_999


@pytest.mark.usefixtures("utc")
def test_times() -> None:
    assert show("%T", (I64, NANOSECONDS)) == "Tue, 03 Dec 2024 17:20:00 UTC"
    assert show("%Y", (I64, NANOSECONDS)) == "2024 Dec  3 17:20:00"
    assert show("[%25Y|%-22Y|%.4Y]", *[(U64, NANOSECONDS)] * 3) == ("[     2024 Dec  3 17:20:00|2024 Dec  3 17:20:00  |2024]")
    assert show("%Y", (I64, -1)) == "1969 Dec 31 23:59:59"


@pytest.mark.usefixtures("utc")
def test_a_new_second_is_a_new_text() -> None:
    tape = Tape(quiet=True)
    number = tape.record([{"do": "printf", "format": "%Y\n"}], I64)
    for nanoseconds in (NANOSECONDS, NANOSECONDS + 1, NANOSECONDS, NANOSECONDS + 10**9):
        tape.play(number, nanoseconds)
    assert [line[-2:] for line in tape.out().splitlines()] == ["00", "01", "00", "01"]


def test_times_are_local(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "XYZ-2")
    time.tzset()
    try:
        assert show("%T", (I64, NANOSECONDS)) == "Tue, 03 Dec 2024 19:20:00 XYZ"
    finally:
        os.environ.pop("TZ")
        time.tzset()


def test_network_names(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def host(address: str) -> tuple[str, list[str], list[str]]:
        if address != "127.0.0.1":
            raise OSError
        return "localhost", [], []

    def service(port: int) -> str:
        if port != 80:
            raise OSError
        return "http"

    monkeypatch.setattr(socket, "gethostbyaddr", host)
    monkeypatch.setattr(socket, "getservbyport", service)
    assert show("%I %I", (string(16), "127.0.0.1"), (string(16), "10.0.0.1")) == "localhost 10.0.0.1"
    assert show("%P %P [%6P]", (U16, 80), (U16, 81), (U16, 80)) == "http 81 [  http]"


# ---------------------------------------------------------------- addresses


def named() -> Tape:
    tape = Tape(quiet=True)
    tape.symbols.names = {
        (None, 0xFFFF0010): ("vmlinux", "vfs_read", 0),
        (None, 0xFFFF0015): ("vmlinux", "vfs_read", 5),
        (None, 0xFFFFC000): ("ext4", "", 0),
        (77, 0x4010): ("/usr/bin/bash", "main", 0x10),
    }
    return tape


def test_kernel_addresses() -> None:
    arguments = [(U64, 0xFFFF0010), (I64, 0xFFFF0015), (sym("sym"), 0xFFFF0015), (U64, 0xFFFFC000), (U64, 0x1234)]
    assert played(named(), "%a %a %a %a %a", *arguments) == (
        b"vmlinux`vfs_read vmlinux`vfs_read+0x5 vmlinux`vfs_read+0x5 ext4`0xffffc000 0x1234"
    )
    assert played(named(), "[%20a|%-20a]", *[(U64, 0xFFFF0010)] * 2) == (b"[    vmlinux`vfs_read|vmlinux`vfs_read    ]")


def test_user_addresses() -> None:
    tape = named()
    tape.target = 77
    arguments = [(sym("uaddr"), [77, 0x4010]), (U64, 0x4010), (sym("usym"), [78, 0x4010])]
    assert played(tape, "%A %A %A", *arguments) == b"bash`main+0x10 bash`main+0x10 0x4010"
    assert played(named(), "%A", (U64, 0x4010)) == b"0x4010"  # no target


def test_stacks() -> None:
    frames = [0xFFFF0015, 0x1234]
    assert played(named(), "[%k]", (stack(4), frames)) == b"[\nvmlinux`vfs_read+0x5\n0x1234\n]"
    assert played(named(), "%22k", (stack(4), frames)) == b"\n  vmlinux`vfs_read+0x5\n                0x1234\n"
    assert played(named(), "%-3k", (stack(4), frames)) == b"\n   vmlinux`vfs_read+0x5\n   0x1234\n"
    assert played(named(), "%k", (ustack(4), [77, [0x4010, 0x5]])) == b"\nbash`main+0x10\n0x5\n"
    assert played(named(), "%k", (ustack(4), [77, []])) == b"\n"
