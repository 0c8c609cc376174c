"""Calls of built-in functions: number and types of arguments, the checks of the function's own record, and what the call
gives (builtins.md 2 and 3)."""

from __future__ import annotations

from collections.abc import Sequence

from ..builtins import registry
from ..builtins.spec import Action, Check, Report
from ..diagnostics import Abandon
from ..dtypes import VOID, DType, Dynamic, Stack, SymAddr, Translated, is_integer, is_string
from ..syntax import ast
from . import names, printf, translators, tuples
from .analysis import Analysis, kinds
from .memory import is_scratch
from .prototypes import ANY, Prototype, parse
from .relations import accepts, type_name


def call(a: Analysis, e: ast.Call) -> DType:
    """A call within an expression. A tracing function is typed and noted in `a.actions`: whoever allows it there takes it out."""
    record = registry.subroutine(e.name)
    if record is not None:
        if record.fidelity == "absent":
            raise a.error("X_SUBROUTINE", f"{e.name}( ) cannot be translated: {record.note}", e)
        prototype = parse(record.prototype)
        types = _arguments(a, e, prototype)
        for i in record.scratch:
            if not is_scratch(a, e.args[i]):
                raise mismatch(a, e, i, "alloca pointer", types[i])
        if record.check is not None:
            run_check(a, e, record.check, types)
        if record.destructive:
            destructive(a, e)
        result = a.types.text(prototype.result)
        if result is None:
            result = a.types.text("void *")
        assert result is not None
        return a.string() if is_string(result) else result
    if registry.action(e.name) is not None:
        t = action(a, e)
        a.actions.append(e)
        return t
    if registry.aggregating(e.name) is not None:
        for argument in e.args:
            a.value(argument)
        a.actions.append(e)
        return Dynamic("aggregating function")
    raise _undefined(a, e)


def _undefined(a: Analysis, e: ast.Call) -> Abandon:
    symbol = names.find(a, e.name)
    if symbol is not None:
        return a.error("D_FUNC_IDKIND", f"{kinds(symbol)} '{e.name}' may not be referenced as a function", e)
    return a.error("D_FUNC_UNDEF", f"undefined function name: {e.name}", e, _similar(e.name))


def _similar(name: str) -> str:
    from difflib import get_close_matches

    known = [n for kind in ("subroutines", "actions", "aggregations") for n in registry.names(kind)]
    close = get_close_matches(name, known, 1, 0.75)
    return f"did you mean {close[0]}( )?" if close else ""


def destructive(a: Analysis, e: ast.Call) -> None:
    """Note a call that needs the destructive option."""
    if a.checked.destructive is None:
        a.checked.destructive = e


# ---------------------------------------------------------------- arguments


def _arguments(a: Analysis, e: ast.Call, prototype: Prototype) -> list[DType]:
    """Type the arguments and match them with a prototype."""
    check_length(a, e, prototype)
    types = [a.type_of(x) for x in e.args]
    for i, (want, have) in enumerate(zip(prototype.params, types, strict=False)):
        _match(a, e, i, want, have)
    return types


def check_length(a: Analysis, e: ast.Call, prototype: Prototype) -> None:
    expected = prototype.expected(len(e.args))
    if expected is not None:
        raise tuples.length_mismatch(a, f"{e.name}( )", "arg", len(e.args), expected, e)


def _match(a: Analysis, e: ast.Call, i: int, want: str, have: DType) -> None:
    if want == ANY:
        return
    t = a.types.text(want)
    if t is None:
        t = a.types.text("void *")
    assert t is not None
    if isinstance(e.args[i], ast.AggRef) or not accepts(t, have):
        raise mismatch(a, e, i, want, have)
    if is_integer(t) and is_integer(have):
        a.checked.passed[e.args[i]] = t


def mismatch(a: Analysis, e: ast.Call, i: int, want: str, have: DType) -> Abandon:
    """D_PROTO_ARG for argument `i`, counted from 0."""
    return a.error(
        "D_PROTO_ARG",
        f"{e.name}( ) argument #{i + 1} is incompatible with prototype:\n\tprototype: {want}\n\t argument: {type_name(have)}",
        e.args[i],
    )


def run_check(a: Analysis, e: ast.Call, check: Check, types: Sequence[DType]) -> None:
    """The argument checks of a built-in's record."""
    check(e.args, types, [a.constant(x) for x in e.args], reporter(a, e))


def reporter(a: Analysis, e: ast.Call) -> Report:
    def report(code: str, message: str, argument: int) -> None:
        raise a.error(code, message, e.args[argument] if argument < len(e.args) else e)

    return report


# ---------------------------------------------------------------- actions


def action(a: Analysis, e: ast.Call) -> DType:
    """Check a tracing function's arguments; gives void, or the stack or symbol it can be as a key or argument."""
    record = registry.action(e.name)
    assert record is not None
    if record.refused:
        raise a.error("X_ACTION", f"{e.name}( ) cannot be translated: {record.refused}", e)
    check_length(a, e, parse(record.prototype))
    if record.destructive:
        destructive(a, e)
    if record.aggregates:
        printf.aggregation_arguments(a, e, record)
    elif record.formatted is not None:
        printf.check(a, e, record.formatted)
    else:
        _plain(a, e, record)
    return _result(a, e, record)


def _plain(a: Analysis, e: ast.Call, record: Action) -> None:
    prototype = parse(record.prototype)
    types: list[DType] = []
    for i, x in enumerate(e.args):
        dynamic = i < len(prototype.params) and prototype.params[i] == ANY
        types.append(argument(a, x) if dynamic else a.value(x))
    for i, (want, have) in enumerate(zip(prototype.params, types, strict=False)):
        _match(a, e, i, want, have)
    if record.check is not None:
        run_check(a, e, record.check, types)
    for x, t in zip(e.args, types, strict=True):
        if isinstance(t, Translated):
            translators.settle_all(a, x, t)


def argument(a: Analysis, e: ast.Expr) -> DType:
    """Type an argument of a tracing function, which may be stack(), ustack() or one of the sym() family itself."""
    if not isinstance(e, ast.Call):
        return a.value(e)
    outer, a.actions = a.actions, []
    try:
        t = a.type_of(e)
        if a.actions and not (a.actions == [e] and isinstance(t, (Stack, SymAddr))):
            raise a.not_a_value(a.actions[0])
        return t
    finally:
        a.actions = outer


def _result(a: Analysis, e: ast.Call, record: Action) -> DType:
    if record.result == "stack":
        user = e.name != "stack"
        option, default = ("jstackframes", 50) if e.name == "jstack" else ("ustackframes", 100) if user else ("stackframes", 20)
        given = a.constant(e.args[0]) if e.args else None
        frames = given if given is not None else a.option(option, default)
        return Stack(user, max(1, min(frames, a.option("maxframes", 127))))
    if record.result in ("_symaddr", "_usymaddr"):
        return SymAddr(e.name)
    return VOID
