"""When records are read, and when printed: the options switchrate and bufpolicy (options-cli.md section 7).

Under policies other than switching, records are kept and printed when tracing has ended:
fill    a CPU's buffer that is full ends tracing
ring    the oldest records of a CPU give way to newer ones

The kernel hands records over as ever; the buffers that fill up are here, `bufsize` bytes for each CPU. What has no room in one is
no drop: both policies are asked for because it is to be left out.
"""

from __future__ import annotations

from collections import deque

from .errors import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from .render import Decoder
    from .template import Buffer

    Kept = tuple[int, int, bytes, int, int]  # when it came (a running number), record number, its bytes, site, speculation


class Keeper:
    """`decoders` take records as those of a consumer do; `play` hands them on. `full`: a buffer is, by the policy fill."""

    def __init__(self, policy: str, size: int, records: int) -> None:
        """`size` is that of one CPU's buffer in bytes, `records` how many kinds of records there are."""
        self.full = False
        self.decoders: list[Decoder] = [self._decoder(number) for number in range(records)]
        self._overwrites = policy == "ring"
        self._size = size
        self._buffers: dict[int, _Buffer] = {}
        self._came = 0

    def _decoder(self, number: int) -> Decoder:
        def decoder(buf: Buffer, offset: int, length: int, site: int, cpu: int, spec: int) -> None:
            self._came += 1
            self._keep(cpu, (self._came, number, bytes(buf[offset : offset + length]), site, spec))

        return decoder

    def _keep(self, cpu: int, kept: Kept) -> None:
        buffer = self._buffers.get(cpu)
        if buffer is None:
            buffer = self._buffers[cpu] = _Buffer(self._size)
        if self._overwrites:
            buffer.make_room(len(kept[2]))
        elif self.full or not buffer.has_room(len(kept[2])):
            self.full = True
            return
        buffer.add(kept)

    def play(self, decoders: Sequence[Decoder]) -> None:
        """Hand everything on, in the order it came, and forget it."""
        everything = sorted((kept, cpu) for cpu, buffer in self._buffers.items() for kept in buffer.records)
        self._buffers.clear()
        for (_, number, data, site, spec), cpu in everything:
            decoders[number](data, 0, len(data), site, cpu, spec)


class _Buffer:
    """One CPU's."""

    def __init__(self, size: int) -> None:
        self.records: deque[Kept] = deque()
        self._left = size

    def has_room(self, size: int) -> bool:
        return size <= self._left

    def make_room(self, size: int) -> None:
        """Let go of the oldest records."""
        while self.records and not self.has_room(size):
            self._left += len(self.records.popleft()[2])

    def add(self, kept: Kept) -> None:
        self.records.append(kept)
        self._left -= len(kept[2])


def _largest(record: Mapping[str, Any]) -> int:
    """Bytes of a record whose strings are as long as can be."""
    tails: int = sum(field["size"] for field in record["fields"] if field["kind"] == "tail")
    return tails + int(record["size"])


def keeper_of(plan: Mapping[str, Any]) -> Keeper | None:
    """What keeps the records of a plan; None if they are to be printed as they come. Raises Failure if a buffer has no room for a
    record that there may be."""
    options = plan["options"]
    if options["bufpolicy"] == "switch":
        return None
    records = plan["records"]
    if max(map(_largest, records)) > options["bufsize"]:
        raise Failure("could not enable tracing: Enabling exceeds size of buffer")
    return Keeper(options["bufpolicy"], options["bufsize"], len(records))


_LEAST = 1_000_000  # ns: so often at the most
_NEVER = 1 << 63


class Pace:
    """When records are to be read: as they come, or, with the option switchrate, at intervals. Times are in ns of one clock."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        """`options` are looked at each time: setopt() changes them."""
        self._options = options
        self._last = 0

    @property
    def is_set(self) -> bool:
        return bool(self._options["switchrate"])

    def is_due(self, now: int) -> bool:
        """Whether to read now; if so the next interval begins."""
        if self.is_set and now < self.next(now):
            return False
        self._last = now
        return True

    def next(self, now: int) -> int:
        """When to read next."""
        if not self.is_set:
            return _NEVER
        self._last = self._last or now
        return self._last + max(_LEAST, int(self._options["switchrate"]))
