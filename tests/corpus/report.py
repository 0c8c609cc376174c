"""What became of the corpus, as text: the manifest, which is compared, and the tables of docs/corpus.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from d2bpf.codes import table
from tests.corpus.trial import STAGES, Outcome

FIRST_PROVIDERS = frozenset({"dtrace", "syscall", "profile", "proc", "sched", "io"})

CLASSES = {
    "first": "only dtrace, syscall, profile, proc, sched, io",
    "kernel": "other providers of the kernel too",
    "process": "providers of processes too: pid, hotspot, python ...",
}

# Scripts whose subject Linux does not have: what they look at.
SOLARIS_ONLY = {
    "Apps/nfswizard.d": "Solaris' NFS client, by probes of io",
    "FS/fspaging.d": "read-ahead of UFS, in its inode",
    "FS/fsrw.d": "read-ahead of UFS, in its inode",
    "FS/vopstat": "the operations of a Solaris vnode, in its vfs_t",
    "Kernel/kstat_types.d": "kstat, Solaris' kernel statistics",
    "Kernel/putnexts.d": "STREAMS",
    "Kernel/whatexec.d": "Solaris' table of executable formats",
    "Mem/anonpgpid.d": "pageio_setup(), which no function of Linux is like",
    "Net/connections": "tcp_t and conn_t of Solaris' TCP",
    "Net/tcpsnoop": "tcp_t, conn_t and STREAMS messages",
    "Net/tcpsnoop.d": "tcp_t, conn_t and STREAMS messages",
    "Net/tcpsnoop_snv": "tcp_t, conn_t and STREAMS messages",
    "Net/tcpsnoop_snv.d": "tcp_t, conn_t and STREAMS messages",
    "Net/tcptop": "tcp_t, conn_t and STREAMS messages",
    "Net/tcptop_snv": "tcp_t, conn_t and STREAMS messages",
    "Net/tcpwdist.d": "STREAMS messages",
    "dexplorer": "STREAMS messages, in one of its 21 programs; the others load",
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

_KPROBES = """\
## Other providers of the kernel, with kprobes

Loaded on Linux 6.12 (Debian 13) in a virtual machine, which has kprobes (tests/corpus/manifest-kprobes.txt has all programs):

    python -m tests.vm.machine -k 6.12 python -m tests.corpus.run --manifest folder
"""


def provider_class(outcomes: Iterable[Outcome]) -> str:
    """The class of a script: that of the farthest provider any of its programs needs."""
    providers = {provider for outcome in outcomes for provider in outcome.providers}
    if any(provider.endswith("*") for provider in providers):
        return "process"
    return "first" if providers <= FIRST_PROVIDERS else "kernel"


def read_manifest(text: str) -> dict[str, str]:
    """{script: the stage that its worst program got to}."""
    worst: dict[str, str] = {}
    for row in text.splitlines():
        if not row.startswith("#"):
            program, stage = row.split("\t")[:2]
            script = program.partition("#")[0]
            worst[script] = min(worst.get(script, stage), stage, key=STAGES.index)
    return worst


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


def page(outcomes: Sequence[Outcome], kprobes: str = "") -> str:
    """docs/corpus.md. `kprobes` is the manifest of a machine with kprobes."""
    scripts = by_script(outcomes)
    parts = [
        _INTRODUCTION.format(programs=len(outcomes), scripts=len(scripts)),
        "## By provider\n\n" + _verdicts(scripts),
        *([_KPROBES, _with_kprobes(scripts, read_manifest(kprobes))] if kprobes else []),
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


def _with_kprobes(scripts: dict[str, list[Outcome]], there: Mapping[str, str]) -> str:
    """The scripts that use other providers of the kernel, one by one, with what share of those with a meaning on Linux loads."""
    rows, loading, meant = [], 0, 0
    for script, found in scripts.items():
        if provider_class(found) != "kernel":
            continue
        here, kprobes = (verdict(found) in VERDICTS.values(), there.get(script) in VERDICTS)
        codes = sorted({code for outcome in found if outcome.stage not in VERDICTS for code in outcome.codes})
        why = SOLARIS_ONLY.get(script) or ("" if here and kprobes else ", ".join(codes))
        rows.append([script, "yes" if here else "no", "yes" if kprobes else "no", why])
        meant += script not in SOLARIS_ONLY
        loading += kprobes and script not in SOLARIS_ONLY
    share = f"Of {len(rows)} scripts {len(rows) - meant} look at what only Solaris has; of the {meant} others {loading} load"
    return f"{share} ({loading * 100 // max(1, meant)}%).\n\n" + _table(["script", "here", "with kprobes", "why not"], rows)


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
