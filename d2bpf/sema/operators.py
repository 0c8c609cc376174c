"""Typing of operators: unary, binary, assignment, conditional (language.md 6.2, 7.2)."""

from __future__ import annotations

from ..diagnostics import Abandon
from ..dtypes import INT, INT64, Array, DType, Func, Ptr, String, Translated, is_integer, is_string, is_string_compatible, strip
from ..syntax import ast
from . import fold, names, translators
from .analysis import Analysis
from .relations import (
    PTRDIFF_T,
    as_int,
    assignable,
    comparable,
    decay,
    is_address,
    is_arithmetic,
    is_dynamic,
    is_incomplete,
    is_scalar,
    is_void,
    pointee,
    pointers_agree,
    promote,
    same_type,
    type_name,
)
from .standins import is_condition

INTEGER_OPS = frozenset({"%", "&", "|", "^", "<<", ">>"})
COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})
LOGICAL = frozenset({"&&", "||", "^^"})


# ---------------------------------------------------------------- complaints


def _requires(a: Analysis, code: str, op: str, what: str, at: ast.Expr, unary: bool = False) -> Abandon:
    operands = f"an operand of {what} type" if unary else f"operands of {what} type"
    return a.error(code, f"operator {op} requires {operands}", at)


def incompatible(a: Analysis, left: DType, op: str, right: DType, at: ast.Node) -> Abandon:
    """D_OP_INCOMPAT for two operands, or for a variable and the value it cannot take."""
    return a.error("D_OP_INCOMPAT", f'operands have incompatible types: "{type_name(left)}" {op} "{type_name(right)}"', at)


def _refuse_dynamic(a: Analysis, op: str, at: ast.Expr, *operands: ast.Expr) -> None:
    for e in operands:
        if _is_action(a, e):
            if op == "?:":
                help = "write if (condition) { action } else { action }"
                raise a.error("D_OP_ACT", "action cannot be used in a conditional context", e, help)
            raise a.error("D_OP_ACT", f"operator {op} operands cannot be actions", at)
        t = a.type_of(e)
        if is_dynamic(t) or (op == "?:" and is_void(t)):
            raise a.error("D_OP_DYN", f"operator {op} operands cannot be of dynamic type", at)


def _is_action(a: Analysis, e: ast.Expr) -> bool:
    return isinstance(e, ast.Call) and e in a.actions


# ---------------------------------------------------------------- unary


def unary(a: Analysis, e: ast.Unary) -> DType:
    if e.op in ("++", "--"):
        return step(a, e)
    names.operand(a, e.operand)
    if e.op == "*":
        return dereference(a, e)
    if e.op == "&":
        return address(a, e)
    t = a.type_of(e.operand)
    if e.op == "!":
        if not is_condition(a, e.operand):
            raise _requires(a, "D_OP_SCALAR", e.op, "scalar", e, unary=True)
        result: DType = INT
    elif e.op == "~":
        if not is_integer(t):
            raise _requires(a, "D_OP_INT", e.op, "integral", e, unary=True)
        result = as_int(t)
    else:
        if not is_arithmetic(t):
            raise _requires(a, "D_OP_ARITH", e.op, "arithmetic", e, unary=True)
        result = as_int(t)
    value = a.constant(e.operand)
    if value is not None:
        a.set_constant(e, fold.unary(e.op, value, result))
    return result


def step(a: Analysis, e: ast.Unary | ast.Postfix) -> DType:
    """++ and --, before or after. An undeclared variable becomes an int64_t."""
    t = names.assignee(a, e.operand, e.op, lambda: INT64)
    _refuse_array(a, t, e.op, e)
    if not is_scalar(t):
        raise _requires(a, "D_OP_SCALAR", e.op, "scalar", e, unary=True)
    _known_size(a, t, e.op, e)
    return t


def _refuse_array(a: Analysis, t: DType, op: str, at: ast.Expr) -> None:
    """Arrays and functions cannot be written as a whole."""
    if isinstance(strip(t), (Array, Func)):
        raise a.error("D_OP_ARRFUN", f'operator {op} may not be applied to operand of type "{type_name(t)}"', at)


def _known_size(a: Analysis, t: DType, op: str, at: ast.Expr) -> None:
    """Pointer arithmetic needs to know the size of what is pointed to."""
    to = pointee(t)
    if to is None:
        return
    if is_void(to) or isinstance(strip(to), Func):
        raise a.error("D_OP_VFPTR", f"operator {op} requires an operand of known size", at)
    if is_incomplete(to):
        raise incomplete(a, op, to, at)


def incomplete(a: Analysis, op: str, t: DType, at: ast.Expr) -> Abandon:
    return a.error(
        "D_OP_INCOMPLETE",
        f"operator {op} cannot be applied to a forward declaration: no {type_name(t)} definition is available",
        at,
    )


