"""Scripts and the D programs in them: D files, and shell and Perl scripts that call dtrace."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ..command import Command, UsageError, parse
from ..source import decode_source
from .shell import Invocation, Text, invocations

_MACRO_ARGUMENT = re.compile(r"\$(\$?)([1-9])")
_FIELD_ARGUMENT = re.compile(r"(?:^|[\s,])(?P<provider>[\w*$]+):[\w.$*`]*:\$\$?(?P<position>[1-9])\b")
_COMMENT = re.compile(r"/\*.*?\*/|^#!.*?$", re.DOTALL | re.MULTILINE)
_OURS = ("dtrace", "d2bpf")
_WRAPPERS = frozenset({"sh", "bash", "ksh", "ksh93", "dash", "zsh", "perl"})

# A function that the providers have, to stand for a script's argument in that place of a description.
_FUNCTIONS = {"syscall": "read", "fbt": "vfs_read", "rawfbt": "vfs_read"}


@dataclass
class Program:
    """One D program: the flag it is given with, and its text, which knows where it stands in the script."""

    letter: str
    text: Text


@dataclass
class Call:
    """One call of dtrace. `at` is its offset in the script; `problem` is what is wrong with its flags."""

    command: Command
    programs: list[Program]
    at: int = 0
    problem: str = ""

    @property
    def plain(self) -> bool:
        """Whether no part of its programs is known only to a run."""
        return all(program.text.plain for program in self.programs)


@dataclass
class Script:
    """A file: `kind` is "d" for a D script, "wrapper" for a shell or Perl script, "other" for what lint does not read."""

    path: str
    text: str
    kind: str
    calls: list[Call] = field(default_factory=list)


def find(paths: Iterable[str]) -> Iterator[str]:
    """The scripts among files and below folders, in order of names. Files are taken as they are; in a folder only those count that
    end in .d, or call dtrace or d2bpf in their first line or in a shell or Perl script. Raises OSError."""
    for path in paths:
        if os.path.isdir(path):
            yield from _below(path)
        else:
            yield path


def _below(folder: str) -> Iterator[str]:
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.is_symlink() or entry.name.startswith(".git"):
            continue
        if entry.is_dir():
            yield from _below(entry.path)
        elif entry.is_file() and _is_script(entry.path):
            yield entry.path


def _is_script(path: str) -> bool:
    if path.endswith(".d"):
        return True
    with open(path, "rb") as file:
        if file.read(2) != b"#!":
            return False
    script = read(path)
    return script.kind == "d" or bool(script.calls)


def read(path: str) -> Script:
    """A script and its programs. Raises OSError."""
    with open(path, "rb") as file:
        return from_text(path, decode_source(file.read()))


def from_text(path: str, text: str) -> Script:
    name, flags = _first_line(text)
    if name in _WRAPPERS and not path.endswith(".d"):
        calls = [call for call in map(_wrapped, invocations(text)) if call is not None]
        return Script(path, text, "wrapper", calls)
    if name and name not in _OURS and not path.endswith(".d"):
        return Script(path, text, "other")
    return Script(path, text, "d", [_own(path, text, flags if name in _OURS else ["-s"])])


def _first_line(text: str) -> tuple[str, list[str]]:
    """The interpreter that a `#!` line names, "" without one, and its flags; those of env(1) do not count."""
    if not text.startswith("#!"):
        return "", []
    words = text.partition("\n")[0].removeprefix("#!").split()
    if words and words[0].endswith("/env"):
        words = [word for word in words[1:] if word != "-S"]
    return (os.path.basename(words[0]), words[1:]) if words else ("", [])


def _own(path: str, text: str, flags: list[str]) -> Call:
    """A D script: the flags of its first line, and a value for each macro argument."""
    program = Program("s", Text(text, list(range(len(text)))))
    if not any(word.startswith("-") and word.endswith("s") for word in flags):
        flags = [*flags, "-s"]
    try:
        return Call(parse([*flags, path, *operands(text)], {}), [program])
    except UsageError as wrong:
        return Call(parse(["-s", path, *operands(text)], {}), [program], problem=wrong.message)


def operands(text: str) -> list[str]:
    """Values for $1, $2 ... of a program: a number, a word where only $$N is used, a function where it is one in a description."""
    text = _COMMENT.sub("", text)
    used: dict[int, bool] = {}
    for quoted, position in _MACRO_ARGUMENT.findall(text):
        used[int(position)] = used.get(int(position), True) and bool(quoted)
    functions = {int(m["position"]): _FUNCTIONS.get(m["provider"], "main") for m in _FIELD_ARGUMENT.finditer(text)}
    values = range(1, max(used, default=0) + 1)
    return [functions.get(at) or ("sh" if used.get(at, True) else "1") for at in values]


def _wrapped(call: Invocation) -> Call | None:
    """A call in a wrapper, None when it has no program of its own."""
    try:
        command = parse(call.arguments, {})
    except UsageError as wrong:
        return Call(parse([], {}), [], call.at, wrong.message)
    words = iter(call.words)
    programs = []
    for letter, text in command.programs:
        found: Text | None
        if letter == "s":
            found = call.files.get(text)
        else:
            found = next((word.cut(len(word.text) - len(text)) for word in words if word.text.endswith(text)), None)
        if found is not None:
            programs.append(Program(letter, found))
    return Call(command, programs, call.at) if programs else None
