"""A member or variable of another system's kernel, for which d2bpf puts in what Linux has."""

from __future__ import annotations

from collections.abc import Iterator

from ...sema.names import walk
from ...syntax import ast
from ..finding import AS_IS, DIFFERS
from ..look import Look
from ..rule import Found, Rule

# Members of Linux whose values are others than those of the member that they stand for.
_OTHER_VALUES = {"prio": "smaller is better on Linux", "__state": "its values are others on Linux"}


def check(look: Look) -> Iterator[Found]:
    checked = look.checked
    if checked is None:
        return
    told = set()
    for clause in look.clauses:
        inside: set[ast.Node] = set()  # what a longer expression has told already
        for node in clause.reads:
            if not isinstance(node, ast.Expr) or node in inside:
                continue
            chain = list(_chain(node))
            foreign = [link for link in chain if link in checked.stand_ins]
            if not foreign:
                continue
            inside |= set(walk(node))
            text = " ".join(node.span.text.split())
            if text in told:
                continue
            told.add(text)
            here = [_here(look, link) for link in reversed(foreign)]
            names = ", ".join(f"{_name(link)} is {value}" for link, value in zip(reversed(foreign), here, strict=True))
            differs = next((why for value in here for end, why in _OTHER_VALUES.items() if value.endswith(f"->{end}")), "")
            if any(value.lstrip("(").isdigit() for value in here):
                differs = "a constant, for want of such a thing"
            yield Found(
                node,
                f"{text} is another system's" + (f": {differs}" if differs else ""),
                f"here {names}",
                "approximate" if differs else "exact",
                severity="warning" if differs else "note",
                verdict=DIFFERS if differs else AS_IS,
            )


def _chain(node: ast.Expr) -> Iterator[ast.Expr]:
    """An expression, what it is a member or an element of, and so on inwards."""
    current: ast.Expr | None = node
    while current is not None:
        yield current
        current = current.base if isinstance(current, (ast.MemberOf, ast.Index)) else None


def _name(node: ast.Expr) -> str:
    return node.name if isinstance(node, (ast.MemberOf, ast.KernelSym)) else " ".join(node.span.text.split())


def _here(look: Look, node: ast.Expr) -> str:
    """The text of what an expression stands for."""
    assert look.checked is not None
    symbol = look.checked.symbols.get(look.checked.stand_ins[node])
    return " ".join(symbol.inline.value.span.text.split()) if symbol is not None and symbol.inline else "what is nearest"


RULE = Rule(
    code="L202",
    severity="note",
    why="""
The script reads a structure or variable of another system's kernel. Linux has none of that name; d2bpf computes what is nearest.
Most of them are the same thing under another name. Priorities, states and flags have other values, and amounts may be counted in
other units.
""",
    instead="""
Compare the finding with what the script does with the value. Built-in variables and curpsinfo have most of it on every system.
""",
    bad="BEGIN { trace(curthread->t_procp->p_ppid); }",
    good="BEGIN { trace(ppid); }",
    check=check,
)
