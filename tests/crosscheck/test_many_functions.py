"""A program of 20,000 C++ functions: patterns over all of them, a thousand probes at once."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from d2bpf.runtime import bpf
from d2bpf.symbols.elf import Elf
from d2bpf.symbols.functions import FunctionTable
from tests.harness import many
from tests.harness.run import command

pytestmark = pytest.mark.needs("root", "uprobes", "command:gcc")

FUNCTIONS = 20_000


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return many.build(tmp_path_factory.mktemp("many"), FUNCTIONS)


@pytest.mark.parametrize(
    ("function", "count"),
    [("*::handle_00???", many.CALLED), ("space3::Class40Handler::handle_00040", 1), ("*Class7*Handler*(*string*)", 122)],
)
def test_each_called_function_is_counted(program: Path, function: str, count: int) -> None:
    script = f'pid$target:a.out:{function}:entry {{ @[probefunc] = count(); }} END {{ printa("%@d\\n", @); }}'
    done = subprocess.run([command(), "-q", "-n", script, "-c", program], capture_output=True, text=True, check=True)
    assert [line for line in done.stdout.splitlines() if line] == ["2"] * count


def test_a_thousand_are_attached_and_let_go_of_in_no_time(program: Path) -> None:
    if not bpf.has_uprobe_multi():
        pytest.skip("this kernel has no uprobe.multi links")
    with Elf.open(str(program)) as elf:
        table = FunctionTable(elf)
    offsets = [function.offset for function in table.find(table.matching(lambda name: "handle_00" in name, ["handle_00"]))]
    assert len(offsets) == many.CALLED
    code = bytes.fromhex("b700000000000000 9500000000000000")  # r0 = 0; exit
    loaded = bpf.prog_load(bpf.PROGRAM_TYPES["kprobe"], code, "none", bpf.ATTACH_UPROBE_MULTI)
    took = []
    for _ in range(3):
        begin = time.monotonic()
        os.close(bpf.uprobe_multi_link(loaded, str(program), offsets, (), list(range(many.CALLED))))
        took.append(time.monotonic() - begin)
    os.close(loaded)
    assert min(took) < 0.5
