"""Prints the IR as C for BCC. Everything the C text contains passes through here and through the modules beside it, so quoting and
types are decided in one place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ...ir import ops
from ...ir.walk import can_fault, expressions, statements
from .c_expr import CLOCK, comment, handler_statements, integer
from .c_preamble import Preamble

CONTEXTS = {
    "raw_tracepoint": "struct bpf_raw_tracepoint_args *ctx",
    "perf_event": "struct bpf_perf_event_data *ctx",
    "kprobe": "struct pt_regs *ctx",
}


class Printer(Preamble):
    """Prints one program. `_start` is the first line of the handler at hand."""

    _start = 0

    def text(self) -> str:
        """The complete C text."""
        self._preamble()
        for handler in self.program.handlers:
            self._handler(handler)
        return "\n".join(in_use(self.lines)) + "\n"

    def _handler(self, handler: ops.Handler) -> None:
        self.handler, self._start = handler, len(self.lines)
        self._one_reading = reads_clock_once(handler)
        self._finds_self = alone(handler) and any(isinstance(s, ops.FindSelf) for s in handler.clauses[0].body)
        self._structs = self._structs_of(handler)
        self._declared = set()
        self._event_args = repeated_arguments(handler)
        context = CONTEXTS.get(handler.kind) or self._tracepoint_context(handler)
        self.line(f"/* {comment(handler_head(handler))} */")
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
        goes_on = handler.part > 0  # what decides whether the probe fires has been asked by the part before
        if handler.way and not goes_on:
            self._call_check(handler)
        if handler.phase == "active" and ops.ONLY_CPU in self.program.constants and not goes_on:
            self.line(f"if (bpf_get_smp_processor_id() != {ops.ONLY_CPU})")
            self.line("\treturn 0;")
        if handler.phase != "any" or needs_zero(handler):
            self.line("u32 zero = 0;")
        if handler.phase != "any":
            self.line("struct state *vars = state.lookup(&zero);")
            active = " || vars->phase != ACTIVE" if handler.phase == "active" and not goes_on else ""
            self.line(f"if (!vars{active})")
            self.line("\treturn 0;")
        for i in sorted(self._event_args):
            self.line(f"u64 event_arg{i} = ctx->args[{i}];")
        if uses_site(handler):
            self.line(f"u32 site = {self.expr(handler.site)};")
        if any(can_fault(c.body) for c in handler.clauses):
            self.line("u64 fault_value = 0;")
            self.line("u32 fault_code = 0;")
        for name in handler.locals:
            if not (name == CLOCK and self._one_reading):
                self.line(f"u64 {name} = 0;")
            self._declared.add(name)
        for name, size in handler.arrays.items():
            self.line(f"u64 {name}[{size // 8}] = {{}};")
        if handler.uses_self and not self._finds_self:
            self.line("u64 thread_key = 0;")
            self.line("struct thread *self = 0;")
        if any(isinstance(s, ops.TailStart) for c in handler.clauses + handler.error_clauses for s in statements(c.body)):
            self.line("u64 tail = 0;")
        if handler.uses_scratch:
            self.line("u64 level = 0;")
            self.line("struct scratch *outer = scratch_at(0);")
            self.line(f"struct scratch *s = scratch_{'held' if goes_on else 'level'}(outer, &level);")
            self.line("if (!outer || !s)")
            self.line("\treturn 0;")
            if not goes_on:
                self.line("outer->busy = level + 1;")
        self.fault_label = self.next_label = "done"
        if goes_on:
            self._take_up(handler)
        self._block(handler.when)

    def _take_up(self, handler: ops.Handler) -> None:
        """What the part before has left for this one."""
        for i, name in enumerate(handler.locals):
            self.line(f"{name} = s->carried[{i}];")
        if handler.uses_self:
            self.line(f"thread_key = s->carried[{len(handler.locals)}];")
            self.line("if (thread_key)")
            self.line("\tself = threads.lookup(&thread_key);")

    def _hand_over(self, handler: ops.Handler) -> None:
        """Leave everything to the next part, and go there."""
        self.line()
        self._label("next_part")
        for i, name in enumerate(handler.locals):
            self.line(f"s->carried[{i}] = {name};")
        if handler.uses_self:
            self.line(f"s->carried[{len(handler.locals)}] = thread_key;")
        self.line(f"{handler.chain}.call(ctx, {handler.part + 1});")

    def _call_check(self, handler: ops.Handler) -> None:
        """Leave at once when this system call is none of the handler's."""
        if len(handler.numbers) == 1:
            self.line(f"if ({handler.way}_call_number(ctx) != {handler.numbers[0]})")
            self.line("\treturn 0;")
            return
        self.line(f"u64 call = {handler.way}_call_number(ctx);")
        other = " && ".join(f"call != {n}" for n in handler.numbers) or "call >= SYSCALLS"
        self.line(f"if ({other})")
        self.line("\treturn 0;")

    def _epilogue(self, handler: ops.Handler) -> None:
        if not handler.last:
            self._hand_over(handler)
        self.depth = 0
        if self._is_label("done"):
            self.line("done:")
        self.depth = 1
        if handler.uses_scratch:
            self.line("outer->busy = level;")

    def _is_label(self, name: str) -> bool:
        """Whether anything of this handler jumps there."""
        jump = f"goto {name};"
        return any(row.endswith(jump) for row in self.lines[self._start :])

    def _clause(self, handler: ops.Handler, clause: ops.ClauseCode, number: int) -> None:
        if alone(handler):
            self.next_label = "done" if handler.last else "next_part"
            self._block(clause.body)
            return
        last = number == len(handler.clauses) - 1
        end = "done" if handler.last else "next_part"
        self.next_label = end if last else f"clause_{number + 1}"
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
        if self._is_label(name):
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


