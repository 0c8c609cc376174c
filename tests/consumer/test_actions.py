"""Actions that do something besides printing: exit, system, freopen, ftruncate, setopt, speculation."""

from __future__ import annotations

import io
import signal
from pathlib import Path
from typing import BinaryIO

import pytest

from d2bpf.runtime.errors import Failure
from tests.consumer.tape import HEADER, I32, I64, Tape, string, tail

LINE = "  0      1                           :BEGIN "


def test_exit() -> None:
    tape = Tape(quiet=True)
    number = tape.record([{"do": "exit"}], I32)
    assert (tape.consumer.stopped, tape.consumer.exit_status) == (False, None)
    tape.play(number, 3)
    tape.play(number, 4)
    assert (tape.consumer.stopped, tape.consumer.exit_status) == (True, 3)  # of the first one that was consumed
    tape.consumer.exit_status = None
    tape.play(number, -1)
    assert tape.consumer.exit_status == -1


def test_exit_shows_its_line() -> None:
    tape = Tape()
    tape.play(tape.record([{"do": "exit"}], I32), 0)
    assert tape.out() == HEADER + LINE + "\n"


# ---------------------------------------------------------------- system


def test_system_runs_after_what_was_printed(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with path.open("ab") as file:
        tape = Tape(quiet=True)
        tape.stdout = file  # type: ignore[assignment]
        number = tape.record(
            [
                {"do": "printf", "format": "before\n", "fields": []},
                {"do": "system", "format": f"echo %s $((1 + %d)) >> {path}", "fields": [1, 0]},
                {"do": "printf", "format": "after\n", "fields": []},
            ],
            I32,
            tail(),
        )
        tape.play(number, 41, "middle")
        tape.consumer.flush()
    assert path.read_text() == "before\nmiddle 42\nafter\n"


def test_system_command(tmp_path: Path) -> None:
    tape = Tape()
    path = tmp_path / "out"
    tape.play(tape.record([{"do": "system", "format": f"echo %s $((1 + %d)) > {path}"}], string(8), I32), "it", 41)
    assert path.read_text() == "it 42\n"
    assert tape.out() == HEADER + LINE + "\n"


def test_commands_of_system_die_of_broken_pipes(tmp_path: Path) -> None:
    path = tmp_path / "out"
    tape = Tape(quiet=True)
    tape.play(tape.record([{"do": "system", "format": f"(yes; echo $? > {path}) | true"}]))
    assert path.read_text() == "141\n"
    assert signal.getsignal(signal.SIGPIPE) == signal.SIG_IGN


def test_system_is_limited_to_strsize(tmp_path: Path) -> None:
    path = tmp_path / "out"
    command = f"echo 1234567890 > {path}; "
    tape = Tape(quiet=True, strsize=len(command))
    tape.play(tape.record([{"do": "system", "format": command + "echo more >> " + str(path)}]))
    assert path.read_text() == "1234567890\n"


# ---------------------------------------------------------------- freopen, ftruncate


def reopening(tape: Tape) -> tuple[int, int, int]:
    """Records: printf("%d\\n"), freopen("%s"), freopen("")."""
    return (
        tape.record([{"do": "printf", "format": "%d\n"}], I32),
        tape.record([{"do": "freopen", "format": "%s"}], tail(), clause=2),
        tape.record([{"do": "freopen", "format": ""}]),
    )


def test_freopen(tmp_path: Path) -> None:
    tape = Tape(quiet=True)
    show, reopen, restore = reopening(tape)
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text("0\n")
    tape.play(restore)  # nothing to go back to
    tape.play(show, 1)
    tape.play(reopen, str(first))
    tape.play(show, 2)
    tape.play(reopen, str(second))
    tape.play(show, 3)
    tape.play(reopen, str(first))
    tape.play(show, 4)
    tape.play(restore)
    tape.play(show, 5)
    assert (tape.out(), tape.err()) == ("1\n5\n", "")
    assert first.read_text() == "0\n2\n4\n"
    assert second.read_text() == "3\n"


@pytest.mark.parametrize(
    ("path", "reason"), [("..", "Is a directory"), ("/", "Is a directory"), ("/nonexistent/x", "No such file or directory")]
)
def test_freopen_fails(path: str, reason: str) -> None:
    """The message, an empty line, and output stays where it was."""
    tape = Tape(quiet=True)
    show, reopen, _ = reopening(tape)
    site = tape.probe(77, "syscall", "vmlinux", "read", "entry")
    tape.play(reopen, path, site=site)
    tape.play(show, 1)
    assert tape.out() == "1\n"
    assert tape.err() == (
        f'dtrace: error in dt_clause_2 for probe ID 77 (syscall:vmlinux:read:entry): couldn\'t freopen() "{path}": {reason}\n\n'
    )


def test_aggregations_go_where_freopen_says(tmp_path: Path) -> None:
    tape = Tape(quiet=True)
    tape.aggregation("a", "count", I32)
    tape.update("a", [7], 3)
    _, reopen, _ = reopening(tape)
    tape.play(reopen, str(tmp_path / "out"))
    tape.consumer.finish()
    assert tape.out() == ""
    assert (tmp_path / "out").read_text() == "\n        7                3\n"


def test_ftruncate(tmp_path: Path) -> None:
    tape = Tape(quiet=True)
    show, reopen, restore = reopening(tape)
    truncate = tape.record([{"do": "ftruncate"}])
    path = tmp_path / "out"
    path.write_text("old\n")
    tape.play(show, 1)
    tape.play(reopen, str(path))
    tape.play(show, 2)
    tape.play(truncate)
    tape.play(show, 3)
    tape.play(restore)
    assert (path.read_text(), tape.out()) == ("3\n", "1\n")
    tape.play(truncate)
    tape.play(show, 4)
    assert tape.out() == "4\n"


def test_ftruncate_does_nothing_to_a_pipe() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    tape = Tape(quiet=True)
    tape.stdout = Pipe()
    show, _, _ = reopening(tape)
    truncate = tape.record([{"do": "ftruncate"}])
    tape.play(show, 1)
    tape.play(truncate)
    tape.play(show, 2)
    assert tape.out() == "1\n2\n"


# ---------------------------------------------------------------- setopt


def test_setopt_from_the_records_data() -> None:
    tape = Tape()
    show = tape.record([{"do": "trace"}], I32)
    both, name = tape.record([{"do": "setopt"}], tail(), tail()), tape.record([{"do": "setopt"}], tail())
    tape.play(name, "quiet")
    tape.play(show, 1)
    tape.play(both, "quiet", "no")
    tape.play(show, 2)
    assert tape.out().splitlines()[-1] == LINE + "          2"


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("bogus", "1", "Invalid option name"),
        ("stackindent", "x", "Invalid value for specified option"),
        ("bufsize", "1m", "Operation illegal when tracing is active"),
    ],
)
def test_setopt_fails(name: str, value: str, problem: str) -> None:
    tape = Tape(quiet=True)
    tape.play(tape.record([{"do": "setopt", "name": name, "value": value}], clause=1))
    assert tape.err() == (
        f'dtrace: error in dt_clause_1 for probe ID 1 (dtrace:::BEGIN): couldn\'t set option "{name}" to "{value}": {problem}\n\n'
    )


