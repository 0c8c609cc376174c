"""llquantize(): histogram of the values in equal steps within powers of a factor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...buckets import llquantize_buckets
from ..spec import Aggregating, Report

if TYPE_CHECKING:
    from ...dtypes import DType
    from ...syntax import ast

MAX_16 = (1 << 16) - 1


def _params(args: Sequence[ast.Expr], types: Sequence[DType], constants: Sequence[int | None], report: Report) -> tuple[int, ...]:
    """(factor, low, high, steps), checked in the order and words of builtins.md 4.2."""
    factor = _constant(constants, 1, "FACTOR", report)
    if not 2 <= factor <= MAX_16:
        _bad("FACTORVAL", 1, "must be an unsigned 16-bit quantity greater than or equal to 2", report)
    low = _constant(constants, 2, "LMAG", report)
    if not 0 <= low <= MAX_16:
        _bad("LMAGVAL", 2, "must be an unsigned 16-bit quantity", report)
    high = _constant(constants, 3, "HMAG", report)
    if not 0 <= high <= MAX_16:
        _bad("HMAGVAL", 3, "must be an unsigned 16-bit quantity", report)
    if high < low:
        _bad("HMAGVAL", 3, "(high magnitude) must be at least argument #2 (low magnitude)", report)
    if high + 1 > 64 or factor ** (high + 1) >= 1 << 64:
        _bad("HMAGVAL", 3, "(high magnitude) will cause overflow of 64 bits", report)
    steps = constants[4]
    if steps is None or steps <= 0:
        _bad("STEPTYPE", 4, "must be a non-zero positive integer constant", report)
    assert steps is not None
    if steps > MAX_16:
        _bad("STEPVAL", 4, "must be an unsigned 16-bit quantity", report)
    _check_steps(factor, low, steps, report)
    return factor, low, high, steps


def _check_steps(factor: int, low: int, steps: int, report: Report) -> None:
    problem = ""
    if steps < factor and factor % steps:
        problem = "must evenly divide argument #1 (factor) when steps<factor"
    elif steps > factor and steps % factor:
        problem = "must be a multiple of argument #1 (factor) when steps>factor"
    elif steps > factor and low == 0 and factor**2 % steps:
        problem = "must evenly divide the square of argument #1 (factor) when steps>factor and lmag==0"
    elif steps > factor and low > 0 and factor ** (low + 1) % steps:
        problem = "must evenly divide pow(argument #1 (factor), lmag (argument #2) + 1) when steps>factor and lmag>0"
    if problem:
        report("D_LLQUANT_STEPVAL", f"llquantize() argument #4 (steps) {problem}", 4)


def _constant(constants: Sequence[int | None], argument: int, tag: str, report: Report) -> int:
    value = constants[argument]
    if value is None:
        _bad(f"{tag}TYPE", argument, "must be an integer constant", report)
    assert value is not None
    return value


def _bad(tag: str, argument: int, problem: str, report: Report) -> None:
    report(f"D_LLQUANT_{tag}", f"llquantize( ) argument #{argument} {problem}", argument)


AGGREGATION = Aggregating(
    name="llquantize",
    prototype="void llquantize(@, @, @, @, @, [@])",
    doc="histogram of the values in equal steps within powers of a factor",
    words=lambda params: llquantize_buckets(*params),
    params=_params,
    matches=(
        ("D_LLQUANT_MATCHFACTOR", "llquantize() factor"),
        ("D_LLQUANT_MATCHLMAG", "llquantize() lmag"),
        ("D_LLQUANT_MATCHHMAG", "llquantize() hmag"),
        ("D_LLQUANT_MATCHSTEPS", "llquantize() steps"),
    ),
    increment=5,
)
