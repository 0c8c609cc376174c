"""Messages on standard error: output.md section 7."""

from __future__ import annotations

import pytest

from d2bpf.runtime.messages import lowered
from d2bpf.wire import DROP_KINDS
from tests.consumer.tape import I32, Tape


def started(**options: bool) -> str:
    tape = Tape(**options)
    tape.plan["programs"] = [
        {"kind": "script", "text": "x.d", "matched": 12},
        {"kind": "script", "text": "y.d", "matched": 1},
        {"kind": "description", "text": "BEGIN ", "matched": 0},
    ]
    tape.consumer.start()
    assert tape.out() == ""
    return tape.err()


def test_matched() -> None:
    assert started() == (
        "dtrace: script 'x.d' matched 12 probes\n"
        "dtrace: script 'y.d' matched 1 probe\n"
        "dtrace: description 'BEGIN ' matched 0 probes\n"
    )


def test_destructive() -> None:
    assert started(destructive=True).splitlines()[3:] == ["dtrace: allowing destructive actions"]


def test_nothing_in_quiet_mode() -> None:
    assert started(quiet=True, destructive=True) == ""


def test_lowered() -> None:
    tape = Tape()
    tape.consumer.lowered("bufsize", 2 << 20)
    tape.consumer.lowered("dynvarsize", 512 << 10)
    assert tape.err() == "dtrace: buffer size lowered to 2m\ndtrace: dynamic variable size lowered to 512k\n"
    for options in ({"quiet": True}, {"quietresize": True}):
        tape = Tape(**options)
        tape.consumer.lowered("bufsize", 4096)
        assert tape.err() == ""


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0"), (1, "1"), (1023, "1023"), (1024, "1k"), (1536, "1536"), (1 << 30, "1g"), (3 << 20, "3m")]
)
def test_sizes(size: int, text: str) -> None:
    assert lowered("aggsize", size) == f"aggregation size lowered to {text}"
    assert lowered("specsize", size) == f"speculation size lowered to {text}"


# ---------------------------------------------------------------- faults


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        (0, 5, "unknown fault"),
        (1, 0, "invalid address (0x0)"),
        (1, 0xFFFFFFFFFFFFFFFF, "invalid address (0xffffffffffffffff)"),
        (2, 0x13, "invalid alignment (0x13)"),
        (3, 5, "illegal operation"),
        (4, 5, "divide-by-zero"),
        (5, 5, "out of scratch space"),
        (6, 5, "invalid kernel access"),
        (7, 5, "invalid user access"),
        (8, 5, "tuple stack overflow"),
        (9, 0x20, "bad stack (0x20)"),
        (10, 5, "invalid size"),
        (11, 12, "index out of bounds (12)"),
        (11, (1 << 64) - 1, "index out of bounds (-1)"),
        (1000, 5, "library-level fault"),
        (77, 5, "unknown fault"),
    ],
)
def test_faults(code: int, value: int, text: str) -> None:
    tape = Tape(quiet=True)
    site = tape.probe(412, "syscall", "vmlinux", "read", "entry")
    tape.play(0, 3, code, value, site=site)
    assert tape.err() == f"dtrace: error in dt_clause_3 for probe ID 412 (syscall:vmlinux:read:entry): {text}\n"
    assert tape.out() == ""


def test_a_fault_comes_after_what_was_printed_before_it() -> None:
    tape = Tape(quiet=True)
    tape.stderr = tape.stdout
    number = tape.record([{"do": "trace"}], I32)
    tape.play(number, 1)
    tape.play(0, 0, 4, 0)
    tape.play(number, 2)
    assert tape.out() == "1dtrace: error in dt_clause_0 for probe ID 1 (dtrace:::BEGIN): divide-by-zero\n2"


# ---------------------------------------------------------------- drops


