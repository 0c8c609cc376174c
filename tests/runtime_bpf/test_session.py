"""Hand-written plans on real BPF: order of events, ends of a session, and that nothing is lost uncounted."""

from __future__ import annotations

import errno
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from d2bpf.runtime import bpf, processes
from tests.harness import kernel
from tests.runtime_bpf import plans
from tests.runtime_bpf.plans import MILLISECOND, SECOND, begin, end, make, rawtp, run, running, tick

COUNT = 'BPF_F_TABLE("percpu_hash", u64, u64, agg, 10240, 1);\n'  # 1: BPF_F_NO_PREALLOC
COUNT_BY = "  u64 *n, zero = 0, key = {};\n  n = agg.lookup_or_try_init(&key, &zero);\n  if (n)\n    *n += 1;"
AGGREGATION = {"name": "@", "map": "agg", "id": -1, "function": "count", "params": [], "keys": [{}]}
GETPPID = 110
IS_GETPPID = f"  if (!active() || ctx->args[1] != {GETPPID})\n    return 0;\n"


def totals(items: dict[bytes, list[bytes]]) -> dict[int, int]:
    return {struct.unpack("=Q", key)[0]: sum(struct.unpack("=Q", value)[0] for value in values) for key, values in items.items()}


def test_begin_data_and_end_come_in_order() -> None:
    functions = {
        "begin": "  put(ctx, 1, 10);",
        "end": "  put(ctx, 1, 30);",
        "tick": "  put(ctx, 1, 20); leave(ctx, 3);",
    }
    ran = run(make(functions, [begin(), end(), tick(10 * MILLISECOND)]))
    assert (ran.status, ran.notes.values) == (3, [10, 20, 30])
    assert ran.notes.calls == ["start", "finish"]
    assert (ran.notes.lost, ran.errors) == ({}, "")


def test_exit_in_begin_traces_nothing() -> None:
    functions = {"begin": "  leave(ctx, 4);", "tick": "  put(ctx, 1, 1);", "end": "  put(ctx, 1, 2);"}
    ran = run(make(functions, [begin(), tick(1), end()]))
    assert (ran.status, ran.notes.values) == (4, [2])


def test_exit_in_end_counts_more() -> None:
    functions = {"begin": "  leave(ctx, 4);", "end": "  leave(ctx, 5);"}
    assert run(make(functions, [begin(), end()])).status == 5


def test_exit_status_is_a_byte() -> None:
    assert run(make({"begin": "  leave(ctx, 0x1ff);"}, [begin()])).status == 255


def test_ticks_keep_time() -> None:
    functions = {"tick": "  put(ctx, 1, bpf_ktime_get_ns());", "last": "  leave(ctx, 0);"}
    ran = run(make(functions, [tick(5 * MILLISECOND), tick(500 * MILLISECOND, "last")]))
    # A busy machine may miss periods, which are not made up; firings never come closer than their period's grid.
    assert 2 <= len(ran.notes.values) <= 100
    assert ran.notes.values == sorted(ran.notes.values)


def test_system_calls_of_a_command_are_counted_exactly(triggers: Path) -> None:
    body = IS_GETPPID + COUNT_BY.format("bpf_get_current_pid_tgid() >> 32")
    target = processes.create(f"{triggers}/syscalls getppid 12345")
    plan = make({"enter": body}, [rawtp("sys_enter", "enter")], COUNT, aggregations=[AGGREGATION])
    ran = run(plan, targets=[target])
    assert ran.status == 0
    assert totals(ran.notes.aggregations["@"])[target.pid] == 12345
    assert target.status == 0


def test_dispatch_by_a_program_array(triggers: Path) -> None:
    maps = COUNT + "BPF_PROG_ARRAY(calls, 512);\n"
    functions = {
        "dispatch": "  if (active())\n    calls.call(ctx, ctx->args[1]);",
        "counted": COUNT_BY.format("(bpf_get_current_pid_tgid() >> 32 << 32) + ctx->args[1]"),
    }
    where = {**rawtp("sys_enter", "dispatch"), "table": "calls", "calls": {"counted": [GETPPID, 102]}}
    target = processes.create(f"{triggers}/syscalls getppid 700 getuid 800 lseek 900")
    ran = run(make(functions, [where], maps, aggregations=[AGGREGATION]), targets=[target])
    own = {key & 0xFFFFFFFF: n for key, n in totals(ran.notes.aggregations["@"]).items() if key >> 32 == target.pid}
    assert own == {GETPPID: 700, 102: 800}


