"""One file per mistake: errors/err.TAG.what.d must give exactly the error TAG, at the line and in the words its first line says."""

from __future__ import annotations

from pathlib import Path

import pytest

from d2bpf import codes

from .stub import analyse

CASES = sorted((Path(__file__).parent / "errors").glob("err.*.d"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name.removeprefix("err.").removesuffix(".d"))
def test_error(path: Path) -> None:
    tag = path.name.split(".")[1]
    text = path.read_text()
    place, _, message = text.splitlines()[0].removeprefix("/* line ").removesuffix(" */").partition(": ")
    found = [(e.code, e.span.line if e.span else 0, e.message) for e in analyse(text).errors]
    assert found == [(tag, int(place), message.replace("\\n", "\n").replace("\\t", "\t"))]


def test_there_are_cases_and_their_tags_exist() -> None:
    tags = {path.name.split(".")[1] for path in CASES}
    assert len(tags) > 100
    assert {tag for tag in tags if not codes.known(tag)} == set()
