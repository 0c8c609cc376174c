"""C for statements of the IR."""

from __future__ import annotations

from ...ir import ops
from .c_expr import Expressions, comment, constant, integer

FAULTS = {  # DTRACEFLT_* (language.md 11.3)
    name: code
    for code, name in enumerate(
        (
            "UNKNOWN",
            "BADADDR",
            "BADALIGN",
            "ILLOP",
            "DIVZERO",
            "NOSCRATCH",
            "KPRIV",
            "UPRIV",
            "TUPOFLOW",
            "BADSTACK",
            "BADSIZE",
            "BADINDEX",
        )
    )
}
SMALL = 64  # bytes of zeros that may stand on the BPF stack to initialise a map entry


class Statements(Expressions):
    """Prints the statements of one clause after another."""

    def __init__(self, program: ops.Program) -> None:
        super().__init__(program)
        self.fault_label = ""  # where a fault of the clause at hand goes
        self.next_label = ""  # where the clause at hand ends
        self._finds_self = False  # the clause at hand declares what it finds of the thread's variables
        self._declared: set[str] = set()  # locals that have been declared in the blocks around

    def _block(self, block: ops.Block) -> None:
        for statement in block:
            getattr(self, "_" + type(statement).__name__)(statement)

    def _braced(self, block: ops.Block) -> None:
        outer = set(self._declared)
        self.depth += 1
        self._block(block)
        self.depth -= 1
        self._declared = outer

    def _Note(self, s: ops.Note) -> None:
        self.line(f"/* {comment(s.text)} */")

    def _Set(self, s: ops.Set) -> None:
        self.line(f"{self._declare(s.tmp.name)} = {self.expr(s.value)};")

    def _declare(self, name: str) -> str:
        if name in self._declared:
            return name
        self._declared.add(name)
        return f"u64 {name}"

    def _Put(self, s: ops.Put) -> None:
        place = self._lvalue(s.place, s.size)
        match s.value:
            case ops.Bin(op="|" | "&" as op, left=ops.Get(place=same, size=size), right=bits) if (same, size) == (s.place, s.size):
                mask = f"~{constant(~bits.value)}" if isinstance(bits, ops.Const) and bits.value < 0 else self.expr(bits)
                self.line(f"{place} {op}= {mask};")
            case _:
                self.line(f"{place} = {self.expr(s.value)};")

    def _Eval(self, s: ops.Eval) -> None:
        self.line(f"{self.expr(s.value)};")

    def _Read(self, s: ops.Read) -> None:
        self._declared.add(s.tmp.name)
        space = "USER" if s.user else "KERNEL"
        self.line(f"READ_{space}({integer(s.size, s.signed)}, {s.tmp.name}, {self.expr(s.address)}, {self.fault_label});")

    def _Checked(self, s: ops.Checked) -> None:
        if s.tmp is not None:
            self.line(f"{self._declare(s.tmp.name)} = {self.expr(s.call)};")
            test = f"(s64){s.tmp.name} < 0"
        else:
            test = f"{self.expr(s.call)} < 0"
        self.line(f"if ({test})")
        self.line(f"\tFAULT({FAULTS[s.code]}, {self._fault_value(s.value)}, {self.fault_label});")

    def _fault_value(self, value: ops.Expr) -> str:
        """The value that a failed call reports. Reading the program's own memory never fails, so its address is not mentioned:
        the compiler makes a mask of the choice between it and another fault's value, and the verifier refuses that of a pointer."""
        return "0" if isinstance(value, ops.Address) else self.expr(value)

    def _Fault(self, s: ops.Fault) -> None:
        self.line(f"FAULT({FAULTS[s.code]}, {self.expr(s.value)}, {self.fault_label});\t/* {s.code.lower()} */")

    def _Bound(self, s: ops.Bound) -> None:
        self.line(f"BOUND({s.index.name}, {s.limit}, {self.fault_label});")

    def _If(self, s: ops.If) -> None:
        self.line(f"if ({self.condition(s.test)}) {{")
        self._braced(s.then)
        if s.other:
            self.line("} else {")
            self._braced(s.other)
        self.line("}")

    def _Scope(self, s: ops.Scope) -> None:
        self.line("{")
        self._braced(s.body)
        self.line("}")

    def _Leave(self, s: ops.Leave) -> None:
        self.line(f"goto {self.next_label};")

    def _Exit(self, s: ops.Exit) -> None:
        status = f"vars->exit_status = EXIT_CALLED | ({self.expr(s.status)} & 255);"
        if self.handler and self.handler.phase == "end":
            self.line(status)
            return
        self.line("if (vars->phase != DRAINING)")
        self.line(f"\t{status}")
        self.line("vars->phase = DRAINING;")

    def _Zero(self, s: ops.Zero) -> None:
        if s.size <= 8:
            self.line(f"{self._lvalue(s.place, s.size)} = 0;")
        else:
            self.line(f"ZERO({self.pointer(s.place)}, {s.size // 8});")

    def _Literal(self, s: ops.Literal) -> None:
        data = s.text + b"\0"
        for at in range(0, len(data), 8):
            chunk = data[at : at + 8]
            if at and chunk == data[at - 8 : at] == chunk[:1] * 8:
                self.line('asm volatile("" : : : "memory");\t/* else the compiler gathers equal stores to a memset */')
            while chunk:
                size = next(n for n in (8, 4, 2, 1) if n <= len(chunk))
                place = s.place.part(at)
                value = int.from_bytes(chunk[:size], "little")
                shown = comment(chunk[:size].decode("latin-1").replace("\0", "\\0").replace("\n", "\\n"))
                self.line(f"{self._bytes(place, size)} = {constant(value)};\t/* {shown} */")
                chunk, at = chunk[size:], at + size

    def _Lookup(self, s: ops.Lookup) -> None:
        m = self.program.maps[s.map]
        declared = s.pointer in self._declared
        self._declared.add(s.pointer)
        key = self.pointer(s.key)
        if m.key in self.program.structs and not (s.key.name == "" and s.key.base.startswith("key")):
            key = f"(struct {m.key} *){key}"
        elif m.key == "u32":
            key = f"(u32 *){key}"
        kind = "" if declared else f"struct {m.value} *"
        self.line(f"{kind}{s.pointer} = {m.name}.lookup({key});")
        if s.create:
            self.line(f"if (!{s.pointer}) {{")
            self.depth += 1
            self._fresh(m, key, s.pointer)
            self.line(f"if (!{s.pointer})")
            self.line(f"\tdrop(DROP_{s.drop});")
            self.depth -= 1
            self.line("}")

    def _Delete(self, s: ops.Delete) -> None:
        m = self.program.maps[s.map]
        key = self.pointer(s.key)
        if not (s.key.name == "" and s.key.base.startswith("key")):
            key = f"(struct {m.key} *){key}"
        self.line(f"{m.name}.delete({key});")

    def _Key(self, s: ops.Key) -> None:
        self.line(f"struct {s.struct} {s.name};")
        self.line(f"__builtin_memset(&{s.name}, 0, sizeof({s.name}));")

    def _FindSelf(self, s: ops.FindSelf) -> None:
        key, self_ = ("u64 thread_key", "struct thread *self") if self._finds_self else ("thread_key", "self")
        self.line(f"{key} = {self.expr(s.thread)};")
        self.line(f"{self_} = threads.lookup(&thread_key);")

    def _NewSelf(self, s: ops.NewSelf) -> None:
        m = self.program.maps["threads"]
        self._fresh(m, "&thread_key", "self")
        self.line("if (!self)")
        self.line("\tdrop(DROP_DYNAMIC);")

    def _FreeSelf(self, s: ops.FreeSelf) -> None:
        self.line("threads.delete(&thread_key);")
        self.line("self = 0;")

    def _ForgetThread(self, s: ops.ForgetThread) -> None:
        self.line("u32 id = 0;")
        self.line(f"if (!bpf_probe_read_kernel(&id, sizeof(id), (void *)({self.expr(s.address)}))) {{")
        self.line("\tu64 thread_key = id;")
        self.line("\tthreads.delete(&thread_key);")
        self.line("}")

    def _Aggregate(self, s: ops.Aggregate) -> None:
        m = self.program.maps[s.aggregation]
        key = self.pointer(s.key) if s.key else "&zero"
        if not s.key and s.index:
            self.line(f"u32 index = {s.index};")
            key = "&index"
        if s.key and s.key.name:
            key = f"(struct {m.key} *){key}"
        call = ", ".join(["words", *map(self.expr, s.args)])
        self.line(f"u64 *words = {m.name}_at({key});")
        self.line("if (words)")
        self.line(f"\tagg_{s.function}({call});")

    def _GetStack(self, s: ops.GetStack) -> None:
        if s.flags and self._is_frameless:
            self.line(f"boundary_stack(ctx, (u64){self.pointer(s.place)}, {s.size});")
        else:
            self.line(f"bpf_get_stack(ctx, {self.pointer(s.place)}, {s.size}, {s.flags});")

    @property
    def _is_frameless(self) -> bool:
        return self.handler is not None and self.handler.frameless

    def _TailStart(self, s: ops.TailStart) -> None:
        self.line(f"tail = sizeof(struct record{s.record});")

    def _Tail(self, s: ops.Tail) -> None:
        at = "(char *)s->record + (tail & RECORD_MASK)"
        if s.how == "literal":
            for i, byte in enumerate(s.text[: s.size - 1] + b"\0"):
                self.line(f"((char *)s->record)[(tail + {i}) & RECORD_MASK] = {byte};")
            self.line(f"tail += {len(s.text[: s.size - 1]) + 1};")
            return
        self.line("{")
        self.line(f"\ts64 length = bpf_probe_read_{s.how}_str({at}, {s.size}, (void *){self.operand(s.value)});")
        self.line("\tif (length < 0)")
        self.line(f"\t\tFAULT({FAULTS['BADADDR']}, {self._fault_value(s.value)}, {self.fault_label});")
        self.line("\ttail += length;")
        self.line("}")

    def _Emit(self, s: ops.Emit) -> None:
        flags = "BPF_RB_FORCE_WAKEUP" if s.wake else "0"
        speculative = s.speculation != ops.ZERO
        if speculative:
            size = "tail" if s.tailed else f"sizeof(struct record{s.record})"
            self.line(f"if (speculation_has_room({self.expr(s.speculation)}, {size})) {{")
        else:
            self.line("{")
        self.depth += 1
        kind = f"struct record{s.record}"
        if s.tailed:
            self.line(f"{kind} *r = ({kind} *)s->record;")
            self._fill(s)
            self.line(f"if (events.ringbuf_output(r, tail & RECORD_MASK, {flags}))")
            self.line("\tdrop(DROP_PRINCIPAL);")
        else:
            self.line(f"{kind} *r = events.ringbuf_reserve(sizeof({kind}));")
            self.line("if (r) {")
            self.depth += 1
            self._fill(s)
            self.line(f"events.ringbuf_submit(r, {flags});")
            self.depth -= 1
            self.line("} else {")
            self.line("\tdrop(DROP_PRINCIPAL);")
            self.line("}")
        self.depth -= 1
        self.line("}")

    def _fill(self, s: ops.Emit) -> None:
        self.line(f"r->record = {s.record};")
        self.line("r->site = site;")
        self.line("r->cpu = bpf_get_smp_processor_id();")
        self.line(f"r->spec = {self.expr(s.speculation)};")
        for store in s.stores:
            self._store("r", store)

    def _Fill(self, s: ops.Fill) -> None:
        self._store(f"((struct record{s.record} *)s->record)", s.store)

    def _store(self, record: str, store: ops.Store) -> None:
        """Fill one field of a record."""
        name = f"{record}->f{store.field}"
        match store.how:
            case "int":
                self.line(f"{name} = {self.expr(store.value)};")
            case "comm":
                self.line(f"bpf_get_current_comm({name}, 16);")
            case "pair":
                self.line(f"{name}[0] = {self.expr(store.value)};")
                self.line(f"{name}[1] = {self.expr(store.other)};")
            case "stack":
                self.line(f"bpf_get_stack(ctx, {name}, {store.size}, {self.expr(store.value)});")
            case "ustack":
                self.line(f"{name}[0] = {self.expr(store.value)};")
                if self._is_frameless:
                    self.line(f"boundary_stack(ctx, (u64)({name} + 1), {store.size - 8});")
                else:
                    self.line(f"bpf_get_stack(ctx, {name} + 1, {store.size - 8}, BPF_F_USER_STACK);")
            case "own":
                self.line(f"bpf_probe_read_kernel({name}, {store.size}, (void *){self.operand(store.value)});")
            case _:
                raise AssertionError(store)

    def _fresh(self, m: ops.MapDef, key: str, pointer: str) -> None:
        """Insert a zeroed entry and look it up."""
        size = self.program.structs[m.value].size
        if size <= SMALL:
            self.line(f"struct {m.value} fresh = {{}};")
            self.line(f"{m.name}.insert({key}, &fresh);")
        else:
            self.line("u32 first = 0;")
            self.line("struct zeros *fresh = zeros.lookup(&first);")
            self.line("if (fresh)")
            self.line(f"\t{m.name}.insert({key}, (struct {m.value} *)fresh);")
        self.line(f"{pointer} = {m.name}.lookup({key});")
