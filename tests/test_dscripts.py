"""Every script of dscripts/ says what it is, is in the table of scripts, and has a behaviour case."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = sorted((ROOT / "dscripts").glob("*.d"))
CASES = "".join(path.read_text() for path in sorted((ROOT / "tests/behaviour/dscripts").glob("*.case")))
WIDTH = 120
PARTS = ["For: ", "Arguments: ", "Habit of: ", "On Linux: ", "Sample: d2bpf -s {name}"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_header(script: Path) -> None:
    text = script.read_text()
    header = re.match(r"#!/usr/sbin/dtrace -s\n/\*\n(.*?)\n \*/\n", text, re.DOTALL)
    assert header, "begins with #!/usr/sbin/dtrace -s and a comment"
    lines = header[1].split("\n")
    assert lines[0].startswith(f" * {script.name} - ") and lines[0].endswith(".")
    found = [part for line in lines for part in PARTS if line.startswith(" * " + part.format(name=script.name))]
    assert found == PARTS
    assert lines[-1].strip(" *"), "the sample is not empty"
    assert max(map(len, lines)) <= WIDTH
    assert os.access(script, os.X_OK)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_has_a_case(script: Path) -> None:
    name = re.escape(script.name)
    assert re.search(rf"^=== {name}: .*\n(#.*\n)*run: -s \$\(root\)/dscripts/{name}( |$)", CASES, re.MULTILINE)


def test_the_table_has_each_script_once() -> None:
    table = re.findall(r"^\| \[(.+?)\]\((.+?)\) \|", (ROOT / "dscripts/README.md").read_text(), re.MULTILINE)
    assert sorted(name for name, _ in table) == [path.name for path in SCRIPTS]
    assert all(name == link for name, link in table)


def test_there_are_enough() -> None:
    assert len(SCRIPTS) >= 28
