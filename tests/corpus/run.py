"""make corpus: tries every program of the corpus and compares with tests/corpus/manifest.txt.

    python -m tests.corpus.run [--update | --manifest] [--explain] [--only PART] [CORPUS]

CORPUS is a folder, or a bare git directory of which the newest commit is read; without it the environment variable
D2BPF_CORPUS. --update writes the manifest and docs/corpus.md. --explain prints what is wrong with each program, --only
tries those whose name contains PART, and compares nothing. --manifest prints what the manifest would be, as it is kept of a machine
with kprobes in tests/corpus/manifest-kprobes.txt.
"""

from __future__ import annotations

import argparse
import difflib
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from d2bpf.runtime.cache import Store, directory
from d2bpf.target.host import host_target
from tests.corpus import report
from tests.corpus.scripts import programs, unpack
from tests.corpus.trial import BUG, Outcome, try_program

HERE = Path(__file__).resolve().parent
MANIFEST = HERE / "manifest.txt"
KPROBES = HERE / "manifest-kprobes.txt"
PAGE = HERE.parents[1] / "docs" / "corpus.md"


def main() -> int:
    settings = _settings()
    if not settings.corpus:
        print("corpus: skipped: say where scripts are, as in make corpus CORPUS=folder")
        return 0
    if os.geteuid():
        print("corpus: run as root: programs are loaded into the kernel", file=sys.stderr)
        return 1
    if settings.manifest:
        print(report.manifest(_try_all(Path(settings.corpus).resolve(), settings.only, settings.explain)), end="")
        return 0
    started = time.monotonic()
    outcomes = _try_all(Path(settings.corpus).resolve(), settings.only, settings.explain)
    print(f"corpus: {len(outcomes)} programs in {time.monotonic() - started:.0f} s")
    print(report.summary(outcomes))
    if not outcomes:
        print("corpus: no D program found", file=sys.stderr)
        return 1
    if settings.only:
        return 0
    if settings.update:
        MANIFEST.write_text(report.manifest(outcomes))
        PAGE.write_text(report.page(outcomes, KPROBES.read_text()))
        return 0
    return _compare(outcomes)


def _settings() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.corpus.run", description="try the D scripts of a folder")
    parser.add_argument("corpus", nargs="?", default=os.environ.get("D2BPF_CORPUS", ""))
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--manifest", action="store_true")
    parser.add_argument("--explain", action="store_true")
    parser.add_argument("--only", default="")
    return parser.parse_args()


def _try_all(corpus: Path, only: str, explain: bool) -> list[Outcome]:
    target, store = host_target(), Store(directory())
    outcomes = []
    with TemporaryDirectory(prefix="d2bpf-corpus-") as folder:
        unpacked, made = Path(folder, "unpacked"), Path(folder, "made")
        unpacked.mkdir()
        made.mkdir()
        for program in programs(unpack(corpus, unpacked), made):
            if only not in program.name:
                continue
            outcome = try_program(program, target, store)
            outcomes.append(outcome)
            if explain or any(code.startswith(BUG) for code in outcome.codes):
                print(f"== {program.name}: {outcome.stage} {' '.join(sorted(outcome.absent))}")
                print("\n".join(outcome.said))
    return outcomes


def _compare(outcomes: list[Outcome]) -> int:
    """Print what differs from the manifest, better or worse; 1 if anything does."""
    old = MANIFEST.read_text().splitlines(keepends=True) if MANIFEST.exists() else []
    new = report.manifest(outcomes).splitlines(keepends=True)
    differences = list(difflib.unified_diff(old, new, "manifest.txt", "now", n=0))
    sys.stdout.writelines(differences)
    if differences:
        print("corpus: the manifest says otherwise; if this is right: make corpus CORPUS=... UPDATE=1", file=sys.stderr)
    return int(bool(differences))


if __name__ == "__main__":
    sys.exit(main())