@pytest.mark.parametrize(
    ("kind", "cpu", "one", "several"),
    [
        ("PRINCIPAL", 3, "1 drop on CPU 3", "5 drops on CPU 3"),
        ("PRINCIPAL", -1, "1 drop", "5 drops"),
        ("AGGREGATION", 3, "1 aggregation drop on CPU 3", "5 aggregation drops on CPU 3"),
        ("DYNAMIC", 3, "1 dynamic variable drop", "5 dynamic variable drops"),
        ("SPEC", 3, "1 speculative drop", "5 speculative drops"),
        (
            "SPECBUSY",
            3,
            "1 failed speculation (available buffer(s) still busy)",
            "5 failed speculations (available buffer(s) still busy)",
        ),
        (
            "SPECUNAVAIL",
            3,
            "1 failed speculation (no speculative buffer available)",
            "5 failed speculations (no speculative buffer available)",
        ),
        ("DBLERROR", 3, "1 error in ERROR probe enabling", "5 errors in ERROR probe enabling"),
        ("NESTED", 3, "1 firing skipped inside other firings on CPU 3", "5 firings skipped inside other firings on CPU 3"),
    ],
)
def test_drops(kind: str, cpu: int, one: str, several: str) -> None:
    tape = Tape(quiet=True)
    tape.consumer.drops(kind, cpu, 1)
    assert tape.err() == f"dtrace: {one}\n"
    tape.consumer.drops(kind, cpu, 5)
    assert tape.err() == f"dtrace: {one}\ndtrace: {several}\n"
    tape.consumer.flush()
    assert tape.err().count("\n") == 2  # told once


def test_every_kind_of_drop_has_its_message() -> None:
    tape = Tape(droptags=True)
    for kind in DROP_KINDS:
        tape.consumer.drops(kind, -1, 2)
    assert [line.split("]")[0] for line in tape.err().splitlines()] == [f"dtrace: [DTRACEDROP_{kind}" for kind in DROP_KINDS]


def test_droptags() -> None:
    tape = Tape(droptags=True)
    tape.consumer.drops("PRINCIPAL", 0, 5)
    assert tape.err() == "dtrace: [DTRACEDROP_PRINCIPAL] 5 drops on CPU 0\n"


def test_drops_that_belong_to_no_cpu_are_told_together() -> None:
    tape = Tape()
    for cpu in range(3):
        tape.consumer.drops("DYNAMIC", cpu, 2)
        tape.consumer.drops("PRINCIPAL", cpu, 2)
    assert tape.err() == (
        "dtrace: 6 dynamic variable drops\ndtrace: 2 drops on CPU 0\ndtrace: 2 drops on CPU 1\ndtrace: 2 drops on CPU 2\n"
    )


# ---------------------------------------------------------------- the end


def test_the_end_of_an_interrupted_session() -> None:
    """A newline below the ^C, END's output, the newline of the end, aggregations; then drops."""
    tape = Tape(quiet=True)
    tape.stderr = tape.stdout
    number = tape.record([{"do": "printf", "format": "%d\n"}], I32)
    tape.aggregation("a", "count", I32)
    tape.update("a", [7], 3)
    tape.play(number, 1)
    tape.consumer.interrupted()
    tape.play(number, 2)
    tape.consumer.finish()
    tape.consumer.drops("PRINCIPAL", 0, 1)
    assert tape.out() == "1\n\n2\n\n        7                3\ndtrace: 1 drop on CPU 0\n"


def test_what_comes_at_last_is_counted_at_the_end() -> None:
    """Aggregations printed at the end are read then, not as an earlier printa() saw them."""
    tape = Tape(quiet=True)
    for name in "ab":
        tape.aggregation(name, "count", I32)
    show = tape.record([{"do": "printa", "aggs": ["a"], "format": "%@d "}])
    tape.update("a", [1], 5)
    tape.update("b", [1], 5)
    tape.play(show)
    tape.update("b", [1], 6)
    tape.consumer.finish()
    assert tape.out() == f"5 \n {1:8} {6:16}\n"


def test_what_was_left_out_is_told_even_when_quiet() -> None:
    tape = Tape(quiet=True)
    tape.plan["unseen"].append("sched:::remain-cpu is left out: why")
    tape.consumer.start()
    assert tape.err() == "dtrace: sched:::remain-cpu is left out: why\n"
