"""A trigger that waits at gates, and a tracing command that says when it traces: what lies between two looks at the kernel's
own accounts is then exactly what was traced."""

from __future__ import annotations

import os
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from tests.crosscheck.tools import table
from tests.harness import kernel
from tests.harness.run import command

PATIENCE = 60.0  # seconds
READY = "tracing has begun"


@contextmanager
def tracing(script: str, *arguments: object) -> Iterator[Tracing]:
    """`d2bpf -q` running a script with macro arguments, from its BEGIN on until finish(), or at the latest until the end of the
    block."""
    begin = f'BEGIN {{ printf("{READY}\\n"); }} '
    process = subprocess.Popen(
        [command(), "-q", "-n", begin + script, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline() == READY + "\n", process.stderr.read()
        yield Tracing(process)
    finally:
        process.kill()
        process.communicate()


class Tracing:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    def line(self) -> str:
        """The next line it prints."""
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def finish(self) -> str:
        """What it printed, once it has been interrupted and has ended well and without losing data."""
        self._process.send_signal(signal.SIGINT)
        return self.rest()

    def rest(self) -> str:
        """What it prints until it ends by itself, well and without losing data."""
        out, err = self._process.communicate(timeout=PATIENCE)
        assert self._process.returncode == 0 and err == "", err
        return out


class Gated:
    """`with Gated(triggers, "read=3,100") as trigger:` the program gated, waiting at its first gate."""

    def __init__(self, triggers: Path, *deeds: str, **options: object) -> None:
        """`options` are subprocess.Popen's."""
        self._argv = [str(triggers / "gated"), *deeds]
        self._options = options

    def __enter__(self) -> Gated:
        self._process: subprocess.Popen[str] = subprocess.Popen(
            self._argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            **self._options,  # type: ignore[call-overload]
        )
        self.pid = self._process.pid
        self._until_it_waits()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()

    def run(self) -> list[str]:
        """Let it do its deeds; what it printed. It waits again when this returns."""
        assert self._process.stdin is not None and self._process.stdout is not None
        os.write(self._process.stdin.fileno(), b".")
        lines = list(iter(self._process.stdout.readline, "done\n"))
        self._until_it_waits()
        return lines

    def proc(self, name: str) -> str:
        return Path(f"/proc/{self.pid}/{name}").read_text()

    def fields(self, name: str) -> dict[str, str]:
        """A file of /proc/PID whose lines are `field: value`."""
        pairs = (line.partition(":") for line in self.proc(name).splitlines())
        return {key: value.strip() for key, _, value in pairs}

    def numbers(self, name: str, *fields: str) -> dict[str, int]:
        """Some of the fields of such a file, as numbers."""
        found = self.fields(name)
        return {field: int(found[field].split()[0]) for field in fields}

    def cpu_time(self) -> dict[str, int]:
        """Nanoseconds on a processor."""
        return {"nanoseconds": int(self.proc("schedstat").split()[0])}

    def switches(self) -> dict[str, int]:
        return self.numbers("status", "voluntary_ctxt_switches", "nonvoluntary_ctxt_switches")

    def transfers(self) -> dict[str, int]:
        """Bytes and calls of reads and writes."""
        return self.numbers("io", "rchar", "wchar", "syscr", "syscw")

    def _until_it_waits(self) -> None:
        """At a gate it sleeps; before it reads there it does not."""
        assert kernel.wait_until(lambda: self.fields("status")["State"].startswith("S"), PATIENCE)


def accounted(
    trigger: Gated, look: Callable[[], Mapping[str, int]], script: str, *arguments: object
) -> tuple[Counter[str], dict[tuple[str, ...], int]]:
    """The trigger's deeds, traced: how the accounts that `look()` gives rose by them, and the aggregations that were printed."""
    before = look()
    with tracing(script, *arguments) as running:
        trigger.run()
        after = look()
        printed = running.finish()
    return Counter({name: value - before.get(name, 0) for name, value in after.items()}), table(printed)


@dataclass(frozen=True)
class Bounds:
    """What a number that others change too was around a tracing: `inside` it for sure, and `around` it at most."""

    inside: int
    around: int

    def hold(self, traced: int) -> bool:
        return self.inside <= traced <= self.around


@contextmanager
def bounded(look: Callable[[], int], script: str, *arguments: object) -> Iterator[Callable[[], tuple[str, Bounds]]]:
    """Traces while the block runs; calling what it is given ends that: (what was printed, how `look()` rose meanwhile)."""
    first = look()
    with tracing(script, *arguments) as running:
        second = look()

        def finish() -> tuple[str, Bounds]:
            third = look()
            printed = running.finish()
            return printed, Bounds(third - second, look() - first)

        yield finish
