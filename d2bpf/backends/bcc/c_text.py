"""Prints the IR as C for BCC. Everything the C text contains passes through here, so quoting and types are decided in one place.

All values are u64 in C; what is narrower in memory is widened where it is read and narrowed where it is written. Functions of the
.bpf.h files take and return 64-bit integers; addresses are integers for them too.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from ...ir import ops
from ...ir.ops import Expr, Place, StructDef
from ...ir.walk import can_fault, expressions, statements, subexpressions

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
CONTEXTS = {
    "raw_tracepoint": "struct bpf_raw_tracepoint_args *ctx",
    "perf_event": "struct bpf_perf_event_data *ctx",
    "kprobe": "struct pt_regs *ctx",
}
MEMORY_CALLS = {  # kernel helpers: which arguments are addresses to write to (p) and to read from (a)
    "bpf_probe_read_kernel": "pna",
    "bpf_probe_read_kernel_str": "pna",
    "bpf_probe_read_user": "pna",
    "bpf_probe_read_user_str": "pna",
    "bpf_get_current_comm": "pn",
}
SMALL = 64  # bytes of zeros that may stand on the BPF stack to initialise a map entry


def integer(size: int, signed: bool) -> str:
    return f"{'s' if signed else 'u'}{8 * size}"


def constant(value: int) -> str:
    if -(1 << 31) <= value < 1 << 31:
        return str(value)
    if value < 0:
        return f"({value + 1}LL - 1)" if value == -(1 << 63) else f"{value}LL"
    return f"{value:#x}ULL" if value >= 1 << 63 else f"{value}LL"


def comment(text: str) -> str:
    """Text made safe to stand in a C comment."""
    return text.replace("*/", "* /").replace("/*", "/ *").rstrip("\\").encode("ascii", "replace").decode()


def c_bytes(data: bytes) -> str:
    return ", ".join(f"{b}" for b in data)


class Printer:
    """Prints one program. `lines` grows; `depth` is the indentation."""

    def __init__(self, program: ops.Program, facts: set[str]) -> None:
        self.program, self.facts = program, facts
        self.lines: list[str] = []
        self.depth = 0
        self.handler: ops.Handler | None = None
        self._structs: dict[str, StructDef | None] = {}  # by the handler's names of keys and pointers
        self.fault_label = ""
        self.next_label = ""
        self._declared: set[str] = set()

    def text(self) -> str:
        self._preamble()
        for handler in self.program.handlers:
            self._handler(handler)
        return "\n".join(self.lines) + "\n"

    def line(self, text: str = "") -> None:
        self.lines.append("\t" * self.depth + text if text else "")

    # ---------------------------------------------------------------- what stands before the handlers

    def _preamble(self) -> None:
        program = self.program
        kinds = {h.kind for h in program.handlers}
        self.line("#include <uapi/linux/ptrace.h>")
        if "perf_event" in kinds:
            self.line("#include <uapi/linux/bpf_perf_event.h>")
        self.line()
        for name, value in program.constants.items():
            self.line(f"#define {name} {constant(value)}")
        self.line()
        for struct in program.structs.values():
            self._struct(struct)
        for i, struct in enumerate(program.records):
            if struct.fields:
                self._struct(struct)
            elif i == 0:
                self._struct(FAULT_STRUCT)
        for m in program.maps.values():
            self._map(m)
        if self._needs_zeros():
            self.line(f"struct zeros {{ u64 words[{self._needs_zeros() // 8}]; }};")
            self.line('BPF_TABLE("array", u32, struct zeros, zeros, 1);\t/* a fresh map entry */')
        self.line()
        sections = self._sections()
        self._include("backends/bcc", "prelude", sections)
        for header in program.headers:
            folder, name = header.split("/")
            self._include(f"builtins/{folder}", name, sections)
        for name in self._aggregations():
            self._aggregation(program.maps[name])

    def _struct(self, struct: StructDef) -> None:
        self.line(f"struct {struct.name} {{")
        for f in struct.fields:
            array = f"[{f.count}]" if f.count else ""
            self.line(f"\t{integer(f.size, f.signed)} {f.name}{array};")
        self.line("};")
        self.line()

    def _map(self, m: ops.MapDef) -> None:
        note = f"\t/* {comment(m.note)} */" if m.note else ""
        value = f"struct {m.value}" if m.value in self.program.structs else m.value
        key = f"struct {m.key}" if m.key in self.program.structs else m.key
        match m.kind:
            case "ringbuf":
                self.line(f"BPF_RINGBUF_OUTPUT({m.name}, {m.entries});{note}")
            case "prog_array":
                self.line(f"BPF_PROG_ARRAY({m.name}, {m.entries});{note}")
            case _ if m.flags != "0":
                self.line(f'BPF_F_TABLE("{m.kind}", {key}, {value}, {m.name}, {m.entries}, {m.flags});{note}')
            case _:
                self.line(f'BPF_TABLE("{m.kind}", {key}, {value}, {m.name}, {m.entries});{note}')

    def _aggregations(self) -> list[str]:
        used = {s.aggregation for s in self._statements() if isinstance(s, ops.Aggregate)}
        return [name for name in self.program.maps if name in used]

    def _aggregation(self, m: ops.MapDef) -> None:
        """A function that finds, or makes, the entry of a key."""
        keyed = m.key in self.program.structs
        self.line(f"static inline u64 *{m.name}_at({f'struct {m.key} *' if keyed else 'u32 *'}key)")
        self.line("{")
        self.depth = 1
        self.line(f"struct {m.value} *entry = {m.name}.lookup(key);")
        if keyed:
            self.line("if (!entry) {")
            self.depth = 2
            self._fresh(m, "key", "entry")
            self.line("if (!entry)")
            self.line("\tdrop(DROP_AGGREGATION);")
            self.depth = 1
            self.line("}")
        self.line("return entry ? entry->words : 0;")
        self.depth = 0
        self.line("}")
        self.line()

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

    def _needs_zeros(self) -> int:
        sizes = [
            self.program.structs[m.value].size
            for m in self.program.maps.values()
            if m.kind in ("hash", "percpu_hash") and m.value in self.program.structs
        ]
        return max([n for n in sizes if n > SMALL], default=0)

    def _sections(self) -> set[str]:
        """The sections of the prelude that this program needs."""
        wanted = set()
        called = {e.function for e in self._expressions() if isinstance(e, ops.Call)}
        for statement in self._statements():
            match statement:
                case ops.FindSelf() | ops.NewSelf() | ops.FreeSelf() | ops.ForgetThread():
                    wanted.add("thread")
                case ops.Zero(size=size) if size > 8:
                    wanted.add("ZERO")
                case ops.Read() | ops.Checked() | ops.Fault() | ops.Tail():
                    wanted |= {"fault", "read"}
                case _:
                    pass
        for handler in self.program.handlers:
            if handler.way:
                wanted |= {"syscall", "register", f"{handler.way}_number"}
                if "compat_syscalls" in self.facts:
                    wanted.add("compat")
            if handler.uses_scratch:
                wanted.add("scratch")
        if any(isinstance(e, ops.Register) for e in self._expressions()):
            wanted |= {"register", "registers"}
        if "return_number" in called:
            wanted.add("register")
        if self.program.drops:
            wanted.add("drop")
        if "fault" in wanted:
            wanted.add("drop")
        return wanted | called

    def _include(self, folder: str, name: str, sections: set[str]) -> None:
        """The text of a .bpf.h file; of a sectioned one ("/// names" lines) only the sections in use."""
        text = files("d2bpf").joinpath(*folder.split("/"), f"{name}.bpf.h").read_text()
        keep = True
        for row in text.splitlines():
            if row.startswith("/// "):
                keep = bool(set(row[4:].split()) & sections)
                continue
            if keep:
                self.line(row)
        self.line()

    # ---------------------------------------------------------------- handlers

    def _handler(self, handler: ops.Handler) -> None:
        self.handler = handler
        self._structs = self._structs_of(handler)
        self._declared = set()
        context = CONTEXTS.get(handler.kind) or self._tracepoint_context(handler)
        self.line(f"/* {comment(handler.comment or 'passes system calls on by number')} */")
        self.line(f"int {handler.name}({context})")
        self.line("{")
        self.depth = 1
        if handler.dispatch:
            self.line(f"{handler.dispatch}.call(ctx, {handler.way}_call_number(ctx));")
        else:
            self._prologue(handler)
            for i, clause in enumerate(handler.clauses):
                self._clause(handler, clause, i)
            self._epilogue(handler)
        self.line("return 0;")
        self.depth = 0
        self.line("}")
        self.line()

    def _tracepoint_context(self, handler: ops.Handler) -> str:
        """A context structure with exactly the fields that the handler reads, at their offsets."""
        used = {
            (e.offset, e.size, e.signed)
            for clause in handler.clauses
            for e in expressions(clause.body)
            if isinstance(e, ops.ContextField)
        }
        self.line(f"struct {handler.name}_context {{")
        at = 0
        for offset, size, signed in sorted(used):
            if offset > at:
                self.line(f"\tu8 pad{at}[{offset - at}];")
            self.line(f"\t{integer(size, signed)} at{offset};")
            at = offset + size
        if not used:
            self.line("\tu64 common;")
        self.line("};")
        return f"struct {handler.name}_context *ctx"

    def _prologue(self, handler: ops.Handler) -> None:
        if handler.way:
            self._call_check(handler)
        self.line("u32 zero = 0;")
        if handler.phase != "any":
            self.line("struct state *vars = state.lookup(&zero);")
            active = " || vars->phase != ACTIVE" if handler.phase == "active" else ""
            self.line(f"if (!vars{active})")
            self.line("\treturn 0;")
        if uses_site(handler):
            self.line(f"u32 site = {self.expr(handler.site)};")
        if any(can_fault(c.body) for c in handler.clauses):
            self.line("u64 fault_value = 0;")
            self.line("u32 fault_code = 0;")
        for name in handler.locals:
            self.line(f"u64 {name} = 0;")
            self._declared.add(name)
        for name, size in handler.arrays.items():
            self.line(f"u64 {name}[{size // 8}] = {{}};")
        if handler.uses_self:
            self.line("u64 thread_key = 0;")
            self.line("struct thread *self = 0;")
        if any(isinstance(s, ops.TailStart) for c in handler.clauses + handler.error_clauses for s in statements(c.body)):
            self.line("u64 tail = 0;")
        if handler.uses_scratch:
            self.line("u64 level = 0;")
            self.line("struct scratch *outer = scratch.lookup(&zero);")
            self.line("struct scratch *s = scratch_level(outer, &level);")
            self.line("if (!outer || !s)")
            self.line("\treturn 0;")
            self.line("outer->busy = level + 1;")
        self.fault_label = self.next_label = "done"
        self._block(handler.when)

    def _call_check(self, handler: ops.Handler) -> None:
        """Leave at once when this system call is none of the handler's."""
        self.line(f"u64 call = {handler.way}_call_number(ctx);")
        other = " && ".join(f"call != {n}" for n in handler.numbers) or "call >= SYSCALLS"
        self.line(f"if ({other})")
        self.line("\treturn 0;")

    def _epilogue(self, handler: ops.Handler) -> None:
        self.depth = 0
        if any(self._jumps_to_done):
            self.line("done:")
        self.depth = 1
        if handler.uses_scratch:
            self.line("outer->busy = level;")

    @property
    def _jumps_to_done(self) -> list[bool]:
        return [any("goto done;" in row for row in self.lines[-4000:])]

    def _clause(self, handler: ops.Handler, clause: ops.ClauseCode, number: int) -> None:
        last = number == len(handler.clauses) - 1
        self.next_label = "done" if last else f"clause_{number + 1}"
        self.fault_label = f"fault_{number}"
        self.line()
        self.line(f"/* {comment(clause.head)} */")
        if clause.guard:
            self.line("if (vars->phase == DRAINING)")
            self.line("\tgoto done;")
        outer = set(self._declared)
        self.line("{")
        self.depth += 1
        self._block(clause.body)
        self.depth -= 1
        self.line("}")
        self._declared = outer
        if can_fault(clause.body):
            self.line(f"goto {self.next_label};")
            self._fault_tail(handler, clause, number)
        if not last:
            self._label(self.next_label)

    def _label(self, name: str) -> None:
        if any(f"goto {name};" in row for row in self.lines[-4000:]):
            self.depth -= 1
            self.line(f"{name}: ;")
            self.depth += 1

    def _fault_tail(self, handler: ops.Handler, clause: ops.ClauseCode, number: int) -> None:
        """Where the clause's faults go: the message, then the ERROR clauses."""
        self.depth -= 1
        self.line(f"fault_{number}:")
        self.depth += 1
        self.line(f"report_fault(site, {clause.index}, fault_code, fault_value);")
        next_label = self.next_label
        for i, code in enumerate(handler.error_clauses):
            self.next_label, self.fault_label = f"error_{number}_{i}", f"error_fault_{number}_{i}"
            outer = set(self._declared)
            self.line("{")
            self.depth += 1
            self.line(f"u64 fault_clause = {clause.index}, fault_probe = {self.expr(handler.probe)};")
            self.line("u32 site = ERROR_SITE;")
            self._block(code.body)
            if can_fault(code.body):
                self.line(f"goto {self.next_label};")
                self.depth -= 1
                self.line(f"{self.fault_label}:")
                self.depth += 1
                self.line("drop(DROP_DBLERROR);")
            self.depth -= 1
            self.line("}")
            self._declared = outer
            self._label(self.next_label)
        self.next_label = next_label

    # ---------------------------------------------------------------- statements

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
        self.line(f"{self._lvalue(s.place, s.size)} = {self.expr(s.value)};")

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
        self.line(f"\tFAULT({FAULTS[s.code]}, {self.expr(s.value)}, {self.fault_label});")

    def _Fault(self, s: ops.Fault) -> None:
        self.line(f"FAULT({FAULTS[s.code]}, {self.expr(s.value)}, {self.fault_label});\t/* {s.code.lower()} */")

    def _If(self, s: ops.If) -> None:
        self.line(f"if ({self.expr(s.test)}) {{")
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
            while chunk:
                size = next(n for n in (8, 4, 2, 1) if n <= len(chunk))
                place = Place(s.place.base, s.place.name, s.place.offset + at)
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
        self.line(f"thread_key = {self.expr(s.thread)};")
        self.line("self = threads.lookup(&thread_key);")

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
        self.line(f"bpf_get_stack(ctx, {self.pointer(s.place)}, {s.size}, {s.flags});")

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
        self.line(f"\t\tFAULT({FAULTS['BADADDR']}, {self.expr(s.value)}, {self.fault_label});")
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
            name = f"r->f{store.field}"
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
                    self.line(f"bpf_get_stack(ctx, {name} + 1, {store.size - 8}, BPF_F_USER_STACK);")
                case "own":
                    self.line(f"bpf_probe_read_kernel({name}, {store.size}, (void *){self.operand(store.value)});")
                case _:
                    raise AssertionError(store)

    # ---------------------------------------------------------------- places

    def _field(self, place: Place) -> ops.FieldDef | None:
        names = {"state": "state", "self": "thread", "s": "scratch"}
        struct = self.program.structs.get(names.get(place.base, ""))
        if struct is None and place.name == "value":
            return None
        if struct is None or place.offset:
            return None
        return next((f for f in struct.fields if f.name == place.name), None)

    def _path(self, place: Place) -> str:
        base = {"state": "vars"}.get(place.base, place.base)
        if place.base == "local":
            return place.name
        if place.base.startswith("key"):
            return f"{base}.{place.name}" if place.name else base
        return f"{base}->{place.name}"

    def _array(self, place: Place) -> bool:
        """Whether the place is an array in C, whose name is its address."""
        if place.base in ("local", "s"):
            return True
        field = self._field(Place(place.base, place.name))
        if field is not None:
            return bool(field.count)
        struct = self._structs.get(place.base)
        return bool(struct and place.name and struct.find(place.name).count)

    def _structs_of(self, handler: ops.Handler) -> dict[str, StructDef | None]:
        """What the handler's keys are, and what its pointers into maps point to (None: a plain integer)."""
        found: dict[str, StructDef | None] = {}
        for s in handler_statements(handler):
            if isinstance(s, ops.Key):
                found[s.name] = self.program.structs[s.struct]
            elif isinstance(s, ops.Lookup):
                found[s.pointer] = self.program.structs.get(self.program.maps[s.map].value)
        return found

    def pointer(self, place: Place) -> str:
        """A C pointer to the place."""
        path = self._path(place)
        base = path if self._array(place) else f"&{path}"
        return f"(char *){base} + {place.offset}" if place.offset else base

    def _bytes(self, place: Place, size: int, signed: bool = False) -> str:
        return f"*({integer(size, signed)} *)({self.pointer(place)})"

    def _lvalue(self, place: Place, size: int, signed: bool = False) -> str:
        if place.offset or self._array(place):
            if place.base == "local" and size == 8 and place.offset % 8 == 0:
                return f"{place.name}[{place.offset // 8}]"
            return self._bytes(place, size, signed)
        field = self._field(place)
        if field is None:
            struct = self._structs.get(place.base)
            field = struct.find(place.name) if struct else None
        if field is not None and field.size != size:
            return self._bytes(place, size, signed)
        return self._path(place)

    # ---------------------------------------------------------------- expressions

    def operand(self, e: Expr) -> str:
        text = self.expr(e)
        simple = isinstance(e, (ops.Tmp, ops.Symbol, ops.Call, ops.Offset, ops.Context)) or (
            isinstance(e, ops.Const) and e.value >= 0
        )
        simple = simple or (isinstance(e, ops.Get) and e.size == 8)
        return text if simple or (text.startswith("(") and balanced(text)) else f"({text})"

    def expr(self, e: Expr) -> str:
        match e:
            case ops.Const(value=v):
                return constant(v)
            case ops.Tmp(name=n) | ops.Symbol(name=n) | ops.Offset(name=n):
                return n
            case ops.Context(index=i):
                return f"ctx->args[{i}]"
            case ops.ContextField(offset=at, size=size, signed=signed):
                return f"ctx->at{at}" if size == 8 else f"({'s64' if signed else 'u64'})ctx->at{at}"
            case ops.Register(name=name):
                return f"saved_register(ctx, {name})"
            case ops.Un(op=op, operand=x):
                return f"{op}{self._wide(x) if op != '!' else self.operand(x)}"
            case ops.Ext(size=size, signed=signed, operand=x):
                return f"({'s64' if signed else 'u64'})({integer(size, signed)}){self.operand(x)}"
            case ops.Select(test=t, then=a, other=b):
                return f"({self.operand(t)} ? {self._branch(a)} : {self._branch(b)})"
            case ops.Get(place=place, size=size, signed=signed):
                text = self._lvalue(place, size, signed)
                return text if size == 8 else f"({'s64' if signed else 'u64'}){text}"
            case ops.Address(place=place):
                return f"(u64)({self.pointer(place)})" if place.offset else f"(u64){self.pointer(place)}"
            case ops.Bin():
                return self._binary(e)
            case ops.Call():
                return self._call(e)
            case _:
                pass
        raise AssertionError(e)

    def _branch(self, e: Expr) -> str:
        return f"(u64){self.operand(e)}" if isinstance(e, ops.Const) else self.operand(e)

    def _wide(self, e: Expr) -> str:
        return f"(u64){self.operand(e)}" if isinstance(e, ops.Const) else self.operand(e)

    def _binary(self, e: ops.Bin) -> str:
        op, mark = (e.op[:-1], e.op[-1]) if e.op[-1] in "us" else (e.op, "")
        left, right = self.operand(e.left), self.operand(e.right)
        if mark == "s":
            left = f"(s64){left}"
            if op != ">>":
                right = f"(s64){right}"
        elif (op in ("<<", ">>", "/", "%", "*", "-", "+") and isinstance(e.left, ops.Const)) or (
            op in ("<", "<=") and isinstance(e.left, ops.Const)
        ):
            left = f"(u64){left}"
        if mark == "u" and isinstance(e.right, ops.Const) and op in ("<", "<="):
            right = f"(u64){right}"
        if op in ("==", "!=") and isinstance(e.left, (ops.Bin, ops.Un)):
            left = f"(u64){left}"
        return f"{left} {op} {right}"

    def _call(self, e: ops.Call) -> str:
        shape = MEMORY_CALLS.get(e.function)
        if shape is None:
            return f"{e.function}({', '.join(map(self.expr, e.args))})"
        args = []
        for kind, arg in zip(shape, e.args, strict=True):
            if kind == "p" and isinstance(arg, ops.Address):
                args.append(self.pointer(arg.place))
            elif kind in "pa":
                args.append(f"(void *){self.operand(arg)}")
            else:
                args.append(self.expr(arg))
        return f"{e.function}({', '.join(args)})"

    # ---------------------------------------------------------------- walking

    def _statements(self) -> Iterator[ops.Stmt]:
        for handler in self.program.handlers:
            yield from handler_statements(handler)

    def _expressions(self) -> Iterator[Expr]:
        for handler in self.program.handlers:
            yield from subexpressions((handler.site, handler.probe))
            yield from expressions(handler.when)
            for clause in [*handler.clauses, *handler.error_clauses]:
                yield from expressions(clause.body)


FAULT_STRUCT = StructDef(
    "record0",
    [ops.FieldDef(n, 4) for n in ("record", "site", "cpu", "spec", "clause", "code")] + [ops.FieldDef("value", 8)],
)


def handler_statements(handler: ops.Handler) -> Iterator[ops.Stmt]:
    yield from statements(handler.when)
    for clause in [*handler.clauses, *handler.error_clauses]:
        yield from statements(clause.body)


def balanced(text: str) -> bool:
    """Whether the parenthesis that opens the text closes at its end."""
    depth = 0
    for i, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if depth == 0:
            return i == len(text) - 1
    return False


def uses_site(handler: ops.Handler) -> bool:
    """Whether anything in the handler needs to know which probe fired."""
    for clause in handler.clauses + handler.error_clauses:
        if can_fault(clause.body) or any(isinstance(s, ops.Emit) for s in statements(clause.body)):
            return True
        if any(e == ops.Symbol("site") for e in expressions(clause.body)):
            return True
    return False
