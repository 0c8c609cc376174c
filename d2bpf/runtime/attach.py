"""Attaching a plan's handlers to their probes, and letting go of them fast.

Raw tracepoints and multi links detach in well under a millisecond to some tens. The last close of each perf-based
tracepoint or uprobe waits 20 to 120 ms for several RCU grace periods, so those are disabled at once and closed by a
process of their own.
"""

from __future__ import annotations

import os
import struct

from . import bpf
from .errors import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any, TypeVar

    from .load import Loaded, Program

    T = TypeVar("T")

BY_TEST_RUN = ("test_run", "timer")  # kinds the session drives itself


class Attachments:
    """What holds the handlers to their probes."""

    def __init__(self) -> None:
        self.links: list[int] = []  # close at once
        self.clocks: list[int] = []  # perf clocks and software events: fast closing too
        self.functions: list[int] = []  # links to kernel functions: close at once
        self.slow: list[int] = []  # perf tracepoints, uprobes and kprobes
        self.cookies: list[int] = []  # what holds a program and its number to one of the slow ones
        self.skipped: list[str] = []  # functions that are not traced though they were asked for
        self._missed = 0  # firings, by links that are closed

    @property
    def missed(self) -> int:
        """How many firings of functions the kernel did not pass on."""
        return self._missed + sum(map(bpf.kprobe_multi_missed, self.functions))

    def detach(self) -> None:
        """Nothing fires any more when this returns (perf tracepoints with their program still attached do run it until
        they are closed, in the background: handlers do nothing once the session's phase is DRAINING)."""
        for fd in self.clocks + self.slow:
            bpf.perf_disable(fd)
        self._missed = self.missed
        for fd in self.links + self.clocks + self.functions:
            os.close(fd)
        self.links, self.clocks, self.functions = [], [], []
        slow, self.slow, self.cookies = self.slow + self.cookies, [], []
        close_in_background(slow)


def attach_all(plan: Mapping[str, Any], loaded: Loaded) -> Attachments:
    """Attach every handler that is not run by the session itself. Raises Failure; then nothing stays attached."""
    attachments = Attachments()
    bpf.allow_descriptors(2 * len(plan["attach"]))
    try:
        # Of several programs of a function its trampoline calls the last one that came first.
        served = [where for where in plan["attach"] if where["handler"] in loaded.trampolines]
        others = [where for where in plan["attach"] if where["handler"] not in loaded.trampolines]
        for where in others + served[::-1]:
            if where["kind"] not in BY_TEST_RUN:
                _KINDS[where["kind"]](attachments, where, loaded, plan["options"])
    except BaseException as error:
        attachments.detach()
        if isinstance(error, bpf.BpfError):
            raise Failure(f"could not enable tracing: {error}") from None
        raise
    return attachments


def _raw_tracepoint(
    attachments: Attachments, where: Mapping[str, Any], loaded: Loaded, options: Mapping[str, Any]
) -> None:
    table = where.get("table")
    if table:
        fd = loaded.maps[table].fd
        for handler, numbers in where["calls"].items():
            value = struct.pack("=I", loaded.programs[handler].fd)
            for number in numbers:
                bpf.map_update(fd, struct.pack("=I", number), value)
    program = _handler(where, loaded)
    attachments.links.append(bpf.raw_tracepoint_open(program.fd, where["event"], program.type == "tracing"))


def _tracepoint(attachments: Attachments, where: Mapping[str, Any], loaded: Loaded, options: Mapping[str, Any]) -> None:
    from ..target.tracefs import Tracefs, TracefsError

    name = f"{where['group']}:{where['event']}"
    doing = f"attach to the tracepoint {name}"
    try:
        tracefs = Tracefs.open()
        number = tracefs.tracepoint_id(where["group"], where["event"])
        tracefs.close()
    except TracefsError as error:
        raise Failure(f"could not enable tracing: {error}") from None
    if number is None:
        raise Failure(f"could not enable tracing: this kernel has no tracepoint {name}")
    # One CPU's event is enough: the program runs for the tracepoint, on whichever CPU it fires. Without a period it
    # takes no samples; irq_vectors:irq_work_exit refuses events that do, because a sample raises it again.
    fd = bpf.perf_event_open(bpf.PERF_TRACEPOINT, number, doing, period=0)
    attachments.slow.append(fd)
    bpf.perf_attach(fd, _handler(where, loaded).fd, doing)


def _perf(attachments: Attachments, where: Mapping[str, Any], loaded: Loaded, options: Mapping[str, Any]) -> None:
    event = where["event"]
    doing = f"sample {event}"
    type_, config, flags = bpf.perf_counter(event)
    period, frequency = where.get("period_ns", 0) or 1, where.get("frequency", 0)
    for cpu in _cpus(where, options):
        fd = bpf.perf_event_open(
            type_, config, doing, cpu=cpu, period=period, frequency=frequency, flags=flags
        )
        attachments.clocks.append(fd)
        bpf.perf_attach(fd, _handler(where, loaded).fd, doing)


def only_cpu(options: Mapping[str, Any]) -> int | None:
    """The one CPU to be traced, if the option cpu names one. Raises Failure if that is not online."""
    cpu: int | None = options.get("cpu")
    if cpu is not None and cpu not in bpf.online_cpus():
        raise Failure(f"could not enable tracing: CPU {cpu} is not online")
    return cpu


def _cpus(where: Mapping[str, Any], options: Mapping[str, Any]) -> Sequence[int]:
    wanted = only_cpu(options)
    if wanted is not None:
        return [wanted]
    online = bpf.online_cpus()
    return online if where.get("cpus") == "all" else online[:1]