def dereference(a: Analysis, e: ast.Unary) -> DType:
    t = a.type_of(e.operand)
    if isinstance(t, Translated) and t.pointer:
        return Translated(t.to, t.source, pointer=False)
    to = pointee(t)
    if to is None:
        raise a.error("D_DEREF_NONPTR", "cannot dereference non-pointer type", e)
    if is_void(to):
        raise a.error("D_DEREF_VOID", "cannot dereference pointer to void", e)
    if isinstance(strip(to), Func):
        raise a.error("D_DEREF_FUNC", "cannot dereference pointer to function", e)
    if is_incomplete(to):
        raise incomplete(a, "*", to, e)
    return to


def address(a: Analysis, e: ast.Unary) -> DType:
    operand = e.operand
    if isinstance(operand, (ast.Ident, ast.ScopedVar)) or (
        isinstance(operand, ast.Index) and names.associative(a, operand) is not None
    ):
        a.type_of(operand)
        symbol = a.checked.symbols.get(operand)
        if symbol is not None and symbol.kind in ("enumerator", "inline", "param"):
            raise a.error("D_ADDROF_LVAL", "unacceptable operand for unary & operator", e)
        raise a.error("D_ADDROF_VAR", "cannot take address of dynamic variable", e)
    t = a.type_of(operand)
    if not names.is_lvalue(a, operand):
        raise a.error("D_ADDROF_LVAL", "unacceptable operand for unary & operator", e)
    if names.bit_field(a, operand):
        raise a.error("D_ADDROF_BITFIELD", "cannot take address of bit-field", e)
    return Ptr(t)


# ---------------------------------------------------------------- binary


def binary(a: Analysis, e: ast.Binary) -> DType:
    left = a.type_of(e.left)
    if e.op in COMPARISONS:
        names.enumerator_operand(a, e, left)
    right = a.type_of(e.right)
    if e.op == ",":
        _refuse_dynamic(a, ",", e, e.left, e.right)
        return right
    if e.op in LOGICAL:
        return _logical(a, e)
    if e.op in COMPARISONS:
        return _comparison(a, e, left, right)
    if e.op in INTEGER_OPS:
        if not is_integer(left) or not is_integer(right):
            raise _requires(a, "D_OP_INT", e.op, "integral", e)
    elif is_address(left) or is_address(right) or is_string(left) or is_string(right):
        return _pointer_arithmetic(a, e, left, right)
    elif not is_arithmetic(left) or not is_arithmetic(right):
        raise _requires(a, "D_OP_ARITH", e.op, "arithmetic", e)
    result = as_int(left) if e.op in ("<<", ">>") else promote(left, right)
    _fold(a, e, result, result)
    return result


def _fold(a: Analysis, e: ast.Binary, operands: DType, result: DType) -> None:
    right = a.constant(e.right)
    if e.op in ("/", "%") and right is not None and fold.word(right, operands) == 0:
        raise a.error("D_DIV_ZERO", "expression contains division by zero", e)
    left = a.constant(e.left)
    if left is not None and right is not None:
        a.set_constant(e, fold.binary(e.op, left, right, operands, result))


def _logical(a: Analysis, e: ast.Binary) -> DType:
    if not is_condition(a, e.left) or not is_condition(a, e.right):
        raise _requires(a, "D_OP_SCALAR", e.op, "scalar", e)
    x, y = a.constant(e.left), a.constant(e.right)
    if x is not None and y is not None:
        a.set_constant(e, fold.binary(e.op, x, y, INT, INT))
    elif x is not None and e.op == "&&" and not x:
        a.set_constant(e, 0)
    elif x is not None and e.op == "||" and x:
        a.set_constant(e, 1)
    return INT


def _comparison(a: Analysis, e: ast.Binary, left: DType, right: DType) -> DType:
    if not comparable(left, right, a.is_zero(e.left), a.is_zero(e.right)):
        raise incompatible(a, left, e.op, right, e)
    if is_arithmetic(left) and is_arithmetic(right):
        _fold(a, e, promote(left, right), INT)
    return INT


def _pointer_arithmetic(a: Analysis, e: ast.Binary, left: DType, right: DType) -> DType:
    """A string takes part as the address of its first character; the sum is the string that begins there."""
    if e.op not in ("+", "-"):
        raise _requires(a, "D_OP_ARITH", e.op, "arithmetic", e)
    if (is_string(left) and is_integer(right)) or (is_string(right) and is_integer(left) and e.op == "+"):
        return a.string()
    if is_string(left) and is_string(right):
        raise incompatible(a, left, e.op, right, e)
    if is_address(left) and is_address(right):
        if e.op == "+" or not pointers_agree(left, right):
            raise incompatible(a, left, e.op, right, e)
        _known_size(a, left, e.op, e)
        return PTRDIFF_T
    pointer, other = (left, right) if is_address(left) else (right, left)
    if not is_integer(other) or (e.op == "-" and pointer is right):
        if is_integer(other):
            raise incompatible(a, left, e.op, right, e)
        raise _requires(a, "D_OP_ARITH", e.op, "arithmetic", e)
    _known_size(a, pointer, e.op, e)
    return decay(pointer)


