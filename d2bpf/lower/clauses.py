"""Clauses and handlers: predicates, statements, faults, and what runs before the first clause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..builtins import registry
from ..catalog.schema import Native, Site
from ..diagnostics import Sink
from ..dtypes import Int, Ptr, String, strip
from ..ir import ops
from ..ir.ops import Bin, Const, Expr, Place
from ..ir.plan import Attach
from ..ir.values import Frames, SymbolAddress, Text, Value, Word
from ..ir.walk import can_fault
from ..sema.checked import Checked, CheckedClause
from ..syntax import ast
from .allocation import USED
from .attach import attachments
from .builder import Untranslatable
from .expr import Lowering
from .operands import KINDS as OPERANDS
from .operands import operand
from .parts import split
from .program import COOKIE_NUMBER, FUNCTIONS, PROGRAM_TYPES, Firing, HandlerState, ProgramState, collect_firings, group, walk
from .speculation import CURRENT


@dataclass(slots=True)
class Lowered:
    """The result of lowering: the IR, and the state that holds records, sites and layouts for the plan."""

    ir: ops.Program
    state: ProgramState
    attach: list[Attach]


def lower(checked: Checked, target: Any, sink: Sink) -> Lowered:
    """Lower a checked program for a target. What cannot be translated is reported to the sink, with its place."""
    program = ProgramState(checked, target, sink)
    handlers = [lower_handler(program, firings) for firings in group(checked, collect_firings(checked.clauses))]
    attach = attachments(program, handlers)
    program.ir.handlers = [part for ir in program.ir.handlers for part in split(program, ir)]
    program.finish()
    return Lowered(program.ir, program, attach)


def handler_name(program: ProgramState, firings: list[Firing]) -> str:
    probe = firings[0].probe
    function = probe.function if len(firings) == 1 and probe.function.isidentifier() else ""
    return program.namer("_".join(p for p in (provider_name(firings[0]), function, probe.name) if p))


def provider_name(firing: Firing) -> str:
    """The provider as the C text names it. That of one process is named without its number: the text is the same for all."""
    provider = firing.probe.provider
    return provider.rstrip("0123456789") if firing.attachment.kind == "uprobe" else provider


def lower_handler(program: ProgramState, firings: list[Firing]) -> HandlerState:
    first = firings[0]
    kind = PROGRAM_TYPES[first.attachment.kind]
    ir = ops.Handler(handler_name(program, firings), kind, [], Const(0))
    state = HandlerState(program, ir, firings)
    if first.attachment.kind == "test_run":
        ir.phase = {"BEGIN": "begin", "END": "end"}[str(first.attachment.words[0])]
    ir.comment = handler_comment(firings)
    program.assign_sites(state)
    exits = False
    for index, site in first.runs:
        clause = program.checked.clauses[index]
        code = lower_clause(program, state, index, clause, site)
        code.guard = exits and ir.phase != "end"
        exits = exits or calls_exit(program.checked, clause)
        ir.clauses.append(code)
    if any(can_fault(c.body) for c in ir.clauses):
        ir.error_clauses = lower_error_clauses(program, state)
        ir.probe = program.firing_probe(state) if ir.error_clauses else Const(0)
    return state


def handler_comment(firings: list[Firing]) -> str:
    probe, provider = firings[0].probe, provider_name(firings[0])
    if len(firings) == 1:
        return f"{provider}:{probe.module}:{probe.function}:{probe.name}"
    count = "many" if firings[0].attachment.kind in FUNCTIONS else len(firings)  # the text does not depend on how many
    return f"{provider}:::{probe.name}, {count} probes"


def calls_exit(checked: Checked, clause: CheckedClause) -> bool:
    return any(isinstance(n, ast.Call) and n.name == "exit" for n in walk(clause.node))


def lower_clause(
    program: ProgramState, state: HandlerState, index: int, clause: CheckedClause, site: Site, error: bool = False
) -> ops.ClauseCode:
    """One clause in one handler: site filter, predicate, statements, records."""
    node = clause.node
    b = Lowering(program, state)
    b.new_clause()
    b.clause_index = index
    if error:
        state.uses_self = False  # the fault may have come before the look-up
    had_self = state.uses_self
    head = " ".join(node.span.text.partition("{")[0].split())
    start, filter_asks = 0, False
    with b.block() as body:
        try:
            bind_site(b, site, error)
            filter_asks = state.uses_self and not had_self
            start = 0 if filter_asks else len(body)
            if node.predicate is not None:
                test = b.truth(node.predicate)
                with b.when(test):
                    statements(b, node.body or (), top=True)
            else:
                statements(b, node.body or (), top=True)
        except Untranslatable as problem:
            program.sink.error(problem.code, problem.message, node.span)
    if state.speculates:
        body.insert(start, ops.Set(CURRENT, Const(0)))
        state.speculates = False
    if state.uses_alloca:
        body.insert(start, ops.Set(USED, Const(0)))
        state.uses_alloca = False
    if state.uses_self and not had_self:
        # One look-up serves every later clause of the firing, where each of them must pass it: not behind a site's filter.
        with b.block() as find:
            b.emit(ops.FindSelf(b.thread_id()))
        body[start:start] = find
        state.ir.uses_self = True
        code = program.checked.site_code.get(id(site))
        state.uses_self = code is None or code.when is None or filter_asks
    return ops.ClauseCode(index, head, body)


def bind_site(b: Lowering, site: Site, error: bool) -> None:
    """Make the site's natives, arguments, filter and task known to the expressions of a clause."""
    b.handler.task = None
    b.handler.interrupt = site.interrupt
    code = b.checked.site_code.get(id(site))
    b.error_arguments = error
    if b.handler.per_process:
        b.emit(ops.If(Bin("==", b.process_id(), ops.Get(Place("state", "tracer"), 4)), [ops.Leave()]))
    if code is None or error:
        return
    for native, symbol in zip(site.natives, code.natives, strict=False):
        b.bound[symbol] = native_value(b, native, symbol.type)
    b.site_args, b.site_argn = code.args, code.argn
    if not code.argn and site.natives:
        b.native_argn = [b.bound[s] for s in code.natives]
    if code.when is not None:
        test = b.truth(code.when)
        with b.when(ops.Un("!", test)):
            b.emit(ops.Leave())
    if code.task is not None:
        b.handler.task = b.pin(b.word(code.task), "task")


