"""Runs one case, directly or as the program that `d2bpf --emit` prints."""

from __future__ import annotations

import itertools
import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tests.harness import kernel
from tests.harness.casefile import Case
from tests.harness.expect import difference

ROOT = Path(__file__).resolve().parents[2]
SYSTEM_PYTHON = "/usr/bin/python3"
BARE_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
GRACE = 3.0  # seconds a process may still take to close its probes in the background

NAME = re.compile(r"\$\((\w+)\)")


def command() -> str:
    """The d2bpf under test: the environment variable D2BPF, or the one that `make install` made."""
    return os.environ.get("D2BPF", str(ROOT / ".venv" / "bin" / "d2bpf"))


@dataclass
class Outcome:
    """How a command ended. A negative status is a signal's number, as in subprocess."""

    status: int
    stdout: str
    stderr: str
    timed_out: bool = False


class CaseFailure(Exception):
    """The command did not do what its case expects; the text is for the reader of the test report."""


def check(case: Case, mode: str, folder: Path, triggers: Path, cache: Path) -> int:
    """Run `case` in the empty folder `folder`, as `mode` "direct" or "emitted", and compare. `triggers` holds the built
    trigger programs, `cache` is the d2bpf cache that the session shares. Returns how many BPF programs were loaded
    meanwhile (0 where we may not know). Raises CaseFailure."""
    bpf = kernel.can_use_bpf()
    first_program = kernel.mark() if bpf else 0
    names = {path.name: str(path) for path in triggers.iterdir()} | {"root": str(ROOT), "tmp": str(folder)}
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC", "XDG_CACHE_HOME": str(cache), **case.env}
    background: list[subprocess.Popen[bytes]] = []
    try:
        for words in case.before:
            program = _program(words, names)
            background.append(subprocess.Popen(program, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL))
            names.setdefault("pid", str(background[0].pid))
        for name, text in case.files.items():
            (folder / name).write_text(fill(text, names))
        folder.chmod(0o755)  # for a user that `around` switches to
        argv = [fill(word, names) for word in case.run]
        if mode == "direct":
            outcome = _traced(case, [*_around(case, names), command(), *argv], environment, folder, names)
        else:
            outcome = _emitted(case, argv, environment, folder, names)
    finally:
        for process in background:
            process.kill()
            process.wait()
    _compare(case, outcome, folder, names)
    if not bpf:
        return 0
    loaded = kernel.mark() - first_program - 1
    _nothing_left(first_program)
    return loaded


def fill(text: str, names: dict[str, str]) -> str:
    """Replace $(name); names that are not known stay as they are."""
    return NAME.sub(lambda match: names.get(match[1], match[0]), text)


def _emitted(case: Case, argv: list[str], environment: dict[str, str], folder: Path, names: dict[str, str]) -> Outcome:
    """What the emitted program does, on the system's Python alone. A translation that fails is the outcome."""
    program = folder / "emitted.py"
    with program.open("wb") as stdout:
        emission = subprocess.run(
            [*_around(case, names), command(), "--emit", *_of_the_translation(argv)],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            timeout=case.timeout,
            check=False,
        )
    if emission.returncode:
        return Outcome(emission.returncode, program.read_text(), _text(emission.stderr))
    bare = {"PATH": BARE_PATH, "PYTHONNOUSERSITE": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC", **case.env}
    return _traced(case, [*_around(case, names), SYSTEM_PYTHON, program.name, *_of_the_run(argv)], bare, folder, names)


def _around(case: Case, names: dict[str, str]) -> list[str]:
    return [fill(word, names) for word in case.around]


def _of_the_translation(argv: list[str]) -> list[str]:
    """All but the output file, which is for what is traced."""
    at = argv.index("-o") if "-o" in argv else len(argv)
    return argv[:at] + argv[at + 2 :]


def _of_the_run(argv: list[str]) -> list[str]:
    """The flags that belong to a run, not to the translation: which process, which output file."""
    given = []
    for flag, value in itertools.pairwise(argv):
        if flag in ("-c", "-p", "-o"):
            given += [flag, value]
    return given


def _traced(case: Case, argv: list[str], environment: dict[str, str], folder: Path, names: dict[str, str]) -> Outcome:
    """Run `argv`; once it is ready run the case's `during` programs, then send its signal."""
    out, err = folder / ".stdout", folder / ".stderr"
    (folder / ".stdin").write_text(case.stdin)
    with out.open("wb") as stdout, err.open("wb") as stderr, (folder / ".stdin").open("rb") as stdin:
        process = subprocess.Popen(
            argv, cwd=folder, env=environment, stdin=stdin, stdout=stdout, stderr=stderr, start_new_session=True
        )
    end = time.monotonic() + case.timeout
    timed_out = False
    try:
        if case.ready:
            kernel.wait_until(
                lambda: process.poll() is not None or case.ready.encode() in out.read_bytes() + err.read_bytes(),
                case.timeout,
            )
            for words in case.during:
                subprocess.run(
                    _program(words, names),
                    cwd=folder,
                    stdout=subprocess.DEVNULL,
                    timeout=max(1.0, end - time.monotonic()),
                    check=True,
                )
            if case.signal and process.poll() is None:
                number = signal.Signals[f"SIG{case.signal}"]
                (os.killpg if case.signal_group else os.kill)(process.pid, number)
        process.wait(max(0.1, end - time.monotonic()))
    except subprocess.TimeoutExpired:
        timed_out = True
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return Outcome(process.returncode, _text(out.read_bytes()), _text(err.read_bytes()), timed_out)


def _program(words: list[str], names: dict[str, str]) -> list[str]:
    """A command line whose first word may be the name of a trigger program."""
    return [names.get(words[0], words[0]), *(fill(word, names) for word in words[1:])]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace")


def _compare(case: Case, outcome: Outcome, folder: Path, names: dict[str, str]) -> None:
    faults = []
    if outcome.timed_out:
        faults.append(f"still running after {case.timeout:g} s")
    for what, expected, actual in (("stdout", case.stdout, outcome.stdout), ("stderr", case.stderr, outcome.stderr)):
        text = difference(fill(expected, names), actual, case.any_order and what == "stdout")
        if text:
            faults.append(f"{what}:\n{text}")
    for name, expected in case.expect_files.items():
        path = folder / name
        text = difference(fill(expected, names), path.read_text()) if path.exists() else "was not written"
        if text:
            faults.append(f"file {name}:\n{text}")
    if outcome.status != case.exit and not outcome.timed_out:
        faults.append(f"exit status {outcome.status}, expected {case.exit}")
    if faults:
        raise CaseFailure("\n".join(faults))


def _nothing_left(first_program: int) -> None:
    """No process and no BPF program of the run may outlive it, but for a process that is still closing its probes."""
    me = os.getpid()
    kernel.wait_until(lambda: not kernel.reap(kernel.children(me)), GRACE)
    left = kernel.reap(kernel.children(me))
    if left:
        described = [Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ") for pid in left]
        for pid in left:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        raise CaseFailure("processes left behind: " + "; ".join(described))

    def orphans() -> bool:
        """A program that nobody holds is ours only where no other process uses BPF: a map may hold programs, too."""
        held = kernel.held_programs()
        return not held and bool(kernel.program_ids(first_program))

    if not kernel.wait_until(lambda: not orphans(), GRACE):
        raise CaseFailure(f"BPF programs left behind: {kernel.program_ids(first_program)}")
