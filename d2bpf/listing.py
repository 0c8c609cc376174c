"""-l and -lv: the probes of this machine, or those that programs match (output.md section 8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .catalog.listing import HEADER, details, row
from .catalog.match import Catalog
from .catalog.schema import Mistake, Probe
from .compiler import Request, parse_program
from .diagnostics import Sink
from .ir.plan import Plan
from .runtime.report import stability
from .syntax import ParseEnv, ast

Tell = Callable[[str], object]


def list_probes(request: Request, target: Any, verbose: bool, tell: Tell, sink: Sink, store: Any = None) -> str:
    """The header and a row for each probe; with `verbose` also its arguments. Descriptions that match nothing are told, in one
    line each. Mistakes in the programs are left in the sink; then nothing is listed."""
    catalog = Catalog(target, request.provider_paths, store)
    catalog.options = request.options
    trees = list(parsed(request, sink))
    probes = list(matched(catalog, trees, tell, sink)) if request.programs else catalog.all()
    if sink.errors:
        return ""
    shown = (f"{row(probe)}\n{details(catalog, probe) if verbose else ''}" for probe in probes)
    return "".join([f"{HEADER}\n", *shown])


def dependencies(request: Request, plan: Plan, trees: list[ast.Program], target: Any) -> str:
    """What -v says about programs that are only compiled: their stability, and the probes of each clause's descriptions."""
    catalog = Catalog(target, request.provider_paths)
    lines: list[str] = []
    for number, tree in enumerate(trees):
        lines += stability(plan, number)
        for clause in (item for item in tree.items if isinstance(item, ast.Clause)):
            for desc in clause.probes:
                found = catalog.match(desc)
                lines += ["", f"{desc.provider}:{desc.module}:{desc.function}:{desc.name}"]
                lines += [details(catalog, found[0]).removesuffix("\n")] if found else []
    return "\n".join(lines) + "\n"


def parsed(request: Request, sink: Sink) -> Iterator[ast.Program]:
    env = ParseEnv(macros=request.macros, is_type=lambda name, module: name.endswith("_t"))
    for letter, _, source in request.programs:
        tree = parse_program(request, letter, source, env, sink)
        if tree is not None:
            yield tree


def matched(catalog: Catalog, trees: list[ast.Program], tell: Tell, sink: Sink) -> Iterator[Probe]:
    """The probes of every description in program order; clauses in a row with the same description count once."""
    for tree in trees:
        before: tuple[str, ...] = ()
        for clause in (item for item in tree.items if isinstance(item, ast.Clause)):
            texts = tuple(desc.text for desc in clause.probes)
            if texts == before:
                continue
            before = texts
            for desc in clause.probes:
                try:
                    found = catalog.listed(desc)
                except Mistake as mistake:
                    sink.error(mistake.code, mistake.message, desc.span, mistake.help)
                    continue
                if not found and desc.id is not None:
                    sink.error("D_PDESC_INVAL", f"invalid probe identifier {desc.id}: Unknown probe identifier", desc.span)
                elif not found:
                    fields = f"{desc.provider}:{desc.module}:{desc.function}:{desc.name}"
                    tell(f"failed to match {fields}: No probe matches description")
                yield from found
