"""The consumer: recorded data come in, what dtrace prints goes out. The kernel's half is session.py, which calls it.

What only some programs need (aggregations, graphs, flow indentation, setopt) is imported when it is first used.
"""

from __future__ import annotations

from . import messages
from .output import Output
from .render import Renderer
from .symbolize import Symbolizer

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any, BinaryIO, Protocol

    from .aggregate import Aggregate
    from .render import Decoder
    from .symbolize import Symbols

    class Writable(Protocol):
        def write(self, data: bytes, /) -> int: ...
        def flush(self) -> None: ...

    ReadElements = Callable[[str], Iterable[tuple[bytes, list[bytes]]]]
else:
    import _signal as signal  # what `signal` wraps: that would import enum, 3 to 9 ms for names we do not use


class Consumer:
    """Prints the records and aggregations of a plan (ir/plan.py) to the binary stream `out`, and messages to `err`, whose writing
    does not fail.

    `symbols` has the resolvers `kernel` and `user` of d2bpf/symbols. `target` is the process whose addresses bare
    integers are in `%A`. `read_aggregation(name)` gives the elements of an aggregation's map, `delete_aggregation(name)`
    the same while taking them out; both are to be set before the first record comes.

    `flush` ends a batch of records: what came before it is written, aggregations are read anew after it."""

    def __init__(self, plan: Mapping[str, Any], out: BinaryIO, err: Writable, symbols: Symbols, target: int | None = None) -> None:
        self.options: dict[str, Any] = dict(plan["options"])  # setopt() changes them
        self.exit_status: int | None = None  # of the first exit() consumed since this was None
        self.stopped = False
        self.output = Output(out)
        self.symbols = Symbolizer(symbols, self.options)
        self.symbols.target = target
        self.read_aggregation: ReadElements = lambda name: ()
        self.delete_aggregation: ReadElements = lambda name: ()
        self._plan = plan
        self._err = err
        self._render = Renderer(plan, self)
        self._aggregates: dict[str, Aggregate] = {}
        self._speculations: dict[int, list[tuple[int, bytes, int, int]]] = {}
        self._lost: dict[tuple[str, int], int] = {}

    # ---- called by the session ----

    def start(self) -> None:
        """Everything is attached: tell what was matched, and what was not though it was asked for."""
        for text in self._plan["unseen"]:
            self._say(text)
        if self.options["quiet"]:
            return
        for program in self._plan["programs"]:
            self._say(messages.matched(program))
        if self.options["destructive"]:
            self._say(messages.DESTRUCTIVE)

    def lowered(self, option: str, size: int) -> None:
        """A buffer got `size` bytes, fewer than the option says."""
        if not self.options["quiet"] and not self.options["quietresize"]:
            self._say(messages.lowered(option, size))

    def skipped(self, functions: Sequence[str]) -> None:
        """These functions are not traced."""
        if not self.options["quiet"]:
            self._say(messages.skipped(functions))

    def decoders(self) -> Sequence[Decoder]:
        """What takes each record, by its number (see Decoder). setopt() replaces items of the list."""
        return self._render.decoders

    def drops(self, kind: str, cpu: int, count: int) -> None:
        """`count` more have been lost (wire.py, DROP_KINDS) on a CPU, or -1; printed by the next flush."""
        where = kind, cpu if kind in messages.PER_CPU_DROPS else -1
        self._lost[where] = self._lost.get(where, 0) + count

    def flush(self) -> None:
        """A batch of records has been consumed."""
        self._render.flush()
        self.output.flush()
        for aggregate in self._aggregates.values():
            aggregate.expire()
        self.symbols.expire()
        lost, self._lost = self._lost, {}
        for (kind, cpu), count in lost.items():
            self._say(messages.drops(kind, cpu, count, self.options["droptags"]))

    def interrupted(self) -> None:
        """A signal ends tracing: END's output begins below the terminal's ^C."""
        self._render.flush()
        self.output.append(b"\n")

    def finish(self) -> None:
        """Tracing has ended and all records are consumed: print the aggregations that no printa() has printed."""
        self.flush()
        self.output.append(b"\n")
        names = [aggregation["name"] for aggregation in self._plan["aggregations"]]
        for name in reversed(names) if self.options["aggsortrev"] else names:
            if not self.aggregate(name).printed:
                self.output.append(self.printa([name], None)())
        self.output.close()

    # ---- called by the decoders ----

    def aggregate(self, name: str) -> Aggregate:
        found = self._aggregates.get(name)
        if found is None:
            from .aggregate import Aggregate

            plan = next(plan for plan in self._plan["aggregations"] if plan["name"] == name)
            found = self._aggregates[name] = Aggregate(
                plan,
                self.options,
                self._render.site_names,
                self.symbols,
                lambda: self.read_aggregation(name),
                lambda: self.delete_aggregation(name),
            )
        return found

    def printa(self, names: Sequence[str], format_: str | None) -> Callable[[], bytes]:
        """The printa() of these aggregations, to be called for each record; they then count as printed."""
        from .printa import Printa

        aggregates = [self.aggregate(name) for name in names]
        printa = Printa(aggregates, format_, self.options, self.symbols)

        def text() -> bytes:
            for aggregate in aggregates:
                aggregate.printed = True
            return printa.text()

        return text

    def fault(self, clause: int, code: int, value: int, site: int) -> None:
        """A fault record."""
        self._say(messages.error_head(clause, self._probe(site)) + messages.fault(code, value))

    def exit(self, status: int) -> None:
        self.stopped = True
        if self.exit_status is None:
            self.exit_status = status

    def system(self, command: bytes) -> None:
        """Run a command; its own output follows what has been printed so far."""
        import os

        self.output.flush()
        # Python ignores the signal, which the command would inherit; nothing is written meanwhile.
        before = signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        try:
            os.system(command)
        finally:
            signal.signal(signal.SIGPIPE, before)

    def freopen(self, path: bytes, clause: int, site: int) -> None:
        try:
            self.output.reopen(path)
        except OSError as error:
            name = path.decode("utf-8", "replace")
            self._library_fault(f'couldn\'t freopen() "{name}": {error.strerror}', clause, site)

    def setopt(self, name: str, value: str, clause: int, site: int) -> None:
        from ..options import SETOPT, set_option

        problem = set_option(self.options, name, value, SETOPT)
        if problem:
            self._library_fault(f'couldn\'t set option "{name}" to "{value}": {problem}', clause, site)
        else:
            self._render.reset()

    def hold(self, number: int, data: bytes, site: int, cpu: int, speculation: int) -> None:
        """Keep a speculative record until its speculation is committed."""
        self._speculations.setdefault(speculation, []).append((number, data, site, cpu))

    def commit(self, speculation: int) -> None:
        """Print the records of a speculation as if they came now."""
        for number, data, site, cpu in self._speculations.pop(speculation, ()):
            self._render.decoders[number](data, 0, len(data), site, cpu, 0)

    def discard(self, speculation: int) -> None:
        self._speculations.pop(speculation, None)

    # ---- messages ----

    def _probe(self, site: int) -> list[Any]:
        probe: list[Any] = self._plan["probes"][self._plan["sites"][site]]
        return probe

    def _library_fault(self, text: str, clause: int, site: int) -> None:
        """What an action could not do; an empty line follows."""
        self._say(messages.error_head(clause, self._probe(site)) + text + "\n")

    def _say(self, text: str) -> None:
        """A message on standard error, behind the output so far."""
        self.output.flush()
        self._err.write(f"dtrace: {text}\n".encode("utf-8", "surrogateescape"))
        self._err.flush()
