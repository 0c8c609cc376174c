"""Runs a case's translation by bpftrace, and tells whether it printed what the case says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bpftrace.compare import disagreement, expected
from tests.harness import bpftrace, casefile
from tests.harness.casefile import Case
from tests.harness.run import ROOT, command, fill
from tests.triggers.build import build

CASES = ROOT / "tests" / "behaviour"
LIST = Path(__file__).with_name("cases.txt")
MANY = 64  # attach points; bpftrace closes each in some 50 ms
TRANSLATION, RUN = 30, 30  # seconds


class Other(Exception):
    """bpftrace does not do what the case says, or cannot; the text says how."""


def suits(case: Case) -> bool:
    """Whether a case is about what a script prints: nothing of the command line, of signals or of messages."""
    bare = not (case.emit or case.around or case.env or case.exit or case.before or case.ready or case.expect_files or case.xfail)
    return bare and "-o" not in case.run and bool(expected(case.stdout))


def check(case: Case) -> None:
    """Translate and run a case. Raises Other."""
    with TemporaryDirectory(prefix="d2bpf-bpftrace-") as folder:
        names = {path.name: str(path) for path in build().iterdir()} | {"root": str(ROOT), "tmp": folder}
        for name, text in case.files.items():
            (Path(folder) / name).write_text(fill(text, names))
        argv = [fill(word, names) for word in case.run]
        script = translated(argv, folder)
        (Path(folder) / "script.bt").write_text(script)
        child = [argv[at + 1] for at, word in enumerate(argv) if word == "-c"]
        arguments = ["-B", "none", "-q", "-f", "json", *(["-c", executable(child[0])] if child else []), "script.bt"]
        line = bpftrace.command_line(*arguments)
        try:
            done = subprocess.run(line, cwd=folder, capture_output=True, stdin=subprocess.DEVNULL, timeout=RUN, check=False)
        except subprocess.TimeoutExpired:
            raise Other(f"bpftrace runs on\n{script}") from None
    printed, said = done.stdout.decode(errors="backslashreplace"), done.stderr.decode(errors="replace")
    difference = disagreement(case.stdout, printed)
    if done.returncode or difference or ": ERROR: " in said or ": WARNING: " in said:
        raise Other(f"{difference}\nbpftrace ended with {done.returncode}:\n{said}\n{script}")


def translated(argv: list[str], folder: str) -> str:
    line = [command(), "--emit=bpftrace", *argv]
    done = subprocess.run(line, cwd=folder, capture_output=True, text=True, timeout=TRANSLATION, check=False)
    if done.returncode:
        raise Other(done.stderr)
    if done.stdout.count("tracepoint:syscalls:") > MANY or "sys_enter_*" in done.stdout or "sys_exit_*" in done.stdout:
        raise Other("too many probes to attach one by one")
    return done.stdout


def executable(child: str) -> str:
    """The command with the whole path of its program: bpftrace demands that there be but one of a name."""
    program, *rest = child.split()
    found = next((f"{folder}/{program}" for folder in ("/usr/bin", "/bin") if os.access(f"{folder}/{program}", os.X_OK)), program)
    return " ".join([program if "/" in program else found, *rest])


def cases() -> dict[str, Case]:
    """Every behaviour case that suits, by its name in the list."""
    found = {}
    for path in sorted(CASES.rglob("*.case")):
        for case in casefile.load(path):
            if suits(case):
                found[f"{path.relative_to(CASES)}: {case.title}"] = case
    return found


def main() -> None:
    """Print which cases agree, of all or of those whose names hold an argument; why the others do not goes to standard error."""
    wanted = sys.argv[1:]
    for name, case in cases().items():
        if wanted and not any(text in name for text in wanted):
            continue
        try:
            check(case)
        except Other as other:
            print(f"{name}\n{other}\n", file=sys.stderr)
        else:
            print(name, flush=True)


if __name__ == "__main__":
    main()
