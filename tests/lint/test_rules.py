"""Every rule finds what its page shows, and what the Markdown files beside this one expect.

In these, a fence holds a script; below it stand the findings ("LINE:COLUMN CODE; ...", "none") and the verdict."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from d2bpf.codes import known, table
from d2bpf.lint import pages
from d2bpf.lint.engine import judge_text
from d2bpf.lint.finding import SEVERITIES, VERDICTS
from d2bpf.lint.rule import Rule, rules
from tests.lint.support import judged, machine
from tests.modules import ROOT

HERE = Path(__file__).resolve().parent
_CASE = re.compile(r"^```(\w+)\n(.*?\n)```\n\nfindings: ([^\n]*)\n\nverdict: ([^\n]*)$", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r"^```\w+$", re.MULTILINE)


def cases() -> Iterator[object]:
    for page in sorted(HERE.glob("*.md")):
        text = page.read_text()
        for case in _CASE.finditer(text):
            line = text.count("\n", 0, case.start()) + 1
            yield pytest.param(*case.groups(), id=f"{page.name}:{line}")


@pytest.mark.parametrize(("kind", "script", "findings", "verdict"), list(cases()))
def test_script(kind: str, script: str, findings: str, verdict: str) -> None:
    assert judged(kind, script) == ("" if findings == "none" else findings, verdict)


@pytest.mark.parametrize("page", sorted(HERE.glob("*.md")), ids=lambda page: page.name)
def test_every_fence_is_a_case(page: Path) -> None:
    assert len(_FENCE.findall(page.read_text())) == len(_CASE.findall(page.read_text())) > 0


ROWS = [pytest.param(name, rule, id=name) for name, rule in rules().items()]


def codes(program: str) -> list[str]:
    name = "script" if program.startswith("#!/bin/") else "script.d"
    return [finding.code for finding in judge_text(name, program + "\n", machine()).findings]


@pytest.mark.parametrize(("name", "rule"), ROWS)
def test_bad_example_has_the_pattern(name: str, rule: Rule) -> None:
    assert rule.code in codes(rule.bad)


@pytest.mark.parametrize(("name", "rule"), [pytest.param(n, r, id=n) for n, r in rules().items() if r.good])
def test_good_example_has_not(name: str, rule: Rule) -> None:
    found = codes(rule.good)
    assert rule.code not in found
    assert not [code for code in found if code.startswith(("D_", "X_"))]


@pytest.mark.parametrize(("name", "rule"), ROWS)
def test_row_is_complete(name: str, rule: Rule) -> None:
    assert known(rule.code)
    assert rule.severity in SEVERITIES
    assert rule.verdict in VERDICTS
    assert rule.why.strip() and rule.instead.strip()
    assert rule.fixable in ("", "safe", "unsafe")


def test_a_code_a_rule() -> None:
    assert sorted(rule.code for rule in rules().values()) == sorted(code for code in table() if re.fullmatch(r"L\d+", code))


def test_every_rule_is_expected_somewhere() -> None:
    """In a Markdown file, where carriage returns cannot stand."""
    text = "".join(page.read_text() for page in HERE.glob("*.md"))
    assert [rule.code for rule in rules().values() if rule.code not in text] == ["L603"]


def test_fixes_are_as_safe_as_the_row_says() -> None:
    wrong = []
    for name, rule in rules().items():
        report = judge_text("script.d", rule.bad, machine())
        fixes = [f.fix for f in report.findings if f.code == rule.code and f.fix is not None]
        if bool(fixes) != bool(rule.fixable) or any(fix.safe != (rule.fixable == "safe") for fix in fixes):
            wrong.append(name)
    assert wrong == []


def test_pages_are_current() -> None:
    """`python -m d2bpf.lint.pages docs/lint` makes them so."""
    folder = ROOT / "docs" / "lint"
    assert {path.name: path.read_text() for path in folder.glob("*.md")} == pages.pages()
