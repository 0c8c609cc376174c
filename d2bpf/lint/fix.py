"""Applies fixes: edits the text of scripts, and nothing around them."""

from __future__ import annotations

import difflib

from .engine import judge_text
from .finding import VERDICTS, Edit, Finding, Fix, Report
from .look import Machine

_ROUNDS = 20  # each takes away at least one finding; a fix may uncover others


def fixed(path: str, text: str, machine: Machine, unsafe: bool) -> tuple[str, Report]:
    """The text with all fixes that are wanted, and what is said of it then. A fix after which there would be more errors, or a
    worse verdict, is not applied."""
    report = judge_text(path, text, machine)
    for _ in range(_ROUNDS):
        step = _step(path, text, report, machine, _wanted(report, unsafe))
        if step is None:
            break
        text, report = step
    return text, report


def _step(path: str, text: str, report: Report, machine: Machine, wanted: list[Fix]) -> tuple[str, Report] | None:
    """The text after all wanted fixes or, if that is no good, after the first that is; None if none is."""
    for group in (wanted, *([fix] for fix in wanted)):
        changed = apply(text, _together(group))
        if changed != text:
            after = judge_text(path, changed, machine)
            if not _is_worse(after, report):
                return changed, after
    return None


def _together(fixes: list[Fix]) -> tuple[Edit, ...]:
    """The edits of fixes, of such as touch the same characters the first one's."""
    edits: list[Edit] = []
    for fix in fixes:
        if not any(_overlap(one, other) for one in fix.edits for other in edits):
            edits += fix.edits
    return tuple(edits)


def _wanted(report: Report, unsafe: bool) -> list[Fix]:
    fixes = (finding.fix for finding in report.findings)
    return list(dict.fromkeys(fix for fix in fixes if fix is not None and (fix.safe or unsafe)))


def _overlap(one: Edit, other: Edit) -> bool:
    return (one.start < other.end and other.start < one.end) or one.start == other.start


def _is_worse(after: Report, before: Report) -> bool:
    if VERDICTS.index(after.verdict) > VERDICTS.index(before.verdict):
        return True
    return len(_errors(after)) > len(_errors(before))


def _errors(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.severity == "error"]


def apply(text: str, edits: tuple[Edit, ...]) -> str:
    """A text with edits that do not overlap."""
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def diff(path: str, before: str, after: str) -> str:
    """The change as a unified diff, "" where there is none."""
    names = (f"a/{path.lstrip('/')}", f"b/{path.lstrip('/')}")
    lines = difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), *names)
    return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)
