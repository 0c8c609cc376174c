"""The pipeline: source text -> syntax tree -> checked program -> IR -> plan. Each arrow is a pure function with a sink for
errors."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .backends.bcc.plan import make_plan
from .catalog.libraries import Libraries
from .catalog.match import Catalog
from .command import LEVELS, heads
from .diagnostics import Abandon, Sink
from .ir import ops
from .ir.plan import Plan
from .ir.verify import verify
from .lower.clauses import lower
from .options import PRAGMA, set_option
from .sema.checked import Checked
from .sema.checker import Checker
from .source import SourceFile, decode_source
from .syntax import MacroEnv, ParseEnv, ast, parse, unused_argument
from .syntax.cpp import CppSettings, preprocess


@dataclass(slots=True)
class Request:
    """All that a compilation depends on, apart from the Target. `programs` are (flag letter, text of the argument, source)."""

    programs: list[tuple[str, str, SourceFile]]
    options: dict[str, Any]
    macros: MacroEnv
    cpp: CppSettings = field(default_factory=CppSettings)
    provider_paths: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Compilation:
    """What each stage made; later stages are None where an earlier one found errors."""

    trees: list[ast.Program] = field(default_factory=list)
    checked: Checked | None = None
    ir: ops.Program | None = None
    plan: Plan | None = None
    saw_processes: bool = False  # the result depends on the processes that there were


def compile_programs(
    request: Request, target: Any, sink: Sink, store: Any = None, catalog: Catalog | None = None
) -> Compilation:
    """Compile all programs of one command. Errors are in the sink; the plan is there exactly when it holds none. `catalog` is one
    made before for the same target and provider folders."""
    # A compilation makes hundreds of thousands of small objects that live to its end: walking over them for cycles again and
    # again is a third of the time of a clause on all probes.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _compile(request, target, sink, store, catalog)
    finally:
        if collecting:
            gc.enable()


def _compile(request: Request, target: Any, sink: Sink, store: Any, catalog: Catalog | None) -> Compilation:
    result = Compilation()
    catalog = catalog or Catalog(target, request.provider_paths, store)
    catalog.options = request.options
    env = ParseEnv(macros=request.macros, store=store)
    libraries = (
        None if request.options["nolibs"] else Libraries(target, [*request.provider_paths, *request.options["libdir"]], store)
    )
    checker = Checker(target, catalog, libraries, request.options, sink)
    env.is_type = checker.is_type
    env.set_option = pragma_setter(request, env)
    apply_options(request.options, env)
    for letter, text, source in request.programs:
        sink.program = source
        tree = parse_program(request, letter, source, env, sink)
        if tree is None:
            continue
        result.trees.append(tree)
        kind, shown = heads(letter, text)
        if not unused_argument(request.macros, sink):
            checker.add(tree, kind, shown)
    sink.program = None
    result.checked = checker.finish()
    result.saw_processes = catalog.saw_processes
    if sink.errors or result.checked is None:
        return result
    lowered = lower(result.checked, target, sink)
    result.ir = lowered.ir
    if not sink.errors:
        verify(lowered.ir)
        result.plan = make_plan(result.checked, lowered)
    return result


def parse_program(request: Request, letter: str, source: SourceFile, env: ParseEnv, sink: Sink) -> ast.Program | None:
    """The tree of one program, after cpp where -C asks for it."""
    read: SourceFile | None = source
    if request.options["cpp"]:
        read = preprocess(source, request.cpp, sink)
    if read is None:
        return None
    env.level = LEVELS[letter]
    env.macros.used.clear()  # each program must use the last argument
    mistakes = len(sink.errors)
    try:
        tree = parse(read, env, sink)
    except Abandon:
        return None
    return tree if len(sink.errors) == mistakes else None


def apply_options(options: dict[str, Any], env: ParseEnv) -> None:
    env.macros.defaultargs, env.macros.argref = options["defaultargs"], options["argref"]
    env.pspec, env.empty = options["pspec"], options["empty"]


def pragma_setter(request: Request, env: ParseEnv) -> Callable[[str, str | None], str | None]:
    """`#pragma D option` takes effect when it is parsed."""

    def set_it(name: str, value: str | None) -> str | None:
        problem = set_option(request.options, name, value, PRAGMA)
        apply_options(request.options, env)
        return problem

    return set_it


def read_script(path: str) -> SourceFile:
    """The text of a -s file. Raises OSError."""
    with open(path, "rb") as file:
        return SourceFile(path, decode_source(file.read()))
