"""The subcommand: d2bpf lint [options] FILE|DIR ..."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..catalog.files import Store
from ..target.facts import Target
from .engine import judge
from .finding import AS_IS, CANNOT, DIFFERS, Report
from .fix import diff, fixed
from .look import Machine
from .reports import FORMATS
from .reports.text import table
from .rule import rules
from .scripts import find, read

# What must be found for exit status 1, from little to much.
LEVELS = ("note", "warning", "differs", "cannot", "never")
_PROGRAM = "d2bpf lint"


class LintError(Exception):
    """Nothing can be judged: a file or folder that cannot be read, an unusable target. The text says what."""


@dataclass
class Result:
    """What to print, and the exit status: 1 when something of the level asked for was found, else 0."""

    text: str
    status: int


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(_PROGRAM, description="Which D scripts run here, which mean something else, and what to do.")
    add = made.add_argument
    add("paths", nargs="*", metavar="FILE|DIR", help="D scripts, shell and Perl scripts with calls of dtrace, folders of them")
    add("--format", choices=tuple(FORMATS), default="text", help="what is printed (text)")
    add("--summary", action="store_true", help="print the verdicts alone")
    add("--fix", choices=("safe", "unsafe"), metavar="[=unsafe]", help="rewrite what is safe, or all that has a fix")
    add("--diff", action="store_true", help="with --fix: show what would change, write nothing")
    add("--target", default="common", metavar="FILE", help="a kernel that d2bpf target recorded; host: the running one")
    add("--select", default="", metavar="CODES", help="findings of these codes alone, and what keeps a script from running")
    add("--ignore", default="", metavar="CODES", help="no findings of these codes")
    add("--fail-on", choices=LEVELS, default="warning", help="what makes the exit status 1 (warning)")
    add("--provider-path", action="append", default=[], metavar="DIR", help="a folder of further providers")
    add("--jobs", type=int, default=0, metavar="N", help="processes that work at once (one for each CPU)")
    add("--rules", action="store_true", help="list the rules")
    add("--explain", default="", metavar="CODE", help="print the page of a rule")
    made.epilog = "exit status: 0 nothing of the level asked for, 1 something, 2 nothing could be judged"
    return made


def run(argv: Sequence[str], store: Store | None, host: Callable[[], Target]) -> Result:
    """Judge what a command line names. Raises LintError; SystemExit from the parser, for a wrong command line and --help."""
    settings = parser().parse_args(["--fix=safe" if word == "--fix" else word for word in argv])
    if settings.rules:
        return Result("".join(f"{rule.code}  {rule.severity:7}  {name}\n" for name, rule in rules().items()), 0)
    if settings.explain:
        return Result(_explain(settings.explain), 0)
    if not settings.paths:
        raise LintError("no file or folder to look at")
    machine = Machine.of(_target(settings.target, host), settings.provider_path, store)
    try:
        paths = list(find(settings.paths))
        if settings.fix:
            return _fix(paths, machine, settings)
        reports = _judge_all(paths, machine, settings.jobs)
    except OSError as error:
        raise LintError(f"failed to read {error.filename}: {error.strerror}") from None
    reports = [_chosen(report, settings) for report in reports]
    text = "\n".join(table(reports)) + "\n" if settings.summary else FORMATS[settings.format](reports)
    return Result(text, _status(reports, settings.fail_on))


def _explain(code: str) -> str:
    from .pages import page

    for name, rule in rules().items():
        if code in (rule.code, name):
            return page(name, rule)
    raise LintError(f"no rule {code}: --rules lists them")


def _target(text: str, host: Callable[[], Target]) -> Target:
    from ..target.common import common_target
    from ..target.stored import TargetError, from_json

    if text == "host":
        return host()
    try:
        if text == "common":
            return common_target()
        with open(text, encoding="utf-8") as file:
            return from_json(file.read())
    except (OSError, UnicodeDecodeError, TargetError) as error:
        raise LintError(f"failed to read target {text}: {error}") from None


# ---------------------------------------------------------------- judging


def _judge_all(paths: list[str], machine: Machine, jobs: int) -> list[Report]:
    """The reports in order of the paths, made by several processes where there are several scripts."""
    jobs = min(jobs or os.cpu_count() or 1, (len(paths) + 7) // 8)
    if jobs < 2:
        return [judge(read(path), machine) for path in paths]
    import multiprocessing

    # Forked, so that what has been read of the kernel is there already.
    global _machine
    _machine = machine
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        return pool.map(_judge_one, paths, chunksize=1)


_machine: Machine | None = None


def _judge_one(path: str) -> Report:
    assert _machine is not None
    return judge(read(path), _machine)


def _chosen(report: Report, settings: argparse.Namespace) -> Report:
    """A report without findings that were not asked for. What keeps a script from running stays."""
    only, none = _codes(settings.select), _codes(settings.ignore)
    kept = [f for f in report.findings if f.verdict == CANNOT or ((not only or f.code in only) and f.code not in none)]
    return Report(report.path, report.programs, kept)


def _codes(text: str) -> frozenset[str]:
    named = {name: rule.code for name, rule in rules().items()}
    return frozenset(named.get(word, word) for word in text.replace(",", " ").split())


def _status(reports: list[Report], level: str) -> int:
    findings = [finding for report in reports for finding in report.findings]
    bad = {
        "note": bool(findings),
        "warning": any(f.severity != "note" or f.verdict != AS_IS for f in findings),
        "differs": any(f.verdict in (DIFFERS, CANNOT) for f in findings),
        "cannot": any(f.verdict == CANNOT for f in findings),
        "never": False,
    }
    return int(bad[level])


# ---------------------------------------------------------------- fixing


def _fix(paths: list[str], machine: Machine, settings: argparse.Namespace) -> Result:
    """Fix what is wanted: the change of each file as a diff, then what is still to be said."""
    shown, reports = "", []
    for path in paths:
        before = read(path).text
        after, report = fixed(path, before, machine, settings.fix == "unsafe")
        shown += diff(path, before, after)
        reports.append(_chosen(report, settings))
        if after != before and not settings.diff:
            with open(path, "wb") as file:
                file.write(after.encode("utf-8", "surrogateescape"))
    text = "\n".join(table(reports)) + "\n" if settings.summary else FORMATS[settings.format](reports)
    return Result(shown + text if settings.format == "text" else text, _status(reports, settings.fail_on))
