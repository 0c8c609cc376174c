"""errors/err.TAG.what.d: each script fails with that tag. Its first lines, which D ignores, say how:

`#! line 2: message` is what dtrace prints after "failed to compile script x.d: ", one line for each error; line 1 is
the line after these. `#! args: a b` are the operands, `#! text` says that the rest is the argument of -n, `#! level: function`
of -f.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from d2bpf.diagnostics import Sink, render
from d2bpf.source import SourceFile
from d2bpf.syntax import MacroEnv, ParseEnv, parse, unused_argument

HERE = Path(__file__).parent
SCRIPTS = sorted((HERE / "errors").glob("err.*.d"))

# Tags that only other passes raise.
_RAISED = re.compile(r'"([DX]_[A-Z0-9_]+)"')


@dataclass(frozen=True)
class Case:
    text: str
    tag: str
    errors: tuple[str, ...]
    settings: dict[str, str]


def read_case(path: Path) -> Case:
    head, body = [], path.read_text().splitlines(keepends=True)
    while body and body[0].startswith("#! "):
        head.append(body.pop(0)[3:].rstrip("\n"))
    settings = [line for line in head if re.match(r"(args|level): |text$", line)]
    return Case(
        "".join(body),
        path.name.split(".")[1],
        tuple(line for line in head if line not in settings),
        dict((line + ": ").split(": ")[:2] for line in settings),
    )


def set_option(name: str, value: str | None) -> str | None:
    if name != "bad":
        return None
    return "Invalid option name" if value is None else "Invalid value for specified option"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_fails_as_its_name_says(path: Path) -> None:
    case = read_case(path)
    source = SourceFile("x.d", case.text, is_file="text" not in case.settings)
    macros = MacroEnv(args=tuple(case.settings.get("args", "").split()))
    env = ParseEnv(macros=macros, level=case.settings.get("level", "name"), set_option=set_option)
    sink = Sink()
    parse(source, env, sink)
    if case.tag == "D_MACRO_UNUSED":
        unused_argument(macros, sink)
    head = "failed to compile script x.d"
    printed = [render(item, head, errtags=True).split("\n")[0] for item in sink.items]
    assert printed == [f"dtrace: {head}: [{case.tag}] {error}" for error in case.errors]


def test_every_tag_of_the_front_end_has_a_script() -> None:
    package = HERE.parent.parent / "d2bpf" / "syntax"
    raised = {tag for path in package.glob("*.py") for tag in _RAISED.findall(path.read_text())}
    assert raised - {read_case(path).tag for path in SCRIPTS} == {"X_CPP"}  # test_cpp.py
