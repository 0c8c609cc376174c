"""Probes as the rest of the compiler sees them: concrete, typed, with one attach point each.

Providers are data: providers/NAME.toml lists probes and, for each, the sites that can produce it in order of
preference; providers/NAME.d holds types, inlines and translators. load.py turns them into these objects for a given
Target.

D expressions in TOML (`when`, `task`, `args`, `argn`) are written in D itself and may use the names that `natives`
binds, every built-in variable, and the inlines of the provider's .d file. Our own front end parses and checks them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, overload

T = TypeVar("T")


class Deferred(Sequence[T]):
    """A tuple that is made when it is first looked at: the typed arguments of 360 system calls cost nothing to a
    script that counts them. `make` is called at most once."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], tuple[T, ...]]) -> None:
        self._make = make
        self._made: tuple[T, ...] | None = None

    def _get(self) -> tuple[T, ...]:
        if self._made is None:
            self._made = self._make()
        return self._made

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: Any) -> Any:
        return self._get()[index]

    def __len__(self) -> int:
        return len(self._get())

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, (tuple, Deferred)) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._get())

    def __repr__(self) -> str:
        return repr(self._get())


class Mistake(Exception):
    """A description that cannot be right, whatever else matches: an error code with its message, and what may help."""

    def __init__(self, code: str, message: str, help: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.help = code, message, help


@dataclass(frozen=True, slots=True)
class Fidelity:
    """How true a probe, argument or built-in is to DTrace's meaning: level "exact", "approximate" or "absent";
    `note` says in one sentence what differs and why ("" when exact)."""

    level: str = "exact"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """How a site is reached. `kind` and `words`:

    kind         words
    test_run     (probe name,)                      BEGIN, END; ERROR is ("inline",): it runs where a fault happens
    timer        (period ns,)                       tick on a user-space timer
    rawtp        (event,)                           raw tracepoint; natives are its arguments in order
    syscall      (number, "entry" | "return")       raw tracepoint sys_enter / sys_exit with dispatch by number
    tracepoint   (group, event)                     perf tracepoint; natives are its format fields
    perf         (event, period ns or 0, frequency or 0, "all" | "one")
    uprobe       (path, file offset, "entry" | "return", pid or 0, file offset of a semaphore or 0[, number])
                                                    an instruction of a program or library, in one process or all
    kprobe       (module, function, "entry" | "return")
                                                    a function of the kernel, the module being "" for the kernel proper
    """

    kind: str
    words: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Native:
    """A datum the attach point delivers. `type` is D type text ("struct task_struct *"). `source` says where it is:

    source                          meaning
    ("arg", i)                      i-th argument of the raw tracepoint or of the system call; at a system call's
    return
                                    too, because its registers still hold them; of a function, at its entry:
                                    the machine's argument registers, then words of the stack
    ("register" | "user" | "constant" | "unknown", ...)
                                    an operand of a static probe: symbols/operands.py
    ("ret",)                        result of a system call as DTrace shows it: -1 on error; of a function
    ("number",)                     the number that the attachment of a user function came with
    ("field", offset, size, signed) in the perf tracepoint's context
    ("loc", offset)                 a string elsewhere in the context: at `offset` lies a u32, length << 16 | distance
                                    from the start of the context
    ("relloc", offset)              the same, the distance being from the end of that u32
    ("pc", "kernel" | "user")       of a perf event: where it interrupted, 0 in the other mode
    """

    name: str
    type: str
    source: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Argument:
    """args[n] of a probe. `type` is what the script sees ("bufinfo_t *"); `native` the type of `expr` when a
    translator lies between ("struct request *"), else the same as type. `expr` is D text over the natives."""

    type: str
    native: str
    expr: str
    fidelity: Fidelity = Fidelity()


@dataclass(frozen=True, slots=True)
class Site:
    """One concrete attach point of a probe.

    `argn` are D texts of arg0.. over the natives (arguments beyond it read 0; () with natives means arg i = native
    i). `when` is a D condition under which the event is this probe at all ("" always). `task` is a D expression of
    type struct task_struct * for the thread that pid, tid, execname, curthread, uid and self-> describe ("" the
    current one). `interrupt`: it fires in an interrupt's handler, while no thread runs, and vtimestamp is the time. `library` names
    the .d files (without suffix) that its types and translators need."""

    attachment: Attachment
    natives: tuple[Native, ...] = ()
    args: Sequence[Argument] = ()
    argn: tuple[str, ...] = ()
    when: str = ""
    task: str = ""
    interrupt: bool = False
    library: tuple[str, ...] = ()
    fidelity: Fidelity = Fidelity()

    @property
    def raw_shape(self) -> tuple[object, ...]:
        """Sites of equal raw shape can share one handler for clauses that do not use args[]: they differ only in
        what tells them apart at run time. It never makes deferred arguments."""
        kind, words = self.attachment.kind, self.attachment.words
        if kind == "syscall":
            words = words[1:]
        elif kind in ("uprobe", "kprobe"):
            words = words[2:3]
        return (kind, words, self.natives, self.argn, self.when, self.task, self.interrupt)

    @property
    def shape(self) -> tuple[object, ...]:
        """As raw_shape, for clauses that use args[]."""
        return (*self.raw_shape, tuple(self.args))


@dataclass(frozen=True, slots=True)
class Step:
    """An event that is no firing of a probe, but lets its provider remember something for one: `does` are D statements, `when`
    a condition for them, over the site's arg0, arg1, ... and `self->` variables whose names begin with `__`. A step that is not
    `late` runs before all clauses that the event fires, a late one after them; a step of several probes runs once an event."""

    site: Site
    does: str
    when: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Probe:
    """A probe as -l shows it. `sites` has more than one element when the same D probe needs several attach points
    (sched:::enqueue): each firing of any of them is a firing of the probe. `per_process`: it stands for one of every process that
    has its file mapped, and each one's provider has the process's number behind `provider`."""

    id: int
    provider: str
    module: str
    function: str
    name: str
    sites: tuple[Site, ...] = field(default=(), compare=False)
    fidelity: Fidelity = field(default=Fidelity(), compare=False)
    steps: tuple[Step, ...] = field(default=(), compare=False)
    per_process: bool = field(default=False, compare=False)

    @property
    def can_fire(self) -> bool:
        """Whether it ever fires on this kernel; a probe that does not is neither listed nor counted, and cannot be asked for."""
        return self.fidelity.level != "absent"

    @property
    def text(self) -> str:
        return f"{self.provider}:{self.module}:{self.function}:{self.name}"
