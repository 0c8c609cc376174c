"""For programs: all that is known, one object."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ..finding import Finding, Report


def render(reports: Sequence[Report]) -> str:
    """{"scripts": [{"path", "verdict", "programs", "findings": [...]}]}"""
    scripts = [
        {
            "path": report.path,
            "verdict": report.verdict if report.programs else None,
            "programs": report.programs,
            "findings": [_finding(finding) for finding in report.findings],
        }
        for report in reports
    ]
    return json.dumps({"scripts": scripts}, indent=1) + "\n"


def _finding(finding: Finding) -> dict[str, Any]:
    fix = finding.fix
    return {
        "code": finding.code,
        "rule": finding.rule,
        "severity": finding.severity,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
        "message": finding.message,
        "why": finding.why,
        "instead": finding.instead,
        "fidelity": finding.fidelity,
        "origin": list(finding.origin),
        "fix": None if fix is None else {"title": fix.title, "safe": fix.safe, "edits": [_edit(edit) for edit in fix.edits]},
    }


def _edit(edit: Any) -> dict[str, Any]:
    return {"start": edit.start, "end": edit.end, "text": edit.text}
