"""What becomes of text that BCC, LLVM or the verifier refuses, and of compiled text in the store."""

from __future__ import annotations

import faulthandler
from pathlib import Path

import pytest

from d2bpf.runtime import compile as compiling
from tests.runtime_bpf.plans import begin, make, run

EXITS = "  put(ctx, 1, 5); leave(ctx, 0);"


def test_text_that_clang_refuses() -> None:
    ran = run(make({"begin": "  nonsense;"}, [begin()]))
    assert ran.status == 1
    first, *rest = ran.errors.splitlines()
    assert first == "dtrace: failed to compile: the compiler refused the program"
    assert any("use of undeclared identifier 'nonsense'" in line for line in rest)


@pytest.mark.parametrize(
    "body",
    [
        "  u64 huge[100]; u32 i; for (i = 0; i < 100; i++) huge[i] = bpf_ktime_get_ns();\n  bpf_trace_printk((void *)huge, 800);",
        "  volatile s64 a = bpf_ktime_get_ns(); put(ctx, 1, a / 3);",
    ],
)
def test_text_that_ends_llvm(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stack beyond 512 bytes, a signed division: LLVM's BPF back end exits or aborts."""
    load = compiling._load_libbcc

    def load_quietly(package: str) -> object:
        faulthandler.disable()  # in the child only: pytest's would report the abort on the terminal
        return load(package)

    monkeypatch.setattr(compiling, "_load_libbcc", load_quietly)
    ran = run(make({"begin": body}, [begin()]))
    assert ran.status == 1
    assert ran.errors.startswith("dtrace: failed to compile: the compiler ")


def test_program_that_the_verifier_refuses() -> None:
    ran = run(make({"begin": "  put(ctx, 1, *(u64 *)0x1234);"}, [begin()]))
    assert ran.status == 1
    first, *rest = ran.errors.splitlines()
    assert first == "dtrace: could not enable tracing: cannot load the BPF program begin: Permission denied"
    assert any("invalid mem access '" in line for line in rest)


def test_long_log_of_the_verifier_is_read_to_its_end() -> None:
    body = "  volatile u64 sum = 0; u32 i;\n"
    body += '  _Pragma("clang loop unroll(disable)") for (i = 0; i < 10000; i++) sum += i;\n'
    ran = run(make({"begin": body + "  put(ctx, 1, *(u64 *)0x1234);"}, [begin()]))
    assert ran.status == 1
    assert "invalid mem access '" in ran.errors


def test_second_run_compiles_nothing(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(make({"begin": EXITS}, [begin()]), store).notes.values == [5]
    monkeypatch.setattr(compiling, "run_in_child", None)
    assert run(make({"begin": EXITS}, [begin()]), store).notes.values == [5]


def test_damaged_entry_is_compiled_anew(store: Path) -> None:
    run(make({"begin": EXITS}, [begin()]), store)
    (entry,) = store.iterdir()
    good = entry.read_bytes()
    entry.write_bytes(good[:-100])
    assert run(make({"begin": EXITS}, [begin()]), store).notes.values == [5]
    assert entry.read_bytes() == good


def test_members_are_found_in_this_kernel() -> None:
    body = "  u64 task = bpf_get_current_task(); u32 pid = 0;\n"
    body += "  bpf_probe_read_kernel(&pid, sizeof(pid), (void *)(task + task_struct__tgid));\n"
    body += "  put(ctx, 1, pid == bpf_get_current_pid_tgid() >> 32); leave(ctx, D2_COMPAT_SYSCALLS + 1);"
    member = {"name": "task_struct__tgid", "type": "struct task_struct", "path": ["tgid"], "size": 4}
    ran = run(make({"begin": body}, [begin()], members=[member], facts=["compat_syscalls"]))
    assert ran.notes.values == [1]
    assert ran.status == 1 + Path("/proc/sys/abi/vsyscall32").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"size": 8}, "struct task_struct.tgid has 4 bytes in this kernel, not 8"),
        ({"path": ["nonesuch"]}, "kernel type information: struct task_struct has no member nonesuch in this kernel"),
        ({"type": "struct nonesuch"}, "kernel type information: the kernel has no type struct nonesuch"),
    ],
)
def test_members_that_this_kernel_lacks(change: dict[str, object], message: str) -> None:
    member = {"name": "task_struct__tgid", "type": "struct task_struct", "path": ["tgid"], "size": 4, **change}
    ran = run(make({"begin": EXITS}, [begin()], members=[member]))
    assert (ran.status, ran.errors) == (1, f"dtrace: could not enable tracing: {message}\n")
