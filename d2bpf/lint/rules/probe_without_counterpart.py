"""A probe description that matches nothing on Linux."""

from __future__ import annotations

from collections.abc import Iterator

from ...syntax import ast
from ..finding import CANNOT, DIFFERS
from ..look import OWN_PROVIDERS, Look
from ..rule import Found, Rule
from ._common import providers, still_shows


def check(look: Look) -> Iterator[Found]:
    dead = list(_dead(look))
    names = [(provider, name) for clause in look.clauses for provider, _, name in clause.names()]
    own = any(provider in OWN_PROVIDERS and name not in ("BEGIN", "END", "ERROR") for provider, name in names)
    # With -Z a script runs without what is not there; but one of which nothing is left does nothing.
    something = still_shows(look) or (own and not dead)
    for desc in dead:
        unseen = look.machine.catalog.unseen(desc)
        runs = (look.zdefs or unseen is not None) and something
        passes = ", -Z lets it pass" if look.zdefs else ", the script runs without it" if runs else ""
        yield Found(
            desc,
            f"{_text(desc)} matches no probe{passes}",
            unseen or look.machine.catalog.explain(desc) or "",
            "absent",
            _origin(look, desc),
            severity="warning" if runs else "error",
            verdict=DIFFERS if runs else CANNOT,
        )


def _dead(look: Look) -> Iterator[ast.ProbeDesc]:
    catalog = look.machine.catalog
    for clause in look.clauses:
        for desc, probes in clause.matches:
            if not probes and not catalog.covered(desc, clause.literals):
                yield desc


def _text(desc: ast.ProbeDesc) -> str:
    return " ".join(desc.text.split()) or f"{desc.provider}:{desc.module}:{desc.function}:{desc.name}"


def _origin(look: Look, desc: ast.ProbeDesc) -> str:
    """The systems that have the probe, where a row of the provider says so."""
    for provider in providers(look, desc):
        row = provider.gone_row(desc)
        if row is not None:
            return str(row.get("os", ""))
    return ""


RULE = Rule(
    code="L101",
    severity="error",
    verdict=CANNOT,
    why="""
The description matches no probe of a Linux kernel as most machines run it: the provider, the function or the name is another
system's, or the event does not exist here.

dtrace refuses such a script, unless -Z lets descriptions match nothing. With -Z the rest of the script runs; where nothing but
BEGIN, END and timers is left of it, lint still says that it cannot run. A few probes that only newer kernels have are left out of
scripts that have others, which then say so when they begin.
""",
    instead="""
The finding names the nearest probe that Linux has, where one is known. `d2bpf -l -P PROVIDER` lists what a provider has here.
""",
    bad="io:nfs::start { @[execname] = count(); }",
    good="io:::start { @[execname] = count(); }",
    check=check,
)
