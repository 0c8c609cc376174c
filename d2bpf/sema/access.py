"""Typing of member access, indexing, casts, sizeof, offsetof and stringof (language.md 7.2)."""

from __future__ import annotations

from ..builtins import registry
from ..diagnostics import Abandon
from ..dtypes import (
    CHAR,
    Array,
    DType,
    Enum,
    Func,
    Int,
    Ptr,
    String,
    Struct,
    Translated,
    Void,
    find_member,
    is_integer,
    is_string,
    is_string_compatible,
    strip,
)
from ..syntax import ast
from . import inline, names, standins, translators, tuples
from .analysis import Analysis
from .checked import Symbol
from .foreign import member_help
from .operators import incomplete
from .relations import (
    SIZE_T,
    castable,
    is_dynamic,
    is_incomplete,
    is_scalar,
    is_void,
    pointee,
    type_name,
    wrap,
)

# ---------------------------------------------------------------- members


def member(a: Analysis, e: ast.MemberOf) -> DType:
    t = a.type_of(e.base)
    if isinstance(t, Translated) and t.pointer == e.arrow:
        return translators.member(a, e, t)
    struct = _struct_behind(a, e, t)
    if is_incomplete(struct):
        raise incomplete(a, "->" if e.arrow else ".", struct, e)
    found = find_member(struct, e.name)
    if found is not None:
        return found.type
    other = standins.member(a, e, struct)
    if other is None:
        raise a.error("D_TYPE_MEMBER", f"{e.name} is not a member of {struct}", e, _nearby(struct, e.name))
    return other


def _struct_behind(a: Analysis, e: ast.MemberOf, t: DType) -> Struct:
    if not e.arrow and not (e.base in a.checked.stand_ins and pointee(t)):
        struct = strip(t)
        if not isinstance(struct, Struct):
            raise a.error(
                "D_OP_SOU",
                f'operator . cannot be applied to type "{type_name(t)}"; must be applied to a struct or union',
                e,
            )
        return struct
    to = pointee(t)
    if to is None:
        raise a.error("D_OP_PTR", "operator -> must be applied to a pointer", e)
    struct = strip(to)
    if not isinstance(struct, Struct):
        raise a.error(
            "D_OP_SOU",
            f'operator -> cannot be applied to pointer to type "{type_name(to)}"; must be applied to a struct or union pointer',
            e,
            a.types.absence_help() if isinstance(struct, Void) else "",
        )
    return struct


def _nearby(struct: Struct, name: str) -> str:
    """Help for a missing member: what it is called on Linux, or those with a similar name."""
    from difflib import get_close_matches

    foreigner = member_help(str(struct), name)
    if foreigner:
        return foreigner
    members = [m.name for m in struct.body.get() if m.name] if struct.body else []
    close = get_close_matches(name, members, 3, 0.6)
    return f"{struct} has {', '.join(close)}" if close else ""


# ---------------------------------------------------------------- indexing


def index(a: Analysis, e: ast.Index) -> DType:
    if isinstance(e.base, ast.KernelSym):
        return standins.element(a, e, e.base) or _element(a, e)
    symbol = names.find(a, e.base.name) if isinstance(e.base, ast.Ident) else names.associative(a, e)
    if symbol is not None:
        if symbol.kind == "assoc":
            tuples.check(a, symbol.name, symbol.keys, e.indices, e)
            tuples.note(a, symbol, e.indices)
            return _named(a, e, symbol, symbol.type)
        if symbol.kind == "args":
            return _named(a, e, symbol, _argument(a, e))
        if symbol.kind == "inline" and symbol.params:
            tuples.check(a, symbol.name, [p.type for p in symbol.params], e.indices, e)
            inline.use(a, symbol, e)
            return _named(a, e, symbol, symbol.type)
        if symbol.kind == "builtin":
            record = registry.variable(symbol.name)
            if record is not None and record.index:
                return _named(a, e, symbol, _builtin_element(a, e, symbol))
    elif isinstance(e.base, (ast.Ident, ast.ScopedVar)):
        scope, name = (e.base.scope, e.base.name) if isinstance(e.base, ast.ScopedVar) else ("", e.base.name)
        if name not in a.space(scope):
            raise names.undefined(a, e.base, scope, name)
    if isinstance(e.base, ast.AggRef):
        raise a.error("D_AGG_MDIM", f"improper attempt to reference @{e.base.name} as a multi-dimensional array", e)
    return _element(a, e)


def _named(a: Analysis, e: ast.Index, symbol: Symbol, t: DType) -> DType:
    a.checked.symbols[e] = a.checked.symbols[e.base] = symbol
    a.checked.types[e.base] = t
    return t


def _element(a: Analysis, e: ast.Index) -> DType:
    t = a.type_of(e.base)
    to = CHAR if is_string(t) else pointee(t)
    if to is None or len(e.indices) != 1:
        if isinstance(e.base, (ast.Ident, ast.ScopedVar)):
            raise a.error("D_ARR_BADREF", f"cannot access {e.base.name} as an associative array", e)
        raise a.error("D_DEREF_NONPTR", "cannot dereference non-pointer type", e)
    if not is_integer(a.type_of(e.indices[0])):
        raise a.error("D_OP_INT", "operator [ ] requires operands of integral type", e)
    if is_void(to):
        raise a.error("D_DEREF_VOID", "cannot dereference pointer to void", e)
    if isinstance(strip(to), Func):
        raise a.error("D_DEREF_FUNC", "cannot dereference pointer to function", e)
    if is_incomplete(to):
        raise incomplete(a, "[ ]", to, e)
    _bounds(a, e, strip(t))
    return to


