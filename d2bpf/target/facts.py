"""Target: everything the compiler may know about the kernel that a program is translated for.

Presence is what is asked for, of a tracepoint, a type, a member, never a version: kernels of distributions have what
later ones have. A Target answers from Facts, read from the running machine (host.py) or from a file (stored.py), and
keeps the answers: for one Target they do not change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple, Protocol

from ..dtypes import VOID, DType
from . import btf, syscalls
from .btf import Btf, BtfError
from .tracefs import Format, parse_format
from .types import KernelTypes, spell

FEATURES = ("btf", "compat_syscalls", "fentry", "kprobe_multi", "kprobes", "ringbuf", "uprobe_multi", "uprobes")

WORD = 8  # bytes of a register

_NO_TYPES = btf.HEADER.pack(btf.MAGIC, 1, 0, btf.HEADER.size, 0, 0, 0, 1) + b"\0"

# Software events of perf_event_open(2) by the names perf has for them.
_SOFTWARE = (
    "cpu-clock", "task-clock", "page-faults", "context-switches", "cpu-migrations", "minor-faults", "major-faults",
    "alignment-faults", "emulation-faults",
)  # fmt: skip

# Hardware events of perf_event_open(2), and the sources under which kernels have a processor's counters.
_HARDWARE = (
    "cpu-cycles", "instructions", "cache-references", "cache-misses", "branch-instructions", "branch-misses", "bus-cycles",
    "stalled-cycles-frontend", "stalled-cycles-backend", "ref-cycles",
)  # fmt: skip
_PROCESSORS = ("cpu", "cpu_core", "armv8_pmuv3", "armv8_pmuv3_0")

# What kallsyms calls the modules of code that came to be at run time.
_MADE_AT_RUN_TIME = ("bpf", "__builtin__ftrace", "__builtin__kprobes")


class KernelSymbol(NamedTuple):
    """`module` is "" in the kernel proper; `kind` the letter nm(1) has for it; `address` 0 where it is not known."""

    name: str
    module: str
    kind: str
    address: int


def _symbol(line: bytes) -> KernelSymbol:
    """A line of kallsyms: `ffffffffc0201000 t name`, behind which a tab and `[module]` may follow."""
    text, _, module = line.decode("utf-8", "replace").partition("\t")
    return KernelSymbol(text[19:], module[1:-1], text[17:18], int(text[:16], 16))


class Facts(Protocol):
    """One kernel's facts as they come. A Target asks for each once."""

    @property
    def release(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def machine(self) -> str:
        """As uname(2) says it: "x86_64", "aarch64"."""

    @property
    def ncpus_possible(self) -> int: ...
    @property
    def page_size(self) -> int: ...
    def fingerprint(self) -> str: ...
    def tracepoints(self) -> Sequence[tuple[str, str]]:
        """(group, event) of all; empty where they cannot be read."""

    def tracepoint_format(self, group: str, event: str) -> str | None:
        """Text of the format file."""

    def btf(self, module: str = "") -> Btf | None:
        """Type information of the kernel or of a loaded module; None where there is none. BtfError if it is damaged, though that of
        the running machine then counts as none."""

    def btf_modules(self) -> Sequence[str]:
        """Loaded modules that have type information."""

    def traceable(self) -> Sequence[tuple[str, str]] | None:
        """(module, "" being the kernel proper; function) of every function that ftrace lists; None where it lists none."""

    def kallsyms(self) -> bytes:
        """Text of /proc/kallsyms; empty where there is none. Addresses may be withheld, and be zero then."""

    def event_sources(self) -> Sequence[str]:
        """Names under /sys/bus/event_source/devices."""

    def feature(self, name: str) -> bool:
        """`name` is one of FEATURES."""


class Target:
    """A kernel to translate for. What cannot be found out, for want of privilege, say, is as if it were not there."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._features: dict[str, bool] = {}
        self._formats: dict[tuple[str, str], Format | None] = {}

    def __repr__(self) -> str:
        return f"<Target {self.release} {self.machine}>"

    # ---- the machine ----

    @property
    def release(self) -> str:
        return self.facts.release

    @property
    def machine(self) -> str:
        return self.facts.machine

    @property
    def ncpus_possible(self) -> int:
        return self.facts.ncpus_possible

    @property
    def page_size(self) -> int:
        return self.facts.page_size

    def fingerprint(self) -> str:
        """A short text that another kernel does not have: part of the key of whatever is kept for this one."""
        return self.facts.fingerprint()

    # ---- presence ----

    def has(self, need: str) -> bool:
        """Whether the kernel has something:

        tracepoint:GROUP:EVENT      rawtp:EVENT      rawtp:EVENT:N (with at least N arguments)      syscall:NAME
        func:NAME (a function that can be probed)    type:struct NAME    member:struct NAME.MEMBER.MEMBER
        perf:SOURCE or perf:EVENT   feature:NAME (one of FEATURES)

        ValueError for a need of another kind."""
        kind, _, rest = need.partition(":")
        test = _NEEDS.get(kind)
        if test is None or not rest:
            raise ValueError(f"no such need: {need}")
        return test(self, rest)

    def _has_tracepoint(self, rest: str) -> bool:
        group, _, event = rest.partition(":")
        return (group, event) in self._tracepoints

    def _has_raw_tracepoint(self, rest: str) -> bool:
        event, _, count = rest.partition(":")
        owner = self._raw_tracepoint_owner(event)
        if owner is None:
            return self.facts.btf() is None and not count and event in self._events
        return not count or len(owner.btf.raw_tracepoint_types(event) or ()) >= int(count)

    def _has_function(self, name: str) -> bool:
        return self._can_probe_functions and name in self._function_names

    def _has_type(self, spelling: str) -> bool:
        keyword, _, name = spelling.rpartition(" ")
        return self.types.lookup(keyword or "typedef", name) is not None

    def _has_member(self, rest: str) -> bool:
        spelling, *path = rest.split(".")
        owner = next((types.btf for types in (self.types, *self.types.modules()) if types.btf.find_type(spelling)), None)
        try:
            return owner is not None and owner.resolve_offset(spelling, path) is not None
        except BtfError:
            return False

    def _has_perf(self, name: str) -> bool:
        sources = self.facts.event_sources()
        software, hardware = name in _SOFTWARE and "software" in sources, name in _HARDWARE
        return name in sources or software or (hardware and any(source in sources for source in _PROCESSORS))

    def feature(self, name: str) -> bool:
        """Whether the kernel has one of FEATURES, and lets us use it; ValueError for another name."""
        if name not in FEATURES:
            raise ValueError(f"no such feature: {name}")
        if name not in self._features:
            self._features[name] = self.facts.feature(name)
        return self._features[name]

    @property
    def _can_probe_functions(self) -> bool:
        return self.feature("kprobes") or self.feature("fentry")

    # ---- tracepoints ----

    @cached_property
    def _tracepoints(self) -> frozenset[tuple[str, str]]:
        return frozenset(self.facts.tracepoints())

    @cached_property
    def _events(self) -> frozenset[str]:
        """Events that are tracepoints of their own; those of single system calls share two, sys_enter and sys_exit."""
        return frozenset(event for group, event in self._tracepoints if group != "syscalls")

    @cached_property
    def _tracepoint_list(self) -> tuple[tuple[str, str], ...]:
        return tuple(sorted(pair for pair in self._tracepoints if pair[0] != "syscalls"))

    def tracepoints(self) -> Sequence[tuple[str, str]]:
        """(group, event) of every tracepoint in order of names, those of single system calls left out."""
        return self._tracepoint_list

    def tracepoint_format(self, group: str, event: str) -> Format | None:
        """A tracepoint's record; None if there is no such tracepoint. TracefsError if its format cannot be understood."""
        key = group, event
        if key not in self._formats:
            text = self.facts.tracepoint_format(group, event) if key in self._tracepoints else None
            self._formats[key] = None if text is None else parse_format(text)
        return self._formats[key]

    def rawtp_args(self, event: str) -> Sequence[tuple[str, str]] | None:
        """(D type, name) of each argument of a raw tracepoint, the name "" where the kernel does not say it; None if
        there is no such tracepoint, or no type information."""
        owner = self._raw_tracepoint_owner(event)
        args = owner.raw_tracepoint(event) if owner else None
        return None if args is None else [(spell(of), name) for name, of in args]

    def _raw_tracepoint_owner(self, event: str) -> KernelTypes | None:
        """The types, the kernel's or a module's, that a raw tracepoint is described in."""
        if self.types.btf.raw_tracepoint_types(event) is not None:
            return self.types
        modules = self.types.modules() if event in self._events else ()
        return next((types for types in modules if types.btf.raw_tracepoint_types(event) is not None), None)

    # ---- system calls ----

    @cached_property
    def _calls(self) -> dict[str, int]:
        table = syscalls.numbers(self.machine)
        events = {event for group, event in self._tracepoints if group == "syscalls"}
        if not events:
            return {name: number for number, name in sorted(table.items())}
        named = ((syscalls.tracepoint(name, events), number) for number, name in sorted(table.items()))
        return {name: number for name, number in named if name}

    def syscalls(self) -> Mapping[str, int]:
        """Every system call of the kernel, by the kernel's own name, as in its tracepoints: read, newstat, pread64. Where
        it has none for system calls all calls of its architecture are given, by the names of asm/unistd.h."""
        return self._calls

    def syscall_args(self, name: str) -> Sequence[tuple[str, str]]:
        """(C type, name) of each argument of a system call, named as in syscalls(); empty where that is not known."""
        form = self.tracepoint_format("syscalls", f"sys_enter_{name}")
        return [(field.type, field.name) for field in form.fields if field.name != "__syscall_nr"] if form else []

    def _has_syscall(self, name: str) -> bool:
        return name in self._calls

    # ---- types, functions, variables ----

    @cached_property
    def types(self) -> KernelTypes:
        """The kernel's types; without type information there are none. BtfError if it is damaged."""
        own = self.facts.btf()
        return KernelTypes(own or Btf(_NO_TYPES), self.facts.btf, self.facts.btf_modules() if own else ())

    @cached_property
    def _kallsyms(self) -> bytes:
        return self.facts.kallsyms()

    @cached_property
    def _functions(self) -> Sequence[tuple[str, str]]:
        """By ftrace's list or, where the kernel has none or withholds it, all functions it has symbols of."""
        listed = self.facts.traceable()
        if listed is not None:
            return listed
        symbols = (_symbol(line) for line in self._kallsyms.splitlines() if line[17:18] in b"tTwW")
        return [(symbol.module, symbol.name) for symbol in symbols if symbol.module not in _MADE_AT_RUN_TIME]

    @cached_property
    def _function_names(self) -> frozenset[str]:
        return frozenset(name for _, name in self._functions)

    def functions(self) -> Sequence[tuple[str, str]]:
        """(module, "" being the kernel proper; function) of every function that can be probed."""
        return self._functions if self._can_probe_functions else ()

    def function_types(self, name: str, module: str = "") -> tuple[str, Sequence[str]] | None:
        """The D type that a function of the kernel ("" as module) or of a module returns, "" for none, and those of its parameters,
        as far as each takes one word; None if they are not known."""
        types = self.types.module(module) if module else self.types
        found = types.function(name) if types else None
        if found is None:
            return None
        returned, parameters, _ = found
        fitting = list(takewhile(lambda of: of.size <= WORD, (of for _, of in parameters)))
        return "" if returned == VOID or returned.size > WORD else spell(returned), [spell(of) for of in fitting]

    def kernel_symbol(self, name: str) -> KernelSymbol | None:
        """The first symbol called so, a function or a variable; None if there is none."""
        wanted = b" " + name.encode("utf-8", "replace")
        places = (self._kallsyms.find(wanted + end) for end in (b"\n", b"\t"))
        at = min((place for place in places if place >= 0), default=-1)
        if at < 0 or not name:
            return None
        start = self._kallsyms.rfind(b"\n", 0, at) + 1
        return _symbol(self._kallsyms[start : self._kallsyms.find(b"\n", at)])

    def variable(self, name: str, module: str = "") -> DType | str:
        """The type of a kernel variable or function, or in dtrace's words why there is none."""
        types = self.types.module(module) if module else self.types
        if types is None:
            return "Unknown module name"
        if self.kernel_symbol(name) is None:
            return "Unknown symbol name"
        return types.variable(name) or "no symbolic type information is available"


_NEEDS: dict[str, Callable[[Target, str], bool]] = {
    "tracepoint": Target._has_tracepoint,
    "rawtp": Target._has_raw_tracepoint,
    "syscall": Target._has_syscall,
    "func": Target._has_function,
    "type": Target._has_type,
    "member": Target._has_member,
    "perf": Target._has_perf,
    "feature": Target.feature,
}
