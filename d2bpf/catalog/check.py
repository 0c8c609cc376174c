"""The schema of provider files (providers/README.md) and the validation behind `d2bpf providers check`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HOOKS = ("rates", "syscalls", "tracepoints", "raw_tracepoints")
ATTACH = {
    "rawtp": (1, 1),
    "tracepoint": (2, 2),
    "syscall": (2, 2),
    "perf": (2, 3),
    "timer": (1, 1),
    "test_run": (1, 1),
    "inline": (0, 0),
}


def faults(table: Mapping[str, Any]) -> list[str]:
    return []
