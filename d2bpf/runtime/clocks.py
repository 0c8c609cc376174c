"""The scheduler's clock, by which threads are charged, seen from the clock that D's timestamp reads."""

from __future__ import annotations

import mmap
import os
import struct
import time

from . import bpf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_TRIALS = 8
_DUMMY = 9  # PERF_COUNT_SW_DUMMY counts nothing; its buffer takes records about the process
_SAMPLE_TIME, _COMM, _SAMPLE_ID_ALL = 1 << 2, 1 << 9, 1 << 18
_DATA_HEAD = 1024  # offset in struct perf_event_mmap_page
_COMM_FILE = "/proc/self/comm"


def scheduler_clock_lead() -> int:
    """Nanoseconds that CLOCK_MONOTONIC is ahead of the scheduler's clock, good to some microseconds; it changes as fast as
    the monotonic clock is steered. 0 where it cannot be found out.

    Perf stamps records with the scheduler's clock: it tells of a process name that is set, here to what it was, and the
    monotonic clock is read before and after. It does so for one processor, where this thread stays meanwhile: to follow a
    thread from one to another is what perf takes 15 ms to prepare for."""
    allowed = os.sched_getaffinity(0)
    try:
        cpu = _processor()
        os.sched_setaffinity(0, {cpu})
        with _events(cpu) as events, open(_COMM_FILE, "r+b", buffering=0) as comm:
            return _measured(events, comm.read().rstrip(b"\n"), comm.write)
    except OSError:  # a BpfError is one
        return 0
    finally:
        os.sched_setaffinity(0, allowed)


def _processor() -> int:
    """Where this thread runs: most likely still."""
    with open("/proc/self/stat") as file:
        return int(file.read().rpartition(")")[2].split()[36])


def _events(cpu: int) -> mmap.mmap:
    """The buffer of an event that records names of processes, and their times, on one processor. OSError without."""
    flags = _COMM | _SAMPLE_ID_ALL
    doing = "read the scheduler's clock"
    fd = bpf.perf_event_open(bpf.PERF_SOFTWARE, _DUMMY, doing, cpu=cpu, period=0, sample=_SAMPLE_TIME, flags=flags)
    try:
        return mmap.mmap(fd, 2 * mmap.PAGESIZE)  # holds the event by itself
    finally:
        os.close(fd)


def _measured(events: mmap.mmap, name: bytes, rename: Callable[[bytes], object]) -> int:
    """The lead according to the trial that took least time."""
    now = time.monotonic_ns
    trials: list[tuple[int, int]] = []
    for _ in range(_TRIALS):
        before = now()
        rename(name)
        after = now()
        head = struct.unpack_from("=Q", events, _DATA_HEAD)[0]
        stamp = struct.unpack_from("=Q", events, mmap.PAGESIZE + head - 8)[0]  # a record ends with its time
        trials.append((after - before, (before + after) // 2 - stamp))
    return min(trials)[1]
