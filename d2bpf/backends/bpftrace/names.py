"""Names and storage: D's variables as bpftrace's maps and scratch variables, and what is known of the values they get.

Global variables and associative arrays become maps of their name, thread-local ones maps keyed by tid with `self_` in front of
the name, clause-local ones scratch variables. A map takes its kind of integer from its first assignment; what that is, a first
rendering of the script finds out for the second.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ...dtypes import Int, strip
from ...sema.checked import Checked, Symbol
from ...syntax import ast
from .terms import Term


@dataclass(slots=True)
class Stored:
    """What the assignments of one variable have in common."""

    kind: str
    signed: bool
    natural: bool


@dataclass(slots=True)
class Names:
    """The variables of a program. `known` is what the rendering before this one saw, `seen` what this one sees."""

    checked: Checked
    known: dict[Symbol, Stored] = field(default_factory=dict)
    seen: dict[Symbol, Stored] = field(default_factory=dict)
    assigned: set[Symbol] = field(default_factory=set)

    def __post_init__(self) -> None:
        for clause in self.checked.clauses:
            for node in walk(clause.node):
                target = written(node)
                if target is not None and target in self.checked.symbols:
                    self.assigned.add(self.checked.symbols[target])

    def map_name(self, symbol: Symbol) -> str:
        """The map of a global or thread-local variable or array."""
        if "self" in (symbol.kind, symbol.scope):
            return f"@self_{symbol.name}"
        return f"@{symbol.name}" if symbol.name not in self.checked.aggregations else f"@var_{symbol.name}"

    def maps(self) -> list[str]:
        """The maps that hold variables, in order of declaration."""
        stored = [s for s in self.checked.variables if s.kind in ("global", "self", "assoc") and s in self.assigned]
        return [self.map_name(s) for s in stored]

    def value(self, symbol: Symbol, text: str) -> Term:
        """A variable's value, by what is known of its assignments."""
        t = strip(symbol.type)
        wide = symbol.implied and isinstance(t, Int) and t.size < 8
        found = self.known.get(symbol)
        if found is None:
            return Term(text, kind="int" if isinstance(t, Int) else "string", wide=wide)
        return Term(text, kind=found.kind, signed=found.signed, natural=found.natural, wide=wide)

    def note(self, symbol: Symbol, value: Term, grows: bool = True) -> None:
        """A variable gets a value. `grows`: it is no less than the value."""
        natural = value.natural and grows
        before = self.seen.setdefault(symbol, Stored(value.kind, value.signed, natural))
        before.natural = before.natural and natural


def aggregation(name: str) -> str:
    return "@" if name == "_" else f"@{name}"


def walk(node: ast.Node) -> list[ast.Node]:
    """A node and all below it."""
    found = [node]
    for child in ast.children(node):
        found += walk(child)
    return found


def written(node: ast.Node) -> ast.Expr | None:
    """The variable that a node assigns to."""
    match node:
        case ast.Assign(target=target) if not isinstance(target, ast.AggRef):
            return target
        case ast.Postfix(operand=operand):
            return operand
        case ast.Unary(op="++" | "--", operand=operand):
            return operand
        case _:
            return None
