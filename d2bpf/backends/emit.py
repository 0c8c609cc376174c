"""--emit: the translation in the form asked for."""

from __future__ import annotations

from collections.abc import Sequence

from ..ir import ops
from ..ir.plan import Plan
from ..ir.pprint import pprint_program
from ..syntax import ast
from ..syntax.dump import dump
from .standalone import plan_text, standalone


def emit(kind: str, plan: Plan, ir: ops.Program, trees: Sequence[ast.Program], programs: Sequence[tuple[str, str, bytes]]) -> str:
    """Text of `kind`: "program" (complete and runnable), "c" (BPF C), "plan" (JSON), "ast" or "ir". `programs` are (flag
    letter, its
    text, D source)."""
    match kind:
        case "c":
            return plan["c"]
        case "plan":
            return plan_text(plan)
        case "ast":
            return "".join(dump(tree) for tree in trees)
        case "ir":
            return pprint_program(ir)
        case _:
            source = "\n".join(data.decode("utf-8", "replace") for _, _, data in programs)
            return standalone(plan, title(programs), source)


def title(programs: Sequence[tuple[str, str, bytes]]) -> str:
    """What names the D program in one line: its files, its flags and descriptions."""
    names = [text if letter == "s" else f"-{letter} '{text}'" for letter, text, _ in programs]
    return ", ".join(" ".join(name.split()) for name in names)
