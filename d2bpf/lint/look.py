"""What rules look at: one call of dtrace, compiled, with the tables that the compiler filled."""

from __future__ import annotations

import os
import sys
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from ..catalog.libraries import Libraries
from ..catalog.schema import Probe
from ..compiler import Compilation, Request, compile_programs
from ..diagnostics import Diagnostic, Sink
from ..options import API_VERSION
from ..sema.checked import Checked
from ..sema.names import walk
from ..source import SourceFile, Span
from ..syntax import MacroEnv, ParseEnv, ast, parse
from ..syntax.cpp import CppSettings
from ..target.facts import Target
from .probes import Probes
from .scripts import Call, Program, Script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..catalog.files import Store

# Process ids and users, which only a run would tell.
_IDS = dict.fromkeys(("pid", "ppid", "pgid", "sid"), 1) | dict.fromkeys(("uid", "euid", "gid", "egid"), 0)

OWN_PROVIDERS = ("dtrace", "profile")  # whose probes fire on any machine


@dataclass
class Machine:
    """What is judged by: one kernel, its probes and the provider files' libraries; made once, used for all scripts."""

    target: Target
    catalog: Probes
    libraries: Libraries
    provider_paths: list[str]
    store: Store | None = None

    @classmethod
    def of(cls, target: Target, provider_paths: list[str], store: Store | None) -> Machine:
        return cls(
            target, Probes(target, provider_paths, store), Libraries(target, provider_paths, store), provider_paths, store
        )


@dataclass(frozen=True)
class Clause:
    """A clause of the script with what its descriptions match, description by description. `literals` are the function fields of
    all descriptions of its program, which the catalog asks for."""

    node: ast.Clause
    matches: tuple[tuple[ast.ProbeDesc, tuple[Probe, ...]], ...]
    literals: frozenset[str]

    @cached_property
    def probes(self) -> tuple[Probe, ...]:
        return tuple(probe for _, probes in self.matches for probe in probes)

    @cached_property
    def reads(self) -> list[ast.Node]:
        """All nodes of predicate and body, outside in."""
        return list(walk((self.node.predicate, self.node.body)))

    def names(self) -> list[tuple[str, str, str]]:
        """(provider, function, name) of what it is enabled on: of probes that exist, or as written where none does."""
        found = [(p.provider, p.function, p.name) for p in self.probes]
        return found + [(d.provider, d.function, d.name) for d, probes in self.matches if not probes]