# ---------------------------------------------------------------- assignment


def assign(a: Analysis, e: ast.Assign) -> DType:
    if isinstance(e.target, ast.AggRef):
        raise a.error("D_AGG_FUNC", f"@{e.target.name} must be assigned the result of an aggregating function", e)
    if e.op != "=":
        return _compound(a, e)
    target = names.assignee(a, e.target, "=", lambda: _initial(a, e))
    value = a.type_of(e.value)
    _refuse_array(a, target, "=", e)
    if isinstance(value, Translated):
        _copy_of(a, e, value)
    if isinstance(e.value, ast.AggRef) or not assignable(target, value, a.is_zero(e.value)):
        _refuse_value(a, e, value)
        raise incompatible(a, target, "=", value, e)
    names.assigned(a, e.target, e.value)
    return target


def _initial(a: Analysis, e: ast.Assign) -> DType:
    """The type an undeclared variable gets from its first value."""
    t = a.type_of(e.value)
    if a.is_zero(e.value) and a.failed() and next(names.written(e)) in a.spoilt:
        raise Abandon("its real type is that of a value in error")
    _refuse_value(a, e, t)
    if is_void(t):
        raise incompatible(a, t, e.op, t, e)
    if isinstance(t, Translated):
        return _copy_of(a, e, t)
    if isinstance(t, String):
        return a.string()
    return decay(t)


def _copy_of(a: Analysis, e: ast.Assign, t: Translated) -> DType:
    """The type of a translated structure once it is copied. A pseudo-pointer to one cannot be kept."""
    if t.pointer:
        raise a.error("D_CG_DYN", "expression cannot evaluate to result of dynamic type", e.value)
    translators.settle_all(a, e.value, t)
    return t.to


def _refuse_value(a: Analysis, e: ast.Assign, t: DType) -> None:
    if a.actions:
        raise a.not_a_value(a.actions[0])
    if is_dynamic(t) and not isinstance(t, Translated):
        raise a.error("D_OP_DYN", f"operator {e.op} operands cannot be of dynamic type", e)


def _compound(a: Analysis, e: ast.Assign) -> DType:
    op = e.op[:-1]
    target = names.assignee(a, e.target, e.op, lambda: INT64)
    value = a.type_of(e.value)
    _refuse_array(a, target, e.op, e)
    if op in INTEGER_OPS:
        if not is_integer(target) or not is_integer(value):
            raise _requires(a, "D_OP_INT", e.op, "integral", e)
    elif op in ("+", "-") and isinstance(strip(target), Ptr):
        if not is_integer(value):
            raise incompatible(a, target, e.op, value, e)
        _known_size(a, target, e.op, e)
    elif not is_arithmetic(target) or not is_arithmetic(value):
        raise _requires(a, "D_OP_ARITH", e.op, "arithmetic", e)
    if op in ("/", "%") and a.is_zero(e.value):
        raise a.error("D_DIV_ZERO", "expression contains division by zero", e)
    return target


# ---------------------------------------------------------------- conditional


def conditional(a: Analysis, e: ast.Cond) -> DType:
    if not is_condition(a, e.test):
        raise a.error("D_OP_SCALAR", "operator ?: expression must be of scalar type", e)
    then, other = a.type_of(e.then), a.type_of(e.other)
    _refuse_dynamic(a, "?:", e, e.then, e.other)
    t = _branches(a, e, then, other)
    chosen = a.constant(e.test)
    if chosen is not None:
        branch = e.then if chosen else e.other
        t = a.type_of(branch)
        value = a.constant(branch)
        if value is not None:
            a.set_constant(e, value)
    return t


def _branches(a: Analysis, e: ast.Cond, then: DType, other: DType) -> DType:
    if is_arithmetic(then) and is_arithmetic(other):
        return promote(then, other)
    if is_string_compatible(then) and is_string_compatible(other) and (is_string(then) or is_string(other)):
        return a.string()
    if is_string(then) and a.is_zero(e.other):
        return a.string()
    if is_string(other) and a.is_zero(e.then):
        return a.string()
    if is_address(then) and is_address(other) and same_type(decay(then), decay(other)):
        return decay(then)
    if pointers_agree(decay(then), decay(other)):
        first = decay(then) if is_address(then) else decay(other)
        to = pointee(first)
        return decay(other) if to is not None and is_void(to) and is_address(other) else first
    if same_type(then, other):
        return then
    raise a.error("D_OP_INCOMPAT", "operator ?: operands must have compatible types", e)
