"""`make bench`: measures d2bpf against bpftrace and BCC programs written by hand, and writes docs/benchmarks.md.

Ratios are what to read: contenders take turns, and a ratio is the median over the rounds of one's number divided by the
other's in the same round. With --only, one part is measured and printed, and the file stays as it is.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import events, functions, startup
from tests.bench.measure import number, rows
from tests.bench.tools import Place
from tests.harness import kernel
from tests.harness.bpftrace import WITH_TRACEFS
from tests.harness.run import ROOT
from tests.triggers.build import build

RESULT = ROOT / "docs" / "benchmarks.md"
PARTS = ("startup", "functions", "events", "rate", "memory")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--full", action="store_true", help="also what takes bpftrace a minute")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", choices=PARTS)
    options = parser.parse_args()
    if os.geteuid() != 0:
        parser.error("needs root")
    _with_tracefs()
    triggers = build()
    with TemporaryDirectory(prefix="d2bpf-bench-") as folder:
        place = Place(Path(folder))
        parts = [options.only] if options.only else PARTS
        text = "\n".join(_part(part, place, triggers, options) for part in parts)
    if options.only:
        print(text)
    else:
        RESULT.write_text(f"{_head()}\n{text}")
        print(f"wrote {RESULT.relative_to(ROOT)}")
    return 0


def _with_tracefs() -> None:
    """Go on in a mount namespace of our own that has a tracefs, which bpftrace needs: all contenders run there."""
    mark = "D2BPF_BENCH_NAMESPACE"
    if mark not in os.environ:
        os.environ[mark] = "1"
        again = [sys.executable, "-m", "tests.bench.bench", *sys.argv[1:]]
        os.execvp("unshare", ["unshare", "-m", "--propagation", "private", "sh", "-c", WITH_TRACEFS, "sh", *again])


def _part(part: str, place: Place, triggers: Path, options: argparse.Namespace) -> str:
    print(f"measuring: {part}", file=sys.stderr)
    if part == "startup":
        text = "## Start-up\n\nThe whole process, from its start to its end.\n"
        for task, series in startup.run(place, options.rounds, options.full).items():
            head = ["", "best", "median", *startup.REFERENCES]
            text += f"\n### {task}\n\n" + _table(head, rows(series, "ms", startup.REFERENCES))
        return text
    if part == "functions":
        text = f"## Functions by name\n\nThe whole run of a program of {functions.COUNT:,} C++ functions, none of them inlined.\n"
        for title, series in functions.run(place, options.rounds).items():
            text += f"\n### {title}\n\n" + _table(["", "best", "median", "x bpftrace"], rows(series, "ms", functions.REFERENCES))
        return text
    if part == "events":
        text = "## Cost per event\n\nWhat counting adds to one call.\n"
        for title, series, reference in (
            ("a system call (getppid)", events.syscall_cost(place, triggers, options.rounds), events.HAND_RAW),
            ("a function in user space", events.uprobe_cost(place, triggers, options.rounds), events.HAND_UPROBE),
        ):
            bare, *tracers = series
            table = _table(["", "best", "median", "x BCC"], rows(tracers, "ns", {"x BCC": reference}))
            text += f"\n### {title}\n\nThe call itself takes {number(bare.median, 'ns')}.\n\n{table}"
        return text
    if part == "rate":
        head = ["lines lost at", *(f"{rate // 1000} k/s" for rate in events.RATES)]
        text = f"## Printing\n\nA script that prints a line per event, for {events.SECONDS} s, into a file.\n\n"
        return text + _table(head, events.print_rates(place, triggers))
    head = ["", "d2bpf", "bpftrace", "BCC by hand"]
    return "## Memory\n\nResident while tracing, children included.\n\n" + _table(head, events.memory(place))


def _table(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *body]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def _head() -> str:
    return f"""# Benchmarks

Written by `make bench`. Contenders take turns; a ratio is the median, over the rounds, of one's number divided by the
other's in the same round. Absolute numbers belong to this machine:

{_table(["", ""], [[name, value] for name, value in _machine().items()])}"""


def _machine() -> dict[str, str]:
    cpu = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    memory = next(int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal"))
    release = dict(line.split("=", 1) for line in _lines("/etc/os-release") if "=" in line)
    return {
        "processor": f"{cpu}, {os.cpu_count()} CPUs",
        "memory": f"{memory / 2**20:.0f} GiB",
        "system": release.get("PRETTY_NAME", "Linux").strip('"') + ", Linux " + platform.release(),
        "Python": platform.python_version(),
        "bpftrace": _version("bpftrace", "--version"),
        "BCC": _version("dpkg-query", "-W", "-f", "${Version}", "python3-bpfcc"),
        "BPF programs of others": str(len(kernel.program_ids())),
    }


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()


def _version(*argv: str) -> str:
    try:
        return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.split()[-1]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return "not installed"


if __name__ == "__main__":
    sys.exit(main())