def test_exit_in_a_flood_ends_at_once(triggers: Path) -> None:
    """Nothing is recorded after exit(), and what was recorded before it is soon consumed."""
    functions = {"enter": IS_GETPPID + "  put(ctx, 1, 0);", "tick": "  leave(ctx, 9);"}
    plan = make(functions, [rawtp("sys_enter", "enter"), tick(300 * MILLISECOND)], options={"bufsize": 4 << 20})
    with running(triggers / "flood", "60000", "-") as flood:
        ran = run(plan)
        still_running = flood.poll() is None
    assert still_running
    assert ran.status == 9
    assert len(ran.notes.values) > 10000
    assert ran.notes.finished - ran.notes.exited < 0.2


def test_every_record_is_consumed_or_counted_as_a_drop(triggers: Path) -> None:
    plan = make(
        {"enter": IS_GETPPID + "  put(ctx, 1, bpf_get_current_pid_tgid() >> 32);"},
        [rawtp("sys_enter", "enter")],
        options={"bufsize": 4096},
    )
    target = processes.create(f"{triggers}/syscalls getppid 20000")
    ran = run(plan, targets=[target], delay=0.0002)
    lost = sum(ran.notes.lost.values())
    assert {kind for kind, _ in ran.notes.lost} == {"PRINCIPAL"}
    assert lost > 1000
    assert ran.notes.values.count(target.pid) + lost == 20000 + len(ran.notes.values) - ran.notes.values.count(target.pid)


class Interrupted(plans.Notes):
    """Sends the process a SIGINT once tracing has begun."""

    def start(self) -> None:
        super().start()
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()


def test_signal_ends_tracing() -> None:
    ran = run(make({"end": "  put(ctx, 1, 1);"}, [end()]), make_notes=Interrupted)
    assert (ran.status, ran.notes.values) == (0, [1])
    assert ran.notes.calls == ["start", "interrupted", "finish"]


def test_second_signal_skips_what_is_left() -> None:
    class Slow(Interrupted):
        def interrupted(self) -> None:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(10)

    ran = run(make({"end": "  put(ctx, 1, 1);"}, [end()]), make_notes=Slow)
    assert (ran.status, ran.notes.values, ran.notes.calls) == (0, [], ["start"])
    assert ran.seconds < 5


def test_broken_pipe_ends_quietly() -> None:
    class Broken(plans.Notes):
        def flush(self) -> None:
            raise BrokenPipeError

    ran = run(make({"tick": "  put(ctx, 1, 1);"}, [tick(MILLISECOND)]), make_notes=Broken)
    assert (ran.status, ran.errors, ran.notes.calls) == (0, "", ["start"])


def test_ends_when_all_targets_have_ended() -> None:
    targets = [processes.create("sleep 0.2"), processes.create("sleep 0.4")]
    ran = run(make({"end": "  put(ctx, 1, 1);"}, [end()]), targets=targets)
    assert (ran.status, ran.notes.values) == (0, [1])
    assert [target.status for target in targets] == [0, 0]
    assert ran.seconds >= 0.4


def test_command_still_running_is_killed_and_grabbed_process_is_not() -> None:
    with running("sleep", "60") as sleeper:
        created, grabbed = processes.create("sleep 60"), processes.grab(sleeper.pid)
        ran = run(make({"tick": "  leave(ctx, 0);"}, [tick(50 * MILLISECOND)]), targets=[created, grabbed])
        assert ran.status == 0
        assert created.status is not None
        assert os.WTERMSIG(created.status) == signal.SIGKILL
        assert sleeper.poll() is None


def test_aggregation_without_keys_and_taking_it_out(triggers: Path) -> None:
    class Taking(plans.Notes):
        def finish(self) -> None:
            for name in ("@", "@all"):
                before = dict(self.session.read_aggregation(name))
                self.aggregations[name] = dict(self.session.delete_aggregation(name))
                assert self.aggregations[name] == before
                after = dict(self.session.read_aggregation(name))
                assert all(value == bytes(len(value)) for values in after.values() for value in values)

    maps = COUNT + "BPF_PERCPU_ARRAY(all, u64, 1);\n"
    body = f"  u32 z = 0; u64 *t = all.lookup(&z);\n{IS_GETPPID}  if (t)\n    *t += 1;\n" + COUNT_BY.format("bpf_ktime_get_ns()")
    whole = {**AGGREGATION, "name": "@all", "map": "all", "id": -1, "keys": []}
    target = processes.create(f"{triggers}/syscalls getppid 9000")
    plan = make({"enter": body}, [rawtp("sys_enter", "enter")], maps, aggregations=[AGGREGATION, whole])
    notes = run(plan, targets=[target], make_notes=Taking).notes
    total = sum(struct.unpack("=Q", value)[0] for value in notes.aggregations["@all"][b""])
    assert total >= 9000
    assert sum(totals(notes.aggregations["@"]).values()) == total


