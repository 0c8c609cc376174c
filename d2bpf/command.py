"""The command line of dtrace(1): flags to a Command (options-cli.md sections 1-3). No work beyond that, and few imports: every
start pays for this module."""

from __future__ import annotations

from .options import COMMAND, ENVIRONMENT, defaults, set_option

USAGE = """Usage: {} [-32|-64] [-CeFGhHlqSvVwZ] [-b bufsz] [-c cmd] [-D name[=def]]
\t[-I path] [-L path] [-o output] [-p pid] [-s script] [-U name]
\t[-x opt[=val]] [-X a|c|s|t] [--emit[=program|bpftrace|c|plan|ast|ir]]
\t[--target file] [--provider-path dir]

\t[-P provider [[ predicate ] action ]]
\t[-m [ provider: ] module [[ predicate ] action ]]
\t[-f [[ provider: ] module: ] func [[ predicate ] action ]]
\t[-n [[[ provider: ] module: ] func: ] name [[ predicate ] action ]]
\t[-i probe-id [[ predicate ] action ]] [ args ... ]
"""
LEVELS = {"P": "provider", "m": "module", "f": "function", "n": "name", "i": "name", "s": "name"}
WITH_VALUE = frozenset("bcDILopsUxXPmfniW")
FLAGS = frozenset("CeFGhHlqSvVwZaAOd")
FLAG_OPTIONS = {"F": "flowindent", "H": "cpphdrs", "q": "quiet", "w": "destructive", "S": "verbose", "Z": "zdefs", "C": "cpp"}
VALUE_OPTIONS = {"b": "bufsize", "D": "define", "U": "undef", "I": "incdir", "L": "libdir"}
EMIT_KINDS = ("program", "bpftrace", "c", "plan", "ast", "ir")


class UsageError(Exception):
    """The command line is wrong: message for stderr, then the usage text; exit status 2. `usage` False leaves the usage out."""

    def __init__(self, message: str, usage: bool = True, status: int = 2) -> None:
        super().__init__(message)
        self.message, self.usage, self.status = message, usage, status


class Command:
    """What was asked. `programs` are (flag letter, text) in order; `targets` are ("c"|"p", text) in order; `operands` become
    $1, $2 ...; `options` is the table of all options with those of the environment and the command line set."""

    def __init__(self) -> None:
        self.programs: list[tuple[str, str]] = []
        self.targets: list[tuple[str, str]] = []
        self.operands: list[str] = []
        self.options = defaults()
        self.mode = "trace"  # trace, compile (-e), list (-l), version (-V), header (-h), object (-G), emit
        self.emit = ""
        self.target = "host"  # the kernel to translate for: host, common, or a file
        self.output = ""
        self.verbose = 0
        self.conformance = "a"
        self.provider_paths: list[str] = []


def parse(argv: list[str], environment: dict[str, str]) -> Command:
    """The Command of `argv` (without the program's name). Raises UsageError."""
    command = Command()
    for name, value in environment.items():
        if name.startswith("DTRACE_OPT_"):
            option = name[len("DTRACE_OPT_") :].lower()
            problem = set_option(command.options, option, value, ENVIRONMENT)
            if problem:
                raise UsageError(f"failed to set -x {option}: {problem}", usage=False, status=1)
    modes: list[str] = []
    words = iter(argv)
    for word in words:
        if word == "--":
            command.operands += words
        elif word.startswith("--"):
            _long(command, word, words)
        elif word in ("-32", "-64"):
            if word == "-32":
                raise UsageError("-32 is not supported: this kernel's data model is 64-bit", usage=False, status=1)
        elif word.startswith("-") and len(word) > 1:
            _letters(command, word[1:], words, modes)
        else:
            command.operands.append(word)
    if len(set(modes)) > 1:
        raise UsageError("only one of the [-GhlV] options can be specified at a time", usage=False)
    chosen = {"G": "object", "h": "header", "l": "list", "V": "version"}
    if modes:
        command.mode = chosen[modes[0]]
    return command


def _long(command: Command, word: str, words: object) -> None:
    name, separator, value = word[2:].partition("=")
    if name == "emit":
        if value and value not in EMIT_KINDS:
            raise UsageError(f"unknown kind of translation '{value}': one of {', '.join(EMIT_KINDS)}")
        command.mode, command.emit = "emit", value or "program"
    elif name == "target":
        command.target = value if separator else _next(words, word)
    elif name == "provider-path":
        command.provider_paths.append(value if separator else _next(words, word))
    elif name == "help":
        raise UsageError("", status=0)
    else:
        raise UsageError(f"unrecognized option '{word}'")


def _next(words: object, flag: str) -> str:
    try:
        return next(words)  # type: ignore[call-overload, no-any-return]
    except StopIteration:
        raise UsageError(f"option requires an argument -- '{flag.lstrip('-')}'") from None


def _letters(command: Command, letters: str, words: object, modes: list[str]) -> None:
    """A word of combined flags: the first that takes a value has the rest of the word, or the next word."""
    for at, letter in enumerate(letters):
        if letter in WITH_VALUE:
            value = letters[at + 1 :] or _next(words, letter)
            _value(command, letter, value)
            return
        if letter not in FLAGS:
            raise UsageError(f"invalid option -- '{letter}'")
        _flag(command, letter, modes)


def _flag(command: Command, letter: str, modes: list[str]) -> None:
    if letter in "GhlV":
        modes.append(letter)
    elif letter in FLAG_OPTIONS:
        set_option(command.options, FLAG_OPTIONS[letter], None, COMMAND)
    elif letter == "e":
        command.mode = "compile"
    elif letter == "v":
        command.verbose += 1
    elif letter in "aA":
        raise UsageError(f"-{letter}: anonymous tracing is not available on Linux", usage=False, status=1)
    else:
        raise UsageError(f"-{letter} is not supported", usage=False, status=1)


def _value(command: Command, letter: str, value: str) -> None:
    if letter in LEVELS:
        command.programs.append((letter, value))
    elif letter in "cp":
        command.targets.append((letter, value))
    elif letter == "o":
        if not value:
            raise UsageError("failed to open output file '': No such file or directory", usage=False, status=1)
        command.output = value
    elif letter == "X":
        if value not in ("a", "c", "s", "t"):
            raise UsageError(f"invalid argument -- 'X' ({value})")
        command.conformance = value
    elif letter == "W":
        raise UsageError("-W is not supported: start the program with -c, or give its id with -p", usage=False, status=1)
    else:
        option, text = value, None
        if letter in VALUE_OPTIONS:
            option, text = VALUE_OPTIONS[letter], value
        elif "=" in value:
            option, text = value.split("=", 1)
        problem = set_option(command.options, option, text, COMMAND)
        if problem:
            raise UsageError(f"failed to set -{letter} {option}: {problem}", usage=False, status=1)


def heads(letter: str, text: str) -> tuple[str, str]:
    """(kind, display text) of a program: a script by its file name, a description cut where its predicate or action begins
    (output.md 7.1)."""
    if letter == "s":
        return "script", text
    ends = [text.find(c) for c in "{/;" if c in text]
    return "description", text[: min(ends)] if ends else text
