"""Providers that are data alone: the rows of NAME.toml become Probe objects for one kernel.

A probe lists its sites in order of preference; the first whose needs hold is taken. providers/README.md has the
schema, and tables.py has seen to it that a table obeys it before it comes here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .glob import is_any, literal, matches
from .schema import Argument, Attachment, Fidelity, Native, Probe, Site, Step

if TYPE_CHECKING:
    from ..syntax.ast import ProbeDesc
    from .facts import Facts
    from .files import Table

UNITS = {
    **dict.fromkeys(("ns", "nsec"), 1),
    **dict.fromkeys(("us", "usec"), 10**3),
    **dict.fromkeys(("ms", "msec"), 10**6),
    **dict.fromkeys(("s", "sec"), 10**9),
    **dict.fromkeys(("m", "min"), 60 * 10**9),
    **dict.fromkeys(("h", "hour"), 3600 * 10**9),
    **dict.fromkeys(("d", "day"), 86400 * 10**9),
}

KERNEL_MODULES = ("genunix", "unix", "kernel", "mach_kernel")  # what other systems call vmlinux

EXACT = Fidelity()

_LOCATIONS = {"data": "loc", "relative": "relloc"}

# Keys of a site that a point of it inherits when it does not say otherwise.
_INHERITED = ("args", "argn", "when", "task", "interrupt", "source")


def period(text: str) -> int | None:
    """Nanoseconds between firings at a rate such as "97", "97hz", "10ms", "1sec"; None if it is not a rate."""
    digits = len(text) - len(text.lstrip("0123456789"))
    number, unit = text[:digits], text[digits:].lower()
    if not number or not number.isascii() or not int(number):
        return None
    if unit in ("", "hz"):
        return 10**9 // int(number)
    return int(number) * UNITS[unit] if unit in UNITS else None


def matches_module(pattern: str, module: str) -> bool:
    """Whether a module field covers `module`; what other systems call their kernel is vmlinux here."""
    return matches(pattern, module) or (module == "vmlinux" and any(matches(pattern, name) for name in KERNEL_MODULES))


def fidelity(row: Mapping[str, Any]) -> Fidelity:
    """A row's `fidelity` and `note`; a note alone says "approximate"."""
    if "note" not in row:
        return EXACT
    return Fidelity(row.get("fidelity", "approximate"), row["note"])


# A member of a structure other than the thread's own variables; an inline of the providers.
_READS_STRUCTURES = re.compile(r"(?<!self)->|(?<!->)\b__\w+\[")


def needs(site: Mapping[str, Any]) -> list[str]:
    """What a site asks of the kernel: its own needs, its attach points themselves but for optional ones, and type information where
    it takes structures to know whether the event is the probe."""
    asked = list(site.get("needs", ()))
    points = (*site.get("point", (site,)), *site.get("step", ()))
    for point in points:
        if not point.get("optional"):
            asked += _attach_need(point["attach"])
    if any(_READS_STRUCTURES.search(point.get(text, "")) for point in (site, *points) for text in ("when", "does")):
        asked.append("feature:btf")
    return asked


def _attach_need(attach: str) -> list[str]:
    kind, _, rest = attach.partition(":")
    if kind == "syscall":
        return [f"syscall:{rest.split(':')[0]}"]
    if kind == "function":
        return [f"func:{rest.split(':')[0]}"]
    if kind == "counter":
        return [f"perf:{rest.split(':')[0]}"]
    return [attach] if kind in ("rawtp", "tracepoint") else []


