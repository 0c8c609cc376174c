"""What fills the tables that a plan leaves to the machine: how processors are arranged, as sysfs tells, gauges, clocks."""

from __future__ import annotations

import os

_CPUS = "/sys/devices/system/cpu/"
_NODES = "/sys/devices/system/node/"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def host_table(name: str) -> dict[str, int]:
    """{processor or gauge: number} of a table (plan.Plan "tables") that names its source; processors that are not told of are
    left out."""
    return _TABLES[name]()


def _processors() -> list[str]:
    return [entry[3:] for entry in os.listdir(_CPUS) if entry.startswith("cpu") and entry[3:].isdigit()]


def _packages() -> dict[str, int]:
    """Physical package by processor; some virtual machines say -1 for not knowing, which is shown as 0."""
    packages = {}
    for cpu in _processors():
        try:
            with open(f"{_CPUS}cpu{cpu}/topology/physical_package_id") as file:
                packages[cpu] = max(0, int(file.read()))
        except OSError:  # not online
            continue
    return packages


def _nodes() -> dict[str, int]:
    """NUMA node by processor; machines with one node may have no such folder."""
    if not os.path.isdir(_NODES):
        return {}
    nodes = {}
    for entry in os.listdir(_NODES):
        if entry.startswith("node") and entry[4:].isdigit():
            within = os.listdir(_NODES + entry)
            nodes.update({cpu[3:]: int(entry[4:]) for cpu in within if cpu.startswith("cpu") and cpu[3:].isdigit()})
    return nodes


def _gauges() -> dict[str, int]:
    from .gauges import gauges

    return gauges()


def _scheduler_clock() -> dict[str, int]:
    from .clocks import scheduler_clock_lead

    return {"0": scheduler_clock_lead() % (1 << 64)}


_TABLES: dict[str, Callable[[], dict[str, int]]] = {
    "cpu_packages": _packages,
    "cpu_nodes": _nodes,
    "gauges": _gauges,
    "scheduler_clock": _scheduler_clock,
}
