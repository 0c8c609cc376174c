"""Semantic analysis: programs in, a Checked out, mistakes to a Sink.

A Checker is fed one program after another, because names and types of earlier ones are known to later ones; finish()
settles what needs them all: site expressions and string capacities."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from ..catalog.schema import Probe, Site, Step
from ..diagnostics import Abandon, Sink
from ..dtypes import LONG
from ..source import SourceFile
from ..syntax import ast, parse
from ..syntax.env import ParseEnv
from . import declarations, expr, inline, names, pragmas, probes, stability, translators
from .analysis import Analysis, Catalog, Libraries, Place, Target
from .checked import Checked, CheckedClause, CheckedProgram, Symbol
from .sites import Sites
from .statements import body, condition, spoil
from .storage import Capacities

# Handlers of one event run in order of their probes' ids.
EARLY_STEP, LATE_STEP = 0, 2**31 - 1

NAMED = 3  # probes that a note names


@dataclass(slots=True)
class _Uses:
    """How many of args[] and argN some site is asked for."""

    args: int = 0
    argn: int = 0


class Checker:
    def __init__(
        self,
        target: Target | None,
        catalog: Catalog | None,
        libraries: Libraries | None,
        options: dict[str, Any],
        sink: Sink,
    ) -> None:
        """`options` is kept, not copied: what a pragma sets meanwhile counts."""
        self.checked = Checked([], [], options, {}, {}, {}, {}, {}, {}, {}, {}, [])
        self.sink, self._libraries = sink, libraries
        self.analysis = Analysis(self.checked, sink, target, catalog, expr.check, self._load)
        self.analysis.types.enumerator = lambda *row: declarations.enumerator(self.analysis, *row)
        self.analysis.globals["NULL"] = Symbol("enumerator", "NULL", LONG)
        self._loaded: set[str] = set()
        self._uses: dict[int, tuple[Site, _Uses]] = {}
        self._steps: set[Step] = set()
        self._elsewhere: list[ast.ProbeDesc] = []

    # ---------------------------------------------------------------- programs

    def is_type(self, name: str, module: str = "") -> bool:
        """Whether a name is a type here: what the parser asks (syntax.ParseEnv.is_type)."""
        return self.analysis.types.known(name, module)

    def add(self, program: ast.Program, kind: str = "script", text: str = "") -> None:
        """Check one program. `kind` and `text` say how it was given (Checked.programs)."""
        checked = CheckedProgram(program, kind, text)
        self.checked.programs.append(checked)
        self.analysis.items = list(program.items)
        literals = frozenset(
            d.function for item in program.items if isinstance(item, ast.Clause) for d in item.probes if d.function
        )
        for item in program.items:
            with suppress(Abandon):
                if isinstance(item, ast.Clause):
                    self._clause(item, checked, literals)
                else:
                    self._item(item)
        for item in program.items:
            with suppress(Abandon):
                if isinstance(item, ast.Pragma):
                    pragmas.check_pragma(self.analysis, item)

    def finish(self) -> Checked:
        """The tables, complete. Only to be used when the sink has no errors."""
        if self._elsewhere and not any(clause.probes for clause in self.checked.clauses):
            for desc in self._elsewhere:
                probes.report_unmatched(self.analysis, desc)
        sites = Sites(self.analysis)
        for key, (site, uses) in self._uses.items():
            with suppress(Abandon):
                self.checked.site_code[key] = sites.code(site, uses.args, uses.argn)
        if not self.sink.errors:
            assert not self.analysis.abandoned, "a statement was left out without an error"
            Capacities(self.analysis).settle()
        self._note_fidelity()
        self.checked.strsize = self.analysis.strsize()
        self.checked.stability = stability.settle(self.analysis)
        return self.checked

    def _note_fidelity(self) -> None:
        """Notes on the probes that are not quite what their names promise; those that are alike share one."""
        told: dict[str, dict[str, None]] = {}
        for probe in (probe for clause in self.checked.clauses for probe in clause.probes if probe.can_fire):
            for fidelity in (probe.fidelity, *(site.fidelity for site in probe.sites)):
                if fidelity.note:
                    told.setdefault(fidelity.note, {})[probe.text] = None
        notes = self.checked.notes
        for note, texts in told.items():
            names = list(texts)
            more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
            if not any(other.endswith(f": {note}") for other in notes):
                notes.append(f"{', '.join(names[:NAMED])}{more}: {note}")

    def _item(self, item: ast.Item) -> None:
        """Enter what an item other than a clause declares."""
        a = self.analysis
        if isinstance(item, ast.Declaration):
            declarations.declare(a, item)
        elif isinstance(item, ast.Inline):
            try:
                inline.declare(a, item)
            except Abandon:
                a.spoilt.add(("", item.name))
                raise
        elif isinstance(item, ast.Translator):
            translators.declare(a, item)
        elif isinstance(item, ast.ProviderDef):
            pragmas.check_provider(a, item)

    # ---------------------------------------------------------------- clauses

    def _clause(self, clause: ast.Clause, program: CheckedProgram, literals: frozenset[str]) -> None:
        matches = probes.match(self.analysis, clause, literals)
        self._elsewhere += [m.desc for m in matches if m.elsewhere]
        for node, group in probes.groups(clause, matches):
            place = Place(arguments=probes.arguments(self.analysis, group) if probes.uses_args(node) else None)
            matched = tuple(p for m in group for p in m.probes)
            if not matched and not any(m.reported for m in group):
                node = self._unmatched(node, place)
            else:
                with self.analysis.at(place):
                    node = self._code(node)
            self._note_uses(place, matched)
            program.matched += sum(probe.can_fire for probe in matched)
            self.checked.clauses.append(CheckedClause(node, len(self.checked.programs) - 1, matched))
            for probe in matched:
                for step in probe.steps:
                    self._step(step, probe.provider)

    def _step(self, step: Step, provider: str) -> None:
        """Add a clause for what a provider does at an event for later firings, before or after all others by its probe's id."""
        if step in self._steps:
            return
        self._steps.add(step)
        a = self.analysis
        predicate = f"/{step.when}/ " if step.when else ""
        source = SourceFile("provider", f"{provider} {predicate}{{ {step.does}; }}", is_file=False)
        place = Place(library=True)
        with a.aside() as sink, a.at(place):
            tree = parse(source, ParseEnv(is_type=a.types.known, typedefs=a.types.typedefs()), sink)
            clause = tree.items[0] if tree.items and not sink.errors else None
            node = self._code(clause) if isinstance(clause, ast.Clause) else None
        if node is None or sink.errors:
            raise a.error("X_PROVIDER", f'provider step "{step.does}" is wrong: {sink.errors[0].message}', None)
        probe = Probe(LATE_STEP if step.late else EARLY_STEP, provider, "", "", "step", (step.site,))
        self._note_uses(place, (probe,))
        self.checked.clauses.append(CheckedClause(node, len(self.checked.programs) - 1, (probe,)))

    def _unmatched(self, clause: ast.Clause, place: Place) -> ast.Clause:
        """Check a clause that may match nothing. It declares variables all the same; where it is for calls that another one covers,
        what needs its probes' arguments is left out."""
        a = self.analysis
        before = a.abandoned
        with a.at(place):
            checked = self._code(clause)
        left_out, a.abandoned = a.abandoned - before, before
        return replace(clause, predicate=None, body=()) if left_out else checked

    def _code(self, clause: ast.Clause) -> ast.Clause:
        """Check predicate and body; gives the clause as it is to be run. The body comes first when the predicate has a variable
        that only the body declares."""
        late = clause.predicate is not None and self._undeclared(clause.predicate)
        if not late:
            self._predicate(clause)
        statements = body(self.analysis, clause.body or ())
        if late:
            self._predicate(clause)
        return clause if clause.body is None or statements is clause.body else replace(clause, body=statements)

    def _undeclared(self, predicate: ast.Expr) -> bool:
        """Whether the predicate reads a variable that nothing has declared, itself included."""
        a = self.analysis
        own = set(names.written(predicate))
        for node in names.walk(predicate):
            if isinstance(node, ast.ScopedVar) and node.name not in a.space(node.scope) and (node.scope, node.name) not in own:
                return True
            if isinstance(node, ast.Ident) and not (("", node.name) in own or node.name in a.globals or names.find(a, node.name)):
                return True
        return False

    def _predicate(self, clause: ast.Clause) -> None:
        if clause.predicate is None:
            return
        try:
            condition(self.analysis, clause.predicate)
        except Abandon:
            spoil(self.analysis, clause.predicate)

    def _note_uses(self, place: Place, matched: Iterable[Any]) -> None:
        args = max(place.used_args, default=-1) + 1
        argn = max(place.used_argn, default=-1) + 1
        for probe in matched:
            for site in probe.sites:
                uses = self._uses.setdefault(id(site), (site, _Uses()))[1]
                uses.args, uses.argn = max(uses.args, args), max(uses.argn, argn)

    # ---------------------------------------------------------------- libraries

    def _load(self, name: str) -> bool:
        """Read what the provider libraries say about a name; False when that is nothing, or was read already."""
        piece = self._libraries.defining(name) if self._libraries else None
        if piece is None or piece in self._loaded or self._libraries is None:
            return False
        self._loaded.add(piece)
        program = self._libraries.program(piece)
        a = self.analysis
        with a.at(Place(library=True)), a.aside() as sink:
            for item in program.items:
                with suppress(Abandon):
                    self._item(item)
        for problem in sink.errors:
            if problem.help and problem.help == a.types.absence_help():
                raise a.sink.error("X_PROVIDER", f"{name} is made from the kernel's structures", None, problem.help)
            if problem.code == "X_PROVIDER":  # of what that item needs itself
                a.sink.items.append(problem)
                continue
            where = f"{problem.span.source.where(problem.span.start)[0]}, line {problem.span.line}: " if problem.span else ""
            a.sink.error("X_PROVIDER", f"provider library is wrong: {where}{problem.message}")
        return True


def check(
    programs: Iterable[tuple[ast.Program, str, str]],
    target: Target | None,
    catalog: Catalog | None,
    libraries: Libraries | None,
    options: dict[str, Any],
    sink: Sink,
) -> Checked | None:
    """Check programs (tree, kind, text) that have all been parsed; None when there was an error."""
    checker = Checker(target, catalog, libraries, options, sink)
    for program, kind, text in programs:
        checker.add(program, kind, text)
    checked = checker.finish()
    return None if sink.errors else checked
