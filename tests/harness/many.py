"""A program of very many C++ functions, of which a thousand are called."""

from __future__ import annotations

import subprocess
from pathlib import Path

CALLED = 1000  # handle_00000 to handle_00999, twice each
BODY = ".globl {0}\n.type {0},@function\n{0}:\npush %rbp\nmov %rsp,%rbp\npop %rbp\nret\n.size {0}, .-{0}\n"
MAIN = "void all(void);\nint main(void) { all(); all(); return 0; }\n"
STACK = '.section .note.GNU-stack,"",@progbits\n'


def mangled(number: int) -> str:
    """spaceN::ClassNHandler::handle_NUMBER(std::string const&, int)"""
    parts = [f"space{number % 37}", f"Class{number % 911}Handler", f"handle_{number:05}"]
    return "_ZN" + "".join(f"{len(part)}{part}" for part in parts) + "ERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEEi"


def build(folder: Path, functions: int) -> Path:
    """The program `many` with so many functions, for x86-64."""
    names = [mangled(number) for number in range(functions)]
    calls = "".join(f"call {name}\n" for name in names[:CALLED])
    text = ".text\n" + "".join(map(BODY.format, names)) + f".globl all\nall:\npush %rbp\n{calls}pop %rbp\nret\n{STACK}"
    (folder / "many.s").write_text(text)
    (folder / "main.c").write_text(MAIN)
    subprocess.run(["gcc", "-o", folder / "many", folder / "main.c", folder / "many.s"], check=True)
    return folder / "many"
