"""Static probes that programs must bring along, and today's programs may not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...syntax import ast
from ..finding import AS_IS, CANNOT, DIFFERS, Fix
from ..look import OWN_PROVIDERS, Look
from ..probes import process_provider
from ..rule import Found, Rule
from ._common import replacement


class _Known(NamedTuple):
    """What is known of a provider: the best verdict, what it takes to have it, and probes that are called otherwise today."""

    verdict: str
    needs: str
    renamed: dict[str, str] = {}


_RUBY = {
    "function-entry": "method-entry",
    "function-return": "method-return",
    "object-create-start": "object-create",
    "object-create-done": "object-create",
    "gc-begin": "gc-mark-begin",
    "gc-end": "gc-mark-end",
}
_PROVIDERS = {
    "hotspot": _Known(AS_IS, "start java with -XX:+ExtendedDTraceProbes"),
    "hotspot_jni": _Known(AS_IS, "start java with -XX:+ExtendedDTraceProbes"),
    "python": _Known(DIFFERS, "a Python built --with-dtrace, as distributions' are; 3.11 has function-entry for few calls"),
    "ruby": _Known(AS_IS, "a Ruby built --enable-dtrace", _RUBY),
    "perl": _Known(DIFFERS, "a Perl built with -Dusedtrace, which distributions' are not"),
    "php": _Known(DIFFERS, "a PHP built --enable-dtrace and started with USE_ZEND_DTRACE=1, which is not the usual"),
    "tcl": _Known(DIFFERS, "a Tcl built --enable-dtrace, which distributions' are not"),
    "postgresql": _Known(AS_IS, "a PostgreSQL built --enable-dtrace, as distributions' are"),
    "mysql": _Known(CANNOT, "MySQL has none since 8.0: use its performance schema"),
    "javascript": _Known(CANNOT, "they were Firefox 3's; Node.js and today's browsers have none"),
    "sh": _Known(CANNOT, "they were of a patched shell of Solaris; no shell of Linux has any"),
}


def check(look: Look) -> Iterator[Found]:
    named = [(process_provider(desc), desc) for clause in look.clauses for desc, probes in clause.matches if probes]
    alive = any(not _is_gone(provider, desc) for provider, desc in named if provider) or any(
        probe.provider not in OWN_PROVIDERS
        for clause in look.clauses
        for desc, probes in clause.matches
        for probe in probes
        if not process_provider(desc)
    )
    worst = DIFFERS if alive else CANNOT
    for provider, desc in named:
        known = _PROVIDERS.get(provider)
        if known is None:
            continue
        text = " ".join(desc.text.split())
        if not _is_gone(provider, desc):
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


def _is_gone(provider: str, desc: ast.ProbeDesc) -> bool:
    known = _PROVIDERS.get(provider)
    return known is not None and (known.verdict == CANNOT or desc.name in known.renamed)


def _fix(look: Look, desc: ast.ProbeDesc, today: str) -> Fix | None:
    """The name of today, where it stands for one old name alone."""
    if list(_RUBY.values()).count(today) > 1 or desc.span.text.count(desc.name) != 1:
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
