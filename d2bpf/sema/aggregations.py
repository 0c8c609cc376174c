"""`@name[keys] = function(args)`: one function, one set of parameters and one key signature for each name (language.md 10,
builtins.md 4)."""

from __future__ import annotations

from ..builtins import registry
from ..builtins.spec import Aggregating
from ..dtypes import DType, Dynamic
from ..syntax import ast
from . import tuples
from .analysis import Analysis
from .calls import check_length, reporter
from .checked import AggregationInfo
from .prototypes import parse
from .relations import is_scalar


def assign(a: Analysis, e: ast.Assign) -> None:
    """Check an aggregation assignment, and enter the aggregation at its first."""
    target, call = e.target, e.value
    assert isinstance(target, ast.AggRef)
    record = registry.aggregating(call.name) if isinstance(call, ast.Call) else None
    if e.op != "=" or record is None or not isinstance(call, ast.Call):
        if e.op == "=":
            a.type_of(call)
        raise a.error("D_AGG_FUNC", f"@{target.name} must be assigned the result of an aggregating function", e)
    params = arguments(a, call, record)
    info = a.checked.aggregations.get(target.name)
    if info is not None:
        _same_function(a, e, info, record, params, call)
    keys = target.keys or ()
    outer, a.actions = a.actions, []
    try:
        if info is None:
            types = tuple(tuples.key_type(a, k, f"@{target.name}", i) for i, k in enumerate(keys))
            info = AggregationInfo(target.name, record.name, types, params, defined=e)
            a.checked.aggregations[target.name] = info
        else:
            tuples.check(a, f"@{target.name}", info.keys, keys, target)
    finally:
        a.actions = outer
    tuples.note(a, info, keys)
    a.checked.types[target] = Dynamic("aggregation")
    a.checked.types[call] = a.checked.types[e] = Dynamic("aggregating function")


def arguments(a: Analysis, call: ast.Call, record: Aggregating) -> tuple[int, ...]:
    """Type the arguments of an aggregating function; its constant parameters."""
    check_length(a, call, parse(record.prototype))
    types: list[DType] = [a.value(x) for x in call.args]
    if types and not is_scalar(types[0]):
        raise a.error("D_AGG_SCALAR", f"{call.name}( ) argument #1 must be of scalar type", call.args[0])
    params: tuple[int, ...] = ()
    if record.params is not None:
        params = record.params(call.args, types, [a.constant(x) for x in call.args], reporter(a, call))
    n = record.increment
    if n and len(types) > n and not is_scalar(types[n]):
        raise a.error("D_PROTO_ARG", f"{call.name}( ) increment value (argument #{n + 1}) must be of scalar type", call.args[n])
    return params


def _same_function(
    a: Analysis, e: ast.Assign, info: AggregationInfo, record: Aggregating, params: tuple[int, ...], call: ast.Call
) -> None:
    assert info.defined is not None
    if info.function != record.name:
        raise a.error(
            "D_AGG_REDEF",
            f"aggregation redefined: @{info.name}\n"
            f"\t current: @{info.name} = {record.name}( )\n"
            f"\tprevious: @{info.name} = {info.function}( ) : line {info.defined.span.line}",
            e,
        )
    for i, ((tag, words), want, have) in enumerate(zip(record.matches, info.params, params, strict=True)):
        if want != have:
            raise a.error(
                tag,
                f"{words} (argument #{i + 1}) doesn't match previous declaration: expected {want}, found {have}",
                call.args[i + 1] if i + 1 < len(call.args) else call,
            )


def reference(a: Analysis, e: ast.AggRef) -> None:
    """A statement that is an aggregation alone."""
    raise a.error("D_AGG_NULL", f"expression has null effect: @{e.name}", e)