def test_profile_of_one_and_of_all_cpus() -> None:
    body = "  if (active())\n    put(ctx, 1, bpf_get_smp_processor_id());"
    functions = {"one": body.replace("1, bpf", "1, 100 + bpf"), "every": body, "last": "  leave(ctx, 0);"}
    attach = [
        {"kind": "perf", "event": "cpu-clock", "period_ns": 10 * MILLISECOND, "cpus": "one", "handler": "one"},
        {"kind": "perf", "event": "cpu-clock", "frequency": 99, "cpus": "all", "handler": "every"},
        tick(500 * MILLISECOND, "last"),
    ]
    with running("taskset", "-c", "0", sys.executable, "-c", "while True: pass"):
        ran = run(make(functions, attach, types={"one": "perf_event", "every": "perf_event"}))
    assert {value for value in ran.notes.values if value >= 100} == {100}
    assert 40 <= ran.notes.values.count(100) <= 51
    assert 40 <= ran.notes.values.count(0) <= 51


def test_software_event_counts_page_faults() -> None:
    body = "  if (active())\n    put(ctx, 1, bpf_get_current_pid_tgid() >> 32);"
    where = {"kind": "perf", "event": "page-faults", "period_ns": 1, "cpus": "all", "handler": "fault"}
    target = processes.create("true", evaltime="exec")
    ran = run(make({"fault": body}, [where], types={"fault": "perf_event"}), targets=[target])
    assert ran.notes.values.count(target.pid) > 10


def test_tracepoints_detach_without_making_us_wait(triggers: Path) -> None:
    """Closing a perf tracepoint takes 50 ms and more each: a process of its own does it."""
    names = ["getppid", "getuid", "getgid", "geteuid", "getegid", "getpid", "gettid", "getpgrp", "getsid", "umask"]
    body = "  if (active())\n    put(ctx, 1, bpf_get_current_pid_tgid() >> 32);"
    attach = [{"kind": "tracepoint", "group": "syscalls", "event": f"sys_enter_{name}", "handler": "enter"} for name in names]
    target = processes.create(f"{triggers}/syscalls getppid 50 getuid 70")
    ran = run(make({"enter": body}, attach, types={"enter": "tracepoint"}), targets=[target])
    assert ran.notes.values.count(target.pid) == 120
    assert ran.seconds < 0.3


def test_unknown_tracepoint_is_a_failure() -> None:
    where = {"kind": "tracepoint", "group": "syscalls", "event": "sys_enter_nonesuch", "handler": "enter"}
    ran = run(make({"enter": ""}, [where], types={"enter": "tracepoint"}))
    assert ran.status == 1
    expected = "dtrace: could not enable tracing: this kernel has no tracepoint syscalls:sys_enter_nonesuch\n"
    assert ran.errors == expected


def test_user_functions_fire(triggers: Path) -> None:
    flood = triggers / "flood"
    symbols = subprocess.run(["nm", flood], capture_output=True, text=True, check=True).stdout
    headers = subprocess.run(["readelf", "-lW", flood], capture_output=True, text=True, check=True).stdout
    address = next(int(line.split()[0], 16) for line in symbols.splitlines() if line.endswith(" flooded"))
    segments = [line.split() for line in headers.splitlines() if " R E " in line and line.split()[0] == "LOAD"]
    _, offset, start, *_ = segments[0]
    where = {
        "kind": "uprobe",
        "path": str(flood),
        "offsets": [address - int(start, 16) + int(offset, 16)],
        "functions": ["flooded"],
        "cookies": [],
        "refctrs": [],
        "pid": 0,
        "ret": False,
        "handler": "on",
    }
    target = processes.create(f"{flood} 200 1000 call -")
    body = "  if (active())\n    put(ctx, 1, PT_REGS_PARM1(ctx));"
    values = run(make({"on": body}, [where], types={"on": "kprobe"}), targets=[target]).notes.values
    assert len(values) > 100
    assert values == list(range(len(values)))


KILLED = """
import sys
from tests.runtime_bpf.plans import begin, make, rawtp, run
print("start", flush=True)
run(make({"begin": "  put(ctx, 1, 1);", "enter": "  put(ctx, 1, 1);"}, [begin(), rawtp("sys_enter", "enter")]))
"""


def test_nothing_stays_attached_after_kill_9() -> None:
    mark = kernel.mark()
    with subprocess.Popen([sys.executable, "-c", KILLED], stdout=subprocess.PIPE) as child:
        loaded = kernel.wait_until(lambda: len(kernel.held_programs().get(child.pid, ())) == 2, 30)
        child.kill()
    assert loaded
    assert kernel.wait_until(lambda: not kernel.program_ids(mark), 5)


