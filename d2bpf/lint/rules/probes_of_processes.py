"""Static probes that programs must bring along, and today's programs may not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..finding import AS_IS, CANNOT, DIFFERS
from ..look import Look
from ..probes import process_provider
from ..rule import Found, Rule


class _Known(NamedTuple):
    """What is known of a provider: the best verdict, and what to do."""

    verdict: str
    advice: str
    renamed: dict[str, str] = {}


_METHODS = {"function-entry": "method-entry", "function-return": "method-return"}
_OBJECTS = {"object-create-start": "object-create", "object-create-done": "object-create"}
_GC = {"gc-begin": "gc-mark-begin", "gc-end": "gc-mark-end"}
_PROVIDERS = {
    "hotspot": _Known(AS_IS, "start java with -XX:+ExtendedDTraceProbes"),
    "hotspot_jni": _Known(AS_IS, "start java with -XX:+ExtendedDTraceProbes"),
    "python": _Known(AS_IS, "a Python built --with-dtrace, as distributions' are; some versions leave function-entry out"),
    "ruby": _Known(AS_IS, "a Ruby built --enable-dtrace", {**_METHODS, **_OBJECTS, **_GC}),
    "perl": _Known(AS_IS, "a Perl built with -Dusedtrace, which distributions' are not"),
    "php": _Known(AS_IS, "a PHP built --enable-dtrace, started with USE_ZEND_DTRACE=1"),
    "tcl": _Known(AS_IS, "a Tcl built --enable-dtrace, which distributions' are not"),
    "postgresql": _Known(AS_IS, "a PostgreSQL built --enable-dtrace, as distributions' are"),
    "mysql": _Known(CANNOT, "MySQL has none since 8.0: use the performance schema"),
    "javascript": _Known(CANNOT, "they were Firefox 3's; Node.js and today's browsers have none"),
    "sh": _Known(CANNOT, "they were of a patched shell of Solaris; no shell of Linux has any"),
}


def check(look: Look) -> Iterator[Found]:
    named = {(process_provider(desc), desc) for clause in look.clauses for desc, probes in clause.matches if probes}
    alive = any(p and _PROVIDERS.get(p, _Known(AS_IS, "")).verdict != CANNOT for p, _ in named) or any(
        probe.provider not in ("dtrace", "profile") and not process_provider(desc)
        for clause in look.clauses
        for desc, probes in clause.matches
        for probe in probes
    )
    for provider, desc in sorted(named, key=lambda row: row[1].span.start):
        known = _PROVIDERS.get(provider)
        if known is None:
            continue
        verdict = DIFFERS if known.verdict == CANNOT and alive else known.verdict
        text = " ".join(desc.text.split())
        if desc.name in known.renamed:
            yield Found(
                desc,
                f"{text}: {desc.name} of {provider} is {known.renamed[desc.name]} today",
                f"{known.renamed[desc.name]}, in {known.advice}",
                "absent",
                severity="warning",
                verdict=DIFFERS,
            )
        elif known.verdict == CANNOT:
            severity = "error" if verdict == CANNOT else "warning"
            yield Found(desc, f"no program of Linux has {text}", known.advice, "absent", severity=severity, verdict=verdict)
        else:
            yield Found(desc, f"{text} needs a program with these probes", known.advice)


RULE = Rule(
    code="L107",
    severity="note",
    why="""
The probe is not the kernel's: programs bring it along, if they were built with it. Which are, differs between systems and
distributions, and programs have renamed probes since, or dropped them. What lint knows of that it says; whether a program on the
machine in question has the probe, it cannot know.
""",
    instead="""
`d2bpf -l -n 'PROVIDER*:::'` lists the probes of all running processes of a provider. A provider that no process has
matches nothing, which is an error without -Z.
""",
    bad="mysql*:::query-start { @[copyinstr(arg0)] = count(); }",
    check=check,
)
