"""An aggregation as the consumer sees it: the kernel's map, plus what clear(), trunc() and normalize() made of it.

What an entry shows is `the kernel's value + held[entry]`. Counts are never set back in the kernel, for an update between
reading and writing would be lost:

    clear, functions that add up    held becomes minus what was read
    clear, min and max              the map is emptied; entries are held without data, and print 0
    trunc                           the map is emptied; entries to keep are held with their value

All reads between two calls of `expire` see one snapshot, so printa() followed by clear() or trunc() in the same batch of
records neither prints a value twice nor loses one. What comes between reading the map and emptying it shows up when it
is emptied, and is held from the next snapshot on.
"""

from __future__ import annotations

from .aggregations import FUNCTIONS
from .decode import Layout
from .template import reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from .aggregations import State
    from .decode import SiteNames
    from .symbolize import Symbolizer
    from .template import Slot

    # An entry's state on each CPU with aggpercpu, else one state for all.
    Lanes = list[State]
    # Elements of the map: (key, value on each possible CPU).
    Elements = Iterable[tuple[bytes, list[bytes]]]


class Entry:
    """One key with its value. `order` identifies and sorts the key; `key` is its bytes; `total` the state over all CPUs
    and `lanes` that of each one (aggpercpu) or only the total."""

    __slots__ = ("key", "lanes", "order", "total")

    def __init__(self, order: tuple[Any, ...], key: bytes, lanes: Lanes, total: State) -> None:
        self.order = order
        self.key = key
        self.lanes = lanes
        self.total = total


