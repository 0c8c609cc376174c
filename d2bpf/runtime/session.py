"""One tracing session: a plan is compiled, loaded, attached, run until it ends, and its last data handed over.

The kernel's half of the runtime. What a user sees is the Consumer's business; the session calls it in the order dtrace
prints in (notices, BEGIN, data, END, aggregations, drops).

    phase     set when                              probes
    INIT      everything is being attached          do nothing; BEGIN runs at its end
    ACTIVE    BEGIN has run                         record
    DRAINING  exit() ran (in the kernel), a signal  do nothing; END runs at its end
              came, or all targets have ended
"""

from __future__ import annotations

import mmap
import os
import select
import struct
import time

from ..wire import (
    DROP_KINDS,
    EXIT_CALLED,
    PHASE_ACTIVE,
    PHASE_DRAINING,
    PHASE_INIT,
    STATE_EXIT_STATUS,
    STATE_PHASE,
    STATE_TARGET,
    STATE_TRACER,
    STATE_WALL_OFFSET,
)
from . import bpf
from .attach import Attachments, attach_all, multi_handlers, only_cpu
from .cache import Store, directory
from .compile import compile_c
from .defines import defines, typed_tracepoints
from .errors import Failure
from .load import Loaded, load
from .policies import Keeper, Pace, keeper_of
from .processes import Interrupts
from .ring import Ring
from .timers import Timers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any, Protocol

    from .processes import Target
    from .ring import Decoder
    from .trampolines import Served

    class Consumer(Protocol):
        """The half that decodes, formats and prints. It may raise BrokenPipeError from any method: tracing then ends
        quietly. Failures it raises end the session, too."""

        exit_status: int | None  # of the first exit() record consumed since it was last None
        stopped: bool  # an exit() record was consumed

        @property
        def options(self) -> Mapping[str, Any]: ...  # those in force: setopt() changes them
        def start(self) -> None: ...  # everything is attached: print the "matched" notices
        def lowered(self, option: str, size: int) -> None: ...  # a buffer got fewer bytes than its option says
        def skipped(self, functions: Sequence[str]) -> None: ...  # functions that cannot be traced
        def decoders(self) -> Sequence[Decoder]: ...  # indexed by record number
        def flush(self) -> None: ...  # a batch of records has been consumed
        def interrupted(self) -> None: ...  # SIGINT or SIGTERM ends tracing: called before END runs
        def drops(self, kind: str, cpu: int, count: int) -> None: ...  # lost since last told; cpu -1: not known
        def finish(self) -> None: ...  # END's records are consumed: print aggregations

    # Made as consumer(session): the session offers read_aggregation, delete_aggregation and the plan.
    ConsumerMaker = Callable[["Session"], Consumer]

_MILLISECOND = 1_000_000
_BATCH = 8192  # records between two looks at signals, timers and targets
_BUSY_INTERVAL = 0.010  # seconds: while data comes in, the ring is read this often rather than for each wakeup
_SETTLE = 0.5  # seconds given to a record that was being written when tracing ended


