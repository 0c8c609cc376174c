"""Tapes: a plan put together by hand, the records and aggregations of a session as bytes, and what came out.

tape = Tape(quiet=True)
number = tape.record([{"do": "printf", "format": "%d\\n"}], I32)
tape.play(number, 42)
assert tape.out() == "42\\n"
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Sequence
from typing import Any

from d2bpf.options import defaults
from d2bpf.runtime.consumer import Consumer

Field = dict[str, Any]
Action = dict[str, Any]

HEADER = "CPU     ID                    FUNCTION:NAME\n"


def field(kind: str, size: int, signed: bool = False, what: str = "", type_: str = "") -> Field:
    return {"kind": kind, "offset": 0, "size": size, "signed": signed, "what": what, "type": type_}


I8, I16, I32, I64 = (field("int", size, True) for size in (1, 2, 4, 8))
U8, U16, U32, U64 = (field("int", size) for size in (1, 2, 4, 8))


def string(size: int) -> Field:
    return field("str", size)


def tail(size: int = 256) -> Field:
    return field("tail", size)


def data(size: int) -> Field:
    return field("bytes", size)


def real(size: int) -> Field:
    return field("float", size)


def stack(frames: int, room: int = 0) -> Field:
    """A kernel stack of so many frames, with room for more that are not shown."""
    return field("stack", 8 * (frames + room), what=str(frames))


def ustack(frames: int) -> Field:
    return field("ustack", 8 * (frames + 1))


def sym(what: str) -> Field:
    return field("usym", 16, what=what) if what.startswith("u") else field("sym", 8, what=what)


def probe(what: str) -> Field:
    return field("probe", 4, what=what)


def lay_out(fields: Iterable[Field], at: int, in_record: bool) -> tuple[list[Field], int]:
    """The fields with their offsets, naturally aligned from `at` on, and where they end."""
    placed = []
    for one in fields:
        placed.append(dict(one, offset=0))
        if one["kind"] == "tail" or (one["kind"] == "probe" and in_record):
            continue
        align = one["size"] if one["kind"] in ("int", "float", "probe") else 8
        at += -at % align
        placed[-1]["offset"] = at
        at += one["size"]
    return placed, at


_INTEGERS = {(1, True): "b", (2, True): "h", (4, True): "i", (8, True): "q"}


def pack_field(one: Field, value: Any) -> bytes:
    kind, size = one["kind"], one["size"]
    if kind in ("int", "probe", "sym"):
        code = _INTEGERS[size, True]
        return struct.pack("=" + (code if one["signed"] else code.upper()), value)
    if kind == "float":
        return bytes(value) if size == 16 else struct.pack({4: "=f", 8: "=d"}[size], value)
    if kind in ("stack", "ustack", "usym"):
        words = [value[0], *value[1]] if kind == "ustack" else list(value)
        return struct.pack(f"={len(words)}Q", *words).ljust(size, b"\0")
    raw = value.encode() if isinstance(value, str) else bytes(value)
    assert len(raw) <= size
    return raw.ljust(size, b"\0")


class Symbols:
    """Resolvers over dictionaries: `kernel[address]` and `user[pid, address]` are (module, name, offset)."""

    def __init__(self) -> None:
        self.names: dict[tuple[int | None, int], tuple[str, str, int]] = {}
        self.files: dict[tuple[int, int], tuple[str, int]] = {}
        self.refreshed = 0

    @property
    def kernel(self) -> Symbols:
        return self

    @property
    def user(self) -> Symbols:
        return self

    def resolve(self, *where: int) -> tuple[str, str, int] | None:
        pid, address = where if len(where) == 2 else (None, where[0])
        return self.names.get((pid, address))

    def locate(self, pid: int, address: int) -> tuple[str, int] | None:
        return self.files.get((pid, address))

    def refresh(self) -> None:
        self.refreshed += 1


class Tape:
    """Options are those of options.py by name. Clauses, probes and records are added as the test goes on; the consumer is
    made when the first record is played."""

    def __init__(self, **options: Any) -> None:
        self.plan: dict[str, Any] = {
            "sites": [],
            "probes": [],
            "clauses": [{"program": 0, "line": n, "text": ""} for n in range(8)],
            "records": [],
            "aggregations": [],
            "programs": [],
            "unseen": [],
            "options": {**defaults(), **options},
        }
        self.symbols = Symbols()
        self.stdout, self.stderr = io.BytesIO(), io.BytesIO()
        self.maps: dict[str, dict[bytes, list[bytes]]] = {}
        self.deleted: list[str] = []
        self.target: int | None = None
        self._consumer: Consumer | None = None
        self.site = self.probe(1, "dtrace", "", "", "BEGIN")
        self.record([], U32, U32, U64)

    # ---- making the plan ----

    def probe(self, id_: int, provider: str, module: str, function: str, name: str) -> int:
        """A probe and its site's number."""
        self.plan["sites"].append(len(self.plan["probes"]))
        self.plan["probes"].append([id_, provider, module, function, name])
        return len(self.plan["sites"]) - 1

    def record(self, actions: Sequence[Action], *fields: Field, clause: int = 0) -> int:
        """A kind of record and its number. Actions that name no `fields` share them out: one takes all."""
        placed, size = lay_out(fields, 16, True)
        full = [{"fields": list(range(len(fields))), **action} for action in actions]
        tails = sum(one["kind"] == "tail" for one in fields)
        self.plan["records"].append({"clause": clause, "size": size, "tails": tails, "fields": placed, "actions": full})
        return len(self.plan["records"]) - 1

    def aggregation(self, name: str, function: str, *keys: Field, params: Sequence[int] = ()) -> None:
        placed, size = lay_out(keys, 0, False)
        self.plan["aggregations"].append(
            {
                "name": name,
                "map": name,
                "function": function,
                "params": list(params),
                "keys": placed,
                "key_size": size + -size % 8,
                "value_size": 0,
            }
        )
        self.maps[name] = {}

    # ---- playing it ----

    @property
    def consumer(self) -> Consumer:
        if self._consumer is None:
            self._consumer = Consumer(self.plan, self.stdout, self.stderr, self.symbols, self.target)
            self._consumer.read_aggregation = lambda name: list(self.maps[name].items())
            self._consumer.delete_aggregation = self._delete
        return self._consumer

    def _delete(self, name: str) -> Iterable[tuple[bytes, list[bytes]]]:
        self.deleted.append(name)
        elements, self.maps[name] = self.maps[name], {}
        yield from elements.items()

    def wire(self, number: int, *values: Any, site: int | None = None, cpu: int = 0, spec: int = 0) -> bytes:
        record = self.plan["records"][number]
        site = self.site if site is None else site
        raw = bytearray(struct.pack("=4I", number, site, cpu, spec).ljust(record["size"], b"\0"))
        tails = b""
        for one, value in zip(record["fields"], values, strict=True):
            if one["kind"] == "tail":
                tails += (value.encode() if isinstance(value, str) else value) + b"\0"
            elif one["kind"] != "probe":
                packed = pack_field(one, value)
                raw[one["offset"] : one["offset"] + len(packed)] = packed
        return bytes(raw) + tails

    def play(self, number: int, *values: Any, site: int | None = None, cpu: int = 0, spec: int = 0) -> None:
        """One record, as the ring would hand it over: not at the beginning of the buffer, and with others behind it."""
        raw = self.wire(number, *values, site=site, cpu=cpu, spec=spec)
        buffer = b"\xa5" * 24 + raw + b"\xa5" * 32
        _, site, cpu, spec = struct.unpack_from("=4I", raw)
        self.consumer.decoders()[number](buffer, 24, len(raw), site, cpu, spec)

    def update(self, name: str, keys: Sequence[Any], *per_cpu: Any) -> None:
        """Set an element of an aggregation's map: one value for each CPU, as an int or as words."""
        plan = next(plan for plan in self.plan["aggregations"] if plan["name"] == name)
        fields, has_data = plan["keys"], [1] if plan["function"] == "sum" else []
        key = b""
        for one, value in zip(fields, keys, strict=True):
            key = key.ljust(one["offset"], b"\0") + pack_field(one, value)
        words = [[value, *has_data] if isinstance(value, int) else list(value) for value in per_cpu]
        values = [struct.pack(f"={len(w)}Q", *(word & (1 << 64) - 1 for word in w)) for w in words]
        self.maps[name][key + bytes(-len(key) % 8)] = values

    def out(self) -> str:
        """What has gone to standard output so far."""
        self.consumer.flush()
        return self.stdout.getvalue().decode()

    def err(self) -> str:
        self.consumer.flush()
        return self.stderr.getvalue().decode()

    def shown(self, *names: str, format_: str | None = None) -> str:
        """What printa() of these aggregations would print now, without the newline before the default layout."""
        self.consumer.flush()
        return self.consumer.printa(names, format_)().decode()


def counts(*entries: tuple[Any, int], key: Any = I32, function: str = "count", **options: Any) -> Tape:
    """One aggregation `a` with a key and a value on one CPU each."""
    tape = Tape(**options)
    tape.aggregation("a", function, key)
    for one, value in entries:
        tape.update("a", [one], value)
    return tape


def histogram(**buckets: int) -> list[int]:
    words = [0] * 127
    for name, count in buckets.items():
        words[63 + int(name[1:]) * (1 if name[0] == "p" else -1)] = count
    return words