def _bounds(a: Analysis, e: ast.Index, array: DType) -> None:
    n = a.constant(e.indices[0])
    # Kernel structures end in arrays of 0 or 1 elements that stand for any number.
    if n is None or not isinstance(array, Array) or array.count < 1 or (array.count == 1 and isinstance(e.base, ast.MemberOf)):
        return
    if not 0 <= n < array.count:
        raise a.error("D_ARR_BOUNDS", f"index outside array bounds: {n}, max is {array.count - 1}", e)


def _argument(a: Analysis, e: ast.Index) -> DType:
    """args[n]: the index is a constant, the type comes from the probes of the clause."""
    arguments = a.place.arguments
    if arguments is None:
        raise a.error("D_ARGS_NONE", "args[ ] may not be referenced outside of a probe clause", e)
    if arguments.problem is not None:
        code, message = arguments.problem
        raise a.error(code, message, e) if code else Abandon("args")
    if len(e.indices) != 1:
        raise tuples.length_mismatch(a, "args[ ]", "key", len(e.indices), "1", e)
    t = a.value(e.indices[0])
    n = a.constant(e.indices[0])
    if n is None:
        raise a.error(
            "D_PROTO_ARG",
            f"args[ ] key #1 is incompatible with prototype:\n\tprototype: integer constant\n\t      key: {type_name(t)}",
            e,
        )
    if not 0 <= n < len(arguments.types):
        raise a.error("D_ARGS_IDX", f"index {n} is out of range for {arguments.description} args[ ]", e)
    found = arguments.types[n]
    if found is None:
        raise a.error("D_ARGS_TYPE", f"failed to resolve native type for args[{n}]", e)
    if isinstance(found, Translated) and translators.find(a, found.to, found.source) is None:
        message = f"translator for args[{n}] from {type_name(found.source)} to {type_name(found)} is not defined"
        raise a.error("D_ARGS_XLATOR", message, e)
    a.place.used_args.add(n)
    return found


def _builtin_element(a: Analysis, e: ast.Index, symbol: Symbol) -> DType:
    if len(e.indices) != 1:
        raise tuples.length_mismatch(a, f"{symbol.name}[ ]", "key", len(e.indices), "1", e)
    record = registry.variable(symbol.name)
    assert record is not None
    want = a.types.text(record.index)
    assert want is not None
    tuples.check(a, symbol.name, [want], e.indices, e)
    n = a.constant(e.indices[0])
    if record.elements and n is not None and not 0 <= n < record.elements:
        raise a.error("D_REGS_IDX", f"index {n} is out of range for array {symbol.name}", e)
    return symbol.type


# ---------------------------------------------------------------- casts and sizes


def cast(a: Analysis, e: ast.Cast) -> DType:
    target = a.name_type(e.type)
    t = a.type_of(e.operand)
    if isinstance(t, Translated) and t.pointer:
        t = Ptr(t.to)
    if not castable(target, t) or isinstance(e.operand, ast.AggRef):
        raise a.error("D_CAST_INVAL", f'invalid cast expression: "{type_name(t)}" to "{type_name(target)}"', e)
    value = a.constant(e.operand)
    if value is not None and is_scalar(target):
        a.set_constant(e, wrap(value, target) if isinstance(strip(target), (Int, Enum)) else value % (1 << 64))
    return target


def sizeof_type(a: Analysis, e: ast.SizeofType) -> DType:
    return _sizeof(a, e, a.name_type(e.type))


def sizeof_expr(a: Analysis, e: ast.SizeofExpr) -> DType:
    names.operand(a, e.operand)
    t = a.type_of(e.operand)
    if names.bit_field(a, e.operand):
        raise a.error("D_SIZEOF_BITFIELD", "cannot apply sizeof to a bit-field", e)
    return _sizeof(a, e, t)


def _sizeof(a: Analysis, e: ast.SizeofType | ast.SizeofExpr, t: DType) -> DType:
    base = strip(t)
    if isinstance(base, Translated):
        base = Ptr(base.to) if base.pointer else strip(base.to)
    if is_void(base) or isinstance(base, Func) or is_dynamic(base) or is_incomplete(base):
        raise a.error("D_SIZEOF_TYPE", "cannot apply sizeof to an operand of unknown size", e)
    a.set_constant(e, a.strsize() if isinstance(base, String) else base.size)
    return SIZE_T


def offsetof(a: Analysis, e: ast.Offsetof) -> DType:
    t = a.name_type(e.type)
    struct = strip(t)
    if not isinstance(struct, Struct):
        raise a.error("D_OFFSETOF_TYPE", "offsetof operand must be a struct or union type", e)
    if is_incomplete(struct):
        raise incomplete(a, "offsetof", struct, e)
    found = find_member(struct, e.member)
    if found is None:
        raise a.error("D_TYPE_MEMBER", f"{e.member} is not a member of {struct}", e)
    if found.bits:
        raise a.error("D_OFFSETOF_BITFIELD", f"cannot take offset of a bit-field: {e.member}", e)
    a.set_constant(e, found.offset // 8)
    return SIZE_T


def stringof(a: Analysis, e: ast.Stringof) -> DType:
    names.operand(a, e.operand)
    t = a.type_of(e.operand)
    if not is_scalar(t) and not is_string_compatible(t):
        raise a.error("D_STRINGOF_TYPE", f"cannot apply stringof to a value of type {type_name(t)}", e)
    return a.string()