class Session:
    """`Session(plan, consumer).run()` runs a plan (ir/plan.py) and returns dtrace's exit status.

    `targets` are processes made or grabbed before; the session releases them when tracing is active and closes them.
    `store` keeps compiled BPF; without one the user's cache directory is used.
    """

    def __init__(
        self,
        plan: Mapping[str, Any],
        consumer: ConsumerMaker,
        *,
        targets: Sequence[Target] = (),
        store: Store | None = None,
    ) -> None:
        self.plan = plan
        self.targets = list(targets)
        self._make_consumer = consumer
        self._store = store if store is not None else Store(directory())
        self._interrupts = Interrupts()
        self._loaded = Loaded()
        self._attachments = Attachments()
        self._ring: Ring | None = None
        self._state: mmap.mmap | None = None
        self._only_cpu: int | None = None
        self._told: dict[tuple[str, int], int] = {}  # drops already told, by kind and CPU

    # ---- for the consumer ----

    def read_aggregation(self, name: str) -> Iterable[tuple[bytes, list[bytes]]]:
        """(key, value of each possible CPU) of an aggregation's elements; one with the key b"" if it has no keys. A key comes
        twice when the aggregation's spare map has an element of it, too."""
        return self._aggregation(name, delete=False)

    def delete_aggregation(self, name: str) -> Iterable[tuple[bytes, list[bytes]]]:
        """As read_aggregation, taking the elements out of the map while reading, so that no update is lost between."""
        return self._aggregation(name, delete=True)

    def _aggregation(self, name: str, delete: bool) -> Iterable[tuple[bytes, list[bytes]]]:
        aggregation = next(a for a in self.plan["aggregations"] if a["name"] == name)
        if not aggregation["map"]:
            return
        table = self._loaded.maps[aggregation["map"]]
        number = aggregation["id"]
        if aggregation["keys"]:
            spare = aggregation.get("spare")
            for part in (table, self._loaded.maps[spare]) if spare else (table,):
                items = part.items(delete) if number < 0 else part.items_of(struct.pack("=Q", number), delete)
                for key, value in items:
                    yield key, part.split(value)
            return
        index = struct.pack("=I", max(number, 0))
        value = table.lookup(index) or bytes(table.value_size)
        if delete:
            bpf.map_update(table.fd, index, bytes(table.value_size))
        yield b"", table.split(value)

    def verified_instructions(self) -> dict[str, int]:
        """How many instructions the verifier processed, by handler (0 before Linux 5.16)."""
        return {name: bpf.prog_info(fd)["verified_insns"] for name, fd in self._loaded.descriptors.items()}

    def program_descriptors(self) -> dict[str, int]:
        """The loaded programs' descriptors by handler."""
        return self._loaded.descriptors

    # ---- running ----

    def run(self) -> int:
        """dtrace's exit status: that of exit(), or 0. Nothing stays attached, also when this raises: Failure; BrokenPipeError if
        nobody reads the output; Aborted after a second signal."""
        try:
            return self._run()
        finally:
            self._close()

    def _run(self) -> int:
        keeper = keeper_of(self.plan)
        self._prepare()
        consumer = self._make_consumer(self)
        decoders = keeper.decoders if keeper else consumer.decoders()
        if self._loaded.lowered:
            consumer.lowered("bufsize", self._loaded.ring_size // bpf.possible_cpus())
        if self._attachments.skipped:
            consumer.skipped(self._attachments.skipped)
        consumer.start()
        self._interrupts.install()
        self._fire("BEGIN")
        if self._phase == PHASE_INIT:  # else BEGIN has called exit()
            self._phase = PHASE_ACTIVE
        for target in self.targets:
            target.release()
        self._trace(consumer, decoders, keeper)
        return self._finish(consumer, decoders, keeper)

    def _prepare(self) -> None:
        self._only_cpu = only_cpu(self.plan["options"])
        served = _trampolines(self.plan)
        try:
            self._enable(served)
        except Failure:
            if not served:
                raise
            self._let_go()  # the kernel refuses one of the functions: by kprobes, then
            self._enable({})

    def _enable(self, served: Mapping[str, Served]) -> None:
        """Compile, load and attach all programs; those of the functions in `served` by trampolines."""
        plan = self.plan
        typed = typed_tracepoints(plan)
        multi = multi_handlers([where for where in plan["attach"] if where["handler"] not in served])
        compiled = compile_c(plan["c"], defines(plan, typed, served), self._store)
        self._loaded = load(compiled, plan["handlers"], plan["options"], multi, typed, plan["sizes"], served)
        self._state = mmap.mmap(self._loaded.maps["state"].fd, mmap.PAGESIZE)
        struct.pack_into("=q", self._state, STATE_WALL_OFFSET, time.time_ns() - time.monotonic_ns())
        struct.pack_into("=i", self._state, STATE_TARGET, self.targets[0].pid if self.targets else 0)
        struct.pack_into("=I", self._state, STATE_TRACER, os.getpid())
        self._loaded.fill(plan["tables"])
        if "events" in self._loaded.maps:
            self._ring = Ring(self._loaded.maps["events"].fd, self._loaded.ring_size)
        self._attachments = attach_all(plan, self._loaded)

    @property
    def _phase(self) -> int:
        phase: int = struct.unpack_from("=I", self._state, STATE_PHASE)[0]  # type: ignore[arg-type]
        return phase

    @_phase.setter
    def _phase(self, phase: int) -> None:
        struct.pack_into("=I", self._state, STATE_PHASE, phase)  # type: ignore[arg-type]

    @property
    def _exit_status(self) -> int | None:
        word: int = struct.unpack_from("=I", self._state, STATE_EXIT_STATUS)[0]  # type: ignore[arg-type]
        return word & 255 if word & EXIT_CALLED else None

    def _is_active(self) -> bool:
        return self._phase == PHASE_ACTIVE

    def _fire(self, probe: str) -> None:
        """Run the handler of BEGIN or END, if there is one."""
        for where in self.plan["attach"]:
            if where["kind"] == "test_run" and where["probe"] == probe:
                self._run_handler(self._loaded.programs[where["handler"]].fd)

    def _run_handler(self, fd: int) -> None:
        self._refresh_gauges()
        if self._only_cpu is None:
            bpf.test_run(fd)
            return
        allowed = os.sched_getaffinity(0)
        os.sched_setaffinity(0, (self._only_cpu,))
        bpf.test_run(fd)
        os.sched_setaffinity(0, allowed)

    def _refresh_gauges(self) -> None:
        """Bring up to date what the programs cannot read for themselves."""
        gauges = self.plan["tables"].get("gauges")
        if gauges:
            self._loaded.fill({"gauges": gauges})

    def _trace(self, consumer: Consumer, decoders: Sequence[Decoder], keeper: Keeper | None) -> None:
        """Consume until exit(), a signal, the end of all targets, or until a buffer is full that is to be filled once."""
        waiter, pace = _Waiter(self), Pace(consumer.options)
        now = time.monotonic_ns
        statusrate = max(_MILLISECOND, self.plan["options"]["statusrate"])
        timers = Timers(now(), [*self._tick_handlers(), (statusrate, waiter.status_due)])
        count = 0
        try:
            while self._is_active() and not consumer.stopped and not self._interrupts.count and not (keeper and keeper.full):
                if self.targets and all(target.ended for target in self.targets):
                    return
                timers.run(now(), self._is_active)
                if waiter.take_status():
                    self._refresh_gauges()
                    self._report_drops(consumer)
                    consumer.flush()
                count = self._ring.drain(decoders, _BATCH) if self._ring and (count == _BATCH or pace.is_due(now())) else 0
                if count:
                    consumer.flush()
                moment = now()
                left = min(timers.next, pace.next(moment)) - moment if count < _BATCH else 0
                waiter.wait(left, busy=count > 0, paced=pace.is_set)
        finally:
            waiter.close()

    def _tick_handlers(self) -> list[tuple[int, Callable[[], object]]]:
        def fire(fd: int) -> Callable[[], object]:
            return lambda: self._run_handler(fd)

        programs = self._loaded.programs
        timers = [where for where in self.plan["attach"] if where["kind"] == "timer"]
        return [(where["period_ns"], fire(programs[where["handler"]].fd)) for where in timers]

    def _finish(self, consumer: Consumer, decoders: Sequence[Decoder], keeper: Keeper | None) -> int:
        self._phase = PHASE_DRAINING
        self._attachments.detach()
        self._drain(consumer, decoders)
        if keeper:
            decoders = consumer.decoders()
            keeper.play(decoders)
            consumer.flush()
        if self._interrupts.count:
            consumer.interrupted()
        status = _take_status(consumer)
        if status is None:  # the record of exit() may have been dropped from a full buffer
            status = self._exit_status
        self._fire("END")
        self._drain(consumer, decoders)
        at_end = _take_status(consumer)
        if at_end is not None:
            status = at_end
        consumer.finish()
        self._report_drops(consumer)
        consumer.flush()
        return (status or 0) & 255

    def _drain(self, consumer: Consumer, decoders: Sequence[Decoder]) -> None:
        """Consume all there is. A record that a CPU is still writing is waited for."""
        if self._ring is None:
            return
        deadline = time.monotonic() + _SETTLE
        while self._ring.pending:
            if self._ring.drain(decoders, _BATCH):
                consumer.flush()
            elif time.monotonic() > deadline:
                return
            else:
                time.sleep(0.0005)

    # ---- drops ----

    def _report_drops(self, consumer: Consumer) -> None:
        for (kind, cpu), total in self._lost().items():
            new = total - self._told.get((kind, cpu), 0)
            if new:
                self._told[kind, cpu] = total
                consumer.drops(kind, cpu, new)

    def _lost(self) -> dict[tuple[str, int], int]:
        """Everything lost so far by (kind, CPU), from the programs' own counters and the kernel's."""
        lost: dict[tuple[str, int], int] = {}
        table = self._loaded.maps.get("drops")
        if table is not None:
            for i, kind in enumerate(DROP_KINDS):
                value = table.lookup(struct.pack("=I", i)) or b""
                for cpu, (count,) in enumerate(struct.iter_unpack("=Q", value)):
                    lost[kind, cpu] = count
        lost["MISSED", -1] = self._attachments.missed
        lost["NESTED", -1] = sum(bpf.prog_info(fd)["recursion_misses"] for fd in self._loaded.descriptors.values())
        return lost

    # ---- the end ----

    def _close(self) -> None:
        self._interrupts.restore()
        self._let_go()
        for target in self.targets:
            target.close()

    def _let_go(self) -> None:
        """Leave nothing in the kernel."""
        if self._state is not None:
            self._phase = PHASE_DRAINING
            self._state.close()
            self._state = None
        self._attachments.detach()
        if self._ring is not None:
            self._ring.close()
            self._ring = None
        self._loaded.close()


def _trampolines(plan: Mapping[str, Any]) -> dict[str, Served]:
    """Which handlers trampolines serve (trampolines.py)."""
    if not any(where["kind"] == "kprobe" for where in plan["attach"]):
        return {}
    from .trampolines import of_plan

    return of_plan(plan)


def _take_status(consumer: Consumer) -> int | None:
    """The status of exit(), to be asked for before and after END: the first exit() counts, and one in END more."""
    status, consumer.exit_status = consumer.exit_status, None
    return status


class _Waiter:
    """Waits for data, signals, targets' ends, or time."""

    def __init__(self, session: Session) -> None:
        self._targets = {target.pidfd: target for target in session.targets if not target.ended}
        self._status = False
        self._signals = session._interrupts.fd
        self._control = select.epoll()  # signals and targets
        for fd in (self._signals, *self._targets):
            self._control.register(fd, select.EPOLLIN)
        self._all = select.epoll()  # and data
        self._all.register(self._control.fileno(), select.EPOLLIN)
        ring = session._loaded.maps.get("events")
        if ring is not None:
            self._all.register(ring.fd, select.EPOLLIN)

    def close(self) -> None:
        self._all.close()
        self._control.close()

    def status_due(self) -> None:
        self._status = True

    def take_status(self) -> bool:
        due, self._status = self._status, False
        return due

    def wait(self, nanoseconds: int, busy: bool, paced: bool) -> None:
        """Wait until something happens, but no longer than that. When data is coming in it is not waited for, but left
        to gather for some milliseconds: one wakeup then serves many records. `paced`: data is no reason to wake up."""
        seconds = max(0.0, nanoseconds / 1e9)
        if paced:
            self._control_events(self._control.poll(seconds))
        elif busy:
            self._control_events(self._control.poll(min(seconds, _BUSY_INTERVAL)))
        else:
            self._all.poll(seconds)
            self._control_events(self._control.poll(0))

    def _control_events(self, events: list[tuple[int, int]]) -> None:
        for fd, _ in events:
            target = self._targets.get(fd)
            if target is None:
                os.read(self._signals, 64)
            else:
                self._control.unregister(fd)
                del self._targets[fd]
                target.reap()
