"""What semantic analysis hands to lowering: the programs, with every name, type and storage decision in side tables.

Tables are keyed by AST node identity (nodes hash by identity). Lowering asks no further question about meaning.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..catalog.schema import Probe
from ..dtypes import LONG, DType, Enum, Int, strip
from ..syntax import ast


@dataclass(slots=True, eq=False)
class Symbol:
    """A resolved name.

    kind        meaning                                   members used
    builtin     built-in variable                          name
    global      global scalar, struct, C array             type, uses (capacity in type for strings)
    assoc       associative array, `scope` global or self  type (of the value), keys
    self        thread-local scalar/struct/array           type
    this        clause-local                               type
    inline      inline value or macro                      type, inline (AST), params (Symbols of kind "param")
    param       parameter of an inline, or bound name of   type
                a translator or of a site expression
    enumerator  integer constant                           type, value
    kernel      kernel variable (module in `module`)       type
    args        args[]; argN is builtin
    """

    kind: str
    name: str
    type: DType
    scope: str = ""
    keys: tuple[DType, ...] = ()
    value: int = 0
    inline: ast.Inline | None = None
    params: tuple[Symbol, ...] = ()
    module: str = ""
    implied: bool = False  # a variable whose first assignment declared it

    @property
    def stored(self) -> DType:
        """The type a variable is stored as. An integer whose type only its first value implied holds 64 bits, as with the
        original: `x = 0;` must not cut a later timestamp. Its own type counts where it is recorded or cast."""
        return LONG if self.implied and isinstance(strip(self.type), (Int, Enum)) else self.type


@dataclass(slots=True, eq=False)
class AggregationInfo:
    """An aggregation over the whole command: `keys` are the storage types of its keys (string capacities already the
    largest of all uses), `params` the constants of lquantize/llquantize."""

    name: str
    function: str
    keys: tuple[DType, ...]
    params: tuple[int, ...] = ()
    defined: ast.Expr | None = None


@dataclass(slots=True, eq=False)
class TranslatorInfo:
    """`members` maps a member's name to (its expression, its D type). `param` is the Symbol the expressions refer to."""

    dst: DType  # the struct (maybe behind a typedef)
    src: DType
    param: Symbol
    members: dict[str, tuple[ast.Expr, DType]]
    fidelity: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class SiteCode:
    """The D expressions of one Site, parsed and checked; natives are Symbols of kind "param" in `natives` (the first of
    Site.natives, as far as they are used). `args[i]` is (expression, native type, translator or None, type the script sees).
    `args` and `argn` go as far as the highest index that any clause enabled on the site uses; `argn` also names the natives where
    Site.argn leaves them to stand for themselves, and is shorter than an index used only when that argument does not exist (it
    reads 0). Sites that differ in nothing that is used share one SiteCode."""

    natives: tuple[Symbol, ...]
    args: tuple[tuple[ast.Expr, DType, TranslatorInfo | None, DType], ...]
    argn: tuple[ast.Expr, ...]
    when: ast.Expr | None
    task: ast.Expr | None


@dataclass(slots=True, eq=False)
class CheckedClause:
    """One clause with the probes it is enabled on, in order of its descriptions (a probe matched by two descriptions of the
    clause appears twice, as in DTrace). `program` indexes Checked.programs."""

    node: ast.Clause
    program: int
    probes: tuple[Probe, ...]


@dataclass(slots=True, eq=False)
class CheckedProgram:
    """One -s/-n/... program: `kind` "script"/"description", `text` as in output.md 7.1, `matched` (clause, probe) pairs."""

    node: ast.Program
    kind: str
    text: str
    matched: int = 0


@dataclass(slots=True, eq=False)
class Checked:
    programs: list[CheckedProgram]
    clauses: list[CheckedClause]  # in program order
    options: dict[str, Any]
    aggregations: dict[str, AggregationInfo]
    symbols: dict[ast.Node, Symbol]  # Ident, ScopedVar, KernelSym, Index on an assoc/args/inline -> what it names
    types: dict[ast.Node, DType]  # every Expr -> its D type (strings with a capacity bound)
    constants: dict[ast.Node, int]  # folded constants: the 64-bit word as a Python int, maybe beyond the type (sema/fold.py)
    translators: dict[ast.Node, TranslatorInfo]  # MemberOf/Xlate nodes that go through a translator
    conversions: dict[ast.Node, DType]  # TypeName nodes (casts, sizeof) -> type
    site_code: dict[int, SiteCode]  # id(Site) -> its checked expressions (sites are kept alive by probes)
    passed: dict[ast.Node, DType]  # integer arguments of functions -> the parameter's type, to which they are converted
    variables: list[Symbol]  # every global, assoc, self, this symbol in order of declaration
    strsize: int = 256
    destructive: ast.Call | None = None  # the first call that needs the destructive option (-w)
    notes: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)  # descriptions left out, and why
    stability: list[tuple[str, str]] = field(default_factory=list)  # per program: of its descriptions, of its statements
    enumerators: dict[str, int] = field(default_factory=dict)  # of the kernel, in use: the values that this kernel gives them
    stand_ins: dict[ast.Node, ast.Expr] = field(default_factory=dict)  # MemberOf/KernelSym of other systems -> what it is here
