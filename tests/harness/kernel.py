"""The kernel's own view of BPF programs and processes: which exist, who holds them.

Program ids are handed out in ascending order, so the distance between the ids of two programs that we load ourselves is
the number of programs loaded in between, whoever loaded them.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from d2bpf.runtime.bpf import raise_memlock

BPF_PROG_LOAD = 5
BPF_PROG_GET_NEXT_ID = 11
BPF_OBJ_GET_INFO_BY_FD = 15
SOCKET_FILTER = 1
KPROBE = 2
RETURN_ZERO = bytes.fromhex("b700000000000000 9500000000000000")  # r0 = 0; exit
SYS_BPF = {"x86_64": 321, "aarch64": 280}.get(platform.machine(), 280)
PR_SET_CHILD_SUBREAPER = 36

_libc = ctypes.CDLL(None, use_errno=True)


def _bpf(command: int, attr: bytes) -> tuple[int, bytes]:
    """bpf(2): (its result, `attr` as the kernel left it). OSError when it fails."""
    buffer = ctypes.create_string_buffer(attr, len(attr))
    result = _libc.syscall(SYS_BPF, command, buffer, len(attr))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result, buffer.raw


def next_program_id(start: int) -> int:
    """The lowest id of a loaded BPF program above `start`, 0 if there is none. OSError without the privilege."""
    try:
        return int(struct.unpack_from("=I", _bpf(BPF_PROG_GET_NEXT_ID, struct.pack("=III", start, 0, 0))[1], 4)[0])
    except FileNotFoundError:
        return 0


@cache
def can_write_user() -> bool:
    """Whether BPF programs may write to the memory of processes; lockdown forbids it."""
    # r1 = 0; *(u64 *)(fp - 8) = 0; r2 = fp - 8; r3 = 4; bpf_probe_write_user(r1, r2, r3); return 0
    program = "b701000000000000 7a0af8ff00000000 bfa2000000000000 07020000f8ffffff b703000004000000 8500000024000000"
    code = bytes.fromhex(program) + RETURN_ZERO
    code_at, licence = ctypes.create_string_buffer(code, len(code)), ctypes.create_string_buffer(b"GPL")
    load = struct.pack("=IIQQIIQII16x", KPROBE, len(code) // 8, *map(ctypes.addressof, (code_at, licence)), 0, 0, 0, 0, 0)
    try:
        os.close(_bpf(BPF_PROG_LOAD, load)[0])
    except OSError:
        return False
    return True


def mark() -> int:
    """The id of a program that we load and drop again: every program loaded before has a lower one, every later one a
    higher. OSError without the privilege."""
    code, licence, info = (ctypes.create_string_buffer(data, len(data)) for data in (RETURN_ZERO, b"GPL\0", bytes(8)))
    address = ctypes.addressof
    load = struct.pack("=IIQQIIQII16x", SOCKET_FILTER, 2, address(code), address(licence), 0, 0, 0, 0, 0)
    try:
        fd = _bpf(BPF_PROG_LOAD, load)[0]
    except PermissionError:  # before Linux 5.11 programs count as locked memory
        if not raise_memlock():
            raise
        fd = _bpf(BPF_PROG_LOAD, load)[0]
    try:
        _bpf(BPF_OBJ_GET_INFO_BY_FD, struct.pack("=IIQ", fd, 8, address(info)))
    finally:
        os.close(fd)
    return int(struct.unpack("=II", info.raw)[1])


def program_ids(above: int = 0) -> list[int]:
    """Ids of all loaded BPF programs greater than `above`."""
    ids = []
    while above := next_program_id(above):
        ids.append(above)
    return ids


@cache
def can_use_bpf() -> bool:
    try:
        mark()
    except OSError:
        return False
    return True


def held_programs() -> dict[int, set[int]]:
    """Per process: ids of the BPF programs that it holds by a program or link descriptor; {} members for one that holds
    only maps. Processes with no BPF descriptor are left out."""
    held: dict[int, set[int]] = {}
    for folder in Path("/proc").glob("[0-9]*/fdinfo"):
        pid = int(folder.parent.name)
        try:
            names = os.listdir(folder)
        except OSError:  # ended meanwhile
            continue
        for name in names:
            try:
                if "bpf" not in os.readlink(folder.parent / "fd" / name):
                    continue
                text = (folder / name).read_text()
            except OSError:
                continue
            ids = held.setdefault(pid, set())
            ids.update(int(line.split()[1]) for line in text.splitlines() if line.startswith("prog_id"))
    return held


def children(of: int) -> set[int]:
    """Living or unreaped processes whose parent is `of`."""
    found = set()
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = Path(f"/proc/{entry}/stat").read_text()
            except OSError:
                continue
            if int(stat.rpartition(")")[2].split()[1]) == of:
                found.add(int(entry))
    return found


def adopt_orphans() -> None:
    """Descendants whose parent ends become our children, so that a process left behind is seen."""
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reap(pids: set[int]) -> set[int]:
    """Reap those of `pids` that have ended; the others are returned."""
    alive = set()
    for pid in pids:
        try:
            if os.waitpid(pid, os.WNOHANG) == (0, 0):
                alive.add(pid)
        except ChildProcessError:
            pass
    return alive


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Poll until `condition` holds; False when it did not in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True