@dataclass
class Look:
    script: Script
    call: Call
    machine: Machine
    sources: list[SourceFile] = field(default_factory=list)
    compilation: Compilation = field(default_factory=Compilation)
    errors: list[Diagnostic] = field(default_factory=list)
    trees: list[ast.Program] = field(default_factory=list)

    @classmethod
    def at(cls, script: Script, call: Call, machine: Machine) -> Look:
        """Compile a call and look at what came of it."""
        look = cls(script, call, machine)
        look.sources = [_source(script, program) for program in call.programs]
        sink = Sink()
        command = call.command
        pairs = zip(call.programs, look.sources, strict=True)
        request = Request(
            [(program.letter, _given(script, program), source) for program, source in pairs],
            command.options,
            MacroEnv(args=tuple(command.operands), ids=_IDS, script=script.path),
            CppSettings(definitions=command.options["cppargs"], conformance=command.conformance, api_version=API_VERSION),
            [*machine.provider_paths, *command.provider_paths],
        )
        with _silence(command.options["cpp"]):
            look.compilation = compile_programs(request, machine.target, sink, machine.store, machine.catalog)
        look.errors = list(sink.errors)
        look.trees = look.compilation.trees
        if len(look.trees) < len(look.sources) and not command.options["cpp"]:
            look.trees = [look._what_parses(source) for source in look.sources]
        return look

    def _what_parses(self, source: SourceFile) -> ast.Program:
        """The items of a program that are right, where others are not."""
        env = ParseEnv(
            macros=MacroEnv(args=tuple(self.call.command.operands), ids=_IDS, script=self.script.path, defaultargs=True),
            is_type=self.machine.libraries.is_type,
            set_option=lambda name, value: None,
            store=self.machine.store,
        )
        return parse(SourceFile(source.name, source.text, source.is_file), env, Sink())

    # ---------------------------------------------------------------- what it holds

    @property
    def checked(self) -> Checked | None:
        return self.compilation.checked

    @property
    def compiles(self) -> bool:
        return not self.errors

    @property
    def zdefs(self) -> bool:
        """Whether descriptions may match nothing (-Z)."""
        return bool(self.call.command.options["zdefs"])

    @cached_property
    def clauses(self) -> list[Clause]:
        found = []
        for tree in self.trees:
            items = [item for item in tree.items if isinstance(item, ast.Clause)]
            literals = frozenset(desc.function for item in items for desc in item.probes if desc.function)
            for item in items:
                matches = tuple((desc, tuple(self.machine.catalog.match(desc, literals))) for desc in item.probes)
                found.append(Clause(item, matches, literals))
        return found

    @cached_property
    def written(self) -> dict[tuple[str, str], list[tuple[Clause, ast.Node]]]:
        """Where each variable is assigned to: (scope, name) -> clauses and the nodes that do it."""
        found: dict[tuple[str, str], list[tuple[Clause, ast.Node]]] = {}
        for clause in self.clauses:
            for node in clause.reads:
                name = target_name(node)
                if name is not None:
                    found.setdefault(name, []).append((clause, node))
        return found

    # ---------------------------------------------------------------- places

    def place(self, span: Span | None) -> tuple[int, int]:
        """Offsets in the script's file of a span; those of the call where it is in none of its programs."""
        if span is not None:
            for source, program in zip(self.sources, self.call.programs, strict=True):
                if span.source.text == source.text:
                    return _mapped(program.text.origin, span.start, span.end)
            lined = self._by_line(span)
            if lined is not None:
                return lined
        return self.call.at, self.call.at

    def _by_line(self, span: Span) -> tuple[int, int] | None:
        """The place of a span in what cpp made of a program: by the line that cpp says it came from."""
        name, line, column = span.source.where(span.start)
        for source, program in zip(self.sources, self.call.programs, strict=True):
            if name in (source.name, "command line") and span.source.name == source.name:
                starts = line_starts(source.text)
                if line > len(starts):
                    return None
                end = starts[line] - 1 if line < len(starts) else len(source.text)
                at = min(starts[line - 1] + column - 1, end)
                return _mapped(program.text.origin, at, min(at + span.end - span.start, end))
        return None

    def verbatim(self, span: Span) -> tuple[int, int] | None:
        """As place(), for a span that stands in the file character by character, so that it can be edited; else None."""
        for source, program in zip(self.sources, self.call.programs, strict=True):
            origin = program.text.origin[span.start : span.end]
            if span.source.text == source.text and origin and origin == list(range(origin[0], origin[0] + len(origin))):
                start, end = origin[0], origin[-1] + 1
                return (start, end) if self.script.text[start:end] == span.text else None
        return None


def target_name(node: ast.Node) -> tuple[str, str] | None:
    """(scope, name) of the variable that an assignment, ++ or -- changes; None for other nodes, and aggregations."""
    if isinstance(node, ast.Assign):
        return variable_name(node.target)
    if isinstance(node, (ast.Unary, ast.Postfix)) and node.op in ("++", "--"):
        return variable_name(node.operand)
    return None


def variable_name(node: ast.Node | None) -> tuple[str, str] | None:
    """(scope, name) of a variable that an expression is, or an element of."""
    if isinstance(node, ast.Index):
        node = node.base
    if isinstance(node, ast.ScopedVar):
        return node.scope, node.name
    return ("", node.name) if isinstance(node, ast.Ident) else None


def _given(script: Script, program: Program) -> str:
    return script.path if program.letter == "s" else program.text.text


def _source(script: Script, program: Program) -> SourceFile:
    return SourceFile(script.path, program.text.text, is_file=program.letter == "s")


def _mapped(origin: list[int], start: int, end: int) -> tuple[int, int]:
    if not origin:
        return 0, 0
    first = origin[start] if start < len(origin) else origin[-1] + 1
    last = origin[min(end, len(origin)) - 1] + 1 if end > start else first
    return first, max(first, last)


def line_starts(text: str) -> list[int]:
    return [0, *(at + 1 for at, char in enumerate(text) if char == "\n")]


def line_and_column(starts: list[int], at: int) -> tuple[int, int]:
    """Both from 1, of an offset."""
    line = bisect_right(starts, at)
    return line, at - starts[line - 1] + 1


@contextmanager
def _silence(wanted: bool) -> Iterator[None]:
    """Keep what cpp says of missing headers from the terminal: the findings say it."""
    if not wanted:
        yield
        return
    sys.stderr.flush()
    kept, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)
