"""From handlers to attach points: the plan's `attach` list, dispatchers for system calls, and the end of threads.

System calls share one raw tracepoint per direction. A handler that serves them all is attached itself; otherwise a dispatcher
passes each call on by its number through a table of programs, so a call that no clause asks for costs one table look-up.
"""

from __future__ import annotations

from typing import Any

from ..catalog.schema import Attachment, Probe
from ..ir import ops
from ..ir.ops import Const, MapDef
from ..ir.plan import Attach
from .builder import Builder
from .program import FUNCTIONS, SYSCALLS, Firing, HandlerState, ProgramState

EVENTS = {"entry": "sys_enter", "return": "sys_exit"}
COMPARED = 8  # so many system calls are told by comparing numbers; more go through a table
THREAD_END = ("sched_process_free", "sched_process_exit")  # the first that this kernel has


def attachments(program: ProgramState, handlers: list[HandlerState]) -> list[Attach]:
    """The attach list for all handlers; helper handlers are added to the program. Handlers of one event run in the order in which
    they are attached: that of the ids of their probes, for providers list what an event makes fire in its order. A system call
    begins before, and returns after, what other providers see of it."""
    program.ir.handlers = [h.ir for h in handlers]
    in_order = sorted(handlers, key=lambda h: h.firings[0].probe.id)
    found = [attach_one(h) for h in in_order if h.attachment.kind not in ("syscall", *FUNCTIONS)]
    for state in in_order:
        if state.attachment.kind == "uprobe":
            found += uprobe_attachments(state)
        elif state.attachment.kind == "kprobe":
            found.append(kprobe_attachment(state))
    for way in EVENTS:
        calls = [h for h in in_order if h.attachment.kind == "syscall" and h.attachment.words[1] == way]
        if way == "entry":
            calls.sort(key=lambda h: h.firings[0].probe.provider != "syscall")
        found += syscall_attachments(program, way, calls)
    if any(h.ir.uses_self for h in handlers):
        found += forget_threads(program)
    return found


def attach_one(state: HandlerState) -> Attach:
    kind, words = state.attachment.kind, state.attachment.words
    attach: Attach = {"kind": kind, "handler": state.ir.name}
    more: dict[str, Any] = {}
    match kind, words:
        case "test_run", (name,):
            more = {"probe": name}
        case "timer", (period,):
            more = {"period_ns": period}
        case "rawtp", (event,):
            more = {"event": event}
        case "tracepoint", (grp, event):
            more = {"group": grp, "event": event}
        case "perf", (event, period, frequency, cpus):
            more = {"event": event, "period_ns": period, "frequency": frequency, "cpus": cpus}
        case _:
            raise AssertionError(state.attachment)
    attach.update(more)  # type: ignore[typeddict-item]
    return attach


def uprobe_attachments(state: HandlerState) -> list[Attach]:
    """The addresses of user functions that a handler serves, gathered by file and process: each gathering is attached at once."""
    found: dict[tuple[object, ...], Attach] = {}
    for firing in state.firings:
        path, offset, way, pid, semaphore = firing.attachment.words[:5]
        assert isinstance(path, str) and isinstance(offset, int) and isinstance(pid, int) and isinstance(semaphore, int)
        attach = found.setdefault((path, pid), {
            "kind": "uprobe", "handler": state.ir.name, "path": path, "pid": pid, "ret": way == "return",
            "offsets": [], "functions": [], "cookies": [], "refctrs": [],
        })  # fmt: skip
        attach["offsets"].append(offset)
        attach["functions"].append(firing.probe.function or firing.probe.name)
        attach["refctrs"].append(semaphore)
        if state.cookies:
            attach["cookies"].append(state.cookies[id(firing)])
    for attach in found.values():
        if not any(attach["refctrs"]):
            attach["refctrs"] = []
    return list(found.values())


