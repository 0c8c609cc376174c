"""What a Target makes of facts, with a small made-up kernel."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from d2bpf.dtypes import INT, Func
from d2bpf.target import btf
from d2bpf.target.btf import Btf
from d2bpf.target.facts import FEATURES, Facts, KernelSymbol, Target
from tests.target.blobs import Writer

KALLSYMS = b"""\
ffffffff81000000 T _stext
ffffffff81000100 T vfs_read
ffffffff81000200 t hidden
ffffffff81000300 D jiffies
ffffffff81000400 B untyped
ffffffffc0000000 t nfs_open\t[nfs]
ffffffffc0500000 t bpf_prog_1_hello\t[bpf]
"""

COMMON = "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n"


def format_text(name: str, *fields: str) -> str:
    rows = "".join(f"\tfield:{field};\toffset:8;\tsize:8;\tsigned:0;\n" for field in fields)
    return f'name: {name}\nID: 9\nformat:\n{COMMON}\n{rows}\nprint fmt: ""\n'


FORMATS = {
    ("sched", "sched_wake"): format_text("sched_wake", "pid_t pid"),
    ("nfs", "nfs_start"): format_text("nfs_start", "int error"),
    ("block", "block_done"): format_text("block_done"),
    ("syscalls", "sys_enter_newstat"): format_text(
        "sys_enter_newstat", "int __syscall_nr", "const char * filename", "struct stat * statbuf"
    ),
    ("syscalls", "sys_exit_newstat"): format_text("sys_exit_newstat", "int __syscall_nr", "long ret"),
    ("syscalls", "sys_enter_read"): format_text("sys_enter_read", "int __syscall_nr", "unsigned int fd"),
    ("syscalls", "sys_enter_future"): format_text("sys_enter_future", "int __syscall_nr"),
}


def blobs() -> tuple[Btf, Btf]:
    kernel = Writer()
    number = kernel.integer("int", 4, btf.INT_SIGNED)
    pointer = kernel.add(btf.PTR, "", 0)
    task = kernel.struct("task", 8, [("pid", number, 0, 0), ("se", 5, 32, 0)])
    kernel.add(btf.PTR, "", task)
    kernel.struct("se", 4, [("runtime", number, 0, 0)])
    wake = kernel.prototype(0, [("", pointer), ("", 4), ("", number)])
    kernel.add(btf.TYPEDEF, "btf_trace_sched_wake", kernel.add(btf.PTR, "", wake))
    named = kernel.prototype(0, [("__data", pointer), ("p", 4), ("success", number)])
    kernel.add(btf.FUNC, "__traceiter_sched_wake", named)
    kernel.add(btf.FUNC, "vfs_read", kernel.prototype(number, []))
    kernel.add(btf.VAR, "jiffies", number, 1)
    module = Writer(kernel)
    module.struct("nfs_server", 4, [("port", number, 0, 0)])
    start = module.prototype(0, [("", pointer), ("", number)])
    module.add(btf.TYPEDEF, "btf_trace_nfs_start", module.add(btf.PTR, "", start))
    base = Btf(kernel.blob())
    return base, Btf(module.blob(), base)


class Kernel:
    """Facts of a made-up kernel; members may be overwritten before they are asked for."""

    release, version, machine, ncpus_possible, page_size = "6.1", "#1", "x86_64", 4, 4096

    def __init__(self) -> None:
        self.kernel: Btf | None
        self.kernel, self.nfs = blobs()
        self.formats = FORMATS
        self.features = {"kprobes", "btf"}
        self.asked: list[str] = []
        self.listed: list[tuple[str, str]] | None = [("", "vfs_read"), ("nfs", "nfs_open")]

    def fingerprint(self) -> str:
        return "6.1-made-up"

    def tracepoints(self) -> Sequence[tuple[str, str]]:
        return list(self.formats)

    def tracepoint_format(self, group: str, event: str) -> str | None:
        self.asked.append(event)
        return self.formats.get((group, event))

    def btf(self, module: str = "") -> Btf | None:
        if not module or not self.kernel:
            return self.kernel
        return self.nfs if module == "nfs" else None

    def btf_modules(self) -> Sequence[str]:
        return ["nfs"]

    def traceable(self) -> Sequence[tuple[str, str]] | None:
        return self.listed

    def kallsyms(self) -> bytes:
        return KALLSYMS

    def event_sources(self) -> Sequence[str]:
        return ["software", "uprobe"]

    def feature(self, name: str) -> bool:
        self.asked.append(name)
        return name in self.features


@pytest.fixture
def kernel() -> Kernel:
    return Kernel()


@pytest.fixture
def target(kernel: Kernel) -> Target:
    facts: Facts = kernel
    return Target(facts)


@pytest.mark.parametrize(
    ("need", "is_met"),
    [
        ("tracepoint:sched:sched_wake", True),
        ("tracepoint:sched:nfs_start", False),
        ("rawtp:sched_wake", True),
        ("rawtp:sched_wake:2", True),
        ("rawtp:sched_wake:3", False),
        ("rawtp:nfs_start", True),
        ("rawtp:nfs_start:1", True),
        ("rawtp:block_done", False),
        ("rawtp:sys_enter_read", False),
        ("syscall:read", True),
        ("syscall:newstat", True),
        ("syscall:stat", False),
        ("syscall:write", False),
        ("func:vfs_read", True),
        ("func:nfs_open", True),
        ("func:hidden", False),
        ("type:struct task", True),
        ("type:struct nfs_server", True),
        ("type:union task", False),
        ("type:btf_trace_sched_wake", True),
        ("member:struct task.pid", True),
        ("member:struct task.se.runtime", True),
        ("member:struct task.se.nothing", False),
        ("member:struct nfs_server.port", True),
        ("member:struct nothing.pid", False),
        ("perf:software", True),
        ("perf:page-faults", True),
        ("perf:cycles", False),
        ("feature:kprobes", True),
        ("feature:fentry", False),
    ],
)
def test_has(target: Target, need: str, is_met: bool) -> None:
    assert target.has(need) is is_met


@pytest.mark.parametrize("need", ["", "tracepoint", "type:", "kernel:6.1", "feature:magic"])
def test_needs_there_are_not(target: Target, need: str) -> None:
    with pytest.raises(ValueError, match="no such"):
        target.has(need)


def test_functions_need_a_way_to_probe_them(kernel: Kernel, target: Target) -> None:
    kernel.features = {"btf"}
    assert not target.has("func:vfs_read")
    assert list(target.functions()) == []


def test_functions_by_symbols_where_ftrace_lists_none(kernel: Kernel, target: Target) -> None:
    kernel.listed = None
    assert target.functions() == [("", "_stext"), ("", "vfs_read"), ("", "hidden"), ("nfs", "nfs_open")]
    assert target.has("func:hidden")


def test_each_feature_is_asked_for_once(kernel: Kernel, target: Target) -> None:
    for _ in range(2):
        assert [name for name in FEATURES if target.feature(name)] == ["btf", "kprobes"]
    assert kernel.asked == list(FEATURES)


def test_tracepoints_without_those_of_system_calls(target: Target) -> None:
    assert target.tracepoints() == (("block", "block_done"), ("nfs", "nfs_start"), ("sched", "sched_wake"))


def test_tracepoint_format_is_read_once(kernel: Kernel, target: Target) -> None:
    for _ in range(2):
        form = target.tracepoint_format("sched", "sched_wake")
        assert form is not None
        assert [(field.name, field.type) for field in form.fields] == [("pid", "pid_t")]
        assert target.tracepoint_format("sched", "nothing") is None
    assert kernel.asked == ["sched_wake"]


def test_raw_tracepoints(target: Target) -> None:
    assert target.rawtp_args("sched_wake") == [("struct task *", "p"), ("int", "success")]
    assert target.rawtp_args("nfs_start") == [("int", "")]
    assert target.rawtp_args("block_done") is None
    assert target.rawtp_args("nothing") is None


def test_kernel_without_type_information(kernel: Kernel, target: Target) -> None:
    kernel.kernel = None
    assert target.has("rawtp:sched_wake")
    assert not target.has("rawtp:sched_wake:1")
    assert not target.has("rawtp:sys_enter_read")
    assert target.rawtp_args("sched_wake") is None
    assert not target.has("type:struct task")
    assert not target.has("member:struct task.pid")
    assert target.types.lookup("struct", "task") is None
    assert target.variable("vfs_read") == "no symbolic type information is available"


def test_system_calls(target: Target) -> None:
    assert dict(target.syscalls()) == {"read": 0, "newstat": 4}
    assert target.syscall_args("newstat") == [("const char *", "filename"), ("struct stat *", "statbuf")]
    assert target.syscall_args("read") == [("unsigned int", "fd")]
    assert target.syscall_args("write") == []


def test_system_calls_without_tracepoints_of_their_own(kernel: Kernel, target: Target) -> None:
    kernel.formats = {}
    assert target.syscalls()["stat"] == 4
    assert target.has("syscall:write")
    assert target.syscall_args("stat") == []


def test_kernel_symbols(target: Target) -> None:
    assert target.kernel_symbol("jiffies") == KernelSymbol("jiffies", "", "D", 0xFFFFFFFF81000300)
    assert target.kernel_symbol("nfs_open") == KernelSymbol("nfs_open", "nfs", "t", 0xFFFFFFFFC0000000)
    for name in ("", "read", "vfs", "nothing"):
        assert target.kernel_symbol(name) is None


@pytest.mark.parametrize(
    ("name", "module", "found"),
    [
        ("jiffies", "", INT),
        ("jiffies", "genunix", INT),
        ("vfs_read", "vmlinux", Func(INT)),
        ("untyped", "", "no symbolic type information is available"),
        ("nothing", "", "Unknown symbol name"),
        ("nothing", "ext4", "Unknown module name"),
    ],
)
def test_variables(target: Target, name: str, module: str, found: object) -> None:
    assert target.variable(name, module) == found


def test_what_is_said_of_the_machine(target: Target) -> None:
    assert (target.release, target.machine, target.ncpus_possible, target.page_size) == ("6.1", "x86_64", 4, 4096)
    assert target.fingerprint() == "6.1-made-up"
    assert repr(target) == "<Target 6.1 x86_64>"
