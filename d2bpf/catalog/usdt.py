"""Hook of usdt: the static probes of programs, provider by provider and process by process (providers.md section 19).

A description can mean probes of one process, `postgresql1234:::query-start`, or of all that have the provider, however they are
numbered: `postgresql*:::query-start`. Of the latter each file is probed once, which covers every process that has it mapped, now or
later. So one Probe stands for those of several processes, and its provider gets the number when it fires. A provider field that
says nothing (`:::query-start`) means no process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

from .glob import is_any, literal, matches, prefix
from .load import EXACT, Provider
from .schema import Argument, Attachment, Fidelity, Native, Probe, Site

if TYPE_CHECKING:
    from ..symbols.operands import Source
    from ..symbols.running import Program
    from ..symbols.usdt import Note
    from ..syntax.ast import ProbeDesc
    from .facts import Facts
    from .files import Table

Operand = tuple[int, bool, "Source"]  # size, signed, where it is
Kind = tuple[int, bool]  # of an integer: size, signed
Place = tuple["Program", "Note", int]  # a note, and the process it is probed in or 0
Name = tuple[str, str, str, str]

_DIGITS = "0123456789"
_UNKNOWN: Kind = (8, False)
_OPEN = Fidelity("approximate", "of the processes that start later, those are traced whose files are known when tracing begins")


def is_possible(provider: str) -> bool:
    """Whether a provider field can mean the static probes of processes: a pattern, or a name that ends in a number."""
    name = literal(provider)
    if name is None:
        return not is_any(provider)
    return name[-1:].isdigit() and name.rstrip(_DIGITS) not in ("", "pid")


class StaticProbes(Provider):
    def __init__(
        self,
        name: str,
        table: Table,
        facts: Facts,
        first: Callable[[], int],
        new_id: Callable[[], int],
        taken: frozenset[str],
        options: Callable[[], Mapping[str, Any]] = dict,
    ) -> None:
        """`new_id` hands out ids for probes; `taken` are names of providers that programs cannot have; `options` gives those of the
        program whose descriptions are matched: nodemangle has names of functions shown as they are in symbol tables, with zdefs
        programs count that nobody runs yet."""
        super().__init__(name, table, facts, first)
        self._new_id = new_id
        self._taken = taken | {"pid"}
        self._options = options
        self._installed: dict[int, list[Program]] = {}
        self._named: dict[str, list[Program]] = {}
        self._programs: list[Program] | None = None
        self._made: dict[tuple[Name, tuple[Site, ...]], Probe] = {}

    def match(self, desc: ProbeDesc, program_literals: frozenset[str]) -> Iterator[Probe]:
        del program_literals
        found = self._places(desc)
        types = _argument_types(found)
        for name, places in found.items():
            sites = tuple(_site(place, types[_type_key(places[0])]) for place in places)
            key = name, sites
            if key not in self._made:
                self._made[key] = Probe(self._new_id(), *name, sites, per_process=True)
            yield self._made[key]

    def of_processes(self, probe: Probe) -> list[Probe]:
        """A probe as those of the processes that there are."""
        where = {(site.attachment.words[0], site.attachment.words[3]) for site in probe.sites}
        programs = chain(self._all(), *self._installed.values())
        pids = sorted({pid for program in programs for pid in program.pids if where & {(program.path, 0), (program.path, pid)}})
        place = probe.module, probe.function, probe.name
        return [Probe(self._new_id(), f"{probe.provider}{pid}", *place, probe.sites) for pid in pids]

    def why_not(self, desc: ProbeDesc) -> str | None:
        """What is known of the provider that was asked for."""
        running = list(self._providers(desc.provider))
        if not running:
            return self._no_provider(desc.provider)
        names = {note.probe for program, note in running}
        places = {program.path for program, _ in running}
        text = ", ".join(sorted(places))
        if not any(matches(desc.name, name) for name in names):
            from difflib import get_close_matches

            near = get_close_matches(desc.name, names, 3)
            return f"no probe of that name in {text}" + (f"; did you mean {', '.join(near)}?" if near else "")
        return f"looked in {text}: there is no such module or function"

    def unnumbered(self, desc: ProbeDesc) -> str | None:
        """What to write for a provider that processes have, if it was written without a number; else None."""
        if any(note.provider == literal(desc.provider) for program in self._all() for note in program.notes):
            return f"each process has a provider of its own: {desc.provider}*:::{desc.name} means those of all"
        return None

    def _no_provider(self, pattern: str) -> str:
        known = sorted({note.provider for program in self._all() for note in program.notes} - self._taken)
        found = f"processes have static probes of {', '.join(known)}" if known else "no process has static probes"
        later = "" if literal(pattern) is None else ", nor are there any where it is installed"
        return f"no process has a file mapped with static probes of {pattern}{later}; {found}"

    # ---- finding ----

    def _all(self) -> list[Program]:
        """The programs and libraries that processes have mapped now, looked for once."""
        if self._programs is None:
            from ..symbols.running import programs

            self._programs = programs() if self.facts.has("feature:uprobes") else []
        return self._programs

    def _places(self, desc: ProbeDesc) -> dict[Name, list[Place]]:
        """The notes that a description covers, by the probe they belong to."""
        found: dict[Name, list[Place]] = {}
        for program, note in self._providers(desc.provider):
            if not matches(desc.module, program.name) or not matches(desc.name, note.probe):
                continue
            function = self._function(program, note, desc.function)
            if function is None:
                continue
            for pid in _pids(desc.provider, note.provider, program.pids):
                name = note.provider, program.name, function, note.probe
                found.setdefault(name, []).append((program, note, pid))
        return found

    def _function(self, program: Program, note: Note, pattern: str) -> str | None:
        """The function a note stands in as it is shown, "" for one unknown; None if the pattern does not cover it."""
        from ..symbols.demangle import demangle
        from .cxx import forms

        name = program.function(note)
        shown = demangle(name)
        if not any(matches(pattern, form) for form in (name, *forms(shown))):
            return None
        return name if self._options().get("nodemangle") else shown

    def _providers(self, pattern: str) -> Iterator[tuple[Program, Note]]:
        """The notes of the providers that a field covers. Where no process has them: of one process those in libraries that it may
        load, and of all, if they may come later, those in programs that are installed."""
        found = list(self._notes(pattern, self._all()))
        if not found and literal(pattern) is not None:
            found = list(self._notes(pattern, self._loadable(self._named_process(pattern))))
        elif not found and self._options().get("zdefs"):
            found = list(self._notes(pattern, self._startable(prefix(pattern))))
        yield from found

    def _startable(self, name: str) -> list[Program]:
        from ..symbols.running import installed

        if name not in self._named:
            self._named[name] = installed(name) if name and self.facts.has("feature:uprobes") else []
        return self._named[name]

    def _loadable(self, pid: int) -> list[Program]:
        if pid not in self._installed:
            from ..symbols.running import installed_with

            self._installed[pid] = installed_with(pid) if pid and self.facts.has("feature:uprobes") else []
        return self._installed[pid]

    def _named_process(self, pattern: str) -> int:
        """The process that a provider field names in full; 0 if it names none that there is."""
        from ..symbols.running import processes

        name = literal(pattern) or ""
        known = [pid for pid in processes() if name.endswith(str(pid))] if name[-1:].isdigit() else []
        return max(known, default=0)

    def _notes(self, pattern: str, programs: Iterable[Program]) -> Iterator[tuple[Program, Note]]:
        for program in programs:
            covered: dict[str, bool] = {}
            for note in program.notes:
                provider = note.provider
                if provider not in covered:
                    covered[provider] = provider not in self._taken and bool(_pids(pattern, provider, program.pids))
                if covered[provider]:
                    yield program, note


def _pids(pattern: str, provider: str, pids: list[int]) -> list[int]:
    """The processes a provider field means of those that have the provider; [0] when it means all there will ever be."""
    if literal(pattern) is None and pattern.endswith("*") and matches(pattern, provider):
        return [0]
    return [pid for pid in pids if matches(pattern, f"{provider}{pid}")]


# ---- arguments ----


def _type_key(place: Place) -> tuple[str, str]:
    return place[1].provider, place[1].name


def _operands(program: Program, note: Note) -> list[Operand]:
    from ..symbols.operands import parse, split

    return [parse(text, program.machine, lambda symbol: program.distance(note, symbol)) for text in split(note.arguments)]


def _argument_types(found: dict[Name, list[Place]]) -> dict[tuple[str, str], list[Kind]]:
    """The types of a probe's arguments by (provider, name): wide enough for all places it has in the programs."""
    types: dict[tuple[str, str], list[Kind]] = {}
    for places in found.values():
        for program, note, _ in places:
            known = types.setdefault((note.provider, note.name), [])
            for at, (size, signed, _) in enumerate(_operands(program, note)):
                if at < len(known):
                    known[at] = _common(known[at], (size, signed))
                else:
                    known.append((size, signed))
    return types


def _common(one: Kind, other: Kind) -> Kind:
    """An integer type that holds the values of both."""
    if one == other:
        return one
    return (max(one[0], other[0]), one[1]) if one[1] == other[1] else (8, True)


def _site(place: Place, types: list[Kind]) -> Site:
    program, note, pid = place
    operands = _operands(program, note)
    missing: Operand = (*_UNKNOWN, ("unknown", f"{program.name} gives it fewer arguments there"))
    operands += [missing] * (len(types) - len(operands))
    names = [f"{'' if signed else 'u'}int{8 * size}_t" for size, signed in types]
    natives = tuple(Native(f"a{at}", type, operand[2]) for at, (type, operand) in enumerate(zip(names, operands, strict=True)))
    arguments = tuple(Argument(type, type, f"a{at}") for at, type in enumerate(names))
    attached = Attachment("uprobe", (program.path, note.offset, "entry", pid, note.semaphore))
    return Site(attached, natives, arguments, fidelity=EXACT if pid else _OPEN)
