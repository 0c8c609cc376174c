"""What stands here for members and variables that only other systems' kernels have.

Provider libraries say so with inlines: `__task_struct__t_procp[struct task_struct *t]` for the member t_procp of a struct
task_struct, `__kernel__utsname` for the variable `utsname. A member that is a structure there is given by its address:
both `.` and `->` may follow it. The kernel's own names come first."""

from __future__ import annotations

from ..dtypes import DType, Struct, is_string
from ..syntax import ast
from . import names
from .analysis import Analysis
from .checked import Symbol
from .relations import is_scalar, pointee


def member(a: Analysis, e: ast.MemberOf, struct: Struct) -> DType | None:
    """The type of what stands for `e`, a member that `struct` does not have; None when nothing does."""
    name = f"__{struct.tag}__{e.name}"
    symbol = _inline(a, name)
    if symbol is None:
        return None
    base = e.base if pointee(a.type_of(e.base)) else ast.Unary(e.base.span, "&", e.base)
    return _stand(a, e, ast.Index(e.span, ast.Ident(e.span, name), (base,)), e.name, symbol)


def variable(a: Analysis, e: ast.KernelSym) -> DType | None:
    """The type of what stands for a variable that this kernel does not have; None when nothing does."""
    name = f"__kernel__{e.name}"
    symbol = _inline(a, name)
    return None if symbol is None or symbol.params else _stand(a, e, ast.Ident(e.span, name), e.name, symbol)


def element(a: Analysis, e: ast.Index, base: ast.KernelSym) -> DType | None:
    """The type of what stands for an element of an array that this kernel does not have: an inline with a parameter."""
    if a.target is None or base.module or not isinstance(a.target.variable(base.name, ""), str):
        return None
    name = f"__kernel__{base.name}"
    symbol = _inline(a, name)
    if symbol is None or not symbol.params:
        return None
    return _stand(a, e, ast.Index(e.span, ast.Ident(base.span, name), e.indices), base.name, symbol)


def is_condition(a: Analysis, e: ast.Expr) -> bool:
    """Whether a value may be true or false: a scalar, or text that stands for a pointer of the other system's to it."""
    return is_scalar(a.type_of(e)) or (e in a.checked.stand_ins and is_string(a.type_of(e)))


def _inline(a: Analysis, name: str) -> Symbol | None:
    symbol = names.find(a, name) if name.isidentifier() else None
    return symbol if symbol is not None and symbol.kind == "inline" else None


def _stand(a: Analysis, e: ast.Expr, other: ast.Expr, name: str, symbol: Symbol) -> DType:
    assert symbol.inline is not None
    a.checked.stand_ins[e] = other
    note = f"{name} is {' '.join(symbol.inline.value.span.text.split())} here"
    if note not in a.checked.notes:
        a.checked.notes.append(note)
    return a.type_of(other)
