"""docs/lint.md: what it shows is what the commands print."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from d2bpf.lint.command import run
from tests import docs
from tests.lint.support import STORE, machine
from tests.modules import ROOT

PAGE = ROOT / "docs" / "lint.md"


def printed(command: str) -> list[str]:
    """What a command of the page prints: lint's, `; echo $?` behind it included, or the recording of a target."""
    words = shlex.split(command.replace(";", " ; "))
    if words[1] == "target":
        from d2bpf.target.stored import to_json

        Path(words[-1]).write_text(to_json(machine().target))
        return []
    end = words.index(";") if ";" in words else len(words)
    result = run(["--jobs", "1", *words[2:end]], STORE, lambda: machine().target)
    return [*result.text.splitlines(), *([str(result.status)] if end < len(words) else [])]


def test_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in docs.scripts(PAGE).items():
        Path(name).write_text(text)
    wrapper = next(fence for fence in docs.fences(PAGE) if fence.kind == "sh")
    Path("opens").write_text("\n".join(wrapper.lines) + "\n")
    shown = docs.commands(PAGE)
    assert [printed(command.command) for command in shown] == [command.output for command in shown]
    assert os.path.exists("host.json")
