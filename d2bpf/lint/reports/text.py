"""For people: findings with the lines they are on, a verdict per script, a table for several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from textwrap import wrap

from ..finding import AS_IS, CANNOT, DIFFERS, Finding, Report

_WIDTH = 160  # columns of a source line that are shown
_TEXT = 110  # columns of what is explained


def render(reports: Sequence[Report]) -> str:
    lines: list[str] = []
    told: set[str] = set()
    for report in reports:
        lines += _report(report, told)
    if len(reports) > 1:
        lines += ["", *table(reports)]
    return "\n".join(lines) + "\n" if lines else ""


def _report(report: Report, told: set[str]) -> Iterator[str]:
    for finding in report.findings:
        yield from _finding(finding, finding.rule not in told)
        told.add(finding.rule)
    if not report.programs:
        yield f"{report.path}: no D program"
        return
    counts = [f"{n} {severity}{'s' * (n != 1)}" for severity in ("error", "warning", "note") if (n := report.count(severity))]
    yield f"{report.path}: {report.verdict}" + (f" ({', '.join(counts)})" if counts else "")


def _finding(finding: Finding, explained: bool) -> Iterator[str]:
    """A finding; of a rule's first one also why it is told."""
    where = f"{finding.path}:{finding.line}:{finding.column}"
    yield _visible(f"{where}: {finding.severity} {finding.code} [{finding.rule}]: {finding.message}")
    yield from _excerpt(finding)
    if explained and finding.why:
        yield from wrap(f"why: {finding.why}", _TEXT, initial_indent="  ", subsequent_indent="    ")
    if finding.instead:
        yield f"  instead: {_visible(finding.instead)}"
    facts = [text for text in (finding.fidelity, f"from {', '.join(finding.origin)}" if finding.origin else "") if text]
    if facts:
        yield f"  fidelity: {'; '.join(facts)}" if finding.fidelity else f"  {facts[0]}"
    if finding.fix is not None:
        yield f"  fix ({'--fix' if finding.fix.safe else '--fix=unsafe'}): {finding.fix.title}"


def _excerpt(finding: Finding) -> Iterator[str]:
    line, first = finding.excerpt.rstrip("\r"), finding.column - 1
    if not line.strip() or len(line) > _WIDTH:
        return
    last = finding.end_column - 1 if finding.end_line == finding.line else len(line)
    blank = "".join(char if char == "\t" else " " for char in line[:first])
    yield "    " + "".join(char if char == "\t" or char.isprintable() else "?" for char in line)
    yield "    " + blank + "^" * max(1, min(last, len(line)) - first)


def _visible(text: str) -> str:
    return "".join(char if char == "\t" or char.isprintable() else f"\\x{ord(char) & 0xFF:02x}" for char in text)


def table(reports: Sequence[Report]) -> list[str]:
    """A line a script, and how many have each verdict."""
    scripts = [report for report in reports if report.programs]
    width = max((len(report.path) for report in scripts), default=6)
    lines = [f"{'SCRIPT':{width}}  {'VERDICT':22}  ERRORS  WARNINGS  NOTES"]
    for report in scripts:
        counts = (report.count("error"), report.count("warning"), report.count("note"))
        lines.append(f"{report.path:{width}}  {report.verdict:22}  {counts[0]:6}  {counts[1]:8}  {counts[2]:5}")
    verdicts = Counter(report.verdict for report in scripts)
    counted = f"{verdicts[AS_IS]} run as is, {verdicts[DIFFERS]} run with another meaning, {verdicts[CANNOT]} cannot run"
    return [*lines, "", f"{len(scripts)} scripts: {counted}"]
