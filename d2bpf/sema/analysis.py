"""The state of one compilation that all of semantic analysis works on: the tables it fills, the name spaces, and the
place in the program it is at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from ..catalog.schema import Probe
from ..diagnostics import Abandon, Sink
from ..dtypes import DType, String
from ..source import Span
from ..syntax import ast
from .checked import AggregationInfo, Checked, Symbol, TranslatorInfo
from .types import KernelTypes, Types


class Target(Protocol):
    """What is asked of a d2bpf.target.Target."""

    @property
    def types(self) -> KernelTypes: ...

    def variable(self, name: str, module: str) -> DType | str:
        """Type of a kernel variable or function, or dtrace's words for why there is none ("Unknown symbol name")."""
        ...


class Catalog(Protocol):
    """What is asked of the catalog (catalog/match.py)."""

    def match(self, desc: ast.ProbeDesc, program_literals: frozenset[str]) -> Sequence[Probe]: ...

    def covered(self, desc: ast.ProbeDesc, program_literals: frozenset[str]) -> str | None: ...

    def unseen(self, desc: ast.ProbeDesc) -> str | None: ...

    def explain(self, desc: ast.ProbeDesc) -> str | None: ...

    def stability(self, provider: str) -> Mapping[str, str]: ...


class Libraries(Protocol):
    """What is asked of the provider libraries (catalog/libraries.py): types, inlines and translators, piece by piece."""

    def defining(self, name: str) -> str | None:
        """The piece that declares `name` ("psinfo_t", "struct bufinfo", "curpsinfo"), if any. With a type come its translators."""
        ...

    def program(self, piece: str) -> ast.Program:
        """The items of a piece, parsed."""
        ...


@dataclass(slots=True)
class Arguments:
    """args[] of the clause at hand: types per index (the last probe's rows), or why it may not be used."""

    types: tuple[DType | None, ...] = ()  # None: the type has no counterpart here
    description: str = ""
    problem: tuple[str, str] | None = None  # (code, message) to report when args[] is used; code "" has been reported


@dataclass(slots=True)
class Place:
    """Where expressions are being typed: which names they see. `library`: they are a provider library's, or a site's."""

    library: bool = False
    params: dict[str, Symbol] = field(default_factory=dict)
    arguments: Arguments | None = None
    used_args: set[int] = field(default_factory=set)  # n of args[n] the clause refers to
    used_argn: set[int] = field(default_factory=set)  # N of argN


@dataclass(slots=True, eq=False)
class Rules:
    """A translator as declared: its members are typed, and enter `info.members`, as they are used."""

    info: TranslatorInfo
    members: dict[str, tuple[ast.Expr, Span]]
    place: Place


