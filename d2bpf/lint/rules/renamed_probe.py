"""A system call or another probe under the name that another system has for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...catalog.glob import is_any, literal, matches
from ...catalog.load import Provider
from ...catalog.schema import Probe
from ...catalog.syscalls import SystemCalls
from ...syntax import ast
from ..finding import DIFFERS, Fix
from ..look import Look
from ..rule import Found, Rule
from ._common import is_alone, providers, replacement

_FUNCTIONS = ("fbt", "rawfbt", "vfs")


def check(look: Look) -> Iterator[Found]:
    for clause in look.clauses:
        for desc, probes in clause.matches:
            if probes or is_alone(look, clause, desc):
                yield from _renames(look, desc, probes)


def _renames(look: Look, desc: ast.ProbeDesc, probes: Sequence[Probe]) -> Iterator[Found]:
    yield from _renamed_functions(desc, probes)
    for provider in providers(look, desc):
        is_call = isinstance(provider, SystemCalls)
        written = literal(desc.function if is_call else desc.name)
        if not written or is_any(written):
            continue
        for row in provider.renames:
            if written in row["from"] and not _is_known(provider, written):
                targets = [str(to) for to in row["to"]]
                yield Found(
                    desc,
                    f"{written} is {' or '.join(targets)} on Linux" + (f": {row['note']}" if "note" in row else ""),
                    f"write {' and '.join(targets)}; d2bpf takes {written} for it",
                    "approximate",
                    str(row.get("os", "")),
                    _fix(look, desc, written, targets),
                )


def _renamed_functions(desc: ast.ProbeDesc, probes: Sequence[Probe]) -> Iterator[Found]:
    """Functions of the kernel that stand for one of another system that a description names."""
    told = set()
    for probe in probes:
        if probe.provider in _FUNCTIONS and not matches(desc.function, probe.function) and probe.function not in told:
            told.add(probe.function)
            note = f": {probe.fidelity.note}" if probe.fidelity.note else ""
            here = f"{probe.provider}::{probe.function}:{probe.name}"
            yield Found(desc, f"{desc.function} is {probe.function} on Linux{note}", here, "approximate", "S")


def _is_known(provider: Provider, written: str) -> bool:
    """Whether Linux has the name, too."""
    if isinstance(provider, SystemCalls):
        return written in provider.calls
    return any(name == written for _, name in provider.names())


def _fix(look: Look, desc: ast.ProbeDesc, written: str, targets: list[str]) -> Fix | None:
    """The new name in place of the old one, where there is one new name, and the text names the old one once."""
    if len(targets) != 1 or desc.text.count(written) != 1 or desc.span.text.count(written) != 1:
        return None
    return replacement(look, desc.span, desc.span.text.replace(written, targets[0]), f"{written} becomes {targets[0]}")


RULE = Rule(
    code="L102",
    severity="warning",
    verdict=DIFFERS,
    fixable="unsafe",
    why="""
The probe has another name on Linux. d2bpf knows the old name and takes the Linux one for it, but the two are not the same thing
in every case: arguments may stand in other places, a value may be missing, and probefunc shows the Linux name, which a predicate
that compares it with the old name never finds.
""",
    instead="""
Write the Linux name, and look at what the clause does with arguments, probefunc and the result. `lint --fix=unsafe` puts in
the new name where there is just one.
""",
    bad="syscall::exece:entry { trace(copyinstr(arg0)); }",
    good="syscall::execve:entry { trace(copyinstr(arg0)); }",
    check=check,
)
