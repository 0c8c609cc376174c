"""Static probes that programs must bring along, and today's programs may not have."""

from __future__ import annotations

from collections.abc import Iterator

from ...syntax import ast
from ..finding import AS_IS, CANNOT, DIFFERS, Fix
from ..look import Look
from ..probes import process_provider
from ..programs import PROGRAMS, RUBY, is_gone
from ..rule import Found, Rule
from ._common import replacement, still_shows


def check(look: Look) -> Iterator[Found]:
    named = [(process_provider(desc), desc) for clause in look.clauses for desc, probes in clause.matches if probes]
    alive = still_shows(look)
    worst = DIFFERS if alive else CANNOT
    for provider, desc in named:
        known = PROGRAMS.get(provider)
        if known is None:
            continue
        text = " ".join(desc.text.split())
        if not is_gone(desc):
            severity = "note" if known.verdict == AS_IS else "warning"
            yield Found(desc, f"{text} needs a program with these probes", known.needs, severity=severity, verdict=known.verdict)
            continue
        severity = "warning" if alive else "error"
        today = known.renamed.get(desc.name)
        if today is None:
            yield Found(desc, f"no program of Linux has {text}", known.needs, "absent", severity=severity, verdict=worst)
        else:
            message = f"{desc.name} of {provider} is {today} today"
            fix = _fix(look, desc, today)
            yield Found(desc, message, f"{today}, with {known.needs}", "absent", fix=fix, severity=severity, verdict=worst)


def _fix(look: Look, desc: ast.ProbeDesc, today: str) -> Fix | None:
    """The name of today, where it stands for one old name alone."""
    if list(RUBY.values()).count(today) > 1 or desc.span.text.count(desc.name) != 1:
        return None
    return replacement(look, desc.span, desc.span.text.replace(desc.name, today), f"{desc.name} becomes {today}")


RULE = Rule(
    code="L107",
    severity="note",
    fixable="unsafe",
    why="""
The probe is not the kernel's: programs bring it along, if they were built with it. Which are, differs between systems and
distributions, and programs have renamed probes since, or dropped them. What lint knows of that it says; whether a program on the
machine in question has the probe, it cannot know.
""",
    instead="""
`d2bpf -l -n 'PROVIDER*:::'` lists the probes of all running processes of a provider. A provider that no process has
matches nothing, which is an error without -Z. `lint --fix=unsafe` puts in names of today.
""",
    bad="ruby*:::function-entry { @[copyinstr(arg1)] = count(); }",
    check=check,
)
