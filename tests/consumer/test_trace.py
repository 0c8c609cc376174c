"""trace(), tracemem() and other unformatted items: output.md section 3."""

from __future__ import annotations

from typing import Any

import pytest

from tests.consumer.tape import I8, I16, I32, I64, U8, U16, U32, U64, Action, Field, Tape, data, field, probe, string, sym, tail


def item(action: Action, *arguments: tuple[Field, Any], **options: Any) -> str:
    """What an action prints: the line without its prefix and newline, or all of it in quiet mode."""
    tape = Tape(**options)
    number = tape.record([action], *(one for one, _ in arguments))
    tape.site = tape.probe(2, "fbt", "vmlinux", "f", "entry")
    tape.play(number, *(value for _, value in arguments))
    text = tape.out()
    return text if options.get("quiet") else text.split("f:entry ", 1)[1][:-1]


@pytest.mark.parametrize(
    ("one", "value", "loud", "quiet"),
    [
        (I64, -5, f" {-5:19}", "-5"),
        (I32, -5, f" {-5:10}", "-5"),
        (I16, -5, f" {-5:5}", "-5"),
        (I8, -5, f" {-5:3}", "-5"),
        (U64, (1 << 64) - 1, " 18446744073709551615", "18446744073709551615"),
        (U32, (1 << 32) - 1, " 4294967295", "4294967295"),
        (U16, 65535, " 65535", "65535"),
        (U8, 255, " 255", "255"),
        (I64, 1, "                   1", "1"),
    ],
)
def test_trace_integers(one: Field, value: int, loud: str, quiet: str) -> None:
    assert item({"do": "trace"}, (one, value)) == loud
    assert item({"do": "trace"}, (one, value), quiet=True) == quiet


def test_trace_pointers_as_unsigned() -> None:
    action = {"do": "trace", "ptr": True}
    assert item(action, (I64, -1)) == " 18446744073709551615"
    assert item(action, (U64, 16)) == f" {16:20}"
    assert item(action, (I64, -1), quiet=True) == "18446744073709551615"


def test_trace_strings() -> None:
    for one in (string(16), tail()):
        assert item({"do": "trace"}, (one, "bash")) == f"  {'bash':<33}"
        assert item({"do": "trace"}, (one, "bash"), quiet=True) == "bash"
    assert item({"do": "trace"}, (tail(), "x" * 40)) == "  " + "x" * 40
    assert item({"do": "trace"}, (probe("name"), None)) == f"  {'entry':<33}"


DUMP_HEADER = "\n             0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f  0123456789abcdef\n"


def test_byte_dump() -> None:
    assert item({"do": "trace"}, (data(4), b"Hi\0\xff")) == (
        DUMP_HEADER + "         0: 48 69 00 ff                                      Hi..\n"
    )


def test_byte_dump_of_several_rows() -> None:
    raw = bytes(range(0x1E, 0x1E + 18))
    assert item({"do": "trace"}, (data(18), raw), quiet=True) == (
        DUMP_HEADER
        + "         0: 1e 1f 20 21 22 23 24 25 26 27 28 29 2a 2b 2c 2d  .. !\"#$%&'()*+,-\n"
        + "        10: 2e 2f                                            ./\n"
    )


def test_byte_dump_shows_bytes_that_do_not_print_as_dots() -> None:
    text = item({"do": "tracemem"}, (data(6), b"\x1f ~\x7f\x80\xff"))
    assert text.splitlines()[2] == f"{'         0: 1f 20 7e 7f 80 ff':<61}. ~..."


def test_small_structs_are_dumped_too() -> None:
    assert item({"do": "trace"}, (data(1), b"A")) == (
        DUMP_HEADER + "         0: 41                                               A\n"
    )


def test_rawbytes_dumps_strings() -> None:
    expected = DUMP_HEADER + "         0: 61 62 00 00 00 00 00 00                          ab......\n"
    assert item({"do": "trace"}, (string(8), "ab"), rawbytes=True) == expected
    assert item({"do": "trace"}, (tail(8), "ab"), rawbytes=True) == expected
    assert item({"do": "trace"}, (I32, 1), rawbytes=True) == "          1"


def test_tracemem() -> None:
    row = "         0: 61 62 63 64                                      abcd\n"
    two = "         0: 61 62                                            ab\n"
    assert item({"do": "tracemem"}, (data(4), "abcd")) == DUMP_HEADER + row
    assert item({"do": "tracemem"}, (data(4), "abcd"), (I32, 2)) == DUMP_HEADER + two
    assert item({"do": "tracemem"}, (data(4), "abcd"), (I32, 4)) == DUMP_HEADER + row
    assert item({"do": "tracemem"}, (data(4), "abcd"), (U64, 99)) == DUMP_HEADER + row
    assert item({"do": "tracemem"}, (data(4), "abcd"), (I32, -1)) == DUMP_HEADER + row
    assert item({"do": "tracemem"}, (data(4), "abcd"), (I32, 0)) == ""


def test_symbols() -> None:
    for options in ({}, {"quiet": True}):
        assert item({"do": "sym"}, (sym("sym"), 0x1234), **options) == f"  {'0x1234':<50}"
        assert item({"do": "trace"}, (sym("umod"), [9, 0x1234]), **options) == f"  {'0x1234':<50}"


@pytest.mark.parametrize("action", ["clear", "trunc", "denormalize", "ftruncate"])
def test_items_without_output(action: str) -> None:
    tape = Tape(quiet=True)
    tape.aggregation("a", "count")
    tape.play(tape.record([{"do": action, "aggs": ["a"]}]))
    assert tape.out() == ""


def test_enumerations_and_odd_fields() -> None:
    assert item({"do": "trace"}, (field("int", 4, True, type_="enum e"), 3)) == "          3"
