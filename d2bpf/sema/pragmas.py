"""Pragmas and provider declarations: what they name must exist and be declared once (language.md 5 and 9)."""

from __future__ import annotations

from ..builtins import registry
from ..syntax import ast
from . import names
from .analysis import Analysis


def check_pragma(a: Analysis, pragma: ast.Pragma) -> None:
    """A stability or version given to an identifier that nothing declares has no use. To be called at the end of a program."""
    if pragma.kind not in ("attributes", "binding") or len(pragma.words) != 2:
        return
    name = pragma.words[1]
    known = names.find(a, name) or names.function_kind(name) or name in a.thread or name in a.clause
    if not known and not a.types.known(name) and registry.variable(name) is None:
        raise a.error("D_PRAGMA_UNUSED", f"unused #pragma {pragma.kind}", pragma)


def check_provider(a: Analysis, provider: ast.ProviderDef) -> None:
    """`provider name { probe name(types); ... };` declares the probes that a program of one's own will have."""
    if provider.name[-1:].isdigit():
        raise a.error("D_PROV_BADNAME", f"provider name may not end with a digit: {provider.name}", provider)
    seen: set[str] = set()
    for probe in provider.probes:
        name = probe.name.replace("__", "-")
        if name in seen:
            raise a.error("D_PROV_PRDUP", f"probe redeclared: {provider.name}:::{name}", probe)
        seen.add(name)
        for t in (*probe.args, *(probe.xargs or ())):
            a.name_type(t)
