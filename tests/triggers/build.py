"""Builds the trigger programs of this folder into build/triggers, again only when a source is newer.

A line `/* cc: FLAGS */` in a source adds flags. `python -m tests.triggers.build` builds all and prints where they are.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

SOURCES = Path(__file__).resolve().parent
BUILT = SOURCES.parent.parent / "build" / "triggers"
COMPILERS = {".c": ["gcc", "-std=gnu11"], ".cc": ["g++", "-std=c++17"]}
FLAGS = ["-O2", "-g", "-fno-omit-frame-pointer", "-pthread", "-Wall", "-Wextra"]


def build() -> Path:
    """Build what is missing or old; returns the programs' folder. CalledProcessError: a source does not compile."""
    BUILT.mkdir(parents=True, exist_ok=True)
    for source in sorted(SOURCES.iterdir()):
        if source.suffix in COMPILERS:
            _compile(source, BUILT / source.stem)
    return BUILT


def _compile(source: Path, program: Path) -> None:
    newest = max(source.stat().st_mtime, Path(__file__).stat().st_mtime)
    if program.exists() and program.stat().st_mtime >= newest:
        return
    extra = re.findall(r"^/\* cc: (.*) \*/$", source.read_text(), re.MULTILINE)
    flags = [flag for text in extra for flag in text.split()]
    unfinished = program.with_suffix(f".{os.getpid()}")
    subprocess.run([*COMPILERS[source.suffix], *FLAGS, *flags, "-o", str(unfinished), str(source)], check=True)
    unfinished.replace(program)


if __name__ == "__main__":
    print(build())
