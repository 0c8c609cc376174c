"""lquantize(): histogram of the values in equal steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...buckets import lquantize_bounds
from ..spec import Aggregating, Report

if TYPE_CHECKING:
    from ...dtypes import DType
    from ...syntax import ast

INT_MIN, INT_MAX = -(1 << 31), (1 << 31) - 1
MAX_16 = (1 << 16) - 1


def _params(args: Sequence[ast.Expr], types: Sequence[DType], constants: Sequence[int | None], report: Report) -> tuple[int, ...]:
    """(base, limit, step). Checked in the order and words of builtins.md 4.2: errors count from the argument after the value."""
    base = _limit(constants[1], 1, "BASE", report)
    limit = _limit(constants[2], 2, "LIM", report)
    if base >= limit:
        report("D_LQUANT_MISMATCH", "lquantize( ) base (argument #1) must be less than limit (argument #2)", 1)
    step = constants[3] if len(args) > 3 else 1
    if step is None or step <= 0:
        report("D_LQUANT_STEPTYPE", "lquantize( ) argument #3 must be a non-zero positive integer constant", 3)
    assert step is not None
    if step > MAX_16:
        report("D_LQUANT_STEPVAL", "lquantize( ) argument #3 must be a 16-bit quantity", 3)
    levels = (limit - base) // step
    if not levels:
        message = "lquantize( ) step (argument #3) too large: must have at least one quantization level"
        report("D_LQUANT_STEPLARGE", message, 3)
    if levels > MAX_16:
        message = "lquantize( ) step (argument #3) too small: number of quantization levels must be a 16-bit quantity"
        report("D_LQUANT_STEPSMALL", message, 3)
    return base, limit, step


def _limit(value: int | None, argument: int, tag: str, report: Report) -> int:
    if value is None:
        report(f"D_LQUANT_{tag}TYPE", f"lquantize( ) argument #{argument} must be an integer constant", argument)
    assert value is not None
    if not INT_MIN <= value <= INT_MAX:
        report(f"D_LQUANT_{tag}VAL", f"lquantize( ) argument #{argument} must be a 32-bit quantity", argument)
    return value


AGGREGATION = Aggregating(
    name="lquantize",
    prototype="void lquantize(@, @, @, [@], [@])",
    doc="histogram of the values in equal steps from a base to a limit",
    words=lambda params: len(lquantize_bounds(*params)) + 1,
    params=_params,
    matches=(
        ("D_LQUANT_MATCHBASE", "lquantize( ) base"),
        ("D_LQUANT_MATCHLIM", "lquantize( ) limit"),
        ("D_LQUANT_MATCHSTEP", "lquantize( ) step"),
    ),
    increment=4,
)