def native_value(b: Lowering, native: Native, t: Any) -> Value:
    """A datum of the attach point, as a value that is read when it is used."""
    match native.source:
        case (str(kind), *_) if kind in OPERANDS:
            return LazyWord(t, b, f"operand_{native.name}", lambda: operand(b, native.source))
        case ("arg", int(i)):
            if b.handler.attachment.kind == "syscall":
                return LazyWord(t, b, f"sysarg{i}", lambda: syscall_argument(b, i))
            if b.handler.attachment.kind in FUNCTIONS:
                function = "user_argument" if b.handler.attachment.kind == "uprobe" else "kernel_argument"
                return LazyWord(t, b, f"argument{i}", lambda: ops.Call(function, (ops.Symbol("ctx"), Const(i))))
            base = strip(t)
            word: Expr = ops.Context(i)
            if isinstance(base, Int) and base.size < 8:
                word = ops.Ext(base.size, base.signed, word)
            return Word(t, word)
        case ("ret",) if b.handler.attachment.kind in FUNCTIONS:
            returned = "user_result" if b.handler.attachment.kind == "uprobe" else "kernel_result"
            return LazyWord(t, b, "result", lambda: ops.Call(returned, (ops.Symbol("ctx"),)))
        case ("ret",):
            return LazyWord(t, b, "result", lambda: ops.Call("syscall_result", (ops.Context(1),)))
        case ("number",):
            cookie = ops.Call("bpf_get_attach_cookie", (ops.Symbol("ctx"),))
            return LazyWord(t, b, "number", lambda: ops.Bin(">>u", cookie, Const(COOKIE_NUMBER)))
        case ("field", int(offset), int(size), bool(signed)):
            if isinstance(strip(t), (Int, Ptr)) or size in (1, 2, 4, 8):
                return Word(t, ops.ContextField(offset, size, signed))
            return Text(String(size), "memory", size + 1, address=ops.Bin("+", ops.Symbol("ctx"), Const(offset)))
        case ("loc", int(offset)):
            at = ops.Bin("&", ops.ContextField(offset, 4, False), Const(0xFFFF))
            limit = b.program.strsize + 1
            return Text(String(limit), "memory", limit, address=ops.Bin("+", ops.Symbol("ctx"), at))
        case ("relloc", int(offset)):
            at = ops.Bin("+", Const(offset + 4), ops.Bin("&", ops.ContextField(offset, 4, False), Const(0xFFFF)))
            limit = b.program.strsize + 1
            return Text(String(limit), "memory", limit, address=ops.Bin("+", ops.Symbol("ctx"), at))
        case ("pc", str(which)):
            return LazyWord(t, b, f"interrupted_{which}", lambda: ops.Call(f"{which}_pc", (ops.Symbol("ctx"),)))
        case _:
            pass
    raise AssertionError(native)


