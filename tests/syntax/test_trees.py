"""trees/NAME.d parses to the tree that trees/NAME.ast shows. `python -m tests.syntax.test_trees` writes the trees anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from d2bpf.diagnostics import Sink
from d2bpf.source import SourceFile
from d2bpf.syntax import MacroEnv, ParseEnv, parse
from d2bpf.syntax.dump import dump

SCRIPTS = sorted((Path(__file__).parent / "trees").glob("*.d"))


def tree(path: Path) -> str:
    sink = Sink()
    macros = MacroEnv(args=("5", "sym*"), target=1234)
    program = parse(SourceFile(path.name, path.read_text()), ParseEnv(macros=macros), sink)
    assert sink.items == []
    return dump(program)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_tree(path: Path) -> None:
    assert tree(path) == path.with_suffix(".ast").read_text()


if __name__ == "__main__":
    for script in SCRIPTS:
        script.with_suffix(".ast").write_text(tree(script))
