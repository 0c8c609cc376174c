"""Record lines, the header, quiet mode: output.md section 1."""

from __future__ import annotations

from tests.consumer.tape import HEADER, I32, Tape, string, tail


def test_header_once_before_the_first_line() -> None:
    tape = Tape()
    number = tape.record([])
    assert tape.out() == ""
    tape.play(number)
    tape.play(number)
    assert tape.out() == HEADER + "  0      1                           :BEGIN \n" * 2


def test_header_is_as_wide_as_its_lines() -> None:
    assert f"{'CPU':>3} {'ID':>6} {'FUNCTION:NAME':>32}\n" == HEADER


def test_the_example_of_the_reference() -> None:
    tape = Tape()
    begin, entry = tape.record([]), tape.record([{"do": "trace"}], I32)
    read = tape.probe(412, "syscall", "vmlinux", "read", "entry")
    tape.play(begin)
    tape.play(entry, 7, site=read, cpu=3)
    assert tape.out() == (
        "CPU     ID                    FUNCTION:NAME\n"
        "  0      1                           :BEGIN \n"
        "  3    412                       read:entry           7\n"
    )


def test_long_names_push_the_rest() -> None:
    tape = Tape()
    number = tape.record([{"do": "printf", "format": "x"}])
    site = tape.probe(1234567, "fbt", "vmlinux", "a_function_with_quite_a_long_name_", "entry")
    tape.play(number, site=site, cpu=1000)
    assert tape.out() == HEADER + "1000 1234567 a_function_with_quite_a_long_name_:entry x\n"


def test_names_are_bytes() -> None:
    tape = Tape()
    site = tape.probe(2, "pid1", "a.out", "caf\udce9", "entry")
    tape.play(tape.record([]), site=site)
    tape.consumer.flush()
    assert tape.stdout.getvalue().endswith(b"caf\xe9:entry \n")


def test_items_of_a_clause_share_a_line() -> None:
    tape = Tape()
    number = tape.record(
        [
            {"do": "printf", "format": "%d ", "fields": [0]},
            {"do": "trace", "fields": [1]},
            {"do": "printf", "format": "[%s]\n", "fields": [2]},
        ],
        I32,
        string(8),
        tail(),
    )
    tape.play(number, -4, "bash", "/etc")
    assert tape.out() == HEADER + "  0      1                           :BEGIN -4   " + f"{'bash':<33}" + "[/etc]\n\n"


def test_quiet_mode_prints_the_data_alone() -> None:
    tape = Tape(quiet=True)
    plain, empty = tape.record([{"do": "printf", "format": "%d,"}], I32), tape.record([])
    tape.play(plain, 1)
    tape.play(empty)
    tape.play(plain, 2)
    assert tape.out() == "1,2,"


def test_order_is_that_of_the_records() -> None:
    tape = Tape()
    number = tape.record([{"do": "printf", "format": "%d"}], I32)
    for cpu, value in ((1, 10), (0, 11), (1, 12)):
        tape.play(number, value, cpu=cpu)
    assert [line.split() for line in tape.out().splitlines()[1:]] == [
        ["1", "1", ":BEGIN", "10"],
        ["0", "1", ":BEGIN", "11"],
        ["1", "1", ":BEGIN", "12"],
    ]


def test_quiet_turned_on_and_off() -> None:
    """setopt() takes effect for the records after it."""
    tape = Tape()
    shown = tape.record([{"do": "trace"}], I32)
    quiet = tape.record([{"do": "setopt", "name": "quiet", "value": "1"}])
    loud = tape.record([{"do": "setopt", "name": "quiet", "value": "0"}])
    prefix = "  0      1                           :BEGIN "
    tape.play(shown, 1)
    tape.play(quiet)
    tape.play(shown, 2)
    tape.play(loud)
    tape.play(shown, 3)
    assert tape.out() == f"{HEADER}{prefix}          1\n{prefix}2\n{prefix}          3\n"


def test_what_a_program_wrote_comes_out_byte_for_byte() -> None:
    tape = Tape(quiet=True)
    number = tape.record([{"do": "printf", "format": "%s|%s"}], string(16), tail())
    text = bytes(range(1, 17))
    tape.play(number, text, bytes(range(128, 256)))
    tape.consumer.flush()
    assert tape.stdout.getvalue() == text + b"|" + bytes(range(128, 256))


def test_nothing_is_written_before_the_batch_ends() -> None:
    tape = Tape(quiet=True)
    number = tape.record([{"do": "printf", "format": "x"}])
    tape.play(number)
    assert tape.stdout.getvalue() == b""
    tape.consumer.flush()
    assert tape.stdout.getvalue() == b"x"