def test_statusrate_tells_drops_while_running(triggers: Path) -> None:
    class Early(plans.Notes):
        def drops(self, kind: str, cpu: int, count: int) -> None:
            super().drops(kind, cpu, count)
            self.calls.append("drops")

    functions = {"enter": IS_GETPPID + "  put(ctx, 1, 0);", "last": "  leave(ctx, 0);"}
    attach = [rawtp("sys_enter", "enter"), tick(SECOND, "last")]
    with running(triggers / "flood", "60000", "-"):
        plan = make(functions, attach, options={"bufsize": 4096, "statusrate": 100 * MILLISECOND})
        ran = run(plan, make_notes=Early)
    assert ran.notes.calls.index("drops") < ran.notes.calls.index("finish")
    assert ran.notes.calls.count("drops") > 5


@pytest.mark.parametrize("cpu", [0, 4095])
def test_cpu_option_chooses_where_to_sample(cpu: int) -> None:
    where = {"kind": "perf", "event": "cpu-clock", "period_ns": MILLISECOND, "cpus": "all", "handler": "sample"}
    functions = {"sample": "  if (active())\n    put(ctx, 1, bpf_get_smp_processor_id());", "last": "  leave(ctx, 0);"}
    plan = make(
        functions,
        [where, tick(100 * MILLISECOND, "last")],
        types={"sample": "perf_event"},
        options={"cpu": cpu},
    )
    ran = run(plan)
    if cpu == 0:
        assert set(ran.notes.values) <= {0}
        assert ran.status == 0
    else:
        assert (ran.status, ran.errors) == (1, "dtrace: could not enable tracing: CPU 4095 is not online\n")


def test_buffer_that_does_not_fit_is_halved(monkeypatch: pytest.MonkeyPatch) -> None:
    create = bpf.map_create

    def short_of_memory(type_: int, key: int, value: int, entries: int, flags: int = 0, name: str = "") -> int:
        if entries > 1 << 20:
            raise bpf.BpfError(errno.ENOMEM, f"create the map {name}")
        return create(type_, key, value, entries, flags, name)

    monkeypatch.setattr(bpf, "map_create", short_of_memory)
    plan = make({"begin": "  put(ctx, 1, 1); leave(ctx, 0);"}, [begin()], options={"bufsize": 4 << 20})
    ran = run(plan)
    assert ran.notes.calls == [f"lowered bufsize {(1 << 20) // bpf.possible_cpus()}", "start", "finish"]
    assert ran.notes.values == [1]
    plan["options"]["bufresize"] = "manual"
    ran = run(plan)
    assert (ran.status, ran.errors) == (
        1,
        "dtrace: could not enable tracing: cannot create the map events: Cannot allocate memory\n",
    )


@pytest.mark.parametrize("asked", [1 << 33, (1 << 63) - 1])
def test_buffer_beyond_all_memory_is_lowered(asked: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("d2bpf.runtime.load._LARGEST_RING", 1 << 20)
    plan = make({"begin": "  put(ctx, 1, 1); leave(ctx, 0);"}, [begin()], options={"bufsize": asked})
    assert run(plan).notes.calls == [f"lowered bufsize {(1 << 20) // bpf.possible_cpus()}", "start", "finish"]


def test_full_buffer_does_not_hide_exit(triggers: Path) -> None:
    """The record of exit() may be lost; that tracing ended is seen all the same."""
    functions = {"enter": IS_GETPPID + "  put(ctx, 1, 0);", "tick": "  leave(ctx, 9);"}
    plan = make(functions, [rawtp("sys_enter", "enter"), tick(200 * MILLISECOND)], options={"bufsize": 4096})
    with running(triggers / "flood", "60000", "-"):
        ran = run(plan, delay=0.0005)
    assert ran.status in (0, 9)
    assert ran.seconds < 10


def test_tables_are_filled_before_anything_runs() -> None:
    maps = "struct text { char bytes[8]; };\nBPF_ARRAY(texts, struct text, 2);\nBPF_ARRAY(numbers, u64, 2);\n"
    body = "  u32 one = 1; struct text *t = texts.lookup(&one); u64 *n = numbers.lookup(&one);\n"
    body += "  if (t && n) { put(ctx, 1, *(u64 *)t->bytes); put(ctx, 1, *n); }\n  leave(ctx, 0);"
    tables = {
        "texts": {"value_size": 8, "entries": {"1": "d\xe9f"}},
        "numbers": {"value_size": 8, "entries": {"0": 1, "1": 1 << 63}},
    }
    ran = run(make({"begin": body}, [begin()], maps, tables=tables))
    assert ran.notes.values == [int.from_bytes(b"d\xe9f", sys.byteorder), 1 << 63]
