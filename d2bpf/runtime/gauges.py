"""Loads and memory as /proc shows them, for programs that ask for them: kernel variables that BPF cannot read."""

from __future__ import annotations

import os

from ..wire import GAUGES

_KB = 1024
_MEMORY = {  # gauge -> lines of /proc/meminfo, in kB, that add up to it
    "memory": ("MemTotal",),
    "memory_free": ("MemFree",),
    "memory_locked": ("Mlocked",),
    "memory_kernel": ("SUnreclaim", "KernelStack", "PageTables"),
    "memory_committed": ("Committed_AS",),
    "swap": ("SwapTotal",),
    "swap_free": ("SwapFree",),
}


def gauges() -> dict[str, int]:
    """{index into wire.GAUGES: value} as of now. A line that this kernel does not have counts as 0."""
    with open("/proc/loadavg") as file:
        loads = file.read()
    with open("/proc/meminfo") as file:
        lines = file.read()
    values = values_of(loads, lines, os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_NPROCESSORS_ONLN"))
    return {str(at): values[name] for at, name in enumerate(GAUGES)}


def values_of(loads: str, lines: str, page_size: int, processors: int) -> dict[str, int]:
    """The gauges by name, from the texts of /proc/loadavg and /proc/meminfo."""
    values = {"page_size": page_size, "processors": processors}
    for name, text in zip(("load1", "load5", "load15"), loads.split()):
        # Rounded up: shown with two digits again, a load is the one that was read.
        values[name] = -(-int(text.replace(".", "")) * 65536 // 100)
    memory = {}
    for line in lines.splitlines():
        name, _, rest = line.partition(":")
        memory[name] = int(rest.split()[0])
    for gauge, names in _MEMORY.items():
        values[gauge] = sum(memory.get(name, 0) for name in names) * _KB // page_size
    return values
