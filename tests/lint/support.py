"""What the tests of lint share: one machine to judge by, and scripts judged in a line."""

from __future__ import annotations

from functools import cache

from d2bpf.lint.engine import judge_text
from d2bpf.lint.look import Machine
from d2bpf.target.common import common_target
from tests.catalog.kernel import Memory

STORE = Memory()  # of parser tables and provider files, which need not be made anew
NAMES = {"d": "script.d", "sh": "script", "ksh": "script", "perl": "script"}


@cache
def machine() -> Machine:
    return Machine.of(common_target(), [], STORE)


def judged(kind: str, text: str) -> tuple[str, str]:
    """("LINE:COLUMN CODE; ...", verdict) of a script of a kind of NAMES."""
    report = judge_text(NAMES[kind], text, machine())
    return "; ".join(f"{f.line}:{f.column} {f.code}" for f in report.findings), report.verdict
