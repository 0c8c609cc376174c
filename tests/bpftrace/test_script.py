"""What --emit=bpftrace prints, and what it refuses, for a stored kernel: neither root nor bpftrace is needed."""

from __future__ import annotations

from functools import cache

import pytest

from d2bpf.backends.bpftrace.script import script
from d2bpf.compiler import Request, compile_programs
from d2bpf.diagnostics import Sink
from d2bpf.options import defaults
from d2bpf.source import SourceFile
from d2bpf.syntax import MacroEnv
from d2bpf.target.common import common_target
from d2bpf.target.facts import Target


@cache
def target() -> Target:
    return common_target()


def translate(source: str, processes: tuple[str, ...] = ()) -> tuple[str, list[str]]:
    """(text, what was refused)."""
    options = defaults() | {"quiet": True}
    macros = MacroEnv(args=(), ids={}, target=0, script="dtrace")
    request = Request([("n", source, SourceFile(source, source, is_file=False))], options, macros)
    sink = Sink()
    compiled = compile_programs(request, target(), sink)
    assert compiled.checked is not None, sink.items
    assert not sink.errors, sink.errors
    refused = Sink()
    text = script(compiled.checked, target(), "test", processes, refused)
    return text, [error.message for error in refused.errors]


def code(source: str) -> str:
    """The blocks without their comments."""
    text, refused = translate(source)
    assert not refused
    body = text.partition("*/\n\n")[2]
    return "\n".join(line for line in body.splitlines() if line and not line.startswith("//"))


READ_LATENCY = """
syscall::read:entry { self->start = timestamp; }
syscall::read:return /self->start/ { @[execname] = quantize(timestamp - self->start); self->start = 0; }
"""


def test_the_idiom_of_latencies() -> None:
    assert (
        code(READ_LATENCY)
        == """\
tracepoint:syscalls:sys_enter_read
{
	@self_start[tid] = nsecs;
}
tracepoint:syscalls:sys_exit_read
/@self_start[tid]/
{
	@[comm] = hist(nsecs - @self_start[tid]);
	delete(@self_start[tid]);
}
END
{
	clear(@self_start);
}"""
    )


def test_the_same_input_gives_the_same_text() -> None:
    assert translate(READ_LATENCY) == translate(READ_LATENCY)


def test_every_system_call_is_one_probe_and_by_name_a_pattern() -> None:
    assert code("syscall:::entry { @ = count(); }").startswith("tracepoint:raw_syscalls:sys_enter\n{")
    assert code("syscall:::entry { @[probefunc] = count(); }").startswith(
        "tracepoint:syscalls:sys_enter_*\n{\n\t@[probe] = count();"
    )


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ("errno", "args->ret < 0"),
        ("errno == 2", "args->ret == -2"),
        ("errno == 0", "args->ret >= 0"),
        ("!errno", "args->ret >= 0"),
        ("arg0 == -1", "args->ret < 0"),
        ("arg0 != -1", "args->ret >= 0"),
        ("arg0 > 0", "args->ret > 0"),
        ("arg1 >= 4096 && pid == $target", "args->ret >= 4096 && pid == cpid"),
    ],
)
def test_results_of_system_calls(predicate: str, expected: str) -> None:
    assert f"/{expected}/" in code(f"syscall::read:return /{predicate}/ {{ @ = count(); }}")


@pytest.mark.parametrize("predicate", ["arg0 > 0", "arg0 != -1", "errno == 0", "!errno", "arg0 >= 0 && pid == 5"])
def test_results_that_are_not_negative_by_the_predicate(predicate: str) -> None:
    assert "@ = hist(args->ret);" in code(f"syscall::read:return /{predicate}/ {{ @ = quantize(arg0); }}")


