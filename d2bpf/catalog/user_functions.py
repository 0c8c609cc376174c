"""Hook of the pid provider: entry, return and instructions of the functions of one process (providers.md section 18).

Probes are made when a description names a process: its program and libraries are looked through for what the other fields cover.
They are the symbols' places in files, so the process need not be stopped, and a library that it loads later can be probed now.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..symbols.elf import Elf, ElfError
from ..symbols.functions import Function
from ..symbols.instructions import boundaries, exits
from ..symbols.objects import Object, objects, unmapped
from .cxx import forms, words
from .glob import is_glob, literal, matches
from .load import Provider, fidelity
from .schema import Attachment, Mistake, Native, Probe, Site

if TYPE_CHECKING:
    from ..symbols.functions import FunctionTable
    from ..syntax.ast import ProbeDesc
    from .facts import Facts
    from .files import Store, Table

MAIN = "a.out"
ADDRESS = "-"  # the function field that says: NAME is an address
ARGUMENTS = 10  # arg0 to arg9
_HEX = frozenset("0123456789abcdefABCDEF")
_SHOWN = 3  # suggestions

_ENTRY = tuple(Native(f"a{i}", "int64_t", ("arg", i)) for i in range(ARGUMENTS))
_RESULT = Native("result", "int64_t", ("ret",))
_OFFSET = Native("offset", "int64_t", ("number",))


# Runtimes that find their way from caller to caller by return addresses, which the kernel's return probes replace: an exception, or
# a growing stack, would end the process.
_UNWINDING_LIBRARIES = ("libstdc++.", "libc++", "libgcc_s.")
_UNWINDING_FUNCTIONS = ("__cxa_throw", "_Unwind_RaiseException", "runtime.morestack")
# Functions that are not called, or keep the return address for later.
_UNRETURNING = frozenset(
    "_start _dl_start_user __restore_rt setjmp _setjmp sigsetjmp __sigsetjmp getcontext swapcontext savectx vfork".split()
)
_UNRETURNING_PREFIXES = ("_dl_runtime_",)


class Point(NamedTuple):
    """A place where a probe of a function fires: the probe's name ("entry", "return", "1f"), the place's offset in the file and in
    the function, and how it is a return: "kernel" by the kernel's return probe, "instruction" at one that returns, "jump" at one
    that goes on to another function; "" if it is none."""

    name: str
    offset: int
    at: int = 0
    returns: str = ""


class UserFunctions(Provider):
    """`new_id` hands out ids for probes; `store` keeps what is costly to find out about a file; `is_raw` says whether names are
    shown as they are in symbol tables."""

    def __init__(
        self,
        name: str,
        table: Table,
        facts: Facts,
        first: Callable[[], int],
        new_id: Callable[[], int],
        store: Store | None,
        is_raw: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(name, table, facts, first)
        self._new_id = new_id
        self._store = store
        self._most: int = table["functions"]["most"]
        self._return_fidelity = fidelity({"note": table["functions"]["return_note"]})
        self._is_raw = is_raw
        self._objects: dict[int, list[Object]] = {}
        self._unwinding: dict[int, bool] = {}
        self._made: dict[tuple[int, str, str, int, str], Probe] = {}

    # ------------------------------------------------------------ from descriptions to probes

    def match(self, desc: ProbeDesc, program_literals: frozenset[str]) -> Iterator[Probe]:
        """The probes of a process. Mistake for a field that cannot be right, whatever else the process has."""
        del program_literals
        provider = literal(desc.provider)
        if provider is None:  # a pattern covers the probes that there are
            for probe in list(self._made.values()):
                fields = zip((desc.provider, desc.module, desc.name), (probe.provider, probe.module, probe.name), strict=True)
                if all(matches(*pair) for pair in fields) and any(matches(desc.function, form) for form in forms(probe.function)):
                    yield probe
            return
        pid = process_id(provider)
        count = 0
        for object, function, points in self._points(pid, desc):
            count += len(points)
            if count > self._most:
                raise Mistake("D_PROC_CREATEFAIL", f"failed to create probes: more than {self._most} match", _TOO_MANY)
            yield self._probe(pid, object, function, points)

    def _points(self, pid: int, desc: ProbeDesc) -> Iterator[tuple[Object, Function, list[Point]]]:
        """The points of each probe that a description covers."""
        modules = self._modules(pid, desc.module)
        if literal(desc.function) == ADDRESS:
            yield self._address(modules, desc)
            return
        tested = self._point_test(pid, desc.name)
        found = False
        for object in modules:
            table = self._table(object)
            if table is None:
                continue
            for function in self._functions(table, desc.function):
                found = True
                try:
                    for points in tested(object, table, function):
                        if points:
                            yield object, function, points
                except Mistake:  # of many functions, those that are long enough have the offset
                    if not is_glob(desc.function):
                        raise
        if modules and not found and not is_glob(desc.module) and not is_glob(desc.function):
            what = f"failed to lookup '{literal(desc.function)}' in module '{literal(desc.module)}'"
            raise Mistake("D_PROC_FUNC", what, self._no_function(desc.function, modules))

    def _functions(self, table: FunctionTable, pattern: str) -> list[Function]:
        if not pattern or pattern == "*":
            return [each for each in table.find(table.sized(range(len(table)))) if not is_fragment(each.name)]
        name = literal(pattern)
        if name is not None:
            if name in table.resolvers:  # another version of it that is a function is not what is called
                return []
            return table.find(table.exact(name) or table.matching(lambda shown: name in forms(shown), words(name)))
        rows = table.matching(lambda shown: any(matches(pattern, form) for form in forms(shown)), words(pattern))
        return [each for each in table.find(table.sized(rows)) if "cold" in pattern or not is_fragment(each.name)]

    def _probe(self, pid: int, object: Object, function: Function, points: Sequence[Point]) -> Probe:
        """The probe that fires at some points of a function."""
        first = points[0]
        key = (pid, object.file, function.name, first.offset, first.name)
        if key not in self._made:
            sites = tuple(self._point_site(pid, object, point) for point in points)
            shown = function.name if self._is_raw() else function.shown
            self._made[key] = Probe(self._new_id(), f"{self.name}{pid}", object.name, shown, first.name, sites)
        return self._made[key]

    def _point_site(self, pid: int, object: Object, point: Point) -> Site:
        place = (object.file, point.offset)
        if point.returns == "kernel":
            attached = Attachment("uprobe", (*place, "return", pid, 0))
            return Site(attached, (_RESULT,), argn=("0", "result"), fidelity=self._return_fidelity)
        if point.returns:
            attached = Attachment("uprobe", (*place, "entry", pid, 0, point.at))
            return Site(attached, (_OFFSET, _RESULT), argn=("offset", "result" if point.returns == "instruction" else "0"))
        return Site(Attachment("uprobe", (*place, "entry", pid, 0)), _ENTRY if point.name == "entry" else ())

    # ------------------------------------------------------------ the name field

    def _point_test(self, pid: int, pattern: str) -> Tested:
        """What gives the points of a function that a name field covers: for each probe of it a list."""
        name = literal(pattern) if pattern else None
        if name is None:
            return lambda object, table, function: self._all_points(pid, pattern, object, table, function)
        if name == "entry":
            return lambda object, table, function: [[Point(name, function.offset)]]
        if name == "return":
            return lambda object, table, function: [self._returns(pid, object, table, function)]
        if not name or not set(name) <= _HEX:
            raise _no_name(name)
        return lambda object, table, function: [[self._one_point(int(name, 16), object, function)]]

    def _all_points(self, pid: int, pattern: str, object: Object, table: FunctionTable, function: Function) -> list[list[Point]]:
        found = [[Point("entry", function.offset)]] if matches(pattern, "entry") else []
        if matches(pattern, "return"):
            found.append(self._returns(pid, object, table, function))
        if set(pattern) - _HEX - set("*?[]!-\\"):
            return found
        known = [at for at in _instructions(object, function) or () if matches(pattern, f"{at:x}")]
        return found + [[Point(f"{at:x}", function.offset + at, at)] for at in known]

    def _one_point(self, at: int, object: Object, function: Function) -> Point:
        if at >= max(function.size, 1):
            message = f"offset 0x{at:x} outside of function '{function.shown}'"
            raise Mistake("D_PROC_OFF", message, f"it has {function.size} bytes")
        _demand_instruction(object, function, at)
        return Point(f"{at:x}", function.offset + at, at)

    def _returns(self, pid: int, object: Object, table: FunctionTable, function: Function) -> list[Point]:
        """Where a function returns. The kernel's return probe sees every way out, but changes the return address on the stack;
        where that would be the end of the process, the probe is at each instruction that leaves the function."""
        kept = function.name in _UNRETURNING or function.name.startswith(_UNRETURNING_PREFIXES)
        if not kept and not self._unwinds(pid):
            return [Point("return", function.offset, returns="kernel")]
        found = []
        for at, target in exits(object.code(function.offset, function.size), object.elf.machine) or ():
            other = None if target is None else table.at(function.value + target)
            if other is None or not is_fragment(other.name):
                found.append(Point("return", function.offset + at, at, "instruction" if target is None else "jump"))
        return found

    def _unwinds(self, pid: int) -> bool:
        """Whether something in a process depends on its return addresses."""
        if pid not in self._unwinding:
            known = self._process(pid)
            self._unwinding[pid] = any(each.name.startswith(_UNWINDING_LIBRARIES) for each in known) or any(
                table.exact(name)
                for each in known
                if each.is_main and (table := self._table(each))
                for name in _UNWINDING_FUNCTIONS
            )
        return self._unwinding[pid]

    # ------------------------------------------------------------ processes and their files

    def _process(self, pid: int) -> list[Object]:
        if pid not in self._objects:
            try:
                self._objects[pid] = objects(pid)
            except OSError as error:
                reason = os.strerror(errno.ESRCH if error.errno == errno.ENOENT else error.errno or 0)
                raise Mistake("D_PROC_GRAB", f"failed to grab process {pid}", reason) from None
        return self._objects[pid]

    def _modules(self, pid: int, pattern: str) -> list[Object]:
        """The files of a process that a module field covers; for one that it has not mapped the file that it would map."""
        known = self._process(pid)
        name = literal(pattern) if pattern else None
        if name is None:
            return [each for each in known if matches(pattern, each.name) or (each.is_main and matches(pattern, MAIN))]
        exact = [each for each in known if each.name == name or (each.is_main and name == MAIN)]
        return exact or [each for each in known if is_version_of(each.name, name)] or unmapped(pid, name, known)

    def _table(self, object: Object) -> FunctionTable | None:
        """The functions of a file; None of one that cannot be read, which is then as good as not mapped."""
        try:
            return object.functions(self._store)
        except (OSError, ElfError):
            return None

    def _address(self, modules: list[Object], desc: ProbeDesc) -> tuple[Object, Function, list[Point]]:
        """The probe of an absolute address, of the running program or as its file has it."""
        main = next((each for each in modules if each.is_main), None)
        if main is None or literal(desc.module) not in (MAIN, main.name):
            raise Mistake("D_PROC_LIB", "only the a.out module is valid with the '-' function")
        name = literal(desc.name)
        if not name:
            raise Mistake("D_PROC_NAME", "only individual addresses may be specified with the '-' function")
        if not set(name) <= _HEX:
            raise _no_name(name)
        offset = main.offset_of(int(name, 16))
        if offset is None:
            raise Mistake("D_PROC_OFF", f"failed to lookup 0x{name} in module '{MAIN}'", "no code of the program is there")
        table = self._table(main)
        value = main.elf.vaddr(offset)
        around = table.at(value) if table and value is not None else None
        if around:
            _demand_instruction(main, around, offset - around.offset)
        return main, Function(ADDRESS, 0, offset, 0), [Point(name, offset)]

    # ------------------------------------------------------------ what to say when nothing matches

    def why_not(self, desc: ProbeDesc) -> str | None:
        """What the process has instead."""
        provider = literal(desc.provider)
        if provider is None:
            return "a pattern of processes covers the probes that the program has named before"
        pid = process_id(provider)
        known = self._process(pid)
        modules = self._modules(pid, desc.module)
        if not modules:
            names = ", ".join(each.name for each in known)
            return f"process {pid} has mapped {names}; no file named {desc.module} is in their folders"
        return self._no_function(desc.function, modules)

    def _no_function(self, pattern: str, modules: Iterable[Object]) -> str:
        """Where a function was looked for, and what is named like it there."""
        from ..symbols.debugfiles import looked_for

        known: list[str] = []
        said: list[str] = []
        for object in modules:
            table = self._table(object)
            if table is None:
                said.append(f"{object.file} cannot be read")
                continue
            if literal(pattern) in table.resolvers:
                return f"{pattern} in {object.name} stands for one of several functions, chosen when the program is loaded (IFUNC)"
            known += [form for name in table.near(pattern) for form in forms(name)]
            if not len(table):
                with Elf.open(object.file) as elf:
                    places = ", ".join(looked_for(elf, object.path)) or "no debug file is named in it"
                said.append(f"{object.file} was stripped of all symbols ({places})")
            else:
                said.append(f"looked at {len(table)} functions of {object.file}")
        near = near_names(pattern, known)
        return "; ".join([*said[:_SHOWN], *([f"did you mean {', '.join(near)}?"] if near else [])])


Tested = Callable[[Object, "FunctionTable", Function], list[list[Point]]]
_TOO_MANY = "name the functions, or entry and return, more closely"


def process_id(provider: str) -> int:
    """The process that a provider field names. Mistake if it names none."""
    digits = provider[len(provider.rstrip("0123456789")) :]
    if not digits:
        raise Mistake("D_PROC_BADPID", f"'{provider}' does not contain a valid pid")
    if not int(digits):
        raise Mistake("D_PROC_BADPID", f"{provider} does not contain a valid pid", "$target is the process of -c or -p")
    return int(digits)


def is_version_of(name: str, written: str) -> bool:
    """Whether libc.so.6 is meant by libc or libc.so."""
    return bool(written) and name.startswith((f"{written}.so", f"{written}.")) and ".so" in f"{name}."


def is_fragment(name: str) -> bool:
    """Whether a symbol is a part that the compiler has put elsewhere, for it is seldom reached: no function, nobody calls it."""
    return name.endswith(".cold") or ".cold." in name


def near_names(pattern: str, known: Iterable[str]) -> list[str]:
    from difflib import get_close_matches

    if is_glob(pattern):
        return []
    names = {name: name for name in known}
    if "::" not in pattern:  # what it may lack is where it is within
        names = {name.rpartition("::")[2]: name for name in names} | names
    return list(dict.fromkeys(names[close] for close in get_close_matches(pattern, names, _SHOWN)))


def _no_name(name: str) -> Mistake:
    return Mistake("D_PROC_NAME", f"'{name}' is an invalid probe name", "entry, return, or an offset in hexadecimal without 0x")


def _demand_instruction(object: Object, function: Function, at: int) -> None:
    """See to it that an instruction begins there: a breakpoint in the midst of one destroys the program."""
    known = _instructions(object, function)
    if known is None:
        raise Mistake(
            "D_PROC_ALIGN",
            f"offset 0x{at:x} of function '{function.shown}' cannot be probed",
            "nothing here tells whether an instruction begins there: libbcc keeps the LLVM it was built with to itself",
        )
    if at in known:
        return
    before = max((each for each in known if each < at), default=0)
    message = f"offset 0x{at:x} of function '{function.shown}' is not at an instruction"
    raise Mistake("D_PROC_ALIGN", message, f"one begins at {before:x}")


def _instructions(object: Object, function: Function) -> list[int] | None:
    return boundaries(object.code(function.offset, function.size), object.elf.machine)
