"""Macro arguments and macro variables: $1, $$1, $target, $pid (language.md section 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from ..diagnostics import Sink
from .tokens import IntConstant, Problem, integer, unescape

ID_NAMES = ("pid", "ppid", "pgid", "sid", "uid", "euid", "gid", "egid")


@dataclass(slots=True)
class MacroEnv:
    """What macros expand to. `args` are the operands of the command line, $1 first. `ids` maps the names of ID_NAMES to
    numbers (a name without a number is undefined). `target` is the process of the first -c or -p, 0 without: scripts test whether
    there is one. `script` is $0. `used` collects the positions $N that a program
    referenced, for unused_argument(); clear it before each program."""

    args: tuple[str, ...] = ()
    ids: dict[str, int] = field(default_factory=dict)
    target: int = 0
    script: str = "dtrace"
    defaultargs: bool = False
    argref: bool = False
    used: set[int] = field(default_factory=set)
    ids_used: bool = False  # something that differs from run to run was expanded: an id or $target

    def text(self, name: str) -> str | None:
        """The text that $name stands for, None when undefined. Marks a positional argument as used."""
        if name.isdigit():
            return self._positional(int(name))
        self.ids_used = True
        number = self.target if name == "target" else self.ids.get(name)
        return None if number is None else str(number)

    def _positional(self, position: int) -> str | None:
        if position == 0:
            return self.script
        self.used.add(position)
        return self.args[position - 1] if position <= len(self.args) else None


@dataclass(frozen=True, slots=True)
class Expansion:
    """What a macro becomes: a token of kind "INT" (its value may be negative), "WORD" or "STRING"."""

    kind: str
    data: IntConstant | str


def expand(macro: str, env: MacroEnv) -> Expansion | Problem:
    """The token that `$name` or `$$name` stands for outside probe descriptions."""
    quoted, name = macro.startswith("$$"), macro.lstrip("$")
    if macro == "$target":
        return Expansion("WORD", "__target")  # a built-in variable: the same program serves every target
    text = env.text(name)
    if text is None:
        return _undefined(macro, name, quoted, env)
    if quoted:
        return Expansion("STRING", unescape(text))
    return _as_token(macro, text)


def unused_argument(env: MacroEnv, sink: Sink) -> bool:
    """Report D_MACRO_UNUSED when the program just parsed left the last argument unreferenced; True if so."""
    last = len(env.args)
    if env.argref or last == 0 or last in env.used:
        return False
    sink.error("D_MACRO_UNUSED", f"extraneous argument '{env.args[-1]}' (${last} is not referenced)")
    return True


def _undefined(macro: str, name: str, quoted: bool, env: MacroEnv) -> Expansion | Problem:
    if not name.isdigit():
        return Problem("D_MACRO_UNDEF", f"macro variable {macro} is not defined")
    if not env.defaultargs:
        return Problem("D_MACRO_UNDEF", f"macro argument {macro} is not defined")
    return Expansion("STRING", "") if quoted else Expansion("INT", IntConstant(0, decimal=False))


def _as_token(macro: str, text: str) -> Expansion | Problem:
    if text[:1].isdigit() or text[:1] in ("+", "-"):
        return _as_integer(macro, text)
    if _identifier().fullmatch(text):
        return Expansion("WORD", text)
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    return Expansion("STRING", unescape(text))


def _as_integer(macro: str, text: str) -> Expansion | Problem:
    problem = f"macro argument {macro} constant {text} results in integer overflow"
    if not _integer().fullmatch(text):
        help = f"{text} is not an integer; ${macro} would be its text as a string"
        return Problem("D_MACRO_OFLOW", problem, help=help)
    magnitude = integer(text.lstrip("+-"))
    negative = text[0] == "-"
    if isinstance(magnitude, Problem) or (negative and magnitude.value > 1 << 63):
        return Problem("D_MACRO_OFLOW", problem)
    return Expansion("INT", magnitude._replace(value=-magnitude.value) if negative else magnitude)


@cache
def _identifier() -> re.Pattern[str]:
    return re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[A-Za-z0-9_][\w.]*`[A-Za-z_]\w*", re.ASCII)


@cache
def _integer() -> re.Pattern[str]:
    return re.compile(r"[+-]?(?:0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)")