def _uprobe(attachments: Attachments, where: Mapping[str, Any], loaded: Loaded, options: Mapping[str, Any]) -> None:
    """By one multi link where the kernel has them (its program was loaded for one), else one perf event an address."""
    from . import functions

    program = _handler(where, loaded)
    path, offsets, on_return = where["path"], where["offsets"], where["ret"]
    groups, unfit = _groups(path, offsets)
    counters, cookies, pid = where["refctrs"], where["cookies"], where["pid"]
    if program.attach_type == bpf.ATTACH_UPROBE_MULTI:
        links, refused = functions.by_links(
            groups,
            lambda some: bpf.uprobe_multi_link(
                *(program.fd, path, _of(offsets, some), _of(counters, some), _of(cookies, some), pid, on_return)
            ),
        )
        attachments.links += links
        functions.skip(attachments, where["functions"], _of(where["functions"], unfit + refused))
        return
    doing = f"attach to functions of {path}"
    type_ = functions.event_type("uprobe")
    name = bytearray(os.fsencode(path) + b"\0")
    refused = unfit
    for i in [number for group in groups for number in group]:
        config = int(on_return) | (counters[i] << 32 if counters else 0)
        try:
            fd = bpf.perf_event_open(
                type_,
                config,
                doing,
                pid=pid or -1,
                cpu=-1 if pid else 0,
                config1=bpf.address_of(name),
                config2=offsets[i],
            )
        except bpf.BpfError as error:
            if error.errno not in functions.UNFIT:
                raise
            refused.append(i)
            continue
        attachments.slow.append(fd)
        functions.run_on(attachments, fd, program, cookies[i] if cookies else None, doing)
    functions.skip(attachments, where["functions"], _of(where["functions"], refused))


def _of(column: Sequence[T], numbers: Iterable[int]) -> list[T]:
    """Those items of a column, which may be empty instead."""
    return [column[i] for i in numbers] if column else []


# x86 instructions of AVX begin with one of these. The kernel looks at the opcode behind as if it were another instruction's
# (arch_uprobe_analyze_insn of arch/x86/kernel/uprobes.c): it refuses most, but steps over vpbroadcastb as over a jump, and the
# process dies of that. So none is probed.
_AVX = b"\x62\xc4\xc5"
_PREFIXES = b"\x26\x2e\x36\x3e\x64\x65\x67"  # of segments and address size, which may stand before
_LOCK = b"\xf0"  # refused; known, it need not make the others fail first


def _groups(path: str, offsets: Sequence[int]) -> tuple[list[list[int]], list[int]]:
    """The numbers of the offsets: those that can be probed, in groups to be attached at once; those that must not be."""
    if os.uname().machine != "x86_64":
        return [list(range(len(offsets)))], []
    plain: list[int] = []
    alone: list[list[int]] = []
    unfit: list[int] = []
    with open(path, "rb") as file:
        for i, offset in enumerate(offsets):
            first = os.pread(file.fileno(), 8, offset).lstrip(_PREFIXES)[:1]
            if first and first in _AVX:
                unfit.append(i)
            elif first == _LOCK:
                alone.append([i])
            else:
                plain.append(i)
    return [plain, *alone], unfit


def _kprobe(attachments: Attachments, where: Mapping[str, Any], loaded: Loaded, options: Mapping[str, Any]) -> None:
    copies = loaded.trampolines.get(where["handler"])
    if copies:
        for function, fd in copies.items():
            attachments.links.append(bpf.raw_tracepoint_open(fd, function, typed=True))
        return
    from .functions import attach

    attach(attachments, where, _handler(where, loaded))


_KINDS: dict[str, Callable[[Attachments, Mapping[str, Any], Loaded, Mapping[str, Any]], None]] = {
    "rawtp": _raw_tracepoint,
    "tracepoint": _tracepoint,
    "perf": _perf,
    "uprobe": _uprobe,
    "kprobe": _kprobe,
}

# Kinds of attach points that multi links serve, with the attach type of programs for them.
_MULTI = {
    "uprobe": (bpf.ATTACH_UPROBE_MULTI, bpf.has_uprobe_multi),  # Linux 6.6
    "kprobe": (bpf.ATTACH_KPROBE_MULTI, bpf.has_kprobe_multi),  # Linux 5.18
}


def multi_handlers(attach: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Handlers to be loaded for multi links, and the attach type: all of functions, where the kernel has such links."""
    found = {}
    for kind, (attach_type, is_there) in _MULTI.items():
        wanted = [where["handler"] for where in attach if where["kind"] == kind]
        if wanted and is_there():
            found.update(dict.fromkeys(wanted, attach_type))
    return found


def _handler(where: Mapping[str, Any], loaded: Loaded) -> Program:
    return loaded.programs[where["handler"]]


def close_in_background(fds: list[int]) -> None:
    """Close descriptors whose last close is slow, without waiting for it: a child in a session of its own, holding
    nothing else, keeps them until this process has closed its own, and then ends."""
    if not fds:
        return
    hold, release = os.pipe()
    try:
        child = os.fork()
    except OSError:  # no process to be had: then it takes as long as it takes
        child = -1
    if child == 0:
        _be_closer(hold, fds)
    for fd in fds:
        os.close(fd)
    os.close(hold)
    os.close(release)


def _be_closer(hold: int, fds: Sequence[int]) -> None:
    try:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        kept = sorted([2, hold, *fds])
        for low, high in zip(kept, [*kept[1:], os.sysconf("SC_OPEN_MAX")]):
            os.closerange(low + 1, high)
        os.read(hold, 1)
    finally:
        os._exit(0)
