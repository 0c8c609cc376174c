"""The D programs of a collection of scripts: where they are, and the command line each is to be tried with."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from d2bpf.lint.shell import invocations

_HERE_TEXTS = "/dev/"  # how the names of files begin that only the shell makes
_MACRO_ARGUMENT = re.compile(r"\$(\$?)([1-9])")
_COMMENT = re.compile(r"/\*.*?\*/|^#!.*?$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Program:
    """One call of dtrace. `name` is the script's path, with "#N" behind it where the script makes several calls; `arguments`
    are dtrace's; `folder` is where it runs, so that #include "file" works."""

    name: str
    script: str
    arguments: tuple[str, ...]
    folder: Path


def unpack(corpus: Path, into: Path) -> Path:
    """The folder with the corpus' files: itself, or, of a bare git directory, its newest commit, unpacked."""
    if not (corpus / "objects").is_dir():
        return corpus
    archive = subprocess.run(["git", "--git-dir", str(corpus), "archive", "HEAD"], stdout=subprocess.PIPE, check=True)
    subprocess.run(["tar", "-x", "-C", str(into)], input=archive.stdout, check=True)
    return into


def programs(root: Path, made: Path) -> Iterator[Program]:
    """Every D program below `root`, by path. Those that only a shell would write to a file are written below `made`."""
    for path in sorted(root.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        script = str(path.relative_to(root))
        text = path.read_text(errors="surrogateescape") if _first_bytes(path) or path.suffix == ".d" else ""
        found = _own(path, text) if path.suffix == ".d" or _interpreter(text) == "dtrace" else _embedded(script, text, made)
        for at, arguments in enumerate(found, 1):
            name = script if len(found) == 1 else f"{script}#{at}"
            yield Program(name, script, tuple(arguments), path.parent)


def _first_bytes(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"#!"


def _interpreter(text: str) -> str:
    words = text.partition("\n")[0].removeprefix("#!").split()
    return words[0].rpartition("/")[2] if words and text.startswith("#!") else ""


def _own(path: Path, text: str) -> list[list[str]]:
    """A D script: the flags of its first line, and a value for each macro argument."""
    flags = text.partition("\n")[0].split()[1:] if _interpreter(text) == "dtrace" else ["-s"]
    return [[*flags, str(path), *_operands(text)]]


def _operands(text: str) -> list[str]:
    """$1, $2 ...: a number each, or a word where only $$N is used."""
    used: dict[int, bool] = {}
    for quoted, position in _MACRO_ARGUMENT.findall(_COMMENT.sub("", text)):
        used[int(position)] = used.get(int(position), True) and bool(quoted)
    return ["sh" if used.get(at, True) else "1" for at in range(1, max(used, default=0) + 1)]


def _embedded(script: str, text: str, made: Path) -> list[list[str]]:
    found = []
    for number, call in enumerate(invocations(text), 1):
        paths = {}
        for name, program in call.files.items():
            path = made / f"{script.replace('/', '-')}.{number}.{name.removeprefix(_HERE_TEXTS).replace('/', '-')}.d"
            path.write_text(program.text, errors="surrogateescape")
            paths[name] = str(path)
        found.append([paths.get(word, word) for word in call.arguments])
    return found
