"""What stands before the handlers in the C text: structures, maps, the parts of the prelude and the C helpers in use."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from ...ir import ops
from ...ir.ops import Expr, StructDef
from ...ir.walk import expressions, subexpressions
from .c_expr import comment, constant, handler_statements, integer
from .c_statements import SMALL, Statements

FEW = 3  # members of a structure that are written in one line
FAULT_STRUCT = StructDef(
    "record0",
    [ops.FieldDef(n, 4) for n in ("record", "site", "cpu", "spec", "clause", "code")] + [ops.FieldDef("value", 8)],
)


class Preamble(Statements):
    """Prints the declarations. `facts` are those that the program tests as macros."""

    def __init__(self, program: ops.Program, facts: set[str]) -> None:
        super().__init__(program)
        self.facts = facts

    def _preamble(self) -> None:
        program = self.program
        kinds = {h.kind for h in program.handlers}
        sections = self._sections()
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
            elif i == 0 and "fault" in sections:
                self._struct(FAULT_STRUCT)
        self.line()
        for m in program.maps.values():
            self._map(m)
        if self._needs_zeros():
            self.line(f"struct zeros {{ u64 words[{self._needs_zeros() // 8}]; }};")
            self.line('BPF_TABLE("array", u32, struct zeros, zeros, 1);\t/* a fresh map entry */')
        self.line()
        self._include("backends/bcc", "prelude", sections)
        for header in program.headers:
            folder, name = header.split("/")
            self._include(f"builtins/{folder}", name, sections)
        for name in self._aggregations():
            self._aggregation(program.maps[name])

    def _struct(self, struct: StructDef) -> None:
        members = [f"{integer(f.size, f.signed)} {f.name}{f'[{f.count}]' if f.count else ''};" for f in struct.fields]
        if len(members) <= FEW:
            self.line(f"struct {struct.name} {{ {' '.join(members)} }};")
            return
        self.line(f"struct {struct.name} {{")
        for member in members:
            self.line(f"\t{member}")
        self.line("};")

    def _map(self, m: ops.MapDef) -> None:
        note = f"\t/* {comment(m.note)} */" if m.note else ""
        value = f"struct {m.value}" if m.value in self.program.structs else m.value
        entries = f"{m.entries} * D2_CPUS" if m.each_cpu else str(m.entries)
        if m.stretched:
            value, note = "u64", f"\t/* really of {value}: {comment(m.note)} */"
        key = f"struct {m.key}" if m.key in self.program.structs else m.key
        match m.kind:
            case "ringbuf":
                self.line(f"BPF_RINGBUF_OUTPUT({m.name}, {m.entries});{note}")
            case "prog_array":
                self.line(f"BPF_PROG_ARRAY({m.name}, {m.entries});{note}")
            case _ if m.flags != "0":
                self.line(f'BPF_F_TABLE("{m.kind}", {key}, {value}, {m.name}, {m.entries}, {m.flags});{note}')
            case _:
                self.line(f'BPF_TABLE("{m.kind}", {key}, {value}, {m.name}, {entries});{note}')

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
            if m.spare:
                self.line("if (!entry) {")
                self.depth = 3
                self._fresh(self.program.maps[m.spare], "key", "entry")
                self.depth = 2
                self.line("}")
            self.line("if (!entry)")
            self.line("\tdrop(DROP_AGGREGATION);")
            self.depth = 1
            self.line("}")
        self.line("return entry ? entry->words : 0;")
        self.depth = 0
        self.line("}")
        self.line()

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
                case ops.Bound():
                    wanted |= {"fault", "BOUND"}
                case ops.Read():
                    wanted |= {"fault", "READ_USER" if statement.user else "READ_KERNEL"}
                case ops.Checked() | ops.Fault() | ops.Tail():
                    wanted.add("fault")
                case _:
                    pass
        for handler in self.program.handlers:
            if handler.way:
                wanted |= {"syscall", "register", "compat", f"{handler.way}_number"}
            if handler.uses_scratch:
                wanted.add("scratch")
            if handler.frameless:
                wanted.add("boundary_stack")
            if handler.part:
                wanted |= {"scratch_held", "thread"} if handler.uses_self else {"scratch_held"}
        if any(isinstance(e, ops.Register) for e in self._expressions()):
            wanted |= {"register", "registers"}
        if "return_number" in called:
            wanted |= {"register", "compat"}
        if self.program.drops:
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