@pytest.mark.parametrize("predicate", ["errno != 2", "arg0 < 5", "arg0 >= 0 || pid == 5", "arg1 != 0"])
def test_results_that_may_be_negative(predicate: str) -> None:
    assert translate(f"syscall::read:return /{predicate}/ {{ @ = quantize(arg0); }}")[1]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("@ = sum(arg0)", "@ = sum(args->ret < 0 ? -1 : args->ret)"),
        ("x = timestamp / 1000", "@x = nsecs / 1000"),
        ("x = -5; y = x / 2", "@y = @x < 0 ? -(int64)((uint64)(-@x) / 2) : (int64)((uint64)@x / 2)"),
        ("x = pid; @[x] = count()", "@[(int32)@x] = count()"),
        ('printf("%d %x %s 100%%\\n", pid, timestamp, execname)', 'printf("%d %lx %s 100%\\n", pid, nsecs, comm)'),
        ("x = y = 3", "@y = 3;\n\t@x = @y"),
        ("a[1] = 5; a[1] = 0", "delete(@a[1])"),
        ("this->x = timestamp; this->y = timestamp", "$timestamp = nsecs;\n\t$x = $timestamp;\n\t$y = $timestamp"),
    ],
)
def test_statements(statement: str, expected: str) -> None:
    assert f"\t{expected};" in code(f"syscall::read:return {{ {statement}; }}")


@pytest.mark.parametrize(
    ("clause", "reason"),
    [
        ("BEGIN { trace(strlen(execname)); }", "no counterpart of strlen"),
        ('BEGIN { @ = count(); printa("%@d", @); }', "its own layout only"),
        ("BEGIN { exit(3); }", "no status"),
        ("BEGIN { self->s = speculation(); }", "no counterpart of speculation"),
        ("BEGIN { @ = llquantize(1, 10, 0, 3, 10); }", "no counterpart of llquantize"),
        ("BEGIN { @ = stddev(1); }", "no counterpart of stddev"),
        ("syscall::read:return { @ = quantize(arg0); }", "one bucket for all negative values"),
        ("syscall::read:return { @ = max(arg0); }", "loses negative values"),
        ("BEGIN { @ = min(timestamp); }", "loses values of 2^32"),
        ("BEGIN { @ = lquantize(5, -10, 10, 1); }", "no negative base"),
        ("BEGIN { x = -5; y = x / x; }", "divides without regard to signs"),
        ("BEGIN { x = -5; y = x >> 1; }", "shifts to the right without regard"),
        ("syscall::unlink:return { trace(arg0); }", "when it returns"),
        ("BEGIN { if (x = 5) trace(1); }", "no expression in bpftrace"),
        ("ERROR { trace(1); }", "no ERROR probe"),
        ("proc:::exit { trace(1); }", "raw tracepoint"),
        ("tick-1s { trace(pid); }", "that of the tracer"),
        ("tick-1s { @ = count(); trunc(@, 5); }", "not remove the others"),
        ("tick-1s { @ = count(); normalize(@, 5); }", "normalize in END"),
        ("BEGIN { if (pid) exit(0); trace(1); }", "would not run in bpftrace"),
        ('BEGIN { printf("%*d", 5, 1); }', "no widths from arguments"),
        ('BEGIN { printf("%#x", 1); }', "no flags but"),
    ],
)
def test_what_cannot_be_said_is_refused(clause: str, reason: str) -> None:
    _, refused = translate(clause)
    assert len(refused) == 1
    assert reason in refused[0]


def test_everything_that_cannot_be_said_is_listed() -> None:
    _, refused = translate("BEGIN { trace(strlen(execname)); exit(1); } syscall::re*:return { @ = stddev(arg0); }")
    assert len(refused) == 3


def test_two_processes_are_too_many() -> None:
    assert translate("BEGIN { }", ("c", "p"))[1] == ["bpftrace traces one process by -c or -p"]


def test_a_process_given_by_number_is_the_first_argument() -> None:
    assert "/pid == $1/" in translate("syscall::read:entry /pid == $target/ { @ = count(); }", ("p",))[0]


def test_clauses_that_share_a_local_variable_are_one_block() -> None:
    assert (
        code("syscall::read:entry { this->x = 1; } syscall::read:entry /this->x/ { this->x = 2; }")
        == """\
tracepoint:syscalls:sys_enter_read
{
	$x = 1;
	if ($x) {
		$x = 2;
	}
}"""
    )
