"""Data going out: records, aggregation keys and updates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..builtins import registry
from ..catalog.schema import Probe
from ..dtypes import UINT64, Array, DType, Stack, String, SymAddr, is_char, is_integer, strip
from ..ir import ops
from ..ir.ops import Bin, Const, Expr, Place
from ..ir.plan import Action, Field
from ..ir.values import Frames, Region, SymbolAddress, Text, Translation, Value, Word
from ..syntax import ast
from .builder import COMM, Builder, Untranslatable
from .storage import is_word, key_field, round_up

USER_STACK = 1 << 8  # BPF_F_USER_STACK
INNER_FRAMES = 6  # frames of the tracing machinery that may lead a kernel stack; the consumer drops them by name
STACK_KEY_LIMIT = 128  # bytes of a key that may live on the BPF stack
STACK_KEYS_LIMIT = 256  # bytes of all keys of one handler on the BPF stack
KEPT_VALUES = 12  # values of a record that may wait in registers or on the stack until it is sent


@dataclass(slots=True)
class Draft:
    """The record that the clause at hand is filling."""

    index: int
    fields: list[Field] = field(default_factory=list)
    stores: list[ops.Store] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    tails: int = 0
    kept: int = 0  # values that wait in locals
    assembled: bool = False  # in scratch, from the first tail or the first value beyond KEPT_VALUES
    wake: bool = False


class Recording(Builder):
    """The half of the lowering that records data. `draft` collects until flush()."""

    draft: Draft | None = None
    speculation: Expr = Const(0)  # the speculation that records go to
    clause_index = 0

    def expr(self, node: ast.Expr) -> Value:
        raise AssertionError

    def type(self, node: ast.Expr) -> DType:
        raise AssertionError

    def convert(self, value: Value, t: DType) -> Value:
        raise AssertionError

    # ---------------------------------------------------------------- records

    def record(self) -> Draft:
        if self.draft is None:
            self.draft = Draft(self.program.reserve_record(self.clause_index))
        return self.draft

    def act(self, do: str, fields: list[int] | None = None, **more: Any) -> None:
        """Have the consumer do something when it reads this record (plan.Action)."""
        action: Action = {"do": do, "fields": fields or []}
        action.update(more)  # type: ignore[typeddict-item]
        self.record().actions.append(action)

    def flush(self, always: bool = False) -> None:
        """Send the record begun, if any; with `always` at least the default record (the prefix line)."""
        if always:
            self.record()
        draft, self.draft = self.draft, None
        if draft is None:
            return
        self.program.finish_record(draft.index, self.clause_index, draft.fields, draft.actions, draft.assembled)
        self.program.ir.drops.add("PRINCIPAL")
        self.emit(ops.Emit(draft.index, draft.stores, draft.assembled, draft.wake, self.speculation))

    def assemble(self, draft: Draft) -> None:
        """Have the record assembled in scratch from here on."""
        if not draft.assembled:
            draft.assembled = True
            self.handler.uses_scratch = True
            self.emit(ops.TailStart(draft.index))

    def keep(self, draft: Draft, index: int, how: str, value: Expr, other: Expr = Const(0)) -> None:
        """Take values now for a field of the record; the first few wait in locals until it is sent."""
        changing = not (isinstance(value, Const) and isinstance(other, Const))
        if changing and draft.kept >= KEPT_VALUES:
            self.assemble(draft)
            self.emit(ops.Fill(draft.index, ops.Store(index, how, value, other)))
            return
        draft.kept += changing
        draft.stores.append(ops.Store(index, how, self.pin(value), self.pin(other)))

    def release(self, mark: int) -> None:
        """Slots from which the record begun takes data when it is sent stay in use."""
        if self.draft is None or all(store.how != "own" for store in self.draft.stores):
            super().release(mark)

    def put_fields(self, nodes: Sequence[ast.Expr]) -> list[int]:
        """Add the values of expressions to the record at hand; the fields' indices."""
        fields = []
        for node in nodes:
            mark = self.mark()
            fields.append(self.put_field(self.recorded(node)))
            self.release(mark)
        return fields

    def recorded(self, node: ast.Expr) -> Value:
        """The value of an expression as its type says: a variable may hold more (Symbol.stored)."""
        value = self.expr(node)
        return self.convert(value, self.type(node)) if isinstance(value, Word) and is_integer(self.type(node)) else value

    def put_field(self, value: Value) -> int:
        """Add a datum to the record at hand; its value is taken now. Returns the field's index."""
        draft = self.record()
        index = len(draft.fields)
        t = value.type
        if isinstance(value, Translation):
            value = Word(t, self.to_word(value))
        if isinstance(value, (Text,)) or (isinstance(value, Region) and self.is_text(value) and not is_struct_like(value)):
            self._text_field(draft, index, self.text(value))
            return index
        datum = key_field(t, 0)
        draft.fields.append(datum)
        match value:
            case Word():
                self.keep(draft, index, "int", value.expr)
            case SymbolAddress():
                if value.sym.user:
                    self.keep(draft, index, "pair", self.process_id(), value.address)
                else:
                    self.keep(draft, index, "int", value.address)
            case Frames():
                datum["size"] = self.stack_size(value.stack)
                datum["what"] = str(value.stack.frames)
                if value.stack.user:
                    self.note_user_stack()
                    draft.stores.append(ops.Store(index, "ustack", self.pin(self.process_id()), size=datum["size"]))
                else:
                    draft.stores.append(ops.Store(index, "stack", Const(0), size=datum["size"]))
            case Region():
                address = self.copied(value.address, datum["size"])
                draft.stores.append(ops.Store(index, "own", address, size=datum["size"]))
            case _:
                raise Untranslatable(f"a value of type {t} cannot be recorded")
        return index

    def put_bytes(self, address: Expr, size: int) -> int:
        """Add `size` bytes of kernel memory at `address` (tracemem)."""
        draft = self.record()
        draft.fields.append({"kind": "bytes", "offset": 0, "size": size, "signed": False, "what": "", "type": "char []"})
        draft.stores.append(ops.Store(len(draft.fields) - 1, "own", self.copied(address, size), size=size))
        return len(draft.fields) - 1

    def copied(self, address: Expr, size: int) -> Expr:
        place = self.slot(size)
        self.emit(ops.Checked(ops.Call("bpf_probe_read_kernel", (ops.Address(place), Const(size), address)), "BADADDR", address))
        return ops.Address(place)

    def _text_field(self, draft: Draft, index: int, text: Text) -> None:
        limit = min(text.capacity, self.program.strsize + 1)
        datum: Field = {"kind": "tail", "offset": 0, "size": limit, "signed": False, "what": "", "type": "string"}
        draft.fields.append(datum)
        if text.form == "probe":
            datum.update({"kind": "probe", "size": 0, "what": text.part})
            return
        if text.form == "comm":
            datum.update({"kind": "str", "size": COMM})
            draft.stores.append(ops.Store(index, "comm"))
            return
        self.assemble(draft)
        draft.tails += 1
        self.program.note_tail(limit)
        if text.form == "literal":
            self.emit(ops.Tail(draft.index, "literal", Const(0), limit, text.text))
        elif text.form == "user":
            self.emit(ops.Tail(draft.index, "user", self.pin(text.address), limit))
        else:
            self.emit(ops.Tail(draft.index, "kernel", self.text_address(text), limit))

    def format(self, node: ast.Expr) -> str:
        """The text of a format argument, which is always a constant."""
        assert isinstance(node, ast.StrLit)
        return node.value

    def frames(self, call: ast.Call, user: bool) -> Frames:
        """The value of stack() and its like; the number of frames is in its type."""
        stack = strip(self.type(call))
        assert isinstance(stack, Stack) and stack.user == user
        return Frames(stack, stack)

    def symbol_address(self, call: ast.Call, what: str) -> SymbolAddress:
        return SymbolAddress(SymAddr(what), SymAddr(what), self.pin(self.to_word(self.expr(call.args[0]))))

    def probe_part(self, part: str) -> Text:
        """probeprov, probemod, probefunc or probename."""
        size = max(len(probe_text(p, part)) for p in self.handler.probes) + 1
        return Text(String(size), "probe", size, part=part)

    def destructive(self, name: str) -> None:
        """Note that the program acts on the system: it is enabled only with the destructive option."""
        self.program.destructive.add(name)

    def stack_frame(self, n: int, user: bool) -> Expr:
        """Program counter of the n-th frame (0 is the innermost). A system call has no kernel frames of its own."""
        if not user and self.handler.attachment.kind == "syscall":
            return Const(0)
        if not user and self.handler.attachment.kind == "kprobe":
            return self.frame_of_function(n)
        if user:
            self.note_user_stack()
        certain, event = (0, "") if user else self.own_frames()
        n += certain
        size = 8 * (n + 3)
        place = self.handler.stack_bytes(f"frames{int(user)}", size)
        self.emit(ops.GetStack(place, size, USER_STACK if user else 0))
        frame = self.tmp(ops.Get(place.part(8 * n)), "caller")
        if not event:
            return frame
        more = self.passed(event, place.part(8 * certain))
        first, second = (ops.Get(place.part(8 * (n + i))) for i in (1, 2))
        return self.tmp(ops.Select(more, ops.Select(Bin("==", more, Const(1)), first, second), frame), "caller")

    def frame_of_function(self, n: int) -> Expr:
        """The same at a kernel function's entry or return."""
        macro, missing = self.trampoline()
        size = 8 * (n + 3)
        place = self.handler.stack_bytes("frames0", size)
        self.emit(ops.GetStack(place, size, 0))
        by_trampoline, by_kprobe = (ops.Get(place.part(8 * at)) for at in (n + 2, n - missing))
        return self.tmp(ops.Select(macro, by_trampoline, by_kprobe), "caller")

    def trampoline(self) -> tuple[Expr, int]:
        """At a kernel function, whether its trampoline calls the program (runtime/trampolines.py): two frames, theirs, are then
        before the function's own. How many frames are missing otherwise: when a kretprobe fires, the function's is gone."""
        at_return = self.handler.attachment.words[2] == "return"
        return ops.Symbol("D2_FEXIT" if at_return else "D2_FENTRY"), int(at_return)

    def own_frames(self) -> tuple[int, str]:
        """How many frames of the tracing itself lead a kernel stack taken here, and the event whose own functions may add more:
        one that calls BPF programs, which may be jumped to, and one that calls all who trace the event, if there are
        several. BEGIN, END and tick run within system calls of ours."""
        kind, words = self.handler.attachment.kind, self.handler.attachment.words
        match kind:
            case "test_run" | "timer":
                return 3, ""
            case "rawtp":
                return 2, str(words[0])
            case "syscall":
                return 2, "sys_enter" if words[1] == "entry" else "sys_exit"
            case "tracepoint":
                return 0, str(words[1])
            case _:
                return 0, ""

    def passed(self, event: str, frame: Place) -> Expr:
        """How many frames from this one on are those of an event's functions."""
        self.program.facts.add(f"event_{event}")
        names = [f"D2_{what}_{event.upper()}{end}" for what in ("TRACEITER", "BPF_TRACE") for end in ("", "_END")]
        return self.tmp(ops.Call("passed", (ops.Get(frame), ops.Get(frame.part(8)), *map(ops.Symbol, names))), "passed")

    def stack_depth(self, user: bool) -> Expr:
        """How many frames the stack has, as far as the kernel counts."""
        limit = int(self.program.checked.options["maxframes"])
        place = self.slot(8 * limit)
        if user and self.note_user_stack():
            size = ops.Call("boundary_stack", (ops.Symbol("ctx"), ops.Address(place), Const(8 * limit)))
        else:
            size = ops.Call("stack_bytes", (ops.Symbol("ctx"), ops.Address(place), Const(8 * limit), Const(USER_STACK * user)))
        depth = self.tmp(Bin(">>u", size, Const(3)), "depth")
        certain, event = (0, "") if user else self.own_frames()
        own: Expr = Const(certain)
        if event:
            own = self.tmp(Bin("+", own, self.passed(event, place.part(8 * certain))), "own")
        elif not user and self.handler.attachment.kind == "kprobe":
            macro, missing = self.trampoline()
            depth = self.tmp(Bin("+", depth, ops.Select(macro, Const(0), Const(missing))), "depth")
            own = ops.Select(macro, Const(2), Const(0))
        return self.tmp(ops.Select(Bin("<u", own, depth), Bin("-", depth, own), Const(0)), "depth")

    def note_user_stack(self) -> bool:
        """Have user stacks taken as the place of the probe needs it; whether that is by boundary_stack()."""
        self.handler.ir.frameless |= self.handler.firings[0].at_boundary
        return self.handler.ir.frameless

    def stack_size(self, stack: Stack) -> int:
        """Bytes recorded for a stack: user stacks hold the pid first, kernel ones leave room for frames of the machinery."""
        return 8 * (stack.frames + 1) if stack.user else 8 * (stack.frames + INNER_FRAMES)

    def process_id(self) -> Expr:
        if self.task is not None:
            value = self.kernel_member(self.task, "struct task_struct", "tgid")
            return self.to_word(value)
        return self.once("process", lambda: ops.Call("process_id"))

    def thread_id(self) -> Expr:
        """The key of this thread's variables: its id, or one per CPU for the idle threads. Never 0."""
        if self.task is None:
            return ops.Call("thread_id")
        pid = self.to_word(self.kernel_member(self.task, "struct task_struct", "pid"))
        return ops.Call("thread_id_of", (pid,))

    # ---------------------------------------------------------------- keys

    def key(self, struct_name: str, values: list[Value]) -> Place:
        """A key structure filled with values, zero padded; on the BPF stack when small, else in scratch."""
        struct = self.program.ir.structs[struct_name]
        members = [f for f in struct.fields if not f.name.startswith("pad")]
        if struct.size <= STACK_KEY_LIMIT and self.handler.key_bytes + struct.size <= STACK_KEYS_LIMIT:
            self.handler.key_bytes += struct.size
            base = self.handler.name_tmp("key")
            self.emit(ops.Key(base, struct_name))
            where = Place(base, "")
            cleared = True
        else:
            self._slots += 1
            where = self.handler.scratch(f"slot{self._slots}", struct.size)
            self.emit(ops.Zero(where, round_up(struct.size)))
            cleared = False
        at = 0
        offsets = {}
        for f in struct.fields:
            offsets[f.name] = at
            at += f.size * (f.count or 1)
        for f, value in zip(members, values, strict=True):
            place = Place(base, f.name) if cleared else Place(where.base, where.name, offsets[f.name])
            self.put_key(place, f, value)
        return where

    def put_key(self, place: Place, f: ops.FieldDef, value: Value) -> None:
        match value:
            case Text(form="probe"):
                if f.count:
                    self.put_text(place, f.count * 8, value)
                else:
                    self.emit(ops.Put(place, ops.Symbol("site"), 4))
            case Text():
                self.put_text(place, f.count * 8, value)
            case Frames():
                size = self.stack_size(value.stack)
                if value.stack.user:
                    self.emit(ops.Put(place, self.process_id(), 8))
                    place = place.part(8)
                    self.note_user_stack()
                    self.emit(ops.GetStack(place, size - 8, USER_STACK))
                else:
                    self.emit(ops.GetStack(place, size, 0))
            case SymbolAddress():
                if value.sym.user:
                    self.emit(ops.Put(place, self.process_id(), 8))
                    place = place.part(8)
                self.emit(ops.Put(place, value.address, 8))
            case Word() | Translation():
                self.emit(ops.Put(place, self.to_word(value), f.size))
            case Region():
                size = strip(value.type).size
                call = ops.Call("bpf_probe_read_kernel", (ops.Address(place), Const(size), value.address))
                if is_string_key(value.type):
                    self.put_text(place, f.count * 8, self.text(value))
                else:
                    self.emit(ops.Checked(call, "BADADDR", value.address))
            case _:
                raise Untranslatable(f"a value of type {value.type} cannot be a key")

    # ---------------------------------------------------------------- aggregations

    def aggregate(self, target: ast.AggRef, value: ast.Expr) -> None:
        """@target[keys] = function(args): keys left to right, then the arguments, then the update."""
        assert isinstance(value, ast.Call)
        spec = registry.aggregating(value.name)
        assert spec is not None
        info = self.checked_aggregation(target.name)
        from .aggregations import constant_arguments

        with self.block() as body:
            values: list[Value] = []
            for node, t in zip(target.keys or (), info.keys, strict=True):
                key = self.expr(node)
                if is_word(t) and isinstance(key, Word):
                    key = self.convert(key, t)
                if isinstance(key, Word):
                    key = Word(key.type, self.pin(key.expr))
                values.append(key)
            aggregation = self.program.aggregations.get(info, values, self.handler.attachment.kind)
            name, number = aggregation["map"], aggregation["id"]
            args = [self.pin(self.to_word(self.expr(a))) for a in value.args if a not in constant_arguments(value)]
            if spec.increment and len(value.args) <= spec.increment:
                args.append(Const(1))
            if number >= 0 and values:
                values.insert(0, Word(UINT64, Const(number)))
            place = self.key(self.program.ir.maps[name].key, values) if info.keys else None
            self.program.ir.drops.add("AGGREGATION")
            self.include(f"aggregations/{value.name}")
            self.emit(ops.Aggregate(name, value.name, place, (*args, *map(Const, info.params)), max(number, 0)))
        self.emit(ops.Scope(body))

    def checked_aggregation(self, name: str) -> Any:
        return self.program.checked.aggregations[name]


def probe_text(probe: Probe, part: str) -> str:
    """A part of a probe's name: prov, mod, func or name."""
    return {"prov": probe.provider, "mod": probe.module, "func": probe.function, "name": probe.name}[part]


def is_struct_like(value: Region) -> bool:
    base = strip(value.type)
    return not (isinstance(base, String) or (isinstance(base, Array) and is_char(base.of)))


def is_string_key(t: DType) -> bool:
    base = strip(t)
    return isinstance(base, Array) and is_char(base.of)
