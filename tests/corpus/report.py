"""What became of the corpus, as text: the manifest, which is compared, and the tables of docs/corpus.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from d2bpf.codes import table
from tests.corpus.trial import STAGES, Outcome

FIRST_PROVIDERS = frozenset({"dtrace", "syscall", "profile", "proc", "sched", "io"})

CLASSES = {
    "first": "only dtrace, syscall, profile, proc, sched, io",
    "kernel": "other providers of the kernel too",
    "process": "providers of processes too: pid, hotspot, python ...",
}

# What a stage at which a program ends means for who has it.
VERDICTS = {"runs": "loads", "part": "loads, but for descriptions without probes here (-Z)"}
_FAILS = "does not load"

_HEADER = """\
# Every program of the corpus: script, "#N" behind it where a script has several; the stage at which it fails, or "runs",
# or "part" where -Z left out descriptions that match nothing here; the codes of what was wrong.
"""

_INTRODUCTION = """\
# The corpus

How far D scripts written by others get: the DTraceToolkit, {programs} programs in {scripts} scripts, with those inside
shell and Perl scripts. Each is compiled with the flags of its first line, loaded into this kernel, attached, and let go
of. `make corpus CORPUS=folder UPDATE=1` writes this page and tests/corpus/manifest.txt, which says it for each program.
The kernel here has no kprobes, no fentry and no hardware counters.
"""


def provider_class(outcomes: Iterable[Outcome]) -> str:
    """The class of a script: that of the farthest provider any of its programs needs."""
    providers = {provider for outcome in outcomes for provider in outcome.providers}
    if any(provider.endswith("*") for provider in providers):
        return "process"
    return "first" if providers <= FIRST_PROVIDERS else "kernel"


def manifest(outcomes: Iterable[Outcome]) -> str:
    rows = sorted((o.program.name, o.stage, *sorted(o.codes)) for o in outcomes)
    return _HEADER + "".join(" ".join(row).replace(" ", "\t", 2) + "\n" for row in rows)


def by_script(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    scripts: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        scripts.setdefault(outcome.program.script, []).append(outcome)
    return scripts


def verdict(outcomes: Iterable[Outcome]) -> str:
    """Of a script: that of its worst program."""
    worst = min((outcome.stage for outcome in outcomes), key=STAGES.index)
    return VERDICTS.get(worst, _FAILS)


def page(outcomes: Sequence[Outcome]) -> str:
    """docs/corpus.md."""
    scripts = by_script(outcomes)
    parts = [
        _INTRODUCTION.format(programs=len(outcomes), scripts=len(scripts)),
        "## By provider\n\n" + _verdicts(scripts),
        "## Why programs do not load\n\nA program may have several reasons.\n\n" + _reasons(outcomes),
        "## Providers without probes here\n\nPrograms by the provider of descriptions that match nothing.\n\n" + _absent(outcomes),
    ]
    return "\n".join(parts)


def _verdicts(scripts: dict[str, list[Outcome]]) -> str:
    columns = [*VERDICTS.values(), _FAILS]
    counts = Counter((provider_class(found), verdict(found)) for found in scripts.values())
    rows = []
    for key, text in CLASSES.items():
        numbers = [counts[key, column] for column in columns]
        rows.append([text, str(sum(numbers)), *map(str, numbers)])
    totals = [sum(counts[key, column] for key in CLASSES) for column in columns]
    rows.append(["all", str(len(scripts)), *map(str, totals)])
    return _table(["scripts that use", "scripts", *columns], rows)


def _reasons(outcomes: Iterable[Outcome]) -> str:
    meanings = table()
    failed = [outcome for outcome in outcomes if outcome.stage not in VERDICTS]
    rows = _tally(failed, lambda outcome: outcome.codes)
    return _table(["code", "meaning", "programs"], [[code, meanings.get(code, ""), n] for code, n in rows])


def _absent(outcomes: Iterable[Outcome]) -> str:
    return _table(["provider", "programs"], [list(row) for row in _tally(outcomes, lambda outcome: outcome.absent)])


def _tally(outcomes: Iterable[Outcome], parts: Callable[[Outcome], Iterable[str]]) -> list[tuple[str, str]]:
    """How many outcomes have each of the parts, most frequent first."""
    counts = Counter(part for outcome in outcomes for part in parts(outcome))
    return [(part, str(n)) for part, n in sorted(counts.items(), key=lambda row: (-row[1], row[0]))]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def summary(outcomes: Sequence[Outcome]) -> str:
    """One line for each class of providers."""
    scripts = by_script(outcomes)
    lines = []
    for key, text in CLASSES.items():
        found = [verdict(o) for o in scripts.values() if provider_class(o) == key]
        loads = sum(v != _FAILS for v in found)
        lines.append(f"{text}: {loads} of {len(found)} scripts load ({loads * 100 // max(1, len(found))}%)")
    return "\n".join(lines)
