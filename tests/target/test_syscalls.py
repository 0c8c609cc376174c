"""System call tables against the headers and the tracepoints of this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest

from d2bpf.target import syscalls
from d2bpf.target.tracefs import Tracefs, TracefsError

MACHINES = ["x86_64", "aarch64"]


@pytest.mark.parametrize("machine", MACHINES)
def test_no_name_has_two_numbers(machine: str) -> None:
    table = syscalls.numbers(machine)
    assert len(set(table.values())) == len(table)
    assert all(re.fullmatch(r"[a-z_][a-z0-9_]*", name) for name in table.values())


@pytest.mark.parametrize(
    ("machine", "number", "name"),
    [
        ("x86_64", 0, "read"),
        ("x86_64", 4, "stat"),
        ("x86_64", 231, "exit_group"),
        ("x86_64", 334, "rseq"),
        ("x86_64", 336, "uprobe"),
        ("aarch64", 0, "io_setup"),
        ("aarch64", 63, "read"),
        ("aarch64", 79, "newfstatat"),
        ("aarch64", 260, "wait4"),
        ("aarch64", 294, "kexec_file_load"),
    ],
)
def test_number(machine: str, number: int, name: str) -> None:
    assert syscalls.numbers(machine)[number] == name


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("number", "name"), [(424, "pidfd_send_signal"), (437, "openat2"), (453, "map_shadow_stack"), (469, "file_setattr")]
)
def test_newer_calls_have_one_number_everywhere(machine: str, number: int, name: str) -> None:
    assert syscalls.numbers(machine)[number] == name


def test_gaps_and_other_machines() -> None:
    assert not set(range(337, 424)) & set(syscalls.numbers("x86_64"))
    assert not set(range(244, 260)) & set(syscalls.numbers("aarch64"))
    assert syscalls.numbers("s390x") == {}


@pytest.mark.parametrize(
    ("name", "events", "found"),
    [
        ("read", {"sys_enter_read"}, "read"),
        ("stat", {"sys_enter_newstat"}, "newstat"),
        ("fadvise64", {"sys_enter_fadvise64"}, "fadvise64"),
        ("fadvise64", {"sys_enter_fadvise64_64"}, "fadvise64_64"),
        ("personality", {"sys_enter_arm64_personality"}, "arm64_personality"),
        ("read", {"sys_exit_read"}, None),
    ],
)
def test_tracepoint(name: str, events: set[str], found: str | None) -> None:
    assert syscalls.tracepoint(name, events) == found


def test_this_machine_s_headers() -> None:
    if not shutil.which("gcc"):
        pytest.skip("gcc is not installed")
    text = subprocess.run(
        ["gcc", "-dM", "-E", "-include", "sys/syscall.h", "-xc", "/dev/null"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    said = {int(number): name for name, number in re.findall(r"#define __NR_(\w+) (\d+)\b", text)}
    table = syscalls.numbers(os.uname().machine)
    assert {number: table.get(number) for number in said} == said


def test_every_tracepoint_of_this_kernel_is_some_call_s() -> None:
    try:
        tracefs = Tracefs.open()
    except TracefsError as error:
        pytest.skip(str(error))
    events = {event for group, event in tracefs.tracepoints() if group == "syscalls"}
    tracefs.close()
    if not events:
        pytest.skip("this kernel has no tracepoints for system calls")
    entries = {event.removeprefix("sys_enter_") for event in events if event.startswith("sys_enter_")}
    ours = {syscalls.tracepoint(name, events) for name in syscalls.numbers(os.uname().machine).values()}
    assert entries - ours == set()