def kprobe_attachment(state: HandlerState) -> Attach:
    """The kernel functions that a handler serves, as `function` or `module:function`."""
    places = [firing.attachment.words[:2] for firing in state.firings]
    return {
        "kind": "kprobe",
        "handler": state.ir.name,
        "functions": [f"{module}:{function}" if module else str(function) for module, function in places],
        "cookies": [state.cookies[id(firing)] for firing in state.firings] if state.cookies else [],
        "ret": state.attachment.words[2] == "return",
    }


def syscall_attachments(program: ProgramState, way: str, handlers: list[HandlerState]) -> list[Attach]:
    if not handlers:
        return []
    program.facts.add("btf_tracepoints")
    if program.target.machine == "x86_64":
        program.facts.add("compat_syscalls")
    for state in handlers:
        state.ir.event = EVENTS[way]
    only = handlers[0]
    everything = len(only.firings) == len(program.target.syscalls())
    if len(handlers) == 1 and (everything or len(only.firings) <= COMPARED):
        only.ir.way = way
        only.ir.numbers = () if everything else tuple(sorted(call_number(f) for f in only.firings))
        return [{"kind": "rawtp", "event": EVENTS[way], "handler": only.ir.name}]
    found: list[Attach] = []
    for number, calls in enumerate(tables(handlers), 1):
        suffix = str(number) if number > 1 else ""
        table = program.namer(f"{way}_calls{suffix}")
        name = program.namer(f"dispatch_{way}{suffix}")
        note = f"handlers of system calls by number, at {way}"
        program.ir.maps[table] = MapDef(table, "prog_array", "int", "u32", SYSCALLS, note=note)
        comment = f"passes system calls on by number, at {way}"
        handler = ops.Handler(name, "raw_tracepoint", [], Const(0), comment=comment)
        handler.dispatch, handler.way, handler.event = table, way, EVENTS[way]
        program.ir.handlers.append(handler)
        found.append({"kind": "rawtp", "event": EVENTS[way], "handler": name, "table": table, "calls": calls})
    return found


def tables(handlers: list[HandlerState]) -> list[dict[str, list[int]]]:
    """Handlers with their call numbers, spread over as few tables as hold one handler per number."""
    found: list[dict[str, list[int]]] = []
    taken: list[set[int]] = []
    for state in handlers:
        numbers = [call_number(f) for f in state.firings]
        free = next((i for i, used in enumerate(taken) if not used.intersection(numbers)), len(taken))
        if free == len(taken):
            found.append({})
            taken.append(set())
        found[free][state.ir.name] = numbers
        taken[free].update(numbers)
    return found


def call_number(firing: Firing) -> int:
    number = firing.attachment.words[0]
    assert isinstance(number, int)
    return number


def forget_threads(program: ProgramState) -> list[Attach]:
    """A handler that drops the variables of a thread when it ends: its id will name another thread."""
    untyped = program.target.types.are_missing
    event = next((e for e in THREAD_END[untyped:] if program.target.has(f"rawtp:{e}")), None)
    if event is None:
        program.checked.notes.append("self-> variables of ended threads are not freed: this kernel has no event for a thread's end")
        return []
    ir = ops.Handler(program.namer("thread_end"), "raw_tracepoint", [], Const(0), phase="any")
    attachment = Attachment("rawtp", (event,))
    state = HandlerState(program, ir, [Firing(Probe(0, "", "", "", ""), attachment)])
    b = Builder(program, state)
    with b.block() as body:
        if untyped:  # sched_process_exit is the thread's own doing
            program.checked.notes.append("self-> variables set while a thread exits are not freed: the kernel has no type data")
            ir.uses_self = True
            b.emit(ops.FindSelf(ops.Call("thread_id", ())))
            b.emit(ops.FreeSelf())
        else:
            b.emit(ops.ForgetThread(ops.Bin("+", ops.Context(0), b.offset("struct task_struct", ("pid",), 4))))
    ir.clauses.append(ops.ClauseCode(-1, "a thread has ended", body))
    program.ir.handlers.append(ir)
    return [{"kind": "rawtp", "event": event, "handler": ir.name}]