# ---------------------------------------------------------------- speculation


def speculating(**options: bool) -> tuple[Tape, int, int, int]:
    """Records: trace(value), commit(id), discard(id)."""
    tape = Tape(**options)
    return (
        tape,
        tape.record([{"do": "trace"}], I32),
        tape.record([{"do": "commit"}], I32),
        tape.record([{"do": "discard"}], I64),
    )


def test_committed_records_have_lines_of_their_own() -> None:
    tape, show, commit, _ = speculating()
    entry = tape.probe(9, "fbt", "vmlinux", "f", "entry")
    tape.play(show, 1, site=entry, cpu=2, spec=1)
    tape.play(show, 2)
    tape.play(show, 3, site=entry, cpu=4, spec=1)
    tape.play(commit, 1)
    tape.play(show, 4)
    assert tape.out() == HEADER + (
        f"{LINE}          2\n"
        "  2      9                          f:entry           1\n"
        "  4      9                          f:entry           3\n"
        f"{LINE}          4\n"
    )


def test_discarded_records_are_gone() -> None:
    tape, show, commit, discard = speculating(quiet=True)
    tape.play(show, 1, spec=1)
    tape.play(show, 2, spec=2)
    tape.play(discard, 1)
    tape.play(commit, 1)
    tape.play(commit, 0)
    tape.play(show, 3, spec=1)  # the id is used again
    tape.play(commit, 2)
    tape.play(commit, 1)
    tape.play(commit, 1)
    assert tape.out() == "23"


def test_speculative_effects_happen_when_committed() -> None:
    tape, _, commit, _ = speculating(quiet=True)
    stop = tape.record([{"do": "printf", "format": "x", "fields": []}, {"do": "clear", "aggs": ["a"], "fields": []}])
    tape.aggregation("a", "count", I32)
    tape.update("a", [1], 5)
    tape.play(stop, spec=3)
    assert tape.shown("a", format_="%@d") == "5"
    tape.play(commit, 3)
    assert (tape.out(), tape.shown("a", format_="%@d")) == ("x", "0")


def test_committed_records_are_indented_too() -> None:
    tape, _, commit, _ = speculating(flowindent=True, quiet=True)
    plain = tape.record([])
    entry, leave = tape.probe(9, "fbt", "", "f", "entry"), tape.probe(10, "fbt", "", "f", "return")
    tape.play(plain, site=entry, spec=1)
    tape.play(plain, site=leave, spec=1)
    tape.play(commit, 1)
    assert tape.out() == f"CPU {'FUNCTION':<41}\n" + f"  0 {' -> f':<41} " + f"  0 {' <- f':<41} "


# ---------------------------------------------------------------- the output itself


class Broken(io.BytesIO):
    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error

    def write(self, data: object) -> int:
        raise self.error


def broken(error: OSError) -> Tape:
    tape = Tape(quiet=True)
    tape.stdout = Broken(error)
    tape.play(tape.record([{"do": "printf", "format": "x"}]))
    return tape


def test_nobody_reads_any_more() -> None:
    with pytest.raises(BrokenPipeError):
        broken(BrokenPipeError(32, "Broken pipe")).consumer.flush()


def test_a_full_disk_is_a_failure() -> None:
    with pytest.raises(Failure) as caught:
        broken(OSError(28, "No space left on device")).consumer.flush()
    assert str(caught.value) == "processing aborted: failed to write output: No space left on device"


def test_output_is_written_in_few_calls() -> None:
    calls: list[bytes] = []

    class Counting(io.BytesIO):
        def write(self, data: bytes) -> int:  # type: ignore[override]
            calls.append(data)
            return len(data)

    tape = Tape(quiet=True)
    stream: BinaryIO = Counting()
    tape.stdout = stream  # type: ignore[assignment]
    number = tape.record([{"do": "printf", "format": "%d "}], I32)
    for value in range(100):
        tape.play(number, value)
    tape.consumer.flush()
    tape.consumer.flush()
    assert len(calls) == 1
