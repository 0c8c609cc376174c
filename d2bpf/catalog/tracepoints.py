"""Hooks of sdt and rawtp: a probe for every tracepoint of the kernel, under the group it belongs to (providers.md
section 7).

sdt gives the fields of the tracepoint's record, rawtp the arguments of the kernel's own call. A tracepoint's format
is read when somebody asks for its arguments."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from .glob import is_any, literal, matches
from .load import Provider, format_natives
from .schema import Argument, Attachment, Native, Probe, Site

if TYPE_CHECKING:
    from ..syntax.ast import ProbeDesc


class Tracepoints(Provider):
    """One probe per tracepoint after those that the provider file lists."""

    @cached_property
    def _events(self) -> list[tuple[str, str]]:
        return list(self.facts.tracepoints())

    @cached_property
    def _groups(self) -> frozenset[str]:
        return frozenset(group for group, _ in self._events)

    def count(self) -> int:
        return super().count() + len(self._events)

    def probe(self, index: int) -> Probe | None:
        if index < super().count():
            return super().probe(index)
        if index not in self._probes:
            group, event = self._events[index - super().count()]
            site = self._event_site(group, event)
            probe = Probe(self.first + index, self.name, group, "", event, (site,)) if site else None
            self._probes[index] = probe
        return self._probes[index]

    def match(self, desc: ProbeDesc, program_literals: frozenset[str]) -> Iterator[Probe]:
        # A module that is a group here is not the one that another system's kernel has a probe in.
        if is_any(desc.module) or not any(matches(desc.module, group) for group in self._groups):
            yield from super().match(desc, program_literals)
        # Names of tracepoints are C identifiers: what cannot be one is not looked for.
        if not is_any(desc.function) or any("-" in (literal(field) or "") for field in (desc.name, desc.module)):
            return
        for index, (group, event) in enumerate(self._events, super().count()):
            if matches(desc.name, event) and matches(desc.module, group):
                probe = self.probe(index)
                if probe is not None:
                    yield probe

    def names(self) -> Iterator[tuple[str, str]]:
        yield from super().names()
        for _, event in self._events:
            yield "", event

    def why_not(self, desc: ProbeDesc) -> str | None:
        """That no tracepoint can be seen at all, which says nothing about the one that was asked for."""
        return None if self._events else "the kernel's tracepoints cannot be read: that takes root, and tracefs"

    def _event_site(self, group: str, event: str) -> Site | None:
        natives = format_natives(self.facts, group, event)
        return _site(Attachment("tracepoint", (group, event)), natives)


class RawTracepoints(Tracepoints):
    def _event_site(self, group: str, event: str) -> Site | None:
        args = self.facts.rawtp_args(event)
        if args is None:
            return None
        natives = tuple(Native(name or f"a{at}", type, ("arg", at)) for at, (type, name) in enumerate(args))
        return _site(Attachment("rawtp", (event,)), natives)


def _site(attached: Attachment, natives: tuple[Native, ...]) -> Site:
    return Site(attached, natives, tuple(Argument(native.type, native.type, native.name) for native in natives))