# Definitions in one line: #define NAME value, #define NAME() value, enum { NAME = value };
DEFINITION = re.compile(r"#define (\w+)(?:\(\))? .*[^\\]$|enum \{ (\w+) = [^,]*\};")


def in_use(lines: Sequence[str]) -> list[str]:
    """The lines without definitions that nothing else names, nor the comments above these, nor one empty line after another."""
    named = Counter(word for line in lines for word in re.findall(r"\w+", line))
    kept: list[str] = []
    for line in lines:
        found = DEFINITION.match(line)
        if found and named[found[1] or found[2]] == 1:
            if kept and kept[-1].startswith("/*") and kept[-1].endswith("*/"):
                kept.pop()
        elif line or (kept and kept[-1]):
            kept.append(line)
    return kept


def repeated_arguments(handler: ops.Handler) -> set[int]:
    """The arguments of a raw tracepoint that a handler reads in several places. They are read once: the compiler would keep the
    address of one in a register, and the verifier lets the context be read by its own address only."""
    blocks = [handler.when, *(clause.body for clause in handler.clauses), *(clause.body for clause in handler.error_clauses)]
    uses = Counter(e.index for block in blocks for e in expressions(block) if isinstance(e, ops.Context))
    return {index for index, count in uses.items() if count > 1}


def alone(handler: ops.Handler) -> bool:
    """Whether the handler is one clause that nothing is to be kept apart from: no other clause, no faults, no further part."""
    return len(handler.clauses) == 1 and not handler.chain and not handler.when and not can_fault(handler.clauses[0].body)


def handler_head(handler: ops.Handler) -> str:
    """What stands above a handler: its clause, if it has but one, else its probes."""
    if not alone(handler):
        return handler.comment
    many = handler.comment.partition(", ")[2]
    return handler.clauses[0].head + (f" ({many})" if many else "")


def reads_clock_once(handler: ops.Handler) -> bool:
    """Whether nothing has to be kept of the clock's reading: only one place of the handler asks for it."""
    if handler.chain:
        return False
    blocks = [handler.when, *(clause.body for clause in handler.clauses + handler.error_clauses)]
    return sum(e == ops.Call("TIMESTAMP") for block in blocks for e in expressions(block)) == 1


def needs_zero(handler: ops.Handler) -> bool:
    """Whether the handler finds something at index 0 of an array, its state aside."""
    found = handler_statements(handler)
    return handler.uses_scratch or any(isinstance(s, ops.Aggregate) and not s.key for s in found)


def uses_site(handler: ops.Handler) -> bool:
    """Whether anything in the handler needs to know which probe fired."""
    for clause in handler.clauses + handler.error_clauses:
        if can_fault(clause.body) or any(isinstance(s, ops.Emit) for s in statements(clause.body)):
            return True
        if any(e == ops.Symbol("site") for e in expressions(clause.body)):
            return True
    return False
