"""The subcommand: which files it takes, what it prints, its exit status."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from d2bpf.lint.command import LintError, Result
from d2bpf.lint.command import run as run_command
from d2bpf.lint.scripts import find, from_text, operands
from d2bpf.target.facts import Target
from d2bpf.target.stored import to_json
from tests.lint.support import STORE, machine

FINE = "proc:::exec-success { @[execname] = count(); }\n"
RENAMED = "syscall::exece:entry { @ = count(); }\n"
BROKEN = "BEGIN { trace(nobody); }\n"


def host() -> Target:
    return machine().target


def run(*argv: str) -> Result:
    """The command, with a "running" kernel that has been read already."""
    return run_command(["--target", "host", *argv], STORE, host)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "fine.d": FINE,
        "renamed.d": RENAMED,
        "sub/broken.d": BROKEN,
        "sub/wrapper": f"#!/bin/sh\ndtrace -n '{RENAMED}'\n",
        "sub/other.sh": "#!/bin/sh\necho dtrace\n",
        "script": "#!/usr/sbin/dtrace -s\n" + FINE,
        "tool.py": "#!/usr/bin/python3\nprint(1)\n",
        "readme": "dtrace -n BEGIN\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    (tmp_path / "link.d").symlink_to("fine.d")
    return tmp_path


def names(folder: Path, paths: Sequence[str]) -> list[str]:
    return [str(Path(path).relative_to(folder)) for path in paths]


def test_scripts_of_a_folder(folder: Path) -> None:
    assert names(folder, list(find([str(folder)]))) == ["fine.d", "renamed.d", "script", "sub/broken.d", "sub/wrapper"]
    assert list(find([str(folder / "tool.py")])) == [str(folder / "tool.py")]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_summary(folder: Path, jobs: str) -> None:
    for number in range(12):
        (folder / f"more{number:02}.d").write_text(FINE)
    result = run("--summary", "--jobs", jobs, str(folder))
    lines = result.text.splitlines()
    assert lines[-1] == "17 scripts: 14 run as is, 2 run with another meaning, 1 cannot run"
    order = ["fine.d", *(f"more{number:02}.d" for number in range(12)), "renamed.d", "script", "sub/broken.d", "sub/wrapper"]
    assert names(folder, [line.split()[0] for line in lines[1:-2]]) == order
    assert result.status == 1


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        (FINE, {"note": 0, "warning": 0, "differs": 0, "cannot": 0, "never": 0}),
        ("#!/usr/sbin/dtrace -s\n" + FINE, {"note": 1, "warning": 0, "differs": 0, "cannot": 0, "never": 0}),
        ("proc:::exec-success { @[timestamp] = count(); }\n", {"note": 1, "warning": 1, "differs": 0, "cannot": 0, "never": 0}),
        (RENAMED, {"note": 1, "warning": 1, "differs": 1, "cannot": 0, "never": 0}),
        (BROKEN, {"note": 1, "warning": 1, "differs": 1, "cannot": 1, "never": 0}),
    ],
)
def test_exit_status(tmp_path: Path, text: str, statuses: dict[str, int]) -> None:
    path = tmp_path / "x.d"
    path.write_text(text)
    assert {level: run("--fail-on", level, str(path)).status for level in statuses} == statuses


def codes(result: Result) -> list[str]:
    return [finding["code"] for script in json.loads(result.text)["scripts"] for finding in script["findings"]]


def test_selection(tmp_path: Path) -> None:
    path = tmp_path / "x.d"
    path.write_text("#!/usr/sbin/dtrace -s\n" + RENAMED + BROKEN)
    arguments = ("--format", "json", str(path))
    assert codes(run(*arguments)) == ["L606", "L102", "D_IDENT_UNDEF"]
    assert codes(run("--select", "L606", *arguments)) == ["L606", "D_IDENT_UNDEF"]
    assert codes(run("--ignore", "renamed-probe,L606,D_IDENT_UNDEF", *arguments)) == ["D_IDENT_UNDEF"]


def test_fix_writes_and_shows(tmp_path: Path) -> None:
    path = tmp_path / "x.d"
    path.write_text("BEGIN { exit(0); } // done\n")
    shown = run("--fix", "--diff", str(path)).text
    assert "-BEGIN { exit(0); } // done\n+BEGIN { exit(0); } /* done */\n" in shown
    assert path.read_text() == "BEGIN { exit(0); } // done\n"
    assert run("--fix", str(path)).text == shown
    assert path.read_text() == "BEGIN { exit(0); } /* done */\n"
    assert run("--fix", str(path)).text == f"{path}: runs as is\n"


def test_fix_unsafe(tmp_path: Path) -> None:
    path = tmp_path / "x.d"
    path.write_text(RENAMED)
    run("--fix", str(path))
    assert path.read_text() == RENAMED
    run("--fix=unsafe", str(path))
    assert path.read_text() == RENAMED.replace("exece", "execve")


def test_target(tmp_path: Path) -> None:
    (tmp_path / "x.d").write_text(FINE)
    (tmp_path / "kernel.json").write_text(to_json(machine().target))
    (tmp_path / "broken.json").write_text("{}")
    assert run("--target", str(tmp_path / "kernel.json"), str(tmp_path / "x.d")).status == 0
    assert run("--target", "common", str(tmp_path / "x.d")).status == 0
    with pytest.raises(LintError, match="not a stored target"):
        run("--target", str(tmp_path / "broken.json"), str(tmp_path / "x.d"))


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(LintError, match=r"failed to read .*nothing\.d: No such file"):
        run(str(tmp_path / "nothing.d"))
    with pytest.raises(LintError, match="no file or folder"):
        run()


def test_rules_and_pages() -> None:
    assert "L501  warning  missing-predicate\n" in run("--rules").text
    assert run("--explain", "L501").text == run("--explain", "missing-predicate").text
    assert run("--explain", "L501").text.startswith("# L501 missing-predicate\n")
    with pytest.raises(LintError, match="no rule L999"):
        run("--explain", "L999")


def test_file_without_programs(folder: Path) -> None:
    result = run(str(folder / "tool.py"))
    assert (result.text, result.status) == (f"{folder / 'tool.py'}: no D program\n", 0)


# ---------------------------------------------------------------- scripts


@pytest.mark.parametrize(
    ("first", "flags"),
    [
        ("#!/usr/sbin/dtrace -s", {"zdefs": False, "quiet": False}),
        ("#!/usr/sbin/dtrace -Zqs", {"zdefs": True, "quiet": True}),
        ("#!/usr/bin/env -S d2bpf -Zs", {"zdefs": True, "quiet": False}),
        ("#!/usr/bin/env dtrace", {"zdefs": False, "quiet": False}),
        ("/* no first line */", {"zdefs": False, "quiet": False}),
    ],
)
def test_flags_of_the_first_line(first: str, flags: dict[str, bool]) -> None:
    script = from_text("x.d", f"{first}\nBEGIN {{ }}\n")
    assert script.kind == "d" and not script.calls[0].problem
    assert {name: script.calls[0].command.options[name] for name in flags} == flags


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BEGIN { trace($2); }", ["sh", "1"]),
        ("BEGIN /execname == $$1/ { }", ["sh"]),
        ("/* $3 */ BEGIN { }", []),
        ("syscall::$1:entry { }", ["read"]),
        ("fbt::$$1:entry { }", ["vfs_read"]),
        ("pid$target:a.out:$1:entry { trace($2); }", ["main", "1"]),
    ],
)
def test_operands(text: str, expected: list[str]) -> None:
    assert operands(text) == expected
