"""A small kernel for tests: a dict's worth of tracepoints, system calls and structure members."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from d2bpf.catalog.match import Catalog
from d2bpf.source import SourceFile, Span
from d2bpf.syntax.ast import ProbeDesc
from d2bpf.syntax.probedesc import split_fields
from d2bpf.target.syscalls import numbers
from d2bpf.target.tracefs import Field, Format

SWITCH = [("_Bool", "preempt"), ("struct task_struct *", "prev"), ("struct task_struct *", "next")]
RAW = {
    "sched_switch": [*SWITCH, ("unsigned int", "prev_state")],
    "sched_wakeup": [("struct task_struct *", "p")],
    "sched_wakeup_new": [("struct task_struct *", "p")],
    "sched_waking": [("struct task_struct *", "p")],
    "sched_process_exit": [("struct task_struct *", "p"), ("_Bool", "group_dead")],
    "sched_process_exec": [("struct task_struct *", "p")],
    "block_io_start": [("struct request *", "rq")],
    "block_bio_queue": [("struct bio *", "bio")],
}
GROUPS = {"sched": [name for name in RAW if name.startswith("sched")], "block": ["block_io_start", "block_bio_queue"]}
CALL_ARGS = {
    "open": [("const char *", "filename"), ("int", "flags"), ("umode_t", "mode")],
    "openat": [("int", "dfd"), ("const char *", "filename"), ("int", "flags"), ("umode_t", "mode")],
    "openat2": [("int", "dfd"), ("const char *", "filename"), ("struct open_how *", "how"), ("size_t", "usize")],
    "newstat": [("const char *", "filename"), ("struct stat *", "statbuf")],
    "unlinkat": [("int", "dfd"), ("const char *", "pathname"), ("int", "flag")],
    "sched_yield": [],
}
FUNCTIONS = [
    ("", "vfs_read"), ("", "tcp_sendmsg"), ("", "tcp_recvmsg"), ("", "kfree"), ("", "foo.isra.0"), ("nfs", "nfs_open"),
    ("", "tcp_recvmsg"), ("ext4", "tcp_sendmsg"), ("", "__ftrace_invalid_address___12"),
]  # fmt: skip
FUNCTION_TYPES = {
    ("", "vfs_read"): ("ssize_t", ["struct file *", "char *", "size_t", "loff_t *"]),
    ("", "kfree"): ("", ["const void *"]),
    ("nfs", "nfs_open"): ("int", ["struct inode *", "struct file *"]),
}
MEMBERS = ("struct block_device.bd_device", "struct request.part", "struct pt_regs.r15")

# The kernel's names of calls where they are not the usual ones.
KERNEL_NAMES = {"stat": "newstat", "lstat": "newlstat", "fstat": "newfstat", "uname": "newuname", "umount2": "umount"}


class Kernel:
    """Facts of a made-up kernel. `calls` are its system calls, those of x86-64 by default."""

    def __init__(
        self,
        raw: Mapping[str, Sequence[tuple[str, str]]] = RAW,
        calls: Iterable[str] | None = None,
        members: Iterable[str] = MEMBERS,
        probes_functions: bool = False,
    ) -> None:
        self._raw = raw
        table = {name: number for number, name in numbers("x86_64").items()}
        wanted = sorted(table if calls is None else calls)
        self._calls = {KERNEL_NAMES.get(name, name): table[name] for name in wanted}
        self._members = set(members)
        self._probes_functions = probes_functions
        self.asked_formats: list[str] = []
        self.asked_args: list[str] = []

    def has(self, need: str) -> bool:
        kind, _, what = need.partition(":")
        if kind == "rawtp":
            event, _, count = what.partition(":")
            return event in self._raw and len(self._raw[event]) >= int(count or 0)
        if kind == "syscall":
            return what in self._calls
        if kind == "member":
            return what in self._members
        if need == "feature:btf":
            return True
        if need == "feature:kprobes":
            return self._probes_functions
        if kind in ("type", "tracepoint", "func", "perf", "feature"):
            return False
        raise ValueError(f"no such need: {need}")

    def tracepoints(self) -> Sequence[tuple[str, str]]:
        return [(group, event) for group, events in sorted(GROUPS.items()) for event in sorted(events)]

    def tracepoint_format(self, group: str, event: str) -> Format | None:
        self.asked_formats.append(event)
        fields = (
            Field("comm", "char[16]", 8, 16, False),
            Field("pid", "pid_t", 24, 4, True),
            Field("name", "char[]", 28, 4, False, "data"),
            Field("cpus", "unsigned long[]", 32, 4, False, "relative"),
        )
        return Format(event, 7, fields) if event in GROUPS.get(group, ()) else None

    def rawtp_args(self, event: str) -> Sequence[tuple[str, str]] | None:
        return self._raw.get(event)

    def functions(self) -> Sequence[tuple[str, str]]:
        return FUNCTIONS if self._probes_functions else ()

    def function_types(self, name: str, module: str = "") -> tuple[str, Sequence[str]] | None:
        return FUNCTION_TYPES.get((module, name))

    def syscalls(self) -> Mapping[str, int]:
        return self._calls

    def syscall_args(self, name: str) -> Sequence[tuple[str, str]]:
        self.asked_args.append(name)
        return CALL_ARGS.get(name, [])


class Memory:
    """A store that keeps what it is given, and counts."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, bytes], bytes] = {}
        self.found = 0

    def get(self, kind: str, key: bytes) -> bytes | None:
        content = self.kept.get((kind, key))
        self.found += content is not None
        return content

    def put(self, kind: str, key: bytes, content: bytes) -> None:
        self.kept[kind, key] = content


def desc(text: str) -> ProbeDesc:
    """A description by name; a number is an id."""
    span = Span(SourceFile("test", text), 0, len(text))
    if text.isdigit():
        return ProbeDesc(span, "", "", "", "", text, int(text))
    fields = split_fields(text)
    assert fields is not None
    return ProbeDesc(span, *fields, text)


def matched(catalog: Catalog, text: str, *also: str) -> list[str]:
    """The probes of a description in a program whose other function fields are `also`."""
    return [probe.text for probe in catalog.match(desc(text), frozenset({desc(text).function, *also} - {""}))]


def functions(catalog: Catalog, text: str, *also: str) -> list[str]:
    """The functions alone."""
    return [text.split(":")[2] for text in matched(catalog, text, *also)]
