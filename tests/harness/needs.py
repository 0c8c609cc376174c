"""What a case may need of the machine, and whether it is there.

Presence is tested, never a version: a need that is missing gives the reason for the skip.
"""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.harness import kernel

VMLINUX = Path("/sys/kernel/btf/vmlinux")
DEVICES = Path("/sys/bus/event_source/devices")


@cache
def _btf() -> bytes:
    return VMLINUX.read_bytes() if VMLINUX.exists() else b""


@cache
def _symbols() -> frozenset[str]:
    return frozenset(line.split()[2] for line in Path("/proc/kallsyms").read_text().splitlines())


def _tmp_device() -> int:
    return os.stat(tempfile.gettempdir()).st_dev


def _is_user(name: str) -> bool:
    try:
        return bool(pwd.getpwnam(name))
    except KeyError:
        return False


NEEDS: dict[str, Callable[[str], bool]] = {
    "root": lambda _: os.geteuid() == 0 and kernel.can_use_bpf(),
    "btf": lambda _: VMLINUX.exists(),
    "kprobes": lambda _: (DEVICES / "kprobe").exists(),
    "uprobes": lambda _: (DEVICES / "uprobe").exists(),
    "user-writes": lambda _: kernel.can_use_bpf() and kernel.can_write_user(),
    "rawtp": lambda event: f"\0btf_trace_{event}\0".encode() in _btf(),
    "type": lambda name: f"\0{name}\0".encode() in _btf(),
    "func": lambda name: name in _symbols(),
    "file": lambda path: Path(path).exists(),
    "disk": lambda _: Path(f"/sys/dev/block/{os.major(_tmp_device())}:{os.minor(_tmp_device())}").exists(),
    "storage": lambda _: any(not name.startswith(("loop", "ram", "zram")) for name in os.listdir("/sys/block")),
    "user": _is_user,
    "command": lambda name: shutil.which(name) is not None,
    "cpus": lambda count: (os.cpu_count() or 1) >= int(count),
}


def missing(need: str) -> str:
    """The reason why `need` ("kprobes", "rawtp:sched_switch", "no:kprobes") is not met; "" when it is. KeyError: no such need."""
    kind, _, word = need.removeprefix("no:").partition(":")
    return "" if NEEDS[kind](word) != need.startswith("no:") else f"needs {need}"
