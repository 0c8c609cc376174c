"""Case files: what tests/README.md describes, as values."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ONCE = {"run", "around", "emit", "trigger", "ready", "signal", "exit", "needs", "timeout", "order", "xfail"}
REPEATED = {"before", "during", "env"}
SECTIONS = {"script", "stdin", "stdout", "stderr", "file", "expect", "end"}
TIMEOUT = 30.0


class CaseError(Exception):
    """A case file says something that it cannot mean; the text begins with its place."""


@dataclass(frozen=True)
class Case:
    """One case. Command lines are split into words; `$(name)` placeholders are still in them and in the texts."""

    title: str
    path: Path
    line: int
    run: list[str]
    files: dict[str, str] = field(default_factory=dict)
    stdin: str = ""
    stdout: str = ""
    stderr: str = ""
    expect_files: dict[str, str] = field(default_factory=dict)
    around: list[str] = field(default_factory=list)  # what the command is an argument of: "setpriv ...", "sh script"
    emit: str = ""  # why there is no emitted run; "" when there is one
    before: list[list[str]] = field(default_factory=list)
    during: list[list[str]] = field(default_factory=list)
    ready: str = ""
    signal: str = ""
    signal_group: bool = False
    exit: int = 0
    needs: list[str] = field(default_factory=list)
    timeout: float = TIMEOUT
    env: dict[str, str] = field(default_factory=dict)
    any_order: bool = False
    xfail: str = ""


def load(path: Path) -> list[Case]:
    """All cases of a file, in order. Raises CaseError."""
    return parse(path.read_text(), path)


def parse(text: str, path: Path) -> list[Case]:
    cases = [_case(title, line, body, path) for title, line, body in _cut(text, path)]
    titles = [case.title for case in cases]
    for title in titles:
        if titles.count(title) > 1:
            raise CaseError(f"{path}: two cases are called {title!r}")
    if not cases:
        raise CaseError(f"{path}: no case (a case begins with a line '=== title')")
    return cases


def _cut(text: str, path: Path) -> Iterator[tuple[str, int, list[str]]]:
    """(title, line number, lines) of each case."""
    title, start, body = "", 0, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("=== "):
            if title:
                yield title, start, body[: -1 if body and not body[-1] else None]  # the empty line between two cases
            title, start, body = line[4:].strip(), number, []
        elif title:
            body.append(line)
        elif line.strip() and not line.startswith("#"):
            raise CaseError(f"{path}:{number}: text before the first '=== title'")
    if title:
        yield title, start, body


def _case(title: str, line: int, body: list[str], path: Path) -> Case:
    first_section = next((i for i, text in enumerate(body) if text.startswith("--- ")), len(body))
    where = f"{path}:{line}: {title}"
    keys = _keys(body[:first_section], where)
    sections = _sections(body[first_section:], where)
    files = {name.removeprefix("file "): text for name, text in sections.items() if name.startswith("file ")}
    run = shlex.split("\n".join(keys.get("run", [])))
    if "script" in sections:
        files["script.d"] = sections["script"]
        run = run if "script.d" in run else [*run, "-s", "script.d"]
    if "trigger" in keys:
        run = [*run, "-c", "$({}){}".format(*_split_first(keys["trigger"][0]))]
    signal, _, group = _one(keys, "signal").partition(" ")
    if not run and "run" not in keys:
        raise CaseError(f"{where}: no 'run:' and no script")
    if ("during" in keys or signal) and "ready" not in keys:
        raise CaseError(f"{where}: 'during' and 'signal' need 'ready: text', printed once tracing has begun")
    return Case(
        title=title,
        path=path,
        line=line,
        run=run,
        files=files,
        stdin=sections.get("stdin", ""),
        stdout=sections.get("stdout", ""),
        stderr=sections.get("stderr", ""),
        expect_files={name.removeprefix("expect "): t for name, t in sections.items() if name.startswith("expect ")},
        around=shlex.split(_one(keys, "around")),
        emit=_one(keys, "emit").removeprefix("no").strip(" :"),
        before=[shlex.split(text) for text in keys.get("before", [])],
        during=[shlex.split(text) for text in keys.get("during", [])],
        ready=_one(keys, "ready"),
        signal=signal,
        signal_group=group == "group",
        exit=int(_one(keys, "exit") or 0),
        needs=[need for need in _one(keys, "needs").split() if need != "nothing"] if "needs" in keys else ["root"],
        timeout=float(_one(keys, "timeout") or TIMEOUT),
        env=dict(text.split("=", 1) for text in keys.get("env", [])),
        any_order=_one(keys, "order") == "any",
        xfail=_one(keys, "xfail"),
    )


def _keys(lines: list[str], where: str) -> dict[str, list[str]]:
    """`key: value` lines; a line that begins with a blank continues the one before; `#` begins a comment line."""
    keys: dict[str, list[str]] = {}
    current = ""
    for line in lines:
        if line.startswith("#") or not line.strip():
            continue
        if line[0] in " \t" and current:
            keys[current][-1] += "\n" + line
            continue
        current, colon, value = line.partition(":")
        if not colon or current not in ONCE | REPEATED:
            raise CaseError(f"{where}: {line!r} is none of: {', '.join(sorted(ONCE | REPEATED))}")
        if current in keys and current in ONCE:
            raise CaseError(f"{where}: '{current}' given twice")
        keys.setdefault(current, []).append(value.strip())
    return keys


def _sections(lines: list[str], where: str) -> dict[str, str]:
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in lines:
        if not line.startswith("--- "):
            current.append(line + "\n")
            continue
        name = line[4:].strip()
        if name.split()[0] not in SECTIONS:
            raise CaseError(f"{where}: '--- {name}' is none of: {', '.join(sorted(SECTIONS))}")
        if name in sections:
            raise CaseError(f"{where}: two sections '--- {name}'")
        current = sections[name] = []
    sections.pop("end", None)
    return {name: "".join(text) for name, text in sections.items()}


def _one(keys: dict[str, list[str]], key: str) -> str:
    return keys.get(key, [""])[0]


def _split_first(text: str) -> tuple[str, str]:
    """("syscalls", " getppid 10") of "syscalls getppid 10"."""
    name, blank, rest = text.partition(" ")
    return name, blank + rest
