"""What is known of the static probes that programs bring along: which have them today, and under which names. Data, mostly."""

from __future__ import annotations

from typing import NamedTuple

from ..syntax.ast import ProbeDesc
from .finding import AS_IS, CANNOT, DIFFERS
from .probes import process_provider


class Known(NamedTuple):
    """What is known of a provider: the best verdict, what it takes to have it, and probes that are called otherwise today."""

    verdict: str
    needs: str
    renamed: dict[str, str] = {}


RUBY = {
    "function-entry": "method-entry",
    "function-return": "method-return",
    "object-create-start": "object-create",
    "object-create-done": "object-create",
    "gc-begin": "gc-mark-begin",
    "gc-end": "gc-mark-end",
}
PROGRAMS: dict[str, Known] = {
    "hotspot": Known(AS_IS, "start java with -XX:+ExtendedDTraceProbes"),
    "hotspot_jni": Known(AS_IS, "start java with -XX:+ExtendedDTraceProbes"),
    "python": Known(DIFFERS, "a Python built --with-dtrace, as distributions' are; 3.11 has function-entry for few calls"),
    "ruby": Known(AS_IS, "a Ruby built --enable-dtrace", RUBY),
    "perl": Known(DIFFERS, "a Perl built with -Dusedtrace, which distributions' are not"),
    "php": Known(DIFFERS, "a PHP built --enable-dtrace and started with USE_ZEND_DTRACE=1, which is not the usual"),
    "tcl": Known(DIFFERS, "a Tcl built --enable-dtrace, which distributions' are not"),
    "postgresql": Known(AS_IS, "a PostgreSQL built --enable-dtrace, as distributions' are"),
    "mysql": Known(CANNOT, "MySQL has none since 8.0: use its performance schema"),
    "javascript": Known(CANNOT, "they were Firefox 3's; Node.js and today's browsers have none"),
    "sh": Known(CANNOT, "they were of a patched shell of Solaris; no shell of Linux has any"),
}


def is_gone(desc: ProbeDesc) -> bool:
    """Whether no program of today has what a description asks for."""
    known = PROGRAMS.get(process_provider(desc))
    return known is not None and (known.verdict == CANNOT or desc.name in known.renamed)