class Provider:
    """A provider's probes on one kernel. Subclasses (hooks of a provider file) make probes by other means."""

    def __init__(self, name: str, table: Table, facts: Facts, first: Callable[[], int]) -> None:
        """`table` is the TOML file's content; `first()` is the id of its first probe, which costs a count of those before."""
        self.name = name
        self.facts = facts
        self._first = first
        self.head: dict[str, Any] = table["provider"]
        self.stability: dict[str, str] = table["stability"]
        self.gone: list[dict[str, Any]] = table.get("gone", [])
        self.renames: list[dict[str, Any]] = table.get("rename", [])
        self.nearest: list[dict[str, Any]] = table.get("nearest", [])
        self._rows: list[dict[str, Any]] = table.get("probe", [])
        self._probes: dict[int, Probe | None] = {}

    @cached_property
    def first(self) -> int:
        """The id of the provider's first probe."""
        return self._first()

    def count(self) -> int:
        """How many ids the provider takes; a probe the kernel cannot have keeps its id free."""
        return len(self._rows)

    def probe(self, index: int) -> Probe | None:
        """The probe with id first + index, None if this kernel cannot have it."""
        if index not in self._probes:
            self._probes[index] = self._make(index, self._rows[index])
        return self._probes[index]

    def all(self) -> Iterator[Probe]:
        """In order of ids."""
        for index in range(self.count()):
            probe = self.probe(index)
            if probe is not None:
                yield probe

    def match(self, desc: ProbeDesc, program_literals: frozenset[str]) -> Iterator[Probe]:
        """The probes that a description covers whose provider field is known to cover this provider."""
        if self.gone_row(desc) is not None:
            return
        names = self._renamed(desc.name)
        for index, row in enumerate(self._rows):
            if (row["name"] in names if names else matches(desc.name, row["name"])) and self._is_place(row, desc):
                probe = self.probe(index)
                if probe is not None:
                    yield probe

    def unavailable(self) -> str | None:
        """Why the provider has no probe at all here; None when it has some."""
        reason: str | None = self.head.get("absent")
        return reason if self._has_all(self.head.get("needs", [])) else str(self.head["lacking"])

    def gone_row(self, desc: ProbeDesc) -> Mapping[str, Any] | None:
        """The row that says why probes of another system, which this description names, do not exist here."""
        for row in self.gone:
            fields = [(getattr(desc, field), row[field]) for field in ("module", "function", "name") if field in row]
            if all(not is_any(written) and matches(gone, literal(written) or written) for written, gone in fields):
                return row
        return None

    def lacking(self, desc: ProbeDesc) -> list[str]:
        """What this kernel lacks for the probes that the description covers but that cannot be had: needs of the last
        alternative of each."""
        missing: list[str] = []
        for index, row in enumerate(self._rows):
            if matches(desc.name, row["name"]) and self._is_place(row, desc) and self.probe(index) is None:
                missing += [need for need in needs(row["site"][-1]) if not self._has_all([need])]
        return missing

    def why_not(self, desc: ProbeDesc) -> str | None:
        """What else a provider knows about a description that matches nothing."""
        del desc
        return None

    def names(self) -> Iterator[tuple[str, str]]:
        """(function, name) of what can be asked for, for suggestions."""
        for row in self._rows:
            yield row.get("function", ""), row["name"]

    def covered(self, desc: ProbeDesc, program_literals: frozenset[str]) -> str | None:
        """Why a description that matches nothing is no mistake: see Catalog.covered."""
        del program_literals
        for row in self._rows:
            if row.get("idle") and matches(desc.name, row["name"]) and self._is_place(row, desc):
                return f"it never fires: {row['never']}"
        return None

    def unseen(self, desc: ProbeDesc) -> str | None:
        """Why a program may do without what a description covers where this kernel has nothing to tell of it."""
        for index, row in enumerate(self._rows):
            if "unseen" in row and matches(desc.name, row["name"]) and self._is_place(row, desc) and self.probe(index) is None:
                return str(row["unseen"])
        return None

    def _renamed(self, name: str) -> list[str]:
        written = literal(name)
        return [to for row in self.renames if written and written in row["from"] for to in row["to"]]

    def _is_place(self, row: Mapping[str, Any], desc: ProbeDesc) -> bool:
        """Whether module and function fit. Scripts of other systems name the kernel module and function that a
        probe sits in there; providers marked `foreign` take any for a probe that has none here."""
        foreign = self.head.get("foreign", False) and not is_any(desc.provider)
        module, function = row.get("module", ""), row.get("function", "")
        return (matches_module(desc.module, module) or (foreign and not module)) and (
            matches(desc.function, function) or (foreign and not function)
        )

    def _make(self, index: int, row: Mapping[str, Any]) -> Probe | None:
        place = (row.get("module", ""), row.get("function", ""), row["name"])
        if "never" in row:
            return Probe(self.first + index, self.name, *place, (), Fidelity("absent", row["never"]))
        for site in row["site"]:
            if self._has_all(needs(site)):
                points = [point for point in _points(site) if self._has_all(_attach_need(point["attach"]))]
                sites = tuple(self._site(row, point) for point in points)
                steps = tuple(self._step(step) for step in site.get("step", ()))
                return Probe(self.first + index, self.name, *place, sites, fidelity(site if "note" in site else row), steps)
        return None

    def _has_all(self, asked: list[str]) -> bool:
        return all(self.facts.has(need) for need in asked)

    def _site(self, row: Mapping[str, Any], point: Mapping[str, Any]) -> Site:
        attached = attachment(point["attach"], self.facts)
        natives = _natives(attached, point.get("source", {}), self.facts)
        return Site(
            attached,
            natives,
            arguments(row, point.get("args"), natives),
            tuple(point.get("argn", ())),
            point.get("when", ""),
            point.get("task", ""),
            point.get("interrupt", False),
            tuple(self.head.get("library", ())),
            fidelity(point),
        )

    def _step(self, row: Mapping[str, Any]) -> Step:
        attached = attachment(row["attach"], self.facts)
        site = Site(attached, _natives(attached, row["source"], self.facts))
        return Step(site, row["does"], row.get("when", ""), row.get("late", False))


