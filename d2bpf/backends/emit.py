"""--emit: the translation in the form asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ir.pprint import pprint_program
from ..syntax.dump import dump
from .standalone import plan_text, standalone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..compiler import Compilation


def emit(kind: str, result: Compilation, programs: Sequence[tuple[str, str, bytes]]) -> str:
    """Text of `kind`: "program" (complete and runnable), "c" (BPF C), "plan" (JSON), "ast" or "ir"."""
    assert result.plan is not None and result.ir is not None
    match kind:
        case "c":
            return result.plan["c"]
        case "plan":
            return plan_text(result.plan)
        case "ast":
            return "".join(dump(tree) for tree in result.trees)
        case "ir":
            return pprint_program(result.ir)
        case _:
            names = [text if letter == "s" else f"-{letter} '{text}'" for letter, text, _ in programs]
            source = "\n".join(data.decode("utf-8", "replace") for _, _, data in programs)
            return standalone(result.plan, ", ".join(" ".join(n.split()) for n in names), source)
