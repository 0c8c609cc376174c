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
from tests.harness.run import command

pytestmark = pytest.mark.needs("root", "uprobes", "command:gcc")

FUNCTIONS, CALLED = 20_000, 1000
BODY = ".globl {0}\n.type {0},@function\n{0}:\npush %rbp\nmov %rsp,%rbp\npop %rbp\nret\n.size {0}, .-{0}\n"
MAIN = "void all(void);\nint main(void) { all(); all(); return 0; }\n"
STACK = '.section .note.GNU-stack,"",@progbits\n'


def mangled(number: int) -> str:
    parts = [f"space{number % 37}", f"Class{number % 911}Handler", f"handle_{number:05}"]
    return "_ZN" + "".join(f"{len(part)}{part}" for part in parts) + "ERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEEi"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    names = [mangled(number) for number in range(FUNCTIONS)]
    calls = "".join(f"call {name}\n" for name in names[:CALLED])
    text = ".text\n" + "".join(map(BODY.format, names)) + f".globl all\nall:\npush %rbp\n{calls}pop %rbp\nret\n{STACK}"
    (folder / "many.s").write_text(text)
    (folder / "main.c").write_text(MAIN)
    subprocess.run(["gcc", "-o", folder / "many", folder / "main.c", folder / "many.s"], check=True)
    return folder / "many"


@pytest.mark.parametrize(
    ("function", "count"),
    [("*::handle_00???", CALLED), ("space3::Class40Handler::handle_00040", 1), ("*Class7*Handler*(*string*)", 122)],
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
    assert len(offsets) == CALLED
    code = bytes.fromhex("b700000000000000 9500000000000000")  # r0 = 0; exit
    loaded = bpf.prog_load(bpf.PROGRAM_TYPES["kprobe"], code, "none", bpf.ATTACH_UPROBE_MULTI)
    took = []
    for _ in range(3):
        begin = time.monotonic()
        os.close(bpf.uprobe_multi_link(loaded, str(program), offsets, (), list(range(CALLED))))
        took.append(time.monotonic() - begin)
    os.close(loaded)
    assert min(took) < 0.5
