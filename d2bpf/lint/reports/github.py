"""Workflow commands of GitHub Actions, which shows them as annotations beside the lines."""

from __future__ import annotations

from collections.abc import Sequence

from ..finding import Finding, Report

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def render(reports: Sequence[Report]) -> str:
    return "".join(_annotation(finding) for report in reports for finding in report.findings)


def _annotation(finding: Finding) -> str:
    place = f"file={_property(finding.path)},line={finding.line},endLine={finding.end_line},col={finding.column}"
    if finding.end_line == finding.line:
        place += f",endColumn={max(finding.end_column, finding.column)}"
    message = finding.message + (f"\n{finding.instead}" if finding.instead else "")
    title = _property(f"{finding.code} {finding.rule}")
    return f"::{_COMMANDS[finding.severity]} {place},title={title}::{_data(message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
