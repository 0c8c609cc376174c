"""An argument of a probe that does not exist on Linux and reads as 0."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...catalog.schema import Probe, Site
from ...syntax import ast
from ..finding import DIFFERS
from ..look import OWN_PROVIDERS, Look
from ..rule import Found, Rule

_ARGUMENT = re.compile(r"arg(\d)")


def check(look: Look) -> Iterator[Found]:
    for clause in look.clauses:
        probes = [probe for probe in clause.probes if probe.sites and probe.provider not in OWN_PROVIDERS]
        told = set()
        for node in clause.reads:
            m = _ARGUMENT.fullmatch(node.name) if isinstance(node, ast.Ident) else None
            if m is None or m[0] in told or not probes:
                continue
            told.add(m[0])
            lacking = [probe for probe in probes if all(_lacks(site, int(m[1])) for site in probe.sites)]
            if len(lacking) == len(probes):
                yield Found(node, f"{m[0]} is always 0 here: {_name(lacking[0])} has no such argument", fidelity="absent")
            differs = next((note for probe in probes for site in probe.sites if (note := _note(site, int(m[1])))), "")
            if differs:
                yield Found(node, f"{m[0]}: {differs}", fidelity="approximate")


def _lacks(site: Site, index: int) -> bool:
    if site.argn:
        return index >= len(site.argn) or site.argn[index] == "0"
    return index >= len(site.natives)


def _note(site: Site, index: int) -> str:
    return site.args[index].fidelity.note if index < len(site.args) else ""


def _name(probe: Probe) -> str:
    return f"{probe.provider}:::{probe.name}"


RULE = Rule(
    code="L203",
    severity="warning",
    verdict=DIFFERS,
    why="""
The probe has no such argument on Linux, so the variable is 0 at each firing. On the system the script was written for it may have
had a value.
""",
    instead="Use args[], whose members d2bpf fills from what the kernel tells, or a built-in variable.",
    bad="proc:::exec-success { trace(arg0); }",
    good="proc:::exec-success { trace(execname); }",
    check=check,
)
