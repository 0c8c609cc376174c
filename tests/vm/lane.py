"""Behaviour cases on other kernels (make vm): on each of Debian 11's, 12's and 13's, and on one with its type information hidden.

    python -m tests.vm.lane [--kernels 6.12,5.10] [--each 2] [--no-btf | --with-btf] [PATH...] [-- PYTEST ARGUMENTS]

Run are all cases that need kprobes, both ways, and of each case file under the paths (tests/behaviour) the first ones, directly:
emulation is slow. The closing report has a line for each machine; the exit status is 0 if no case failed in any.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

from tests.triggers.build import build
from tests.vm.kernels import RELEASES, ROOT, KernelError
from tests.vm.machine import run

HIDDEN = "6.1"  # the kernel whose type information is hidden in one run
TIMEOUT = 3600.0  # seconds for a machine


@dataclass(frozen=True)
class Machine:
    kernel: str
    hides_types: bool = False

    def __str__(self) -> str:
        return f"Linux {self.kernel}" + (" without BTF" if self.hides_types else "")


def machines(wanted: argparse.Namespace) -> list[Machine]:
    """The machines to boot, one after the other."""
    kernels = wanted.kernels.split(",")
    found = [] if wanted.no_btf else [Machine(kernel) for kernel in kernels]
    if not wanted.with_btf:
        found.append(Machine(HIDDEN if HIDDEN in kernels else kernels[0], hides_types=True))
    return found


def command(paths: list[str], each: int, arguments: list[str]) -> list[str]:
    """What runs in a machine."""
    python = str(ROOT / ".venv" / "bin" / "python")
    chosen = ["-p", "tests.vm.selection", f"--vm-each={each}", "-p", "no:cacheprovider", "--require-bpf", "--tb=short"]
    return [python, "-m", "pytest", *chosen, *arguments, *(paths or ["tests/behaviour"])]


def report(machine: Machine, status: int, output: str, seconds: float) -> str:
    """One line on what a machine did: pytest's own last words."""
    words = [line.strip("= ") for line in output.splitlines() if " in " in line and line.startswith(("=", *"0123456789"))]
    said = words[-1] if words else "no report"
    return f"{machine}: {said} (status {status}, {seconds:.0f} s)"


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs behaviour cases on other kernels.")
    parser.add_argument("--kernels", default=",".join(RELEASES), help="series, or folders with unpacked packages")
    parser.add_argument("--each", type=int, default=1, help="so many cases of each file besides those that need kprobes (1)")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--no-btf", action="store_true", help="only the machine that hides its type information")
    only.add_argument("--with-btf", action="store_true", help="only the others")
    parser.add_argument("paths", nargs="*", help="case files or folders")
    own, arguments = sys.argv[1:], list[str]()
    if "--" in own:
        own, arguments = own[: own.index("--")], own[own.index("--") + 1 :]
    wanted = parser.parse_args(own)
    build()
    lines, failed = [], False
    for machine in machines(wanted):
        print(f"\n---- {machine}", flush=True)
        try:
            result, output = run(command(wanted.paths, wanted.each, arguments), machine.kernel, machine.hides_types, TIMEOUT)
        except KernelError as error:
            print(f"vm: {error}", flush=True)
            lines.append(f"{machine}: could not be run")
            failed = True
            continue
        lines.append(report(machine, result.status, output, result.seconds))
        failed = failed or result.status != 0
    print("\n" + "\n".join(lines))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