class Aggregate:
    """`read()` and `delete()` give the map's elements; delete takes them out of it."""

    def __init__(
        self,
        plan: Mapping[str, Any],
        options: Mapping[str, Any],
        site_names: SiteNames,
        symbols: Symbolizer,
        read: Callable[[], Elements],
        delete: Callable[[], Elements],
    ) -> None:
        self.name: str = plan["name"]
        self.function = FUNCTIONS[plan["function"]](*plan["params"])
        self.fields: Sequence[Mapping[str, Any]] = plan["keys"]
        self.layout = Layout(self.fields, site_names)
        self.normal = 1
        self.printed = False  # by printa(): it is then not printed at the end
        self._options = options
        self._symbols = symbols
        self._order = reader([self._ordered(i) for i in range(len(self.fields))]) if self.fields else None
        self._read = read
        self._delete = delete
        self._held: dict[bytes, Lanes] = {}
        self._since: dict[bytes, Lanes] = {}  # taken out of the map, and not in the snapshot
        self._kernel: dict[bytes, Lanes] = {}  # as last read
        self._shown: dict[bytes, Lanes] | None = None  # kernel and held together; None: to be read anew
        self._vacant = not self.fields  # an array's only element is there from the start: it shows once it is not zero

    # ---- reading ----

    def expire(self) -> None:
        """What has been read is out of date."""
        self._shown = None

    def entries(self) -> list[Entry]:
        """The entries in no order; those whose keys mean the same (one function's addresses, probes of one name) are
        one."""
        combine = self.function.combine
        found: dict[tuple[Any, ...], Entry] = {}
        for key, lanes in self._snapshot().items():
            order = self._order(key, 0, len(key), None) if self._order else ()
            entry = found.get(order)
            if entry is None:
                found[order] = Entry(order, key, lanes, None)
            else:
                entry.lanes = [combine(one, other) for one, other in zip(entry.lanes, lanes)]
        for entry in found.values():
            entry.total = self._total(entry.lanes)
        return list(found.values())

    def _snapshot(self) -> dict[bytes, Lanes]:
        if self._shown is None:
            for key, lanes in self._since.items():
                self._held[key] = self._joined(self._held.get(key), lanes)
            self._since = {}
            self._kernel = self._gathered(self._read())
            self._shown = dict(self._kernel)
            for key, lanes in self._held.items():
                self._shown[key] = self._joined(self._shown.get(key), lanes)
            if self._vacant:
                self._vacant = all(lane == self.function.empty for lanes in self._shown.values() for lane in lanes)
        return {} if self._vacant else self._shown

    def _gathered(self, elements: Elements) -> dict[bytes, Lanes]:
        """Elements by key; of a key that comes twice, both together."""
        found: dict[bytes, Lanes] = {}
        for key, values in elements:
            found[key] = self._joined(found.get(key), self._fold(values))
        return found

    def _fold(self, values: list[bytes]) -> Lanes:
        fold = self.function.fold
        return [fold([value]) for value in values] if self._options["aggpercpu"] else [fold(values)]

    def _joined(self, one: Lanes | None, other: Lanes) -> Lanes:
        combine = self.function.combine
        return other if one is None else [combine(a, b) for a, b in zip(one, other)]

    def _total(self, lanes: Lanes) -> State:
        total = lanes[0]
        for lane in lanes[1:]:
            total = self.function.combine(total, lane)
        return total

    def _ordered(self, index: int) -> Slot:
        """A key's field as what it sorts by: numbers as unsigned, text bytewise, symbols by address (builtins.md 4.5)."""
        field = self.fields[index]
        kind = field["kind"]
        if kind == "int":
            return self.layout.number(index, signed=False)
        if kind in ("str", "probe"):
            return self.layout.text(index)
        if kind in ("sym", "usym"):
            return self.layout.address(index).then(self._symbol_order(field["what"]))
        if kind in ("stack", "ustack"):
            return self.layout.frames(index).then(lambda stack: (stack[0] or 0, self._symbols.frames(stack)))
        return self.layout.raw(index)

    def _symbol_order(self, what: str) -> Callable[[tuple[int | None, int]], tuple[int, int, bytes]]:
        """(pid, address, text), equal for all addresses that print alike. Modules sort by the first address met."""
        symbols = self._symbols
        first: dict[bytes, int] = {}

        def order(address: tuple[int | None, int]) -> tuple[int, int, bytes]:
            text = symbols.symbol(what, *address)
            start = symbols.identity(what, *address)
            if what in ("mod", "umod"):
                start = first.setdefault(text, start)
            return address[0] or 0, start, text

        return order

    # ---- actions ----

    def normalize(self, by: int) -> None:
        """Values print divided by `by` from now on; 0 changes nothing."""
        self.normal = by or self.normal

    def clear(self) -> None:
        """Every value becomes 0 or empty; the keys stay."""
        shown = self._snapshot()
        if self.function.additive:
            subtract, empty = self.function.subtract, self.function.empty
            for key, lanes in shown.items():
                nothing = [empty] * len(lanes)
                self._held[key] = [subtract(a, b) for a, b in zip(self._held.get(key, nothing), lanes)]
                shown[key] = nothing
            return
        self._empty_map()
        self._shown = {key: [None] * len(lanes) for key, lanes in shown.items()}
        self._held = dict(self._shown)

    def trunc(self, count: int | None = None) -> None:
        """Keep the `count` entries of the highest values, or of the lowest for a negative count; none for None or 0."""
        keep = self._kept(count) if count else {}
        if not self.fields:
            if not keep:
                self.clear()
                self._vacant = True
            return
        self._empty_map()
        self._shown = keep
        self._held = dict(keep)

    def _kept(self, count: int) -> dict[bytes, Lanes]:
        shown = self._snapshot()
        entries = sorted(self.entries(), key=self.by_value)
        orders = {entry.order for entry in (entries[-count:] if count > 0 else entries[:-count])}
        return {key: lanes for key, lanes in shown.items() if not self._order or self._order(key, 0, 0, None) in orders}

    def by_value(self, entry: Entry) -> Any:
        """The default order: value, then keys."""
        return self.function.weight(entry.total), entry.order

    def _empty_map(self) -> None:
        """Take all elements out of the map. What had come since it was read goes to `_since`: for min and max the whole
        new value where it changed."""
        self._snapshot()
        for key, lanes in self._gathered(self._delete()).items():
            known = self._kernel.pop(key, None)
            if lanes == known:
                continue
            if known is not None and self.function.additive:
                lanes = [self.function.subtract(a, b) for a, b in zip(lanes, known)]
            self._since[key] = self._joined(self._since.get(key), lanes)
        self._kernel = {}
