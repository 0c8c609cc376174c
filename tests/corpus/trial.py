"""One program of the corpus through the whole pipeline: compiled, loaded, attached, and let go of at once."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass, field
from typing import Any

from d2bpf.catalog.match import Catalog
from d2bpf.catalog.schema import Mistake
from d2bpf.cli import own_ids, request_for
from d2bpf.command import UsageError, parse
from d2bpf.compiler import Compilation, compile_programs
from d2bpf.diagnostics import Sink, render
from d2bpf.runtime.attach import attach_all, multi_handlers
from d2bpf.runtime.cache import Store
from d2bpf.runtime.compile import compile_c
from d2bpf.runtime.defines import defines, typed_tracepoints
from d2bpf.runtime.errors import Failure
from d2bpf.runtime.load import load
from d2bpf.syntax import ast
from tests.corpus.scripts import Program

# How far a program gets. It fails in the stage named, but for the last two: "part" runs without the descriptions that match
# nothing here, as -Z allows; "runs" runs as it is.
STAGES = ("options", "parse", "check", "lower", "compile", "load", "attach", "part", "runs")
BUG = "BUG"  # the code of what must never be: an exception
FAILURE = "FAILURE"  # the code of what the runtime refuses

_DESCRIPTION = re.compile(r"^[ \t]*([a-z]\w*(?:\*|\$\w+)?):[^\s:]*:[^\s:]*:", re.MULTILINE)
_ON_DEMAND = re.compile(r"(tick|profile)-")


@dataclass
class Outcome:
    """`providers` are those the program names, `absent` those of descriptions that match nothing; those of processes end in
    "*" instead of an id. `said` are the messages, for people."""

    program: Program
    stage: str = "options"
    codes: set[str] = field(default_factory=set)
    providers: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)


def try_program(program: Program, target: Any, store: Store) -> Outcome:
    outcome = Outcome(program)
    try:
        with chdir(program.folder):
            compilation = _compile(program, outcome, target, store)
        if compilation is not None and compilation.plan is not None:
            _enable(compilation.plan, outcome, store)
    except UsageError as wrong:
        outcome.codes.add(FAILURE)
        outcome.said.append(wrong.message)
    except Failure as failure:
        outcome.codes.add(FAILURE)
        outcome.said.append(f"{failure}\n{failure.detail}")
    except Exception as error:  # noqa: BLE001  one program that trips us must not hide the others
        import traceback

        outcome.codes.add(f"{BUG}:{type(error).__name__}")
        outcome.said.append(traceback.format_exc())
    return outcome


def _compile(program: Program, outcome: Outcome, target: Any, store: Store) -> Compilation | None:
    command = parse(list(program.arguments), {})
    texts = []
    for letter, text in command.programs:
        data = os.fsencode(text)
        if letter == "s":
            with open(text, "rb") as file:
                data = file.read()
        texts.append((letter, text, data))
        outcome.providers |= {_provider_name(m[1]) for m in _DESCRIPTION.finditer(os.fsdecode(data))}
    outcome.stage = "parse"
    sink = Sink()
    request = request_for(command, texts, os.getpid() if command.targets else None, own_ids())
    result = compile_programs(request, target, sink, store)
    if len(result.trees) == len(texts):
        outcome.stage = "check" if result.ir is None else "lower"
        _note_providers(result, outcome, Catalog(target, store=store))
    outcome.codes = {d.code for d in sink.errors}
    outcome.said = [render(d, program.name, errtags=True) for d in sink.errors]
    return result


def _note_providers(result: Compilation, outcome: Outcome, catalog: Catalog) -> None:
    outcome.providers = set()
    of_kernel = frozenset(catalog.names())
    for tree in result.trees:
        descriptions = list(_descriptions(tree))
        literals = frozenset(desc.function for desc in descriptions if desc.function)
        for desc in descriptions:
            try:
                providers = {probe.provider for probe in catalog.match(desc, literals)}
                found = {name if name in of_kernel else _provider_name(name.rstrip("0123456789") + "*") for name in providers}
            except Mistake:  # which the compiler has reported
                found = set()
            outcome.providers |= found or {_provider(desc)}
            if not found and not catalog.covered(desc, literals) and not catalog.unseen(desc):
                outcome.absent.add(_provider(desc))


def _descriptions(tree: ast.Program) -> Iterator[ast.ProbeDesc]:
    for item in tree.items:
        if isinstance(item, ast.Clause):
            yield from item.probes


def _provider(desc: ast.ProbeDesc) -> str:
    """The provider that a description names."""
    if not desc.provider:
        return "profile" if _ON_DEMAND.match(desc.name) else "any"
    return _provider_name(desc.provider)


def _provider_name(text: str) -> str:
    return re.sub(r"(\*|\d+|\$\w+)$", "*", text)


def _enable(plan: Any, outcome: Outcome, store: Store) -> None:
    """Load and attach as a session does, and detach at once."""
    outcome.stage = "compile"
    typed = typed_tracepoints(plan)
    compiled = compile_c(plan["c"], defines(plan, typed), store)
    outcome.stage = "load"
    loaded = load(compiled, plan["handlers"], plan["options"], multi_handlers(plan["attach"]), typed, plan["sizes"])
    try:
        loaded.fill(plan["tables"])
        outcome.stage = "attach"
        attach_all(plan, loaded).detach()
    finally:
        loaded.close()
    outcome.stage = "part" if outcome.absent else "runs"
