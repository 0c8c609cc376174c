"""-l and -lv: the probes of this machine, or those that programs match (output.md section 8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

from .catalog.listing import HEADER, details, row
from .catalog.match import Catalog
from .catalog.schema import Probe
from .compiler import Request, parse_program
from .diagnostics import Sink
from .syntax import ParseEnv, ast


def list_probes(request: Request, target: Any, verbose: bool, out: TextIO, err: TextIO, sink: Sink, store: Any = None) -> None:
    """Print the header and a row for each probe; with `verbose` also its arguments. Descriptions that match nothing are told on
    `err`. Mistakes in the programs are left in the sink."""
    catalog = Catalog(target, request.provider_paths, store)
    trees = list(parsed(request, sink))
    if sink.errors:
        return
    out.write(HEADER + "\n")
    probes = matched(catalog, trees, err) if request.programs else catalog.all()
    for probe in probes:
        out.write(row(probe) + "\n")
        if verbose:
            out.write(details(catalog, probe) + "\n")


def parsed(request: Request, sink: Sink) -> Iterator[ast.Program]:
    env = ParseEnv(macros=request.macros, is_type=lambda name, module: name.endswith("_t"))
    for letter, _, source in request.programs:
        tree = parse_program(request, letter, source, env, sink)
        if tree is not None:
            yield tree


def matched(catalog: Catalog, trees: list[ast.Program], err: TextIO) -> Iterator[Probe]:
    """The probes of every description in program order; clauses in a row with the same description count once."""
    for tree in trees:
        before: tuple[str, ...] = ()
        for clause in (item for item in tree.items if isinstance(item, ast.Clause)):
            texts = tuple(desc.text for desc in clause.probes)
            if texts == before:
                continue
            before = texts
            for desc in clause.probes:
                found = [probe for probe in catalog.match(desc) if probe.can_fire]
                if not found:
                    fields = f"{desc.provider}:{desc.module}:{desc.function}:{desc.name}"
                    err.write(f"dtrace: failed to match {fields}: No probe matches description\n")
                yield from found

