"""Handlers too large for one BPF program, as several: each passes on to the next by a tail call.

The kernel takes jumps of no more than 32767 instructions, and its verifier walks no more than a million, every turn of a loop
anew. Both are estimated here, clause by clause. What lives through all clauses of a firing (this-> variables, the time) is carried
over in scratch memory.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..ir import ops
from ..ir.ops import MapDef
from ..ir.walk import can_fault, expressions, statements

if TYPE_CHECKING:
    from .program import ProgramState

CODE = 6000  # instructions of a part: estimates are right within a factor of three
STEPS = 400_000  # instructions that the verifier walks for a part
MOST_STEPS = 950_000  # for one clause, which is not taken apart

# Instructions of a statement beside its expressions; of a call to a helper of a .bpf.h file.
STATEMENTS = {
    ops.Aggregate: 40,
    ops.Checked: 8,
    ops.Emit: 25,
    ops.FindSelf: 10,
    ops.Key: 8,
    ops.Lookup: 15,
    ops.NewSelf: 25,
    ops.Note: 0,
    ops.Read: 10,
    ops.Tail: 15,
    ops.Zero: 10,
}
OTHER_STATEMENT = 2
HELPER = 150

# What the verifier walks for helpers with loops: so much, and so much per byte of strsize (measured).
LOOPS = {
    "add_delimiters": (200, 4),
    "base_name": (200, 20),
    "change_case": (200, 4),
    "chill_for": (150000, 0),
    "clean_path": (200, 80),
    "descends": (5000, 0),
    "dir_name": (200, 18),
    "file_path": (25000, 0),
    "find_text": (200, 82),
    "find_word": (200, 12),
    "json_value": (500, 225),
    "memory_text": (200, 2),
    "next_token": (200, 42),
    "number_text": (1200, 0),
    "put_groups": (7000, 0),
    "str_chr": (200, 6),
    "str_rchr": (200, 14),
    "text_number": (200, 52),
}


def split(program: ProgramState, handler: ops.Handler) -> list[ops.Handler]:
    """The handler as programs of a size that the kernel takes, the first under its own name. A clause that is too much by itself
    is an error."""
    groups: list[list[ops.ClauseCode]] = []
    code = steps = 0
    for clause in handler.clauses:
        more_code, more_steps = estimate(program, handler, clause)
        if more_steps > MOST_STEPS:
            message = (
                f"a clause may take a million steps of the kernel's verifier, and this one would take about {more_steps}: "
                f"its string subroutines go through {program.strsize} bytes (the option strsize)"
            )
            program.sink.error("X_COMPLEX", message, program.checked.clauses[clause.index].node.span)
        if not groups or code + more_code > CODE or steps + more_steps > STEPS:
            groups.append([])
            code = steps = 0
        groups[-1].append(clause)
        code, steps = code + more_code, steps + more_steps
    return [handler] if len(groups) < 2 else chain(program, handler, groups)


def chain(program: ProgramState, handler: ops.Handler, groups: list[list[ops.ClauseCode]]) -> list[ops.Handler]:
    """A handler for each group of clauses. All have the first one's locals, carried over in scratch memory."""
    table = program.namer(f"{handler.name}_parts")
    program.ir.maps[table] = MapDef(table, "prog_array", "int", "u32", len(groups), note=f"what {handler.name} goes on with")
    size = 8 * (len(handler.locals) + 1)
    program.scratch["carried"] = max(program.scratch.get("carried", 0), size)
    handler.uses_scratch = True
    parts = []
    for number, clauses in enumerate(groups):
        name = handler.name if not number else program.namer(f"{handler.name}_part{number + 1}")
        part = replace(handler, name=name, clauses=clauses, chain=table, part=number, last=number == len(groups) - 1)
        if number:
            part.when, part.comment = [], f"{handler.comment}, part {number + 1}"
        parts.append(part)
    return parts


def estimate(program: ProgramState, handler: ops.Handler, clause: ops.ClauseCode) -> tuple[int, int]:
    """Instructions of a clause with its ERROR clauses, and how many the verifier walks for it."""
    bodies = [clause.body] + ([c.body for c in handler.error_clauses] if can_fault(clause.body) else [])
    code = loops = 0
    for body in bodies:
        for statement in statements(body):
            code += STATEMENTS.get(type(statement), OTHER_STATEMENT)
            if isinstance(statement, ops.Emit):
                code += 3 * len(statement.stores)
        for expression in expressions(body):
            code += 1
            if isinstance(expression, ops.Call) and expression.function in LOOPS:
                fixed, each = LOOPS[expression.function]
                code += HELPER
                loops += fixed + each * program.strsize
    return code, 2 * code + loops
