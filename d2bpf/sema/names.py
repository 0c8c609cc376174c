"""What names mean: variables of the three scopes, built-ins, inlines, enumerators, kernel symbols; which expressions can
be assigned to, and implicit declaration (language.md 8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..builtins import registry
from ..diagnostics import Abandon
from ..dtypes import INT64, DType, Enum, Struct, Translated, find_member, is_string, strip
from ..syntax import ast
from . import foreign, inline, standins, tuples
from .analysis import Analysis, kinds
from .checked import Symbol
from .memory import is_scratch
from .relations import CHAR_POINTER, pointee
from .types import KERNEL_MODULES

NO_TYPE = "no symbolic type information is available"  # what Target.variable says of a symbol without a type
WRITABLE = frozenset({"global", "assoc", "self", "this"})
ARGUMENT = tuple(f"arg{i}" for i in range(10))


# ---------------------------------------------------------------- look-up


def find(a: Analysis, name: str) -> Symbol | None:
    """The symbol of a name in the global space, from the inside out: parameters, what the program declares, built-ins,
    provider libraries. None when nothing has it."""
    symbol = a.place.params.get(name) or _declared(a, name)
    if symbol is None:
        symbol = _builtin(a, name)
        if symbol is not None:
            a.globals[name] = symbol
        elif a.load(name):
            symbol = _declared(a, name)
    return symbol


def _declared(a: Analysis, name: str) -> Symbol | None:
    first, second = (a.library, a.globals) if a.place.library else (a.globals, a.library)
    return first.get(name) or second.get(name)


def _builtin(a: Analysis, name: str) -> Symbol | None:
    if name == "args":
        return Symbol("args", name, CHAR_POINTER)
    record = registry.variable(name)
    if record is None:
        return None
    t = a.types.text(record.type)
    if t is None:  # the kernel's types are not known here
        t = a.types.text("void *")
    assert t is not None
    return Symbol("builtin", name, a.string(record.capacity) if record.type == "string" else t)


def _kernel_enumerator(a: Analysis, name: str) -> Symbol | None:
    if ("", name) in a.spoilt or name in assigned_names(a.items) or a.types.kernel is None:
        return None
    found = a.types.kernel.enumerator(name)
    if found is None:
        return None
    value, enum = found
    a.checked.enumerators[name] = value
    symbol = a.globals[name] = Symbol("enumerator", name, enum, value=value)
    return symbol


def function_kind(name: str) -> str:
    """What kind of function a name is ("function", "tracing function", "aggregating function"), or ""."""
    if registry.subroutine(name):
        return "function"
    if registry.action(name):
        return "tracing function"
    return "aggregating function" if registry.aggregating(name) else ""


def ident(a: Analysis, e: ast.Ident) -> DType:
    """A name standing for a value."""
    symbol = find(a, e.name) or _kernel_enumerator(a, e.name)
    if symbol is None:
        raise undefined(a, e, "", e.name)
    if symbol.kind in ("assoc", "args") or (symbol.kind == "builtin" and _indexed(symbol)) or symbol.params:
        kind = "associative array" if symbol.kind == "assoc" else "array"
        raise a.error("D_IDENT_BADREF", f"{kind} '{e.name}' may not be referenced as scalar", e)
    a.checked.symbols[e] = symbol
    if symbol.kind == "enumerator":
        a.set_constant(e, symbol.value)
    elif symbol.kind == "inline":
        inline.use(a, symbol, e)
    elif symbol.kind == "builtin" and e.name in ARGUMENT:
        a.place.used_argn.add(int(e.name[3:]))
    return symbol.type


def _indexed(symbol: Symbol) -> bool:
    record = registry.variable(symbol.name)
    return bool(record and record.index)


def scoped(a: Analysis, e: ast.ScopedVar) -> DType:
    symbol = a.space(e.scope).get(e.name)
    if symbol is None:
        raise undefined(a, e, e.scope, e.name)
    if symbol.kind == "assoc":
        raise a.error("D_IDENT_BADREF", f"associative array '{e.name}' may not be referenced as scalar", e)
    a.checked.symbols[e] = symbol
    return symbol.type


def kernel_symbol(a: Analysis, e: ast.KernelSym) -> DType:
    shown = f"{e.module}`{e.name}"
    module = "" if e.module in KERNEL_MODULES else e.module
    found = a.target.variable(e.name, module) if a.target else "Unknown symbol name"
    if isinstance(found, str) and not module:
        other = standins.variable(a, e)
        if other is not None:
            return other
    if found == NO_TYPE:
        raise a.error("D_SYM_NOTYPES", f"{NO_TYPE} for {shown}: Module does not contain any CTF data", e)
    if isinstance(found, str):
        raise a.error("D_IDENT_UNDEF", f"failed to resolve {shown}: {found}", e)
    a.checked.symbols[e] = Symbol("kernel", e.name, found, module=module)
    return found


def undefined(a: Analysis, e: ast.Expr, scope: str, name: str) -> Abandon:
    """The error for reading a name nothing has declared; silent if its declaration has failed already."""
    spoilt = (scope, name) in a.spoilt
    if spoilt and a.failed():
        return Abandon(name)
    a.spoilt.add((scope, name))
    prefix = f"{scope}->" if scope else ""
    if scope or name in assigned_names(a.items):
        help = f"{prefix}{name} is assigned later in the program; a clause that reads it must come after one that writes it"
        later = not spoilt and (scope, name) in _assignments(a.items)
        return a.error("D_VAR_UNDEF", f"{prefix}{name} has not yet been declared or assigned", e, help if later else "")
    kind = function_kind(name)
    if kind:
        return a.error("D_IDENT_BADREF", f"{kind} '{name}' may not be referenced as scalar", e, f"write {name}(...)")
    return a.error("D_IDENT_UNDEF", f"failed to resolve {name}: Unknown variable name", e, foreign.VARIABLES.get(name, ""))


def assigned_names(items: list[ast.Item]) -> set[str]:
    """Global names that any clause of the program assigns to."""
    return {name for scope, name in _assignments(items) if not scope}


def _assignments(items: list[ast.Item]) -> Iterator[tuple[str, str]]:
    for item in items:
        if isinstance(item, ast.Clause):
            for statement in item.body or ():
                yield from written(statement)


def written(node: object) -> Iterator[tuple[str, str]]:
    """(scope, name) of every variable that a statement or expression assigns to."""
    for e in walk(node):
        target = None
        if isinstance(e, ast.Assign):
            target = e.target
        elif isinstance(e, (ast.Unary, ast.Postfix)) and e.op in ("++", "--"):
            target = e.operand
        if isinstance(target, ast.Index):
            target = target.base
        if isinstance(target, ast.Ident):
            yield "", target.name
        elif isinstance(target, ast.ScopedVar):
            yield target.scope, target.name
        elif isinstance(target, ast.AggRef):
            yield "@", target.name


def walk(node: object) -> Iterator[ast.Node]:
    """A node and all nodes below it, outside in."""
    if isinstance(node, ast.Node):
        yield node
        for name in _fields(type(node)):
            child = getattr(node, name)
            if isinstance(child, (ast.Node, tuple)):
                yield from walk(child)
    elif isinstance(node, tuple):
        for child in node:
            yield from walk(child)


_FIELDS: dict[type, tuple[str, ...]] = {}


def _fields(kind: type) -> tuple[str, ...]:
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple(n for n in getattr(kind, "__dataclass_fields__", {}) if n != "span")
    return _FIELDS[kind]


# ---------------------------------------------------------------- assignment


def assignee(a: Analysis, e: ast.Expr, op: str, first: Callable[[], DType]) -> DType:
    """The type of what `op` writes to. An undeclared variable is declared with type `first()`."""
    if isinstance(e, (ast.Ident, ast.ScopedVar)) and _unknown(a, e):
        return _declare(a, e, e, op, first, None)
    if isinstance(e, ast.Index) and isinstance(e.base, (ast.Ident, ast.ScopedVar)) and _unknown(a, e.base):
        return _declare(a, e, e.base, op, first, e.indices)
    if isinstance(e, ast.Ident):
        _require_writable(a, e, find(a, e.name), op)
    t = a.type_of(e)
    base = e.base if isinstance(e, ast.Index) else e
    _require_writable(a, e, a.checked.symbols.get(e) or a.checked.symbols.get(base), op)
    if not is_lvalue(a, e):
        raise a.error("D_OP_LVAL", f"operator {op} requires modifiable lvalue as an operand", e)
    if isinstance(e, ast.Index) and is_string(a.checked.types[e.base]) and e.base in a.checked.symbols:
        a.assigned.append((a.checked.symbols[e.base], e))  # any character may be set, so it needs room for all
    return t


def _unknown(a: Analysis, e: ast.Ident | ast.ScopedVar) -> bool:
    if isinstance(e, ast.ScopedVar):
        return e.name not in a.space(e.scope)
    return find(a, e.name) is None and not function_kind(e.name)


def operand(a: Analysis, e: ast.Expr) -> None:
    """Before the operand of a unary operator is typed: reading `self->x`, `this->x` or an element of an array by one brings the
    variable into being, as int64_t. Old scripts test so for what a later clause will set."""
    variable = e.base if isinstance(e, ast.Index) else e
    if not isinstance(variable, (ast.Ident, ast.ScopedVar)) or (variable is e and isinstance(e, ast.Ident)):
        return
    scope = variable.scope if isinstance(variable, ast.ScopedVar) else ""
    if _unknown(a, variable) and not ((scope, variable.name) in a.spoilt and a.failed()):
        _declare(a, e, variable, "[ ]", lambda: INT64, e.indices if isinstance(e, ast.Index) else None)


def _require_writable(a: Analysis, e: ast.Expr, symbol: Symbol | None, op: str) -> None:
    if symbol is None or symbol.kind in WRITABLE:
        return
    if symbol.kind == "enumerator" or (symbol.kind == "inline" and not isinstance(e, ast.Ident)):
        raise a.error("D_OP_LVAL", f"operator {op} requires modifiable lvalue as an operand", e)
    raise a.error("D_OP_WRITE", f"operator {op} can only be applied to a writable variable", e)


def _declare(
    a: Analysis,
    e: ast.Expr,
    variable: ast.Ident | ast.ScopedVar,
    op: str,
    first: Callable[[], DType],
    indices: tuple[ast.Expr, ...] | None,
) -> DType:
    scope = variable.scope if isinstance(variable, ast.ScopedVar) else ""
    if indices is not None and scope == "this":
        raise a.error("D_ARR_LOCAL", f"local variables may not be used as associative arrays: {variable.name}", e)
    if indices is not None:
        keys = tuple(tuples.key_type(a, k, variable.name, i) for i, k in enumerate(indices))
        symbol = a.create("assoc", scope, variable.name, first(), keys)
        tuples.note(a, symbol, indices)
    else:
        symbol = a.create(scope or "global", scope, variable.name, first())
    symbol.implied = True
    a.checked.symbols[e] = a.checked.symbols[variable] = symbol
    a.checked.types[e] = a.checked.types[variable] = symbol.type
    return symbol.type


def assigned(a: Analysis, target: ast.Expr, value: ast.Expr) -> None:
    """Note that `value` flows into the variable `target`, which must then have room for its strings."""
    symbol = a.checked.symbols.get(target)
    if symbol is not None:
        a.assigned.append((symbol, value))
        if is_scratch(a, value):
            a.scratch.add(symbol)


# ---------------------------------------------------------------- lvalues


def associative(a: Analysis, e: ast.Index) -> Symbol | None:
    """The associative array an Index node is an element of."""
    base = e.base
    symbol = None
    if isinstance(base, ast.Ident):
        symbol = find(a, base.name)
    elif isinstance(base, ast.ScopedVar):
        symbol = a.space(base.scope).get(base.name)
    return symbol if symbol is not None and symbol.kind == "assoc" else None


def is_lvalue(a: Analysis, e: ast.Expr) -> bool:
    """Whether a typed expression designates storage."""
    if e in a.checked.stand_ins:
        return False
    if isinstance(e, (ast.Ident, ast.ScopedVar, ast.KernelSym)):
        symbol = a.checked.symbols.get(e)
        return symbol is not None and symbol.kind not in ("enumerator", "inline", "param")
    if isinstance(e, ast.Index):
        symbol = a.checked.symbols.get(e)
        if symbol is None and is_string(a.checked.types[e.base]):
            return is_lvalue(a, e.base)
        return symbol is None or symbol.kind == "assoc"
    if isinstance(e, ast.MemberOf):
        if e in a.checked.translators:
            return False
        return e.arrow or is_lvalue(a, e.base)
    return isinstance(e, ast.Unary) and e.op == "*" and not isinstance(a.checked.types.get(e), Translated)


def bit_field(a: Analysis, e: ast.Expr) -> bool:
    """Whether a typed expression is a bit-field member."""
    if not isinstance(e, ast.MemberOf) or e in a.checked.translators:
        return False
    t = strip(a.checked.types[e.base])
    struct = strip(pointee(t) or t) if e.arrow else t
    if isinstance(struct, Translated):
        struct = strip(struct.to)
    member = find_member(struct, e.name) if isinstance(struct, Struct) else None
    return member is not None and member.bits > 0


# ---------------------------------------------------------------- enumerators


def enumerator_operand(a: Analysis, e: ast.Binary, left: DType) -> None:
    """With an enum on the left of a comparison, an identifier on the right may be a tag of that enum; it wins unless
    a variable has the same name."""
    right, enum = e.right, strip(left)
    if not isinstance(right, ast.Ident) or not isinstance(enum, Enum) or right in a.checked.types:
        return
    value = dict(enum.values).get(right.name)
    if value is None:
        return
    other = a.globals.get(right.name)
    if other is not None and other.kind in WRITABLE:
        raise a.error(
            "D_IDENT_AMBIG",
            f"ambiguous use of operator {e.op}: {right.name} is both a {enum} enum tag and a global {kinds(other)}",
            e,
        )
    a.checked.symbols[right] = Symbol("enumerator", right.name, enum, value=value)
    a.checked.types[right] = enum
    a.set_constant(right, value)
