"""Flow indentation, -F: entries and returns as a tree (output.md section 2).

Whether a return is shown as one depends on whether the same firing has another record to come, so records wait for the
next one of their CPU; the order of all records stays.
"""

from __future__ import annotations

from .text import of_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from .template import Buffer

    # content(number) prints the data of records of a kind: (buf, offset, length, site).
    Content = Callable[[int], Callable[[Buffer, int, int, int], object]]

HEADER = b"%3s %-41s\n" % (b"CPU", b"FUNCTION")
_STEP = 2


class Held:
    """A record that waits: of kind `number`, made by clause `clause`."""

    __slots__ = ("clause", "cpu", "data", "number", "site")

    def __init__(self, number: int, clause: int, data: bytes, site: int, cpu: int) -> None:
        self.number = number
        self.clause = clause
        self.data = data
        self.site = site
        self.cpu = cpu


class FlowIndent:
    """Prints records in order, each behind its prefix, through `append`. Once setopt() has turned the option off, what
    still waits goes to `plain`."""

    def __init__(
        self,
        plan: Mapping[str, Any],
        options: Mapping[str, Any],
        append: Callable[[bytes], None],
        content: Content,
        plain: Callable[[Held], object],
    ) -> None:
        self._plan = plan
        self._options = options
        self._append = append
        self._content = content
        self._plain = plain
        self._held: list[Held] = []
        self._last: dict[int, tuple[int, int]] = {}  # CPU -> (probe, clause) printed last
        self._indent = 0
        self._begun = False

    def add(self, held: Held) -> None:
        self._held.append(held)
        self._print(everything=False)

    def finish(self) -> None:
        """No more records for now: what waits is printed."""
        self._print(everything=True)

    def _print(self, everything: bool) -> None:
        while self._held:
            held = self._held[0]
            if not self._options["flowindent"]:
                del self._held[0]
                self._plain(held)
                continue
            following = next((other for other in self._held[1:] if other.cpu == held.cpu), None)
            if following is None and self._direction(held) < 0 and not everything:
                return
            del self._held[0]
            self._append(self._prefix(held, following))
            self._content(held.number)(held.data, 0, len(held.data), held.site)

    def _probe(self, held: Held) -> int:
        probe: int = self._plan["sites"][held.site]
        return probe

    def _direction(self, held: Held) -> int:
        """1 for an entry, -1 for a return, else 0."""
        name = self._plan["probes"][self._probe(held)][4]
        for ending, direction in (("entry", 1), ("return", -1)):
            if name == ending or name.endswith("-" + ending):
                return direction
        return 0

    def _prefix(self, held: Held, following: Held | None) -> bytes:
        probe = self._probe(held)
        _, provider, _, function, name = self._plan["probes"][probe]
        direction = self._direction(held)
        last_probe, last_clause = self._last.get(held.cpu, (-1, -1))
        if direction > 0 and last_probe == probe and last_clause < held.clause:
            direction = 0  # another clause of the entry just shown
        if direction < 0 and following and self._probe(following) == probe and following.clause > held.clause:
            direction = 0  # the return's last clause is still to come
        self._last[held.cpu] = probe, held.clause
        if direction < 0:
            self._indent = max(0, self._indent - _STEP)
        line = "=" if provider == "syscall" else "-"
        shown = (f"| {function}:{name}", f" {line}> {function}", f" <{line} {function}")[direction]
        text = b"%3d %-41s " % (held.cpu, b" " * self._indent + of_name(shown))
        if direction > 0:
            self._indent += _STEP
        if self._begun:
            return text
        self._begun = True
        return HEADER + text
