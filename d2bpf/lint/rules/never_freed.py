"""A thread-local variable or an element of an associative array that is never set to 0."""

from __future__ import annotations

from collections.abc import Iterator

from ...syntax import ast
from ..look import Look
from ..rule import Found, Rule
from ._common import is_zero, ordinary, spelled


def check(look: Look) -> Iterator[Found]:
    checked = look.checked
    for name, places in look.written.items():
        scope = name[0]
        stores = [(clause, node) for clause, node in places if ordinary(clause)]
        if scope == "this" or not stores or any(_frees(node) for _, node in places):
            continue
        node = stores[0][1]
        target = getattr(node, "target", None) or getattr(node, "operand", None)
        if scope == "self":
            yield Found(node, f"{spelled(name)} is never set to 0: it stays as long as tracing", _free(target))
        elif isinstance(target, ast.Index) and isinstance(target.base, ast.Ident) and not _few(target):
            kind = checked.symbols.get(target) if checked else None
            if kind is None or kind.kind == "assoc":
                yield Found(node, f"elements of {spelled(name)}[] are never set to 0: they stay as long as tracing", _free(target))


def _frees(node: ast.Node) -> bool:
    """Whether an assignment may give a variable the value 0: a plain one, or counting down."""
    if isinstance(node, ast.Assign):
        return node.op == "-=" or is_zero(node.value) or (isinstance(node.value, ast.Cond) and is_zero(node.value.other))
    return isinstance(node, (ast.Unary, ast.Postfix)) and node.op == "--"


def _free(target: ast.Expr | None) -> str:
    text = " ".join(target.span.text.split()) if target is not None else ""
    return f"{text} = 0; where it is used last" if text else ""


def _few(target: ast.Index) -> bool:
    """Whether the keys are constants, of which there are as many as the script has."""
    few = ("cpu", "probefunc", "probename", "probemod", "probeprov")
    names = [key.name if isinstance(key, ast.Ident) else "" for key in target.indices]
    return all(isinstance(key, (ast.IntLit, ast.StrLit)) or name in few for key, name in zip(target.indices, names, strict=True))


RULE = Rule(
    code="L402",
    severity="note",
    why="""
A dynamic variable takes memory from the first assignment until 0 is assigned. One that is never freed collects the threads, or the
keys, of the whole run. When dynvarsize is used up, new values are dropped, and counted as dynamic variable drops: the script then
misses events without an error of its own.
""",
    instead="""
Assign 0 where the value is used last, mostly at the end of the return clause. For short runs it does not matter.
""",
    bad="syscall::read:entry { self->start = timestamp; }\n"
    "syscall::read:return /self->start/ { @ = avg(timestamp - self->start); }",
    good="syscall::read:entry { self->start = timestamp; }\n"
    "syscall::read:return /self->start/ { @ = avg(timestamp - self->start); self->start = 0; }",
    check=check,
)
