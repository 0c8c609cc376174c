"""A rule: one bad pattern, with all that is known of it. Each module of rules/ holds one as RULE; its name is the module's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from ..source import Span
from ..syntax import ast
from .finding import AS_IS, Fix
from .look import Look

# Systems by the letters of provider files and built-ins.
SYSTEMS = {"S": "Solaris", "F": "FreeBSD", "M": "macOS", "O": "Oracle Linux"}


@dataclass(frozen=True, slots=True)
class Found:
    """One occurrence of a rule's pattern: where, what is said of it, and, where they are not the rule's usual ones, severity and
    verdict. `at` is a node, a span, or offsets in the script's file."""

    at: ast.Node | Span | tuple[int, int]
    message: str
    instead: str = ""
    fidelity: str = ""
    origin: str = ""  # letters of SYSTEMS
    fix: Fix | None = None
    severity: str = ""
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """`code` is a row of codes.py. `verdict` is the best a script with this pattern can have. `why` and `instead` are paragraphs
    of the rule's page, `bad` and `good` D programs on it: the first has the pattern, the second, if any, does not. `fixable`
    is "", "safe" or "unsafe". `check` looks at one call of dtrace."""

    code: str
    severity: str
    why: str
    instead: str
    bad: str
    check: Callable[[Look], Iterator[Found]]
    good: str = ""
    verdict: str = AS_IS
    fixable: str = ""


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its name ("missing-predicate"), in order of codes: the modules of the folder rules/."""
    names = [path.stem for path in Path(__file__).with_name("rules").glob("*.py") if not path.stem.startswith("_")]
    found = {name.replace("_", "-"): import_module(f"{__package__}.rules.{name}").RULE for name in names}
    return dict(sorted(found.items(), key=lambda row: row[1].code))


def systems(letters: str) -> tuple[str, ...]:
    return tuple(name for letter, name in SYSTEMS.items() if letter in letters)
