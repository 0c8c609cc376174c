"""The maps of aggregations: what an entry's key looks like, and which aggregations share a map.

Each aggregation has a map of its own, named like it, as long as there are few. A BPF program may use 64 maps at the most, so a
script with many aggregations has those of equal layout share one: their number then leads the key.

Maps get memory for an entry when it is made, so that a large aggregation that stays small takes little. What BPF has at hand for
per-CPU entries is three, and the kernel brings more once interrupts are on again: a handler that runs with interrupts off and meets
more new keys than that puts them into a spare map, small, with memory of its own. An entry is what both have of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..builtins import registry
from ..dtypes import UINT64, DType, Stack, String, strip
from ..ir.ops import FieldDef, MapDef, StructDef
from ..ir.plan import Aggregation, Field
from ..ir.values import Frames, Text, Value
from ..sema.checked import AggregationInfo
from ..syntax import ast
from .recording import INNER_FRAMES
from .storage import Layout, key_field

if TYPE_CHECKING:
    from .program import ProgramState

FEW = 16  # so many aggregations have a map each
MOST_WORDS = (1 << 15) // 8  # of one entry, for each CPU (the kernel's PCPU_MIN_UNIT_SIZE)
SPARE_BYTES = 1 << 16  # of a spare map, for each CPU, within the bounds of
SPARE_LEAST, SPARE_MOST = 256, 2048  # entries
INTERRUPTIBLE = ("syscall", "test_run", "timer", "uprobe")  # attachments whose handlers run with interrupts on


class Aggregations:
    """The aggregations of a program as they are met. `plan` has them in that order."""

    def __init__(self, program: ProgramState) -> None:
        self.program = program
        self.plan: dict[str, Aggregation] = {}
        self._share = len(program.checked.aggregations) > FEW
        self._shared: dict[tuple[object, ...], str] = {}  # layout -> map
        self._sharing: dict[str, int] = {}  # map -> aggregations in it

    def get(self, info: AggregationInfo, values: list[Value], kind: str) -> Aggregation:
        """The plan's entry of an aggregation that a handler of this kind of attachment updates; its map is made at the first use,
        whose key values tell what form they come in. Keys that are always the same part of the probe's name travel as 4-byte site
        numbers."""
        if info.name not in self.plan:
            self.plan[info.name] = self._make(info, values)
        found = self.plan[info.name]
        if info.keys and kind not in INTERRUPTIBLE:
            found["spare"] = self._spare(found["map"])
        return found

    def described(self) -> list[Aggregation]:
        """All of them for the plan. Those that no probe of this kernel fills have no map: actions may name them all the same."""
        infos = self.program.checked.aggregations.values()
        return [*self.plan.values(), *(_unfilled(info) for info in infos if info.name not in self.plan)]

    def _spare(self, table: str) -> str:
        """The spare map of a map."""
        maps = self.program.ir.maps
        whole = maps[table]
        if not whole.spare:
            whole.spare = self.program.namer(table + "_spare")
            note = f"{whole.note}: entries made with interrupts off"
            wanted = min(SPARE_MOST, SPARE_BYTES // self.program.ir.structs[whole.value].size)
            entries = min(max(SPARE_LEAST, wanted), whole.entries)
            maps[whole.spare] = MapDef(whole.spare, whole.kind, whole.key, whole.value, entries, note=note)
        return whole.spare

    def _make(self, info: AggregationInfo, values: list[Value]) -> Aggregation:
        name = self.program.namer("agg" if info.name == "_" else info.name)
        key = Layout(name + "_key")
        if self._share and info.keys:
            key.add("aggregation", UINT64)
        described: list[Field] = []
        parts = self.program.keys_by_probe.get(info.name, {})
        for i, t in enumerate(info.keys):
            described.append(key_member(key, i, t, parts.get(i, ""), values[i]))
        if info.keys:
            key.finish()
        words = entry_words(info)
        if words > MOST_WORDS:
            from .builder import Untranslatable

            raise Untranslatable(f"{info.function}( ) of {words} buckets: a BPF map has room for {MOST_WORDS}", "X_COMPLEX")
        table = self._table(name, info, key.struct, words)
        return {
            "name": info.name,
            "map": table,
            "spare": "",
            "id": self._sharing[table] - 1 if self._share else -1,
            "function": info.function,
            "params": list(info.params),
            "keys": described,
            "key_size": key.struct.size if info.keys else 4,
            "value_size": 8 * words,
        }

    def _table(self, name: str, info: AggregationInfo, key: StructDef, words: int) -> str:
        """The map for an aggregation: a new one, or one that it can share."""
        layout = (words, *((f.name, f.size, f.count) for f in key.fields))
        if self._share and layout in self._shared:
            table = self._shared[layout]
            self._sharing[table] += 1
            if not info.keys:
                self.program.ir.maps[table].entries += 1
            return table
        program = self.program
        value = StructDef(name + "_value", [FieldDef("words", 8, count=words)])
        program.add_struct(value)
        shown = f"@{'' if info.name == '_' else info.name}" if not self._share else f"aggregations of {words} words"
        if info.keys:
            program.add_struct(key)
            entries = program.entries(program.checked.options["aggsize"], key.size + value.size)
            definition = MapDef(name, "percpu_hash", key.name, value.name, entries, "BPF_F_NO_PREALLOC", shown)
        else:
            definition = MapDef(name, "percpu_array", "u32", value.name, 1, note=shown)
        program.ir.maps[name] = definition
        self._shared[layout] = name
        self._sharing[name] = 1
        return name


def _unfilled(info: AggregationInfo) -> Aggregation:
    return {
        "name": info.name,
        "map": "",
        "spare": "",
        "id": -1,
        "function": info.function,
        "params": list(info.params),
        "keys": [key_field(t, 0) for t in info.keys],
        "key_size": 0,
        "value_size": 8 * entry_words(info),
    }


def key_member(key: Layout, i: int, t: DType, part: str, value: Value) -> Field:
    """Add key number `i` to a key structure; returns its description for the consumer."""
    if part:
        offset = key.add_bytes(f"k{i}", 4)
        return key_field(t, offset, part)
    base = strip(t)
    datum = key_field(t, 0)
    if isinstance(base, Stack):
        frames = base.frames + (1 if base.user else INNER_FRAMES)
        datum["offset"] = key.add_bytes(f"k{i}", 8, frames)
        datum["size"], datum["what"] = 8 * frames, str(base.frames)
        return datum
    if isinstance(base, String) or isinstance(value, (Text, Frames)):
        datum["kind"] = "str"
    f = key.add(f"k{i}", t)
    datum["offset"] = key.offset() - f.size * (f.count or 1)
    if datum["kind"] == "str":
        datum["size"] = f.size * f.count
    return datum


def entry_words(info: AggregationInfo) -> int:
    """64-bit words of one entry per CPU."""
    spec = registry.aggregating(info.function)
    assert spec is not None
    return spec.words(info.params)


def constant_arguments(call: ast.Call) -> tuple[ast.Expr, ...]:
    """The arguments of an aggregating function that are parameters of the aggregation, not values."""
    match call.name:
        case "lquantize":
            return call.args[1:4]
        case "llquantize":
            return call.args[1:5]
        case _:
            return ()
