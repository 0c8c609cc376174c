"""The BTF reader on the running kernel, type by type against bpftool."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from d2bpf.target import btf
from d2bpf.target.btf import Btf

HEAD = re.compile(r"\[(\d+)\] (\w+) '(.*?)'(.*)")
MEMBER = re.compile(r"\t'(.*)' type_id=(\d+) bits_offset=(\d+)(?: bitfield_size=(\d+))?")
ENUMERATOR = re.compile(r"\t'(.*)' val=(-?\d+)")
PARAM = re.compile(r"\t'(.*)' type_id=(\d+)")
ANONYMOUS = "(anon)"

pytestmark = [
    pytest.mark.skipif(not Path(btf.VMLINUX).exists(), reason="this kernel has no type information"),
]


@pytest.fixture(scope="module")
def kernel() -> Btf:
    return Btf.open()


@pytest.fixture(scope="module")
def dump() -> list[tuple[re.Match[str], list[str]]]:
    """bpftool's text: per type its head line and the lines of its elements."""
    if not shutil.which("bpftool"):
        pytest.skip("bpftool is not installed")
    command = ["bpftool", "btf", "dump", "file", btf.VMLINUX]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    types: list[tuple[re.Match[str], list[str]]] = []
    for line in text.splitlines():
        head = HEAD.match(line)
        if head:
            types.append((head, []))
        else:
            types[-1][1].append(line)
    return types


def of_kind(dump: list[tuple[re.Match[str], list[str]]], *kinds: str) -> Iterator[tuple[int, str, str, list[str]]]:
    for head, lines in dump:
        if head[2] in kinds:
            yield int(head[1]), head[3].replace(ANONYMOUS, ""), head[4], lines


def matches(pattern: re.Pattern[str], lines: list[str]) -> list[tuple[str, ...]]:
    found = [pattern.match(line) for line in lines]
    return [tuple(group or "0" for group in match.groups()) for match in found if match]


def test_every_type(kernel: Btf, dump: list[tuple[re.Match[str], list[str]]]) -> None:
    assert kernel.count() == len(dump) + 1
    kinds = [getattr(btf, head[2]) for head, _ in dump]
    assert [kernel.kind(type_id) for type_id in range(1, kernel.count())] == kinds
    names = [head[3].replace(ANONYMOUS, "") for head, _ in dump]
    assert [kernel.name(type_id) for type_id in range(1, kernel.count())] == names


def test_every_struct(kernel: Btf, dump: list[tuple[re.Match[str], list[str]]]) -> None:
    wrong = []
    for type_id, name, rest, lines in of_kind(dump, "STRUCT", "UNION"):
        said = [(own.replace(ANONYMOUS, ""), int(of), int(at), int(width)) for own, of, at, width in matches(MEMBER, lines)]
        size = int(rest.split("size=")[1].split()[0])
        if kernel.members(type_id) != said or kernel.size_of(type_id) != size:
            wrong.append((type_id, name))
    assert wrong == []


def test_every_enumeration(kernel: Btf, dump: list[tuple[re.Match[str], list[str]]]) -> None:
    wrong = []
    for type_id, name, rest, lines in of_kind(dump, "ENUM", "ENUM64"):
        said = [(own, int(value)) for own, value in matches(ENUMERATOR, lines)]
        if kernel.enumerators(type_id) != said or kernel.is_signed(type_id) != ("encoding=SIGNED" in rest):
            wrong.append((type_id, name))
    assert wrong == []


def test_every_prototype(kernel: Btf, dump: list[tuple[re.Match[str], list[str]]]) -> None:
    wrong = []
    for type_id, _, rest, lines in of_kind(dump, "FUNC_PROTO"):
        said = [(own.replace(ANONYMOUS, ""), int(of)) for own, of in matches(PARAM, lines)]
        variadic = bool(said) and said[-1] == ("", 0)
        returned = int(rest.split("ret_type_id=")[1].split()[0])
        if kernel.prototype(type_id) != (returned, said[:-1] if variadic else said, variadic):
            wrong.append(type_id)
    assert wrong == []


def test_the_first_of_a_name_is_found(dump: list[tuple[re.Match[str], list[str]]]) -> None:
    """In a fresh reader each time, so that nothing has been walked before."""
    for wanted in ("task_struct", "sk_buff", "tcp_sock", "request"):
        first = next(type_id for type_id, name, _, _ in of_kind(dump, "STRUCT") if name == wanted)
        assert Btf.open().find(wanted, btf.STRUCT) == first


def test_raw_tracepoint_of_the_scheduler(kernel: Btf) -> None:
    params = kernel.raw_tracepoint("sched_switch")
    assert params is not None
    assert [name for name, _ in params][:3] == ["preempt", "prev", "next"]
    task = kernel.find("task_struct", btf.STRUCT)
    assert [kernel.target(of) for _, of in params[1:3]] == [task, task]
