"""Loads and memory read from /proc."""

from __future__ import annotations

import pytest

from d2bpf.runtime.gauges import gauges, values_of
from d2bpf.wire import GAUGES

MEMINFO = """\
MemTotal:        8000000 kB
MemFree:         4000000 kB
SwapTotal:        100000 kB
SwapFree:          60000 kB
SUnreclaim:        20000 kB
KernelStack:        4000 kB
PageTables:         8000 kB
Committed_AS:    1000000 kB
HugePages_Total:       0
"""


def test_values() -> None:
    assert values_of("0.07 1.50 12.99 1/120 4242\n", MEMINFO, 4096, 8) == {
        "page_size": 4096,
        "processors": 8,
        "load1": 4588,
        "load5": 98304,
        "load15": 851313,
        "memory": 2000000,
        "memory_free": 1000000,
        "memory_locked": 0,
        "memory_kernel": 8000,
        "memory_committed": 250000,
        "swap": 25000,
        "swap_free": 15000,
    }


@pytest.mark.parametrize("hundredths", range(0, 1000, 7))
def test_a_load_is_shown_as_it_was_read(hundredths: int) -> None:
    text = f"{hundredths // 100}.{hundredths % 100:02}"
    load = values_of(f"{text} 0.00 0.00 1/1 1", "", 4096, 1)["load1"]
    assert f"{load // 65536}.{load % 65536 * 100 // 65536:02}" == text


def test_every_gauge_is_read_here() -> None:
    found = gauges()
    assert sorted(map(int, found)) == list(range(len(GAUGES)))
    assert found[str(GAUGES.index("memory"))] > found[str(GAUGES.index("memory_free"))] > 0
