"""Programs for symbol tests, made by gcc."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

# `outer` is called for ever; `twin` and `__twin` are one place; `hidden` is not among the dynamic symbols.
SOURCE = """
#include <unistd.h>
volatile int turns;
int data_word = 7;
static __attribute__((noinline)) int hidden(int by) { turns += by; return turns; }
__attribute__((noinline)) int outer(int by) { return hidden(by) + hidden(by); }
int __twin(int by) { return outer(by) * 3; }
int twin(int by) __attribute__((alias("__twin")));
int main(void) { write(1, "ready\\n", 6); for (;;) { outer(1); usleep(1000); } }
"""


def tool(name: str) -> str:
    path = shutil.which(name)
    if not path:
        pytest.skip(f"{name} is not installed")
    return path


def build(folder: Path, *flags: str, name: str = "program", source: str = SOURCE) -> Path:
    text = folder / f"{name}.c"
    text.write_text(source)
    result = folder / name
    subprocess.run([tool("gcc"), "-O1", "-o", result, text, *flags], check=True)
    return result


def readelf_symbols(path: Path) -> set[tuple[str, int, int, str, str]]:
    """(name, value, size, kind, binding) as readelf(1) shows them, of what is defined in the file."""
    text = subprocess.run([tool("readelf"), "--wide", "--syms", path], check=True, capture_output=True, text=True).stdout
    found = set()
    for line in text.splitlines():
        words = line.split()
        if len(words) >= 8 and words[0].rstrip(":").isdigit() and words[6] != "UND":
            value, size, kind, binding = words[1:5]
            name = words[7].partition("@")[0]
            found.add((name, int(value, 16), int(size, 0), kind.lower(), binding.lower()))
    return found
