"""A probe that fires in somewhat other cases, or tells less, than on the system the script was written for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...catalog.glob import is_any, literal, matches
from ...catalog.schema import Probe
from ...syntax import ast
from ..finding import DIFFERS
from ..look import Clause, Look
from ..rule import Found, Rule

# Words of notes that a clause must read for the note to concern it.
_NAMES = re.compile(r"args\[\d*\]|arg\d|\bpid\b|\bexecname\b|\bprobefunc\b|\b(?:pr|b|dev|fi|cpu|tcp|ip|cs|if)_\w+")

# What a timer in the tracing process tells about that process, and not about what was interrupted.
_CONTEXT = frozenset("pid ppid tid execname uid gid cpu curthread curpsinfo curlwpsinfo arg0 arg1 caller ucaller".split())
_STACKS = ("stack", "ustack", "jstack", "func", "ufunc", "sym", "usym", "mod", "umod")


_MANY = 3  # notes on one description, beyond which they are told together


def check(look: Look) -> Iterator[Found]:
    for clause in look.clauses:
        read = _read(clause)
        for desc, probes in clause.matches:
            told: dict[str, tuple[str, str]] = {}
            for probe in probes:
                if probe.function and not matches(desc.function, probe.function):
                    continue  # a stand-in for a function of another system, which renamed-probe tells
                for level, note in _notes(probe):
                    if _concerns(probe, desc, level, note, read):
                        told.setdefault(note, (probe.name, f"{probe.provider}:{probe.module}:{probe.function}:{probe.name}"))
            if len(told) > _MANY:
                names = ", ".join(dict.fromkeys(name for name, _ in told.values()))
                yield Found(desc, f"{len(told)} of its probes differ from those of DTrace: {names}", fidelity="approximate")
                continue
            for note, (_, text) in told.items():
                yield Found(desc, f"{text}: {note}", fidelity="approximate")


def _read(clause: Clause) -> set[str]:
    """The names that a clause reads: variables, members, args[n] and args[]."""
    found = set()
    for node in clause.reads:
        if isinstance(node, (ast.Ident, ast.MemberOf, ast.Call)):
            found.add(node.name)
        elif isinstance(node, ast.Index) and isinstance(node.base, ast.Ident) and node.base.name == "args":
            found |= {"".join(node.span.text.split()), "args[]"}
    return found


def _concerns(probe: Probe, desc: ast.ProbeDesc, level: str, note: str, read: set[str]) -> bool:
    """Whether a clause sees what a note is about."""
    if level == "absent" and (is_any(desc.function) or literal(desc.function) is None):
        return False
    if any(site.attachment.kind == "timer" for site in probe.sites):
        return bool(read & (_CONTEXT | set(_STACKS)))
    if probe.provider == "syscall" and level == "approximate":
        return bool(read & {f"arg{i}" for i in range(1, 6)} or "args[]" in read)
    names = set(_NAMES.findall(note))
    return not names or bool(names & read)


def _notes(probe: Probe) -> list[tuple[str, str]]:
    rows = [probe.fidelity, *(site.fidelity for site in probe.sites)]
    return [(row.level, row.note) for row in rows if row.note]


RULE = Rule(
    code="L104",
    severity="warning",
    verdict=DIFFERS,
    why="""
Linux tells of this event in another way: the probe fires in somewhat other cases, or at a somewhat other moment, than the one of
that name in DTrace. The finding says what differs.
""",
    instead="""
Read what differs, and decide whether the script's numbers depend on it. If not, silence the finding with a comment
`/* d2bpf: ignore L104 */` on the line.
""",
    bad="sched:::surrender { @[execname] = count(); }",
    check=check,
)