def syscall_argument(b: Lowering, i: int) -> Expr:
    """The i-th argument of the system call, from the saved registers."""
    del b
    return ops.Register(f"SYSCALL_ARG{i}")


class LazyWord(Word):
    """A native that costs something to fetch: read at its first use in the clause."""

    __slots__ = ("_b", "_make", "_name")

    def __init__(self, t: Any, b: Lowering, name: str, make: Any) -> None:
        self.type = t
        self._b, self._name, self._make = b, name, make

    @property
    def expr(self) -> Expr:  # type: ignore[override]
        word = self._b.once(self._name, self._make)
        base = strip(self.type)
        if isinstance(base, Int) and base.size < 8:
            return ops.Ext(base.size, base.signed, word)
        return word


# ---------------------------------------------------------------- statements


def statements(b: Lowering, body: tuple[ast.Stmt, ...], top: bool = False) -> None:
    """Lower statements in order and send what they recorded. An empty clause records its firing."""
    for stmt in body:
        statement(b, stmt)
    b.flush(always=top and default_action(body))


def default_action(body: tuple[ast.Stmt, ...]) -> bool:
    """Whether a clause body is the default action: empty, or nothing but speculate()."""
    return all(isinstance(s, ast.ExprStmt) and isinstance(s.expr, ast.Call) and s.expr.name == "speculate" for s in body)


def statement(b: Lowering, stmt: ast.Stmt) -> None:
    line = " ".join(stmt.span.text.split())
    b.emit(ops.Note(line if isinstance(stmt, ast.ExprStmt) else line.partition("{")[0]))
    mark = b.mark()
    try:
        match stmt:
            case ast.If():
                conditional(b, stmt.test, stmt.then, stmt.other)
            case ast.ExprStmt(expr=ast.Cond() as choice) if is_action(choice.then) or is_action(choice.other):
                yes, no = (
                    (ast.ExprStmt(choice.then.span, choice.then),),
                    (ast.ExprStmt(choice.other.span, choice.other),),
                )
                conditional(b, choice.test, yes, no)
            case ast.ExprStmt(expr=ast.Assign() as assignment):
                b.assign(assignment, used=False)
            case ast.ExprStmt():
                value = b.expr(stmt.expr)
                if isinstance(value, Frames):
                    b.act("ustack" if value.stack.user else "stack", [b.put_field(value)])
                elif isinstance(value, SymbolAddress):
                    b.act("sym", [b.put_field(value)])
                elif isinstance(value, Word):
                    b.to_word(value)  # what is read for its own sake may fault
            case _:
                raise AssertionError(stmt)
    except Untranslatable as problem:
        b.program.sink.error(problem.code, problem.message, stmt.span)
    b.release(mark)


def is_action(node: ast.Expr) -> bool:
    """Whether an expression is an action call or an aggregation update."""
    if isinstance(node, ast.Call):
        return registry.action(node.name) is not None and registry.subroutine(node.name) is None
    return isinstance(node, ast.Assign) and isinstance(node.target, ast.AggRef)


def conditional(b: Lowering, test: ast.Expr, then: tuple[ast.Stmt, ...], other: tuple[ast.Stmt, ...]) -> None:
    """if/else: each branch sends records of its own (language.md 1.2)."""
    condition = b.truth(test)
    b.flush()
    if isinstance(condition, Const):
        statements(b, then if condition.value else other)
        return
    blocks = []
    for branch in (then, other):
        with b.block() as block:
            statements(b, branch)
        blocks.append(block)
    b.emit(ops.If(condition, blocks[0], blocks[1]))


def lower_error_clauses(program: ProgramState, state: HandlerState) -> list[ops.ClauseCode]:
    """The ERROR clauses, as they run in this handler when a clause of it faults."""
    codes = []
    for index, clause in enumerate(program.checked.clauses):
        for probe in clause.probes:
            if probe.name == "ERROR" and probe.provider == "dtrace":
                program.error_site(probe)
                site = probe.sites[0] if probe.sites else Site(state.attachment)
                codes.append(lower_clause(program, state, index, clause, site, error=True))
    return codes