class Analysis:
    """Tables, names and place; the modules of this package are functions on it."""

    def __init__(
        self,
        checked: Checked,
        sink: Sink,
        target: Target | None,
        catalog: Catalog | None,
        check: Callable[[Analysis, ast.Expr], DType],
        load: Callable[[str], bool],
    ) -> None:
        self.checked, self.sink, self.target, self.catalog = checked, sink, target, catalog
        self._main = sink
        self._check, self.load = check, load
        self.types = Types(target.types if target else None, sink, load, self.fold, self.strsize)
        self.place = Place()
        self.globals: dict[str, Symbol] = {}
        self.thread: dict[str, Symbol] = {}
        self.clause: dict[str, Symbol] = {}
        self.spoilt: set[tuple[str, str]] = set()  # names whose declaration failed: (space, name)
        self.library: dict[str, Symbol] = {}  # what provider libraries have in the global space
        self.translators: list[Rules] = []
        self.actions: list[ast.Call] = []  # tracing functions met in the expression at hand
        self.inlines: dict[Symbol, Place] = {}  # what the value of each sees
        self.assigned: list[tuple[Symbol, ast.Expr]] = []  # every (variable, value) pair, for string capacities
        self.scratch: set[Symbol] = set()  # variables that have been given a pointer to scratch memory
        self.abandoned = 0  # statements left out because of an error in them
        self.keyed: list[tuple[Symbol | AggregationInfo, tuple[ast.Expr, ...]]] = []  # every use of a key tuple
        self._reported: set[tuple[str, Span | None]] = set()
        self.items: list[ast.Item] = []  # of the program at hand

    # ---------------------------------------------------------------- options

    def option(self, name: str, default: int) -> int:
        value = self.checked.options.get(name)
        return default if value is None else int(value)

    def strsize(self) -> int:
        return self.option("strsize", 256)

    # ---------------------------------------------------------------- reporting

    def error(self, code: str, message: str, at: ast.Node | Span | None, help: str = "") -> Abandon:
        """Report at a node, once; returns the Abandon to raise."""
        span = at.span if isinstance(at, ast.Node) else at
        if (code, span) in self._reported:
            return Abandon(message)
        self._reported.add((code, span))
        return self.sink.error(code, message, span, help)

    # ---------------------------------------------------------------- expressions

    def type_of(self, e: ast.Expr) -> DType:
        """Type an expression and all below it, once; the type is also in the table."""
        found = self.checked.types.get(e)
        if found is None:
            found = self.checked.types[e] = self._check(self, e)
        return found

    def value(self, e: ast.Expr) -> DType:
        """Type an expression that must give a value: tracing functions in it are errors."""
        outer, self.actions = self.actions, []
        try:
            t = self.type_of(e)
            if self.actions:
                raise self.not_a_value(self.actions[0])
        finally:
            self.actions = outer
        return t

    def not_a_value(self, call: ast.Call) -> Abandon:
        return self.error("D_CG_EXPR", f"{call.name}( ) may not be called from a D expression (D program context required)", call)

    def constant(self, e: ast.Expr) -> int | None:
        """The folded value of an expression that has been typed."""
        return self.checked.constants.get(e)

    def fold(self, e: ast.Expr) -> int | None:
        """Type an expression and give its constant value, if it has one."""
        self.value(e)
        return self.constant(e)

    def set_constant(self, e: ast.Expr, value: int) -> None:
        self.checked.constants[e] = value

    def is_zero(self, e: ast.Expr) -> bool:
        return self.checked.constants.get(e) == 0

    def string(self, capacity: int = 0) -> String:
        full = self.types.string()
        return String(min(capacity, full.capacity)) if capacity else full

    # ---------------------------------------------------------------- variables

    def space(self, scope: str) -> dict[str, Symbol]:
        """The name space of "self", "this" or "" (global)."""
        return {"self": self.thread, "this": self.clause}.get(scope, self.globals)

    def create(self, kind: str, scope: str, name: str, t: DType, keys: tuple[DType, ...] = ()) -> Symbol:
        """Enter a variable. `kind` is "global", "assoc", "self" or "this"."""
        symbol = Symbol(kind, name, t, scope=scope or "global", keys=keys)
        self.space(scope)[name] = symbol
        self.checked.variables.append(symbol)
        return symbol

    @contextmanager
    def at(self, place: Place) -> Iterator[None]:
        """Type what follows as seen from another place: an inline's or translator's body, a site."""
        outer, self.place = self.place, place
        try:
            with self.types.seen_from(place.library):
                yield
        finally:
            self.place = outer

    def failed(self) -> bool:
        """Whether an error has been reported to the user, of which others may be consequences."""
        return self.sink is not self._main or bool(self._main.errors)

    @contextmanager
    def aside(self) -> Iterator[Sink]:
        """Let errors of what follows go to a sink of its own: text that the user has not written."""
        outer, own = self.sink, Sink()
        self.sink = self.types.sink = own
        try:
            yield own
        finally:
            self.sink = self.types.sink = outer

    # ---------------------------------------------------------------- side tables

    def name_type(self, node: ast.TypeName) -> DType:
        """The type of a TypeName node, entered in the conversions table."""
        t = self.checked.conversions.get(node)
        if t is None:
            t = self.checked.conversions[node] = self.types.name(node)
        return t


def kinds(symbol: Symbol) -> str:
    """What kind of thing a name is, in the words of dtrace's messages."""
    return {"assoc": "associative array", "args": "array", "kernel": "external symbol", "enumerator": "enumerator"}.get(
        symbol.kind, "scalar"
    )
