"""SARIF 2.1.0, the format that code hosts and editors read (OASIS, 27 March 2020)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from ... import __version__
from ...codes import table
from ..finding import Edit, Finding, Report
from ..rule import rules

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(reports: Sequence[Report]) -> str:
    findings = [finding for report in reports for finding in report.findings]
    codes = sorted({finding.code for finding in findings} | {rule.code for rule in rules().values()})
    driver = {
        "name": "d2bpf lint",
        "semanticVersion": __version__,
        "rules": [_rule(code) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "artifacts": [_artifact(report) for report in reports],
        "results": [_result(finding, codes) for finding in findings],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _rule(code: str) -> dict[str, Any]:
    named = next(((name, rule) for name, rule in rules().items() if rule.code == code), None)
    summary = table()[code]
    if named is None:
        return {"id": code, "shortDescription": {"text": summary}, "defaultConfiguration": {"level": "error"}}
    name, rule = named
    return {
        "id": code,
        "name": name,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": _plain(rule.why)},
        "help": {"text": _plain(rule.instead)},
        "defaultConfiguration": {"level": rule.severity},
    }


def _plain(text: str) -> str:
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))


def _artifact(report: Report) -> dict[str, Any]:
    return {"location": {"uri": _uri(report.path)}, "properties": {"verdict": report.verdict, "programs": report.programs}}


def _result(finding: Finding, codes: list[str]) -> dict[str, Any]:
    region = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
        "snippet": {"text": finding.excerpt},
    }
    place = {"physicalLocation": {"artifactLocation": {"uri": _uri(finding.path)}, "region": region}}
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": finding.severity,
        "message": {"text": finding.message + (f"\nInstead: {finding.instead}" if finding.instead else "")},
        "locations": [place],
        "properties": {"fidelity": finding.fidelity, "origin": list(finding.origin)},
    }
    if finding.fix is not None:
        result["fixes"] = [_fix(finding)]
    return result


def _fix(finding: Finding) -> dict[str, Any]:
    assert finding.fix is not None
    replacements = [_replacement(edit) for edit in finding.fix.edits]
    change = {"artifactLocation": {"uri": _uri(finding.path)}, "replacements": replacements}
    return {"description": {"text": finding.fix.title}, "artifactChanges": [change]}


def _replacement(edit: Edit) -> dict[str, Any]:
    deleted = {"charOffset": edit.start, "charLength": edit.end - edit.start}
    return {"deletedRegion": deleted, "insertedContent": {"text": edit.text}}


def _uri(path: str) -> str:
    return quote(path, errors="surrogateescape")
