"""Judges scripts: the compiler's errors and the rules' findings for each of their programs, in order of place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..catalog.files import ProviderError
from ..diagnostics import Diagnostic
from ..source import Span
from .finding import CANNOT, Finding, Fix, Report
from .look import Look, Machine, line_and_column, line_starts
from .rule import Found, Rule, rules, systems
from .scripts import Call, Script, from_text

COMPILER = "compiler"  # the rule of findings that are the compiler's errors
_IGNORE = re.compile(r"d2bpf:[ \t]*ignore(?P<file>-file)?(?P<codes>(?:[ \t,]+[LDX]\w*\b)*)")

_SHELL = frozenset("'\"`$\\")

# Errors that rules tell, better.
_TOLD_BY_RULES = ("D_PDESC_ZERO",)
_SYNTAX = ("L601", "L602")  # rules that tell a syntax error within their finding


def judge(script: Script, machine: Machine) -> Report:
    """The report on a script."""
    found: list[Finding] = []
    starts = line_starts(script.text)
    for call in script.calls:
        found += _call(script, call, machine, starts)
    told = [f for f in found if f.rule != COMPILER and f.severity == "error"]
    found = [f for f in found if not any(_tells(other, f) for other in told)]
    unique = {(f.start, f.end, f.code, f.message): f for f in found}
    kept = [f for f in unique.values() if not _ignored(f, _suppressions(script.text, starts))]
    return Report(script.path, sum(len(call.programs) for call in script.calls), sorted(kept, key=lambda f: (f.start, f.code)))


def judge_text(path: str, text: str, machine: Machine) -> Report:
    return judge(from_text(path, text), machine)


def _tells(told: Finding, other: Finding) -> bool:
    """Whether a rule's finding tells a syntax error that the compiler reports within it."""
    return other.code == "D_SYNTAX" and told.code in _SYNTAX and told.start <= other.start <= told.end


def _call(script: Script, call: Call, machine: Machine, starts: list[int]) -> Iterator[Finding]:
    try:
        look = Look.at(script, call, machine)
    except ProviderError:
        raise
    except Exception as bug:  # noqa: BLE001  one script that trips the compiler must not hide the others
        message = f"the compiler failed: {type(bug).__name__}: {bug}"
        yield _placed(script, starts, (call.at, call.at), _of_compiler("D_UNKNOWN", message))
        return
    for error in look.errors:
        if error.code not in _TOLD_BY_RULES:
            yield _placed(script, starts, look.place(error.span), _of_error(error))
    for name, rule in rules().items():
        for found in rule.check(look):
            yield _placed(script, starts, _where(look, found), _of_rule(name, rule, found, script))


def _of_compiler(code: str, message: str, instead: str = "") -> Finding:
    return Finding(code, COMPILER, "error", message, "", instead=instead, fidelity="absent", verdict=CANNOT)


def _of_error(error: Diagnostic) -> Finding:
    return _of_compiler(error.code, error.message.partition("\n")[0], error.help)


def _of_rule(name: str, rule: Rule, found: Found, script: Script) -> Finding:
    return Finding(
        rule.code,
        name,
        found.severity or rule.severity,
        found.message,
        "",
        why=rule.why.strip().partition("\n\n")[0].replace("\n", " "),
        instead=found.instead,
        fidelity=found.fidelity,
        origin=systems(found.origin),
        verdict=found.verdict or rule.verdict,
        fix=_allowed(found.fix, script),
    )


def _allowed(fix: Fix | None, script: Script) -> Fix | None:
    """A fix, unless what it puts in means something to the shell around the program."""
    if fix is None or script.kind == "d" or not any(set(edit.text) & _SHELL for edit in fix.edits):
        return fix
    return None


def _where(look: Look, found: Found) -> tuple[int, int]:
    if isinstance(found.at, tuple):
        return found.at
    return look.place(found.at if isinstance(found.at, Span) else found.at.span)


def _placed(script: Script, starts: list[int], place: tuple[int, int], finding: Finding) -> Finding:
    start, end = place
    line, column = line_and_column(starts, start)
    end_line, end_column = line_and_column(starts, max(start, end))
    excerpt = script.text[starts[line - 1] :].partition("\n")[0]
    return replace(
        finding, path=script.path, start=start, end=end, line=line, column=column,
        end_line=end_line, end_column=end_column, excerpt=excerpt,
    )  # fmt: skip


# ---------------------------------------------------------------- what its author has looked at


def _suppressions(text: str, starts: list[int]) -> dict[int, frozenset[str]]:
    """Line -> codes that are not told there, 0 being the whole file; no codes: all. A comment alone on its line counts for the
    next line."""
    found: dict[int, frozenset[str]] = {}
    for m in _IGNORE.finditer(text):
        codes = frozenset(m["codes"].replace(",", " ").split())
        line = line_and_column(starts, m.start())[0]
        if m["file"]:
            line = 0
        elif not text[starts[line - 1] : m.start()].strip(" \t/*#"):
            rest = text[m.end() :].partition("\n")[0]
            line += not rest.partition("*/")[2].strip()
        found[line] = found.get(line, codes) | codes if codes and found.get(line, codes) else frozenset()
    return found


def _ignored(finding: Finding, silent: dict[int, frozenset[str]]) -> bool:
    """Whether a comment silences it. What keeps a script from running cannot be silenced."""
    if finding.verdict == CANNOT:
        return False
    return any(line in silent and (not silent[line] or finding.code in silent[line]) for line in (0, finding.line))
