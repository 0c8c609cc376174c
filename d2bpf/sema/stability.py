"""Stability: how far what a program relies on may change under it, reported by -v and limited by -xamin (output.md section 8).

Attributes are written "Evolving/Private/ISA": of names, of what they mean, and where they exist. Several together are, part by
part, as stable as the least of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from ..catalog.listing import below, least
from ..catalog.schema import Probe
from ..diagnostics import Abandon
from ..syntax import ast
from . import names
from .analysis import Analysis
from .checked import CheckedClause
from .probes import written

LANGUAGE = "Stable/Stable/Common"  # D's own: what is not listed below
BUILTINS = {"curthread": "Stable/Private/Common"}  # a name to rely on, for a structure not to rely on
KERNEL_SYMBOL = "Private/Private/Unknown"


def settle(a: Analysis) -> list[tuple[str, str]]:
    """For each program the attributes of its probe descriptions and of its statements. What is below the option amin is an
    error."""
    found: list[tuple[list[str], list[str]]] = [([LANGUAGE], [LANGUAGE]) for _ in a.checked.programs]
    for clause in a.checked.clauses:
        descriptions, statements = found[clause.program]
        described = least([LANGUAGE, *_described(a, clause.probes)])
        descriptions.append(described)
        with suppress(Abandon):
            _demand(a, "probe description " + ", ".join(map(written, clause.node.probes)), described, clause.node)
        for node, name, attributes in _used(a, clause):
            statements.append(attributes)
            with suppress(Abandon):
                _demand(a, name, attributes, node)
    return [(least(descriptions), least(statements)) for descriptions, statements in found]


def _described(a: Analysis, probes: Iterable[Probe]) -> Iterator[str]:
    """The attributes of the fields that probes have; each way to have them once."""
    assert a.catalog is not None, "without a catalog no probe is found"
    kinds = {(p.provider, tuple(field for field in ("module", "function", "name") if getattr(p, field))) for p in probes}
    for provider, fields in sorted(kinds):
        stability = a.catalog.stability(provider)
        yield from (stability[field] for field in ("provider", *fields))


def _used(a: Analysis, clause: CheckedClause) -> Iterator[tuple[ast.Node, str, str]]:
    """Identifiers of a clause that are not as stable as the language: (node, what it is called, attributes)."""
    for node in names.walk(clause.node):
        symbol = a.checked.symbols.get(node)
        if symbol is None:
            continue
        if symbol.kind == "builtin" and symbol.name in BUILTINS:
            yield node, f"scalar {symbol.name}", BUILTINS[symbol.name]
        elif symbol.kind == "kernel":
            yield node, f"external symbol reference {symbol.module}`{symbol.name}", KERNEL_SYMBOL
        elif symbol.kind == "args" and a.catalog is not None and clause.probes:
            providers = dict.fromkeys(probe.provider for probe in clause.probes)
            yield node, "associative array args", least(a.catalog.stability(provider)["args"] for provider in providers)


def _demand(a: Analysis, name: str, attributes: str, node: ast.Node) -> None:
    minimum = a.checked.options.get("amin")
    if minimum and below(attributes, minimum):
        raise a.error("D_ATTR_MIN", f"attributes for {name} ({attributes}) are less than predefined minimum", node)
