"""Providers whose probes are made when a description names them: any number may be part of a name.

-l shows those with customary numbers, and only those answer to patterns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from .glob import literal, matches
from .load import Provider
from .schema import Probe, Site

if TYPE_CHECKING:
    from ..syntax.ast import ProbeDesc
    from .facts import Facts
    from .files import Table


class OnDemand(Provider):
    """A provider gives its customary names, and the site of any name."""

    def __init__(self, name: str, table: Table, facts: Facts, first: Callable[[], int], new_id: Callable[[], int]) -> None:
        """`new_id` hands out ids for probes made on demand."""
        super().__init__(name, table, facts, first)
        self._made: dict[str, Probe] = {}
        self._new_id = new_id

    @cached_property
    def listed(self) -> list[str]:
        """The names that are listed, in order of ids."""
        raise NotImplementedError

    def site(self, name: str) -> Site | None:
        """Where the probe of this name fires; None if it is no name of a probe that this kernel can have."""
        raise NotImplementedError

    def count(self) -> int:
        return len(self.listed)

    def probe(self, index: int) -> Probe | None:
        return self._named(self.listed[index], index)

    def match(self, desc: ProbeDesc, program_literals: frozenset[str]) -> Iterator[Probe]:
        del program_literals
        if not matches(desc.module, "") or not matches(desc.function, ""):
            return
        name = literal(desc.name) if desc.name else None
        if name is not None and name not in self.listed:
            asked: list[tuple[str, int | None]] = [(name, None)]
        else:
            asked = [(each, index) for index, each in enumerate(self.listed) if matches(desc.name, each)]
        for each, index in asked:
            probe = self._named(each, index)
            if probe is not None:
                yield probe

    def names(self) -> Iterator[tuple[str, str]]:
        return (("", name) for name in chain(self.listed, self._made))

    def _named(self, name: str, index: int | None) -> Probe | None:
        site = None if name in self._made else self.site(name)
        if site is not None:
            id = self._new_id() if index is None else self.first + index
            self._made[name] = Probe(id, self.name, "", "", name, (site,), site.fidelity)
        return self._made.get(name)
