"""Hook of the profile provider: profile-N and tick-N are made when a description names them, at any rate.

-l shows the customary rates of the provider file, and only those answer to patterns (providers.md section 4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from .glob import literal, matches
from .load import Provider, fidelity, period
from .schema import Attachment, Native, Probe, Site

if TYPE_CHECKING:
    from ..syntax.ast import ProbeDesc
    from .facts import Facts
    from .files import Table


class Rates(Provider):
    def __init__(self, name: str, table: Table, facts: Facts, first: Callable[[], int], new_id: Callable[[], int]) -> None:
        """`new_id` hands out ids for probes made on demand."""
        super().__init__(name, table, facts, first)
        self._kinds: dict[str, dict[str, Any]] = table["rates"]
        self._shortest: int = table["shortest"]
        self._listed = [f"{kind}-{rate}" for kind, row in self._kinds.items() for rate in row["listed"]]
        self._made: dict[str, Probe] = {}
        self._new_id = new_id

    def count(self) -> int:
        return len(self._listed)

    def probe(self, index: int) -> Probe | None:
        return self._rate(self._listed[index], index)

    def match(self, desc: ProbeDesc, program_literals: frozenset[str]) -> Iterator[Probe]:
        del program_literals
        if not matches(desc.module, "") or not matches(desc.function, ""):
            return
        name = literal(desc.name) if desc.name else None
        if name is not None and name not in self._listed:
            probe = self._rate(name, None)
            if probe is not None:
                yield probe
            return
        for index, listed in enumerate(self._listed):
            if matches(desc.name, listed):
                probe = self._rate(listed, index)
                if probe is not None:
                    yield probe

    def names(self) -> Iterator[tuple[str, str]]:
        return (("", name) for name in chain(self._listed, self._made))

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

    def _rate(self, name: str, index: int | None) -> Probe | None:
        if name in self._made:
            return self._made[name]
        kind, _, rate = name.partition("-")
        row = self._kinds.get(kind)
        interval = period(rate)
        if row is None or interval is None or interval < self._shortest:
            return None
        id = self._new_id() if index is None else self.first + index
        site = _timer(row, interval) if interval >= row.get("timer_from", interval + 1) else _sampler(row, interval)
        made = self._made[name] = Probe(id, self.name, "", "", name, (site,), site.fidelity)
        return made


def _timer(row: dict[str, Any], interval: int) -> Site:
    return Site(Attachment("timer", (interval,)), fidelity=fidelity({"note": row["timer_note"]}))


def _sampler(row: dict[str, Any], interval: int) -> Site:
    natives = (Native("kernel_pc", "uint64_t", ("pc", "kernel")), Native("user_pc", "uint64_t", ("pc", "user")))
    attached = Attachment("perf", (row["event"], interval, 0, row["cpus"]))
    return Site(attached, natives, fidelity=fidelity(row))