def _points(site: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The attach points of a site: several when each of them is a firing of the probe."""
    inherited = {key: site[key] for key in _INHERITED if key in site}
    for point in site.get("point", (site,)):
        yield {**inherited, **point}


def attachment(text: str, facts: Facts) -> Attachment:
    """An `attach` text of a provider file: rawtp:EVENT, tracepoint:GROUP:EVENT, syscall:NAME:entry|return,
    function:NAME:entry|return, perf:EVENT:RATE[:one], counter:EVENT:COUNT, timer:RATE, test_run:NAME, inline."""
    kind, *words = text.split(":")
    if kind == "syscall":
        return Attachment(kind, (facts.syscalls()[words[0]], words[1]))
    if kind == "function":
        return Attachment("kprobe", ("", *words))
    if kind == "perf":
        return Attachment(kind, (words[0], period(words[1]), 0, words[2] if len(words) > 2 else "all"))
    if kind == "counter":
        return Attachment("perf", (words[0], int(words[1]), 0, "all"))
    if kind == "timer":
        return Attachment(kind, (period(words[0]),))
    return Attachment(kind, tuple(words))


def _natives(attached: Attachment, source: Mapping[str, str], facts: Facts) -> tuple[Native, ...]:
    if attached.kind == "tracepoint":
        group, event = str(attached.words[0]), str(attached.words[1])
        fields = {native.name: native for native in format_natives(facts, group, event)}
        return tuple(Native(name, type, fields[name].source) for name, type in source.items())
    if attached.kind == "perf":
        return tuple(Native(name, type, ("pc", name.partition("_")[0])) for name, type in source.items())
    arguments = {name: type for name, type in source.items() if not _is_result(attached, name)}
    result = tuple(Native(name, type, ("ret",)) for name, type in source.items() if _is_result(attached, name))
    return result + tuple(Native(name, type, ("arg", at)) for at, (name, type) in enumerate(arguments.items()))


def _is_result(attached: Attachment, name: str) -> bool:
    return name == "ret" and attached.kind in ("syscall", "kprobe") and attached.words[-1] == "return"


def format_natives(facts: Facts, group: str, event: str) -> tuple[Native, ...]:
    """The fields of a tracepoint's record, in order. Text elsewhere in the record is a string; of another array
    there, only the word that says where it is can be had."""
    form = facts.tracepoint_format(group, event)
    natives = []
    for field in form.fields if form else ():
        if field.location and field.type == "char[]":
            natives.append(Native(field.name, "string", (_LOCATIONS[field.location], field.offset)))
        elif field.location:
            natives.append(Native(field.name, "uint32_t", ("field", field.offset, 4, False)))
        else:
            type = field.type.replace("[", " [", 1)
            natives.append(Native(field.name, type, ("field", field.offset, field.size, field.signed)))
    return tuple(natives)


def arguments(row: Mapping[str, Any], exprs: Sequence[str] | None, natives: Sequence[Native]) -> tuple[Argument, ...]:
    """args[] of a probe's row from the D text for each; without texts argument i is native i. Native types are those
    of the row or, without, of the natives; where neither says, the argument is what scripts see."""
    types: list[str] = row.get("args", [])
    known = {native.name: native.type for native in natives}
    texts = [native.name for native in natives[: len(types)]] if exprs is None else exprs
    own: Sequence[str] = row.get("native") or [known.get(text, type) for text, type in zip(texts, types, strict=True)]
    return tuple(map(Argument, types, own, texts))
