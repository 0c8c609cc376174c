"""Lowers a checked program: decides the handlers, lays out variables, keys and records, and lowers each clause once per handler."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from struct import calcsize
from typing import Any

from ..catalog.schema import Attachment, Probe, Site
from ..diagnostics import Sink
from ..dtypes import UINT64, DType, String, Struct, strip
from ..ir import ops
from ..ir.ops import Const, Expr, FieldDef, MapDef, Place, StructDef
from ..ir.plan import HEADER_SIZE, Action, Field, KernelMember, Record
from ..ir.values import Text
from ..ir.walk import can_fault
from ..sema.checked import Checked, CheckedClause, Symbol
from ..syntax import ast
from ..wire import FAULT, GAUGES
from .aggregations import Aggregations
from .recording import probe_text
from .storage import RESERVED, Layout, Namer, round_up

PROBE_PARTS = ("prov", "mod", "func", "name")
PROBE_VARIABLES = {"probeprov": "prov", "probemod": "mod", "probefunc": "func", "probename": "name"}
SYSCALLS = 512  # sites reserved for a handler that serves many system calls, indexed by call number
SCRATCH_LEVELS = 4  # of handlers that interrupt one another
PER_CPU_LIMIT = 1 << 15  # bytes of one value of a per-CPU map (the kernel's PCPU_MIN_UNIT_SIZE)
DECLARED_LIMIT = 1 << 12  # bytes of the scratch memory that the C text declares as large as it is
LOCALS = 8  # this-> variables of a handler that may be C variables; the BPF stack has 512 bytes for all of them
PROCESSORS = 8192  # the most that Linux can be built for
COOKIE_NUMBER = 32  # the bit of a user function's cookie where its number begins, if it has one; below it is the site
PROGRAM_TYPES = {
    "test_run": "raw_tracepoint",
    "timer": "raw_tracepoint",
    "rawtp": "raw_tracepoint",
    "syscall": "raw_tracepoint",
    "tracepoint": "tracepoint",
    "perf": "perf_event",
    "uprobe": "kprobe",
    "kprobe": "kprobe",
}
FUNCTIONS = ("uprobe", "kprobe")  # kinds of attachments of which one handler may have many, each with a cookie


@dataclass(slots=True)
class Firing:
    """One way a probe fires: an attachment, and the clauses it runs with the site each of them sees."""

    probe: Probe
    attachment: Attachment
    runs: list[tuple[int, Site]] = field(default_factory=list)

    @property
    def at_boundary(self) -> bool:
        """Whether it is at the first instruction of a user function or at one that leaves it: the return address is on top of
        the stack."""
        kind, words = self.attachment.kind, self.attachment.words
        if kind != "uprobe" or words[2] != "entry":
            return False
        return len(words) > 5 or any(native.source[0] == "arg" for _, site in self.runs for native in site.natives)

    def key(self, checked: Checked) -> tuple[object, ...]:
        """Firings of equal key share one handler: sites of system calls that differ in nothing used share their SiteCode."""
        runs = tuple((clause, id(checked.site_code.get(id(site)))) for clause, site in self.runs)
        if self.attachment.kind == "syscall":
            return ("syscall", self.attachment.words[1], runs)
        if self.attachment.kind in FUNCTIONS:
            provider = self.probe.provider if self.probe.per_process else ""
            return (self.attachment.kind, self.attachment.words[2], self.at_boundary, provider, runs)
        return (self.attachment.kind, self.attachment.words, self.probe.id, runs)


class HandlerState:
    """What the lowering keeps per handler."""

    def __init__(self, program: ProgramState, ir: ops.Handler, firings: list[Firing]) -> None:
        self.program, self.ir, self.firings = program, ir, firings
        self.cached: dict[str, Expr] = {}
        self.task: Expr | None = None
        self.interrupt = False  # no thread runs: Site.interrupt
        self.uses_self = False
        self.uses_alloca = False  # by the clause at hand
        self.speculates = False  # the clause at hand
        self.key_bytes = 0
        self.cookies: dict[int, int] = {}  # of several functions: the site of each firing, by its id()
        self._names: dict[str, int] = {}
        self._this: set[Symbol] = set()
        self._this_locals: dict[Symbol, str] = {}

    @property
    def attachment(self) -> Attachment:
        return self.firings[0].attachment

    @property
    def numbers(self) -> list[int]:
        """The numbers that come with the attachments of user functions; none where they have none."""
        words = [firing.attachment.words[5:] for firing in self.firings] if self.attachment.kind == "uprobe" else []
        return [number for (number,) in words if isinstance(number, int)] if all(words) else []

    @property
    def per_process(self) -> bool:
        """Whether its probes belong to whichever process fires them."""
        return self.firings[0].probe.per_process

    @property
    def probes(self) -> list[Probe]:
        return [f.probe for f in self.firings]

    @property
    def uses_scratch(self) -> bool:
        return self.ir.uses_scratch

    @uses_scratch.setter
    def uses_scratch(self, value: bool) -> None:
        self.ir.uses_scratch = value

    def name_tmp(self, hint: str) -> str:
        hint = "".join(c if c.isalnum() else "_" for c in hint)
        while True:
            n = self._names.get(hint, 0) + 1
            self._names[hint] = n
            name = f"{hint}{n}" if n > 1 or hint in self.program.c_names else hint
            if self.program.namer.local(name):
                return name

    def use_local(self, name: str) -> None:
        if name not in self.ir.locals:
            self.ir.locals.append(name)

    def scratch(self, name: str, size: int) -> Place:
        self.uses_scratch = True
        self.program.scratch[name] = max(self.program.scratch.get(name, 0), size)
        return Place("s", name)

    def stack_bytes(self, name: str, size: int) -> Place:
        self.ir.arrays[name] = round_up(size)
        return Place("local", name)

    def this_local(self, symbol: Symbol) -> str | None:
        """The C variable that is an integer this-> variable; None for those beyond LOCALS, which are kept in scratch."""
        if symbol not in self._this_locals:
            if len(self._this_locals) >= LOCALS:
                return None
            name = "this_" + symbol.name
            while not self.program.namer.local(name):
                name += "_"
            self._this_locals[symbol] = name
            self.use_local(name)
        return self._this_locals[symbol]

    def this_place(self, symbol: Symbol) -> Place:
        """Scratch memory for a this-> variable, cleared when a probe fires."""
        name = "this_" + symbol.name
        if symbol not in self._this:
            self._this.add(symbol)
            cleared = 8 if isinstance(strip(symbol.type), String) else round_up(symbol.type.size)
            self.ir.when.append(ops.Zero(Place("s", name), cleared))
        return self.scratch(name, round_up(symbol.type.size))


class ProgramState:
    """What the lowering keeps for the whole program: layouts, maps, records, members."""

    thread_id_type: DType = UINT64

    def __init__(self, checked: Checked, target: Any, sink: Sink) -> None:
        self.checked, self.target, self.sink = checked, target, sink
        self.ir = ops.Program()
        self.namer = Namer()
        self.c_names = RESERVED | {"self", "comm", "v", "p", "element", *(s.name for s in checked.variables), *checked.aggregations}
        self.strsize = checked.strsize
        self.scratch: dict[str, int] = {}
        self.members: dict[str, KernelMember] = {}
        self.facts: set[str] = set()
        self.destructive: set[str] = set()
        self.uses: set[str] = set()  # Plan["uses"]
        self.records: list[Record] = []
        self.sites: list[int] = []
        self.probes: list[Probe] = []
        self.tables: dict[str, Any] = {}
        self.globals: dict[Symbol, str] = {}
        self._arrays: dict[Symbol, MapDef] = {}
        self._thread: dict[Symbol, tuple[str, int]] = {}
        self._state = Layout("state")
        self._self = Layout("thread")
        self._probe_index: dict[int, int] = {}
        self._empty = 8
        self._largest_tail = 0
        self._tail_total = 0
        self._tails_here = 0
        self._head = 0
        self._layout_variables()
        self.ir.records.append(StructDef("record0", []))
        self.records.append(FAULT_RECORD)
        self.keys_by_probe = probe_keys(checked)
        self.aggregations = Aggregations(self)

    # ---------------------------------------------------------------- variables

    def _layout_variables(self) -> None:
        uint = FieldDef("phase", 4)
        self._state.struct.fields += [uint, FieldDef("exit_status", 4), FieldDef("wall_offset", 8), FieldDef("target", 4, True)]
        self._state.struct.fields.append(FieldDef("tracer", 4))
        self._state._at = 24
        self._state.taken("phase", "exit_status", "wall_offset", "target", "tracer", "empty")
        self._self.add("live", UINT64)
        bit = 1
        for symbol in self.checked.variables:
            if symbol.kind == "global":
                self.globals[symbol] = self._state.add(symbol.name, symbol.stored).name
            elif symbol.kind == "self":
                self._thread[symbol] = (self._self.add(symbol.name, symbol.stored).name, bit)
                bit = bit << 1 if bit < 1 << 63 else bit

    def thread_variable(self, symbol: Symbol) -> tuple[str, int]:
        """Member name and `live` bit of a self-> variable."""
        return self._thread[symbol]

    def entries(self, budget: int, entry: int) -> int:
        """How many entries of `entry` bytes a hash map gets from a budget in bytes; some room is overhead of the map."""
        return max(256, min(1 << 20, budget // (entry + 48)))

    def array(self, symbol: Symbol) -> MapDef:
        """The hash map of an associative array."""
        if symbol not in self._arrays:
            name = self.namer(symbol.name)
            key = Layout(name + "_key")
            if symbol.scope == "self":
                key.add("thread", UINT64)
            for i, t in enumerate(symbol.keys):
                key.add(f"k{i}", t)
            value = Layout(name + "_value")
            value.add("value", symbol.stored)
            self.add_struct(key.finish())
            self.add_struct(value.finish())
            size = key.struct.size + value.struct.size
            entries = self.entries(self.checked.options["dynvarsize"], size)
            scope = "self->" if symbol.scope == "self" else ""
            note = f"associative array {scope}{symbol.name}[]"
            definition = MapDef(name, "hash", key.struct.name, value.struct.name, entries, note=note)
            self._arrays[symbol] = self.ir.maps[name] = definition
        return self._arrays[symbol]

    def add_struct(self, struct: StructDef) -> None:
        self.ir.structs[struct.name] = struct

    def empty(self, size: int) -> Expr:
        """The address of `size` zero bytes: what a variable holds that was never set."""
        self._empty = max(self._empty, round_up(size))
        return ops.Address(Place("state", "empty"))

    # ---------------------------------------------------------------- strings

    def string_type(self, capacity: int) -> String:
        return String(capacity)

    @property
    def string_mask(self) -> int:
        """2**n - 1 >= strsize - 1: masks an offset into a string."""
        return (1 << (self.strsize - 1).bit_length()) - 1

    @property
    def window_size(self) -> int:
        """Bytes of a window: a position masked with 2 * STRMASK + 1 leaves room for a word, one masked with STRMASK for a
        string."""
        return 2 * (self.string_mask + 1) + 8

    def note_tail(self, size: int) -> None:
        self._largest_tail = max(self._largest_tail, size)
        self._tails_here += size

    def probe_text(self, b: Any, part: str) -> Expr:
        """The address of the probe's name part as a string, for uses other than printing and keys."""
        parts = {probe_text(p, part) for p in b.handler.probes}
        of_process = part == "prov" and b.handler.attachment.kind == "uprobe"  # a translation may serve another process
        if len(parts) == 1 and not of_process:
            return ops.Address(b.text_place(b.literal(parts.pop())))
        self.tables.setdefault("probe_names", {})
        pointer = b.fresh("name")
        index = b.handler.stack_bytes("name_index", 8)
        b.emit(ops.Put(index, ops.Bin("+", ops.Bin("*", ops.Symbol("site"), Const(4)), Const(PROBE_PARTS.index(part))), 4))
        b.emit(ops.Lookup(pointer.name, "probe_names", index))
        found = ops.Call("found_at", (ops.Address(Place(pointer.name, "text")),))
        return ops.Select(ops.Symbol(pointer.name), found, self.empty(8))

    def compare_probe(self, b: Any, left: Text, right: Text) -> Expr | None:
        """probefunc == "constant": decided now for one probe, else by the sites whose part is that text."""
        probe, other = (left, right) if left.form == "probe" else (right, left)
        if other.form != "literal":
            return None
        wanted = other.text.decode("latin-1")
        matching = [probe_text(p, probe.part) == wanted for p in b.handler.probes]
        if all(matching):
            return Const(1)
        if not any(matching):
            return Const(0)
        if sum(matching) > 32:
            return None
        result: Expr | None = None
        for firing, hit in zip(b.handler.firings, matching, strict=True):
            if hit:
                same = ops.Bin("==", ops.Symbol("site"), self.site_expr(b.handler, firing))
                result = same if result is None else ops.Bin("||", result, same)
        return result

    # ---------------------------------------------------------------- sites

    def probe_number(self, probe: Probe) -> int:
        """Index of a probe in the plan's list."""
        if probe.id not in self._probe_index:
            self._probe_index[probe.id] = len(self.probes)
            self.probes.append(probe)
        return self._probe_index[probe.id]

    def assign_sites(self, state: HandlerState) -> None:
        """Number the sites of a handler: one constant, a block indexed by system call number, or one number for each address, which
        its attachment hands over as its cookie."""
        first = len(self.sites)
        if state.numbers:
            numbered = enumerate(zip(state.firings, state.numbers, strict=True), first)
            state.cookies = {id(firing): site | number << COOKIE_NUMBER for site, (firing, number) in numbered}
            self.sites += [self.probe_number(firing.probe) for firing in state.firings]
            state.ir.site = ops.Ext(4, False, ops.Call("bpf_get_attach_cookie", (ops.Symbol("ctx"),)))
            return
        if len(state.firings) == 1:
            self.sites.append(self.probe_number(state.firings[0].probe))
            state.ir.site = Const(first)
            return
        if state.attachment.kind in FUNCTIONS:
            state.cookies = {id(firing): first + i for i, firing in enumerate(state.firings)}
            self.sites += [self.probe_number(firing.probe) for firing in state.firings]
            state.ir.site = ops.Call("bpf_get_attach_cookie", (ops.Symbol("ctx"),))
            return
        self.sites += [self.probe_number(state.firings[0].probe)] * SYSCALLS
        for firing in state.firings:
            number = firing.attachment.words[0]
            assert isinstance(number, int)
            self.sites[first + number] = self.probe_number(firing.probe)
        way = str(state.attachment.words[1])
        number = ops.Call(f"{way}_number", (ops.Symbol("ctx"),))
        state.ir.site = ops.Bin("+", number, Const(first))

    def firing_probe(self, state: HandlerState) -> Expr:
        """The id of the probe that fired, as ERROR's arg1 has it."""
        if len(state.firings) == 1:
            return Const(state.firings[0].probe.id)
        self.tables.setdefault("probe_ids", {})
        return ops.Call("site_probe", (ops.Symbol("site"),))

    def error_site(self, probe: Probe) -> None:
        """Give the ERROR probe a site: records of its clauses carry it."""
        if "ERROR_SITE" not in self.ir.constants:
            self.ir.constants["ERROR_SITE"] = len(self.sites)
            self.sites.append(self.probe_number(probe))

    def site_expr(self, state: HandlerState, firing: Firing) -> Expr:
        """The number of the site that is one of a handler's firings."""
        if state.cookies:
            return Const(state.cookies[id(firing)] & ((1 << COOKIE_NUMBER) - 1))
        site = state.ir.site
        if isinstance(site, ops.Bin) and isinstance(site.right, Const):
            number = firing.attachment.words[0]
            assert isinstance(number, int)
            return Const(site.right.value + number)
        return site

    def host_table(self, name: str, note: str) -> None:
        """Have an array map of 32-bit numbers by processor that the runtime fills from the machine (runtime/topology.py)."""
        self.tables[name] = {"value_size": 4, "entries": {}, "host": name}
        self.ir.maps[name] = MapDef(name, "array", "u32", "u32", PROCESSORS, note=note)

    def scheduler_clock(self) -> None:
        """Have an array map of one element: how far timestamp is ahead of the clock that threads are charged by."""
        self.tables["scheduler_clock"] = {"value_size": 8, "entries": {}, "host": "scheduler_clock"}
        note = "what the monotonic clock is ahead of the scheduler's, in ns"
        self.ir.maps["scheduler_clock"] = MapDef("scheduler_clock", "array", "u32", "u64", 1, note=note)

    def gauge(self, name: str) -> int:
        """The index of a gauge (wire.GAUGES) in the array map of all of them, which the runtime keeps up to date."""
        self.tables["gauges"] = {"value_size": 8, "entries": {}, "host": "gauges"}
        self.ir.maps["gauges"] = MapDef("gauges", "array", "u32", "u64", len(GAUGES), note="loads and memory, from /proc")
        return GAUGES.index(name)

    # ---------------------------------------------------------------- kernel types

    def member(self, tag: str, path: tuple[str, ...], size: int) -> str:
        """The macro that stands for a kernel member's offset, registered for resolution at start."""
        name = f"{tag.split()[-1]}__{'__'.join(path)}"
        if name not in self.members:
            self.members[name] = {"name": name, "type": tag, "path": list(path), "size": size}
        return name

    def kernel_type(self, tag: str) -> DType:
        kind, name = tag.split()
        found = self.target.types.lookup(kind, name)
        if not isinstance(strip(found), Struct) if found else True:
            from .builder import Untranslatable

            why = ": it has no type information (CONFIG_DEBUG_INFO_BTF)" if self.target.types.are_missing else ""
            raise Untranslatable(f"this kernel has no type {tag}{why}", "X_TYPE")
        assert found is not None
        return found  # type: ignore[no-any-return]

    # ---------------------------------------------------------------- records

    def reserve_record(self, clause: int) -> int:
        self.records.append({"clause": clause, "size": HEADER_SIZE, "tails": 0, "fields": [], "actions": []})
        self.ir.records.append(StructDef(f"record{len(self.records) - 1}", []))
        return len(self.records) - 1

    def finish_record(self, index: int, clause: int, data: list[Field], actions: list[Action], assembled: bool) -> None:
        """Lay out the fixed part of a record in field order; tail strings and probe parts take no room in it. One that is assembled
        needs room in scratch."""
        layout = Layout(f"record{index}")
        layout.struct.fields += [FieldDef(n, 4) for n in ("record", "site", "cpu", "spec")]
        layout._at = HEADER_SIZE
        tails = 0
        for i, datum in enumerate(data):
            if datum["kind"] == "tail":
                tails += 1
                continue
            if datum["kind"] == "probe":
                continue
            if datum["kind"] in ("int", "sym"):
                f = FieldDef(f"f{i}", datum["size"], datum["signed"])
                gap = -layout._at % f.size
                if gap:
                    layout._pad(gap)
                layout.struct.fields.append(f)
            else:
                gap = -layout._at % 8
                if gap:
                    layout._pad(gap)
                layout.struct.fields.append(FieldDef(f"f{i}", 8, count=round_up(datum["size"]) // 8))
            datum["offset"] = layout._at
            last = layout.struct.fields[-1]
            layout._at += last.size * (last.count or 1)
            if datum["kind"] in ("int", "sym"):
                datum["offset"] = layout._at - datum["size"]
            else:
                datum["offset"] = layout._at - last.size * last.count
        struct = layout.finish()
        self.ir.records[index] = struct
        self.records[index] = {
            "clause": clause,
            "size": struct.size,
            "tails": tails,
            "fields": data,
            "actions": actions,
        }
        if assembled:
            self._head = max(self._head, struct.size)
            self._tail_total = max(self._tail_total, self._tails_here)
        self._tails_here = 0

    # ---------------------------------------------------------------- the end

    def finish(self) -> None:
        """Complete the layouts that grew while clauses were lowered."""
        ir = self.ir
        state = self._state.finish()
        state.fields.append(FieldDef("empty", 8, count=self._empty // 8))
        self.add_struct(state)
        ir.maps["state"] = MapDef("state", "array", "u32", "state", 1, "BPF_F_MMAPABLE", "tracing phase and global variables")
        if self._thread and any(h.uses_self for h in ir.handlers):
            struct = self._self.finish()
            self.add_struct(struct)
            entries = self.entries(self.checked.options["dynvarsize"], struct.size + 8)
            ir.maps["threads"] = MapDef("threads", "hash", "u64", "thread", entries, note="self-> variables")
        if any(h.uses_scratch for h in ir.handlers):
            layout = Layout("scratch")
            layout.add("busy", UINT64)
            if self._head:
                total = self._head + self._tail_total
                mask = (1 << total.bit_length()) - 1  # masks lengths too: the greatest must pass
                ir.constants["RECORD_MASK"] = mask
                self.scratch["record"] = round_up(mask + 1 + self._largest_tail)
            for name, size in sorted(self.scratch.items()):
                layout.add(name, String(size))
            struct = layout.finish()
            self.add_struct(struct)
            wide = struct.size > PER_CPU_LIMIT
            if wide:
                ir.constants["WIDE_SCRATCH"] = 1
                self.facts.add("cpus")
            kind, note = "array" if wide else "percpu_array", "temporary memory, one level per nested probe"
            ir.maps["scratch"] = MapDef("scratch", kind, "u32", "scratch", SCRATCH_LEVELS, note=note, each_cpu=wide)
            ir.maps["scratch"].stretched = struct.size > DECLARED_LIMIT
        ir.maps["events"] = MapDef("events", "ringbuf", "", "", 8, note="records for user space")
        if any(can_fault(block) for h in ir.handlers for block in (h.when, *(c.body for c in h.clauses))):
            ir.drops.add("PRINCIPAL")  # the record that tells of a fault
        if any(h.uses_scratch for h in ir.handlers):
            ir.drops.add("NESTED")
        if ir.drops:
            ir.maps["drops"] = MapDef("drops", "percpu_array", "u32", "u64", 8, note="lost data, by kind")
        if "probe_names" in self.tables:
            texts = {
                4 * site + i: probe_text(self.probes[number], part)
                for site, number in enumerate(self.sites)
                for i, part in enumerate(PROBE_PARTS)
            }
            width = round_up(max(len(t) for t in texts.values()) + 7)  # the number of another process may have more digits
            self.tables["probe_names"] = {"value_size": width, "entries": {str(i): t for i, t in texts.items() if t}}
            self.add_struct(StructDef("probe_name", [FieldDef("text", 8, count=width // 8)]))
            ir.maps["probe_names"] = MapDef(
                "probe_names", "array", "u32", "probe_name", len(texts), note="names of probes as strings"
            )
        if "probe_ids" in self.tables:
            ids = {str(site): self.probes[number].id for site, number in enumerate(self.sites)}
            self.tables["probe_ids"] = {"value_size": 4, "entries": ids}
            ir.maps["probe_ids"] = MapDef("probe_ids", "array", "u32", "u32", len(ids), note="probe id of each site")
        ir.constants["STRSIZE"] = self.strsize
        ir.constants["STRMASK"] = self.string_mask
        cpu = self.checked.options.get("cpu")
        if cpu is not None:
            ir.constants[ops.ONLY_CPU] = cpu


FAULT_RECORD: Record = {"clause": 0, "size": HEADER_SIZE + calcsize(FAULT), "tails": 0, "fields": [], "actions": []}


def walk(node: object) -> Iterator[ast.Node]:
    """Every AST node at or below `node`."""
    if isinstance(node, tuple):
        for item in node:
            yield from walk(item)
    elif isinstance(node, ast.Node):
        yield node
        for f in fields(node):
            if f.name != "span":
                yield from walk(getattr(node, f.name))


def probe_keys(checked: Checked) -> dict[str, dict[int, str]]:
    """For each aggregation, the key positions that hold the same part of the probe's name (probefunc ...) at every update."""
    seen: dict[str, list[tuple[str, ...]]] = {}
    of_sites = dict(PROBE_VARIABLES)
    if any(probe.per_process for clause in checked.clauses for probe in clause.probes):
        del of_sites["probeprov"]  # it is the process's as well
    for clause in checked.clauses:
        for node in walk(clause.node):
            if isinstance(node, ast.Assign) and isinstance(node.target, ast.AggRef):
                keys = node.target.keys or ()
                parts = tuple(
                    of_sites.get(k.name, "") if isinstance(k, ast.Ident) and checked.symbols[k].kind == "builtin" else ""
                    for k in keys
                )
                seen.setdefault(node.target.name, []).append(parts)
    return {
        name: {i: uses[0][i] for i in range(len(uses[0])) if uses[0][i] and all(u[i] == uses[0][i] for u in uses)}
        for name, uses in seen.items()
        if all(len(u) == len(uses[0]) for u in uses)
    }


def collect_firings(clauses: list[CheckedClause]) -> list[Firing]:
    """Every (probe, attachment) with its clauses in program order. ERROR has none: it runs where a fault happens."""
    found: dict[tuple[object, ...], Firing] = {}
    for index, clause in enumerate(clauses):
        for probe in clause.probes:
            for site in probe.sites:
                if site.attachment.kind == "inline" or site.attachment.words[:1] == ("inline",):
                    continue
                key = (probe.id, site.attachment)
                if key not in found:
                    found[key] = Firing(probe, site.attachment)
                found[key].runs.append((index, site))
    return list(found.values())


def group(checked: Checked, firings: list[Firing]) -> list[list[Firing]]:
    """Firings that share a handler, in order of first appearance."""
    groups: dict[tuple[object, ...], list[Firing]] = {}
    for firing in firings:
        groups.setdefault(firing.key(checked), []).append(firing)
    return list(groups.values())
