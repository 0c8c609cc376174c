"""Hook of the syscall provider: entry and return of every system call the kernel has.

The function part is the call's usual name (stat, where the kernel's tracepoint says newstat). Three tables of the
provider file make scripts written elsewhere, or long ago, see what they ask for:

names   the kernel's name of a call -> the usual one
old     calls that programs no longer make: C libraries now use openat where they used open. A description that
covers the old
        name, by itself or by a pattern, also covers its successors, whose arguments are put where the old call has
        them. Not so for the empty pattern and `*`, which already cover everything as it is, nor where another
        description of the program names a successor: then its author knows about it.
rename  names of other systems, which stand for calls of this one
gone    calls of other systems that nothing stands for: a program that names calls of this one too may list them,
        they match nothing
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .glob import is_any, literal, matches, prefix
from .load import EXACT, Provider, fidelity, matches_module
from .schema import Argument, Attachment, Deferred, Fidelity, Native, Probe, Site

if TYPE_CHECKING:
    from ..syntax.ast import ProbeDesc
    from .facts import Facts
    from .files import Table

NAMES = ("entry", "return")  # in order of ids
Shapes = dict[str, list[dict[str, Any]]]  # call -> how it is presented; [] as it is

_SHAPING = ("shape", "argn", "when", "note", "fidelity")

_ARGUMENTS = tuple(Native(f"a{at}", "int64_t", ("arg", at)) for at in range(6))
_RESULT = Native("ret", "int64_t", ("ret",))
_RETURNED = (Argument("int64_t", "int64_t", "ret"),) * 2
_RETURN_ARGN = ("ret", "ret")


class SystemCalls(Provider):
    def __init__(self, name: str, table: Table, facts: Facts, first: Callable[[], int]) -> None:
        super().__init__(name, table, facts, first)
        self._usual: dict[str, str] = table["names"]
        self._old: list[dict[str, Any]] = table["old"]
        self._never_return: frozenset[str] = frozenset(table["never_return"])
        self._modules: list[str] = self.head["modules"]

    @cached_property
    def calls(self) -> dict[str, str]:
        """Usual name -> the kernel's, in the kernel's order of names."""
        return {self._usual.get(kernel, kernel): kernel for kernel in self.facts.syscalls()}

    @cached_property
    def _index(self) -> dict[str, int]:
        return {call: 2 * at for at, call in enumerate(self.calls)}

    def count(self) -> int:
        return 2 * len(self.facts.syscalls())

    def probe(self, index: int) -> Probe | None:
        return self._probe(list(self.calls)[index // 2], NAMES[index % 2], [])

    def all(self) -> Iterator[Probe]:
        for call in self.calls:
            for name in NAMES:
                yield self._probe(call, name, [])

    def names(self) -> Iterator[tuple[str, str]]:
        return ((call, name) for call in self.calls for name in NAMES)

    def match(self, desc: ProbeDesc, program_literals: frozenset[str]) -> Iterator[Probe]:
        if not self._is_module(desc.module):
            return
        names = [name for name in NAMES if matches(desc.name, name)]
        if not names:
            return
        for call, shapes in self._select(desc.function, program_literals).items():
            for name in names:
                yield self._probe(call, name, shapes)

    def covered(self, desc: ProbeDesc, program_literals: frozenset[str]) -> str | None:
        if not self._is_module(desc.module) or not any(matches(desc.name, name) for name in NAMES):
            return None
        for row, written in self._rename_rows(desc.function):
            other = self._who_covers(row, written, program_literals)
            if other:
                return f"{written} is {self._targets(row)} on Linux, which {other} covers already"
        gone = self.gone_row(desc)
        if gone is not None and any(self._select(other, program_literals) for other in program_literals - {desc.function}):
            return f"no such call is ever made on Linux: {gone['why']}"
        return None

    def why_not(self, desc: ProbeDesc) -> str | None:
        """What a name of another system stands for, when this kernel has no such call."""
        for row, written in self._rename_rows(desc.function):
            return f"{written} is {self._targets(row)} on Linux, which this kernel does not have"
        return None

    # ------------------------------------------------------------ which calls, in which shape

    def _is_module(self, pattern: str) -> bool:
        return matches_module(pattern, self.head["module"]) or any(matches(pattern, module) for module in self._modules)

    def _select(self, pattern: str, literals: frozenset[str]) -> Shapes:
        """The calls a function pattern covers, in order of ids."""
        if is_any(pattern):
            return {call: [] for call in self.calls}
        chosen = self._widened(pattern, literals) or self._by_rename(pattern, literals)
        return {call: chosen[call] for call in self.calls if call in chosen}

    def _by_rename(self, pattern: str, literals: frozenset[str]) -> Shapes:
        chosen: Shapes = {}
        for row, written in self._rename_rows(pattern):
            if self._who_covers(row, written, literals) is not None:
                continue
            own = {key: row[key] for key in _SHAPING if key in row}
            for target in row["to"]:
                shaped = {target: []} if row.get("plain") else self._widened(target, literals)
                for call, shapes in shaped.items():
                    made = [{**shape, **own} for shape in shapes or ({},)]
                    chosen.setdefault(call, []).extend(shape for shape in made if shape not in chosen.get(call, ()))
        # A call that is presented as it is covers all that a shape of it would.
        return {call: shapes if all(shapes) else [] for call, shapes in chosen.items()}

    def _widened(self, pattern: str, literals: frozenset[str]) -> Shapes:
        written = literal(pattern)
        chosen: Shapes
        if written is not None:
            usual = self._usual.get(written, written)
            chosen = {usual: []} if usual in self.calls else {}
        else:
            chosen = {call: [] for call in self.calls if matches(pattern, call)}
        for row in self._old:
            old = row["name"]
            if not matches(pattern, old):
                continue
            if written is None and prefix(pattern) == old:
                for other in row.get("unlike", ()):
                    chosen.pop(other, None)
            if not self._knows(row, literals):
                for call, shape in row["now"].items():
                    if call in self.calls:
                        chosen.setdefault(call, []).append({"shape": old, **shape})
        return chosen

    @staticmethod
    def _knows(row: dict[str, Any], patterns: frozenset[str]) -> bool:
        """Whether a description of the program names a successor of the old call, and not the old call with it."""
        successors = (*row["now"], *row.get("yields_to", ()))
        others = [pattern for pattern in patterns if not matches(pattern, row["name"])]
        return any(matches(pattern, call) for pattern in others for call in successors)

    def _rename_rows(self, pattern: str) -> Iterator[tuple[dict[str, Any], str]]:
        """The rows for a name of another system, with the name; a pattern finds the first of each row."""
        if is_any(pattern):
            return
        for row in self.renames:
            for name in row["from"]:
                if matches(pattern, name) and name not in self.calls:
                    yield row, name
                    break

    def _who_covers(self, row: dict[str, Any], written: str, patterns: frozenset[str]) -> str | None:
        """The description of the program, other than `written` itself, that already covers what a renamed call
        stands for: a script that lists open and open64 must not count each open twice."""
        earlier = row["from"][: row["from"].index(written)]
        for pattern in sorted(patterns):
            if pattern == written or is_any(pattern):
                continue
            if any(matches(pattern, name) for name in (*row["to"], *earlier)) and not matches(pattern, written):
                return pattern
        return None

    @staticmethod
    def _targets(row: dict[str, Any]) -> str:
        return " or ".join(row["to"])

    # ------------------------------------------------------------ sites

    def _probe(self, call: str, name: str, shapes: Sequence[dict[str, Any]]) -> Probe:
        index = self._index[call] + NAMES.index(name)
        kept = self._probes.get(index)
        if kept is not None and not shapes:
            return kept
        make = self._entry if name == "entry" else self._return
        sites = tuple(make(call, shape) for shape in shapes or ({},))
        place = (self.head["module"], call, name)
        probe = Probe(self.first + index, self.name, *place, sites, self._fidelity(call, name, sites))
        if not shapes:
            self._probes[index] = probe
        return probe

    def _fidelity(self, call: str, name: str, sites: Sequence[Site]) -> Fidelity:
        if name == "return" and call in self._never_return:
            return Fidelity("absent", f"{call} does not return to its caller, so its return never fires")
        for site in sites:
            if site.fidelity.note:
                return site.fidelity
        return EXACT

    def _number(self, call: str) -> int:
        return self.facts.syscalls()[self.calls[call]]

    def _entry(self, call: str, shape: dict[str, Any]) -> Site:
        argn = tuple(shape.get("argn", ()))
        args = Deferred(lambda: self._typed(call, shape.get("shape", call), argn))
        attached = Attachment("syscall", (self._number(call), "entry"))
        return Site(attached, _ARGUMENTS, args, argn, shape.get("when", ""), fidelity=fidelity(shape))

    def _return(self, call: str, shape: dict[str, Any]) -> Site:
        attached = Attachment("syscall", (self._number(call), "return"))
        when = shape.get("when", "")
        natives = (_RESULT, *_ARGUMENTS) if when else (_RESULT,)
        return Site(attached, natives, _RETURNED, _RETURN_ARGN, when, fidelity=fidelity(shape))

    def _typed(self, call: str, old: str, argn: Sequence[str]) -> tuple[Argument, ...]:
        """args[] of an entry, with the types of the call that the script believes to see; where this kernel has no
        such call, with those of the arguments that stand in."""
        own = [type for type, _ in self.facts.syscall_args(self.calls[call])]
        texts = list(argn) or [f"a{at}" for at in range(len(own))]
        if old == call:
            types = own
        elif old in self.calls:
            types = [type for type, _ in self.facts.syscall_args(self.calls[old])]
        else:
            types = [_type_of(text, own) for text in texts]
        texts += ["0"] * (len(types) - len(texts))
        return tuple(Argument(type, type, f"({type})({text})") for type, text in zip(types, texts, strict=False))


def _type_of(text: str, types: Sequence[str]) -> str:
    """The type of the argument that a D text such as "a2" passes on; int64_t of any other text."""
    at = text[1:]
    return types[int(at)] if text[:1] == "a" and at.isdigit() and int(at) < len(types) else "int64_t"
