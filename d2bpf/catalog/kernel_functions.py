"""Hooks of fbt and rawfbt: entry and return of every kernel function that can be probed.

fbt leaves out what a compiler made of a function (foo.isra.0, foo.cold), whose arguments are not those of the source, and has
args[] by the kernel's type information; rawfbt has all functions and no args[]. Rows `rename` of the provider file lead from
functions of other systems to those of Linux that do the same, with their arguments put where scripts look for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from .glob import is_any, literal, matches
from .load import EXACT, Provider, fidelity, matches_module
from .schema import Argument, Attachment, Deferred, Native, Probe, Site

if TYPE_CHECKING:
    from ..syntax.ast import ProbeDesc
    from .facts import Facts
    from .files import Table

KERNEL = "vmlinux"  # the module of the kernel proper
NAMES = ("entry", "return")  # in order of ids
_NO_FUNCTION = "__ftrace_invalid_address__"  # what ftrace lists in place of functions that are gone

_ARGUMENTS = tuple(Native(f"a{at}", "int64_t", ("arg", at)) for at in range(10))
_RESULT = (Native("ret", "int64_t", ("ret",)),)
_OFFSET = Argument("uint64_t", "uint64_t", "0")  # where in the function it returned from, which nobody tells

Place = tuple[str, str]  # module, function
Row = Mapping[str, Any]


class KernelFunctions(Provider):
    typed = True

    def __init__(self, name: str, table: Table, facts: Facts, first: Callable[[], int]) -> None:
        super().__init__(name, table, facts, first)
        self._stand_ins: dict[tuple[Place, str, int], Probe] = {}

    @cached_property
    def _places(self) -> list[Place]:
        """Where there are probes, in the kernel's order; none where functions cannot be probed."""
        if not self._has_all(self.head.get("needs", [])):
            return []
        found = ((module or KERNEL, function) for module, function in self.facts.functions() if self._is_ours(function))
        return list(dict.fromkeys(found))

    @cached_property
    def _index(self) -> dict[Place, int]:
        return {place: at for at, place in enumerate(self._places)}

    @cached_property
    def _by_name(self) -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = {}
        for place in self._places:
            found.setdefault(place[1], []).append(place)
        return found

    def _is_ours(self, function: str) -> bool:
        return not function.startswith(_NO_FUNCTION) and not (self.typed and "." in function)

    def count(self) -> int:
        return 2 * len(self._places)

    def probe(self, index: int) -> Probe | None:
        if index not in self._probes:
            place, name = self._places[index // 2], NAMES[index % 2]
            self._probes[index] = Probe(self.first + index, self.name, *place, name, (self._made(place, name, {}),))
        return self._probes[index]

    def names(self) -> Iterator[tuple[str, str]]:
        return ((function, name) for _, function in self._places for name in NAMES)

    def match(self, desc: ProbeDesc, program_literals: frozenset[str]) -> Iterator[Probe]:
        names = [name for name in NAMES if matches(desc.name, name)]
        if not names:
            return
        found = self._covered(desc)
        for place in found:
            for name in names:
                probe = self.probe(self._number(place, name))
                if probe is not None:
                    yield probe
        if not found:
            yield from self._foreign(desc, names)

    def _covered(self, desc: ProbeDesc) -> list[Place]:
        function = literal(desc.function)
        places = self._by_name.get(function, []) if function else self._places
        if not function and not is_any(desc.function):
            places = [place for place in places if matches(desc.function, place[1])]
        return [place for place in places if is_any(desc.module) or matches_module(desc.module, place[0])]

    def _number(self, place: Place, name: str) -> int:
        return 2 * self._index[place] + NAMES.index(name)

    def why_not(self, desc: ProbeDesc) -> str | None:
        """What a function of another system is here, if this kernel does not have that either; or what is like the name."""
        for row, written in self._rows_for(desc.function):
            return f"{written} is {' or '.join(row['to'])} on Linux, which this kernel does not let be traced"
        if not self._places or literal(desc.provider) is None:
            return None
        if not any(matches(desc.name, name) for name in NAMES):
            return f"{self.name} has no probe {desc.name}: its probes are {' and '.join(NAMES)}"
        function = literal(desc.function)
        if function is None:
            return None
        from difflib import get_close_matches

        near = get_close_matches(function, [name for name in self._by_name if name[:2] == function[:2]], 3)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        return f"this kernel has no function {function} that can be traced: it may be inlined, or called otherwise{hint}"

    # ------------------------------------------------------------ functions of other systems

    def _rows_for(self, pattern: str) -> Iterator[tuple[Row, str]]:
        """The rows for a name of another system, with the name; a pattern finds the first of each row."""
        if is_any(pattern):
            return
        for row in self.renames:
            for name in row["from"]:
                if matches(pattern, name):
                    yield row, name
                    break

    def _foreign(self, desc: ProbeDesc, names: Sequence[str]) -> Iterator[Probe]:
        """The module of a description is one of the other system: it is not asked for here."""
        for row, _ in self._rows_for(desc.function):
            function = next((name for name in row["to"] if name in self._by_name), "")
            for place in self._by_name.get(function, ()):
                for name in names:
                    key = place, name, id(row)
                    if key not in self._stand_ins:
                        site = self._made(place, name, row)
                        number = self.first + self._number(place, name)
                        self._stand_ins[key] = Probe(number, self.name, *place, name, (site,), site.fidelity)
                    yield self._stand_ins[key]

    # ------------------------------------------------------------ sites

    def _made(self, place: Place, name: str, row: Row) -> Site:
        """The site of a function, with the arguments of the function that a row says it stands for."""
        module, function = place
        attached = Attachment("kprobe", ("" if module == KERNEL else module, function, name))
        return (self._entry if name == "entry" else self._return)(attached, place, row)

    def _entry(self, attached: Attachment, place: Place, row: Row) -> Site:
        argn = tuple(row.get("argn", ()))
        args: Sequence[Argument] = ()
        if argn:
            args = tuple(Argument(type, type, f"({type})({text})") for type, text in zip(row.get("types", ()), argn, strict=False))
        elif self.typed:
            args = Deferred(partial(self._parameters, place))
        return Site(attached, _ARGUMENTS, args, argn, fidelity=fidelity(row) if row else EXACT)

    def _return(self, attached: Attachment, place: Place, row: Row) -> Site:
        result = row.get("result", "ret")
        args: Sequence[Argument] = ()
        if "result" in row:
            args = (_OFFSET, Argument("int64_t", "int64_t", result))
        elif self.typed:
            args = Deferred(partial(self._returned, place))
        argn = ("0", result, "0", row["done"]) if "done" in row else ("0", result)
        return Site(attached, _RESULT, args, argn, fidelity=fidelity(row) if row else EXACT)

    def _parameters(self, place: Place) -> tuple[Argument, ...]:
        prototype = self._prototype(place)
        types = prototype[1] if prototype else ()
        return tuple(Argument(type, type, f"({type})a{at}") for at, type in enumerate(types[: len(_ARGUMENTS)]))

    def _returned(self, place: Place) -> tuple[Argument, ...]:
        prototype = self._prototype(place)
        if prototype is None:
            return ()
        type = prototype[0]
        return (_OFFSET, Argument(type, type, f"({type})ret")) if type else (_OFFSET,)

    def _prototype(self, place: Place) -> tuple[str, Sequence[str]] | None:
        module, function = place
        return self.facts.function_types(function, "" if module == KERNEL else module)


class RawKernelFunctions(KernelFunctions):
    typed = False
