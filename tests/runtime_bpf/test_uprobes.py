"""Probes of user functions from the catalog's objects to what is printed: sites told apart by cookie, arguments, results, and one
process among several, by links to many functions at once and by an event for each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from d2bpf.catalog.match import Catalog
from d2bpf.catalog.schema import Attachment, Native, Probe, Site
from d2bpf.cli import own_ids, request_for
from d2bpf.command import Command
from d2bpf.compiler import compile_programs
from d2bpf.diagnostics import Sink
from d2bpf.runtime import bpf, processes, start
from d2bpf.runtime.cache import Store
from d2bpf.runtime.compile import run_in_child
from d2bpf.symbols.elf import Elf
from d2bpf.syntax.ast import ProbeDesc
from d2bpf.target.host import host_target

ENTRY = tuple(Native(f"a{i}", "int64_t", ("arg", i)) for i in range(10))
RETURN = (Native("result", "int64_t", ("ret",)),)
FUNCTIONS = ("many", "text", "twice", "factorial")
Printed = Callable[[str], list[list[str]]]


@pytest.fixture(params=["multi", "events"])
def printed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, triggers: Path, tmp_path: Path) -> Printed:
    """What a D program prints of `calls 3 fork`, its probes X:entry and X:return being those of FUNCTIONS: the words of its lines,
    sorted."""
    if request.param == "events":
        monkeypatch.setattr(bpf, "has_uprobe_multi", lambda: False)
    program = str(triggers / "calls")
    with Elf.open(program) as elf:
        offsets = {name: elf.file_offset(value) for name, value, _, _, _ in elf.symbols()}

    def probes(way: str, pid: int) -> list[Probe]:
        natives, argn, first = (ENTRY, (), 900) if way == "entry" else (RETURN, ("0", "result"), 950)
        return [
            Probe(first + i, "sdt", "calls", name, way, (site(way, pid, offsets[name], natives, argn),))
            for i, name in enumerate(FUNCTIONS)
        ]

    def site(way: str, pid: int, offset: int | None, natives: tuple[Native, ...], argn: tuple[str, ...]) -> Site:
        return Site(Attachment("uprobe", (program, offset, way, pid, 0)), natives, argn=argn)

    def run(text: str) -> list[list[str]]:
        printed = run_in_child(lambda: traced(text), 60).decode()  # it keeps open what a process of its own closes
        return sorted(line.split() for line in printed.splitlines() if line)

    def traced(text: str) -> bytes:
        target = processes.create(f"{program} 3 fork")
        command = Command()
        command.options["quiet"] = True
        own = Catalog.match

        def match(self: Catalog, desc: ProbeDesc, literals: frozenset[str] = frozenset()) -> list[Probe]:
            return probes(desc.name, target.pid) if desc.function == "X" else own(self, desc, literals)

        monkeypatch.setattr(Catalog, "match", match)
        sink = Sink()
        request = request_for(command, [("n", text, text.encode())], target.pid, own_ids())
        plan = compile_programs(request, host_target(), sink).plan
        assert not sink.items and plan is not None
        output = tmp_path / "out"
        assert start.run(plan, [target], str(output), Store(None)) == 0
        return output.read_bytes()

    return run


def test_entries_are_told_apart_and_children_left_alone(printed: Printed) -> None:
    assert printed("X:entry { @[probefunc] = count(); }") == [["factorial", "15"], ["many", "3"], ["text", "3"], ["twice", "3"]]


def test_arguments_in_registers_and_on_the_stack(printed: Printed) -> None:
    text = 'X:entry /probefunc == "many"/ { @[arg0, arg1, arg2, arg3, arg4, arg5, arg6, arg7] = count(); }'
    assert printed(text) == [["1", "2", "3", "4", "5", "6", "7", "8", "3"]]


def test_strings_of_the_process(printed: Printed) -> None:
    text = 'X:entry /probefunc == "text"/ { printf("%s\\n", copyinstr(arg0)); }'
    assert printed(text) == [["query", "0"], ["query", "1"], ["query", "2"]]


def test_results(printed: Printed) -> None:
    lines = [["factorial", "0", str(n), "3"] for n in (1, 120, 2, 24, 6)] + [["many", "0", "36", "3"]]
    lines += [["text", "0", str(n), "1"] for n in range(3)] + [["twice", "0", str(2 * n), "1"] for n in range(3)]
    assert printed("X:return { @[probefunc, arg0, arg1] = count(); }") == sorted(lines)
