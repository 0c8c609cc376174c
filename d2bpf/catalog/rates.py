"""Hook of the profile provider: profile-N and tick-N are made when a description names them, at any rate.

-l shows the customary rates of the provider file, and only those answer to patterns (providers.md section 4).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .glob import literal
from .load import fidelity, period
from .on_demand import OnDemand
from .schema import Attachment, Native, Site

if TYPE_CHECKING:
    from ..syntax.ast import ProbeDesc
    from .facts import Facts
    from .files import Table


class Rates(OnDemand):
    def __init__(self, name: str, table: Table, facts: Facts, first: Callable[[], int], new_id: Callable[[], int]) -> None:
        super().__init__(name, table, facts, first, new_id)
        self._kinds: dict[str, dict[str, Any]] = table["rates"]
        self._shortest: int = table["shortest"]

    @cached_property
    def listed(self) -> list[str]:
        return [f"{kind}-{rate}" for kind, row in self._kinds.items() for rate in row["listed"]]

    def why_not(self, desc: ProbeDesc) -> str | None:
        """Why a name that starts like a rate's is none."""
        name = literal(desc.name) or ""
        kind, dash, rate = name.partition("-")
        if not dash or kind not in self._kinds:
            return None
        interval = period(rate)
        if interval is None:
            return f"{rate!r} is no rate: a number with one of the units hz, ns, us, ms, s, m, h, d"
        if interval < self._shortest:
            return f"{name} is too fast: the shortest interval is {self._shortest // 1000} us"
        return None

    def site(self, name: str) -> Site | None:
        kind, _, rate = name.partition("-")
        row = self._kinds.get(kind)
        interval = period(rate)
        if row is None or interval is None or interval < self._shortest:
            return None
        return _timer(row, interval) if interval >= row.get("timer_from", interval + 1) else _sampler(row, interval)


def _timer(row: dict[str, Any], interval: int) -> Site:
    return Site(Attachment("timer", (interval,)), fidelity=fidelity({"note": row["timer_note"]}))


def _sampler(row: dict[str, Any], interval: int) -> Site:
    natives = (Native("kernel_pc", "uint64_t", ("pc", "kernel")), Native("user_pc", "uint64_t", ("pc", "user")))
    attached = Attachment("perf", (row["event"], interval, 0, row["cpus"]))
    return Site(attached, natives, fidelity=fidelity(row))
