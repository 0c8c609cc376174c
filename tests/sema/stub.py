"""A small made-up kernel and catalog, so that what programs mean can be tested anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from d2bpf.catalog.schema import Argument, Attachment, Native, Probe, Site
from d2bpf.diagnostics import Diagnostic, Sink
from d2bpf.dtypes import (
    CHAR,
    INT,
    LONG,
    UINT,
    ULONG,
    VOID,
    Array,
    DType,
    Enum,
    Func,
    Member,
    Ptr,
    String,
    Struct,
    StructBody,
    Typedef,
    strip,
)
from d2bpf.sema.checked import Checked
from d2bpf.sema.checker import Checker
from d2bpf.sema.names import NO_TYPE, walk
from d2bpf.source import SourceFile
from d2bpf.syntax import ParseEnv, ast, parse
from d2bpf.syntax.env import no_types

STATE = Enum("task_state", (("TASK_RUNNING", 0), ("TASK_SLEEPING", 1), ("TASK_DEAD", 2)), 4, False)


def _kernel_structs() -> dict[tuple[str, str], DType]:
    task = Struct("struct", "task_struct", "kernel", StructBody(64))
    ops = Struct("struct", "ops", "kernel", StructBody(8, members=(Member("run", Ptr(Func(INT, (INT,))), 0),)))
    inner = Struct("struct", "(anon 7)", "kernel", StructBody(8, members=(Member("deep", LONG, 0),)))
    assert task.body is not None
    task.body.members = (
        Member("pid", INT, 0),
        Member("tgid", INT, 32),
        Member("comm", Array(CHAR, 16), 64),
        Member("parent", Ptr(task), 192),
        Member("flags", UINT, 256, 3),
        Member("state", STATE, 288),
        Member("", inner, 320),
        Member("ops", Ptr(ops), 384),
        Member("hidden", Ptr(Struct("struct", "hidden", "kernel")), 448),
    )
    return {
        ("struct", "task_struct"): task,
        ("struct", "ops"): ops,
        ("struct", "mutex"): Struct("struct", "mutex", "kernel", StructBody(8, members=(Member("owner", LONG, 0),))),
        ("enum", "task_state"): STATE,
        ("typedef", "u32"): Typedef("u32", UINT),
        ("typedef", "sector_t"): Typedef("sector_t", ULONG),
    }


class Types:
    are_missing = False

    def __init__(self) -> None:
        self.known = _kernel_structs()
        self.asked: list[str] = []

    def lookup(self, kind: str, name: str, module: str = "") -> DType | None:
        self.asked.append(name)
        return self.known.get((kind, name)) if module in ("", "ext4") else None

    def enumerator(self, name: str) -> tuple[int, Enum] | None:
        value = dict(STATE.values).get(name)
        return None if value is None else (value, STATE)


class Target:
    def __init__(self) -> None:
        self.types = Types()

    def variable(self, name: str, module: str) -> DType | str:
        if module not in ("", "vmlinux"):
            return "Unknown module name"
        symbols: dict[str, DType | str] = {"untyped": NO_TYPE, "jiffies": ULONG, "run_all": Func(VOID)}
        return symbols.get(name, "Unknown symbol name")


def _site(*args: Argument, argn: tuple[str, ...] = (), natives: tuple[Native, ...] = (), library: tuple[str, ...] = ()) -> Site:
    return Site(Attachment("rawtp", ("event",)), natives, args, argn, library=library)


_FD, _BUF = Native("a0", "int64_t", ("arg", 0)), Native("a1", "int64_t", ("arg", 1))


def _entry() -> Site:
    return _site(Argument("int", "int", "a0"), Argument("char *", "char *", "a1"), natives=(_FD, _BUF))


_RETURN = _site(Argument("int64_t", "int64_t", "ret"), argn=("ret", "ret + 1"), natives=(Native("ret", "int64_t", ("ret",)),))
_TASK = _site(
    Argument("person_t *", "struct task_struct *", "t"),
    Argument("int", "int", "t->pid"),
    natives=(Native("t", "struct task_struct *", ("arg", 0)),),
    library=("person",),
)
_BROKEN = _site(Argument("int", "int", "t->nothing"), natives=(Native("t", "struct task_struct *", ("arg", 0)),))
_STRANGE = _site(Argument("nosuch_t *", "int", "n"), Argument("stamp_t *", "int *", "n"), natives=(Native("n", "int", ("arg", 0)),))

PROBES = (
    Probe(1, "dtrace", "", "", "BEGIN", (_site(),)),
    Probe(2, "dtrace", "", "", "END", (_site(),)),
    Probe(10, "profile", "", "", "tick-1s", (_site(),)),
    Probe(20, "syscall", "vmlinux", "read", "entry", (_entry(),)),
    Probe(21, "syscall", "vmlinux", "read", "return", (_RETURN,)),
    Probe(22, "syscall", "vmlinux", "write", "entry", (_entry(),)),
    Probe(30, "proc", "", "", "create", (_TASK,)),
    Probe(31, "proc", "", "", "broken", (_BROKEN,)),
    Probe(32, "proc", "", "", "strange", (_STRANGE,)),
)


class Catalog:
    def match(self, desc: ast.ProbeDesc, program_literals: frozenset[str]) -> Sequence[Probe]:
        if desc.id is not None:
            return [p for p in PROBES if p.id == desc.id]
        wanted = (desc.provider, desc.module, desc.function, desc.name)
        return [p for p in PROBES if all(map(_fits, (p.provider, p.module, p.function, p.name), wanted))]

    def covered(self, desc: ast.ProbeDesc, program_literals: frozenset[str]) -> str | None:
        return "open is openat here, which openat covers already" if desc.function == "open" else None

    def unseen(self, desc: ast.ProbeDesc) -> str | None:
        return "newer kernels tell it" if desc.name == "remain-cpu" else None

    def explain(self, desc: ast.ProbeDesc) -> str | None:
        return f"there is no provider {desc.provider}" if desc.provider == "nosuch" else None

    def stability(self, provider: str) -> Mapping[str, str]:
        evolving = dict.fromkeys(("provider", "function", "name"), "Evolving/Evolving/ISA")
        return {**evolving, "module": "Private/Private/Unknown", "args": "Evolving/Private/ISA"}


def _fits(text: str, pattern: str) -> bool:
    return not pattern or fnmatchcase(text, pattern)


LIBRARIES = {
    "person": """
typedef struct person {
	int p_id;
	string p_name;
	struct person *p_next;
	struct { int x, y; } p_where;
	int p_unknown;
} person_t;
typedef struct stamp { uint64_t s_sec; int s_ns; } stamp_t;
typedef struct diary { stamp_t d_when; int d_pages; } diary_t;
translator stamp_t < uint64_t ns > { s_sec = ns / 1000000000; s_ns = ns % 1000000000; };
translator diary_t < struct task_struct *T > { d_when = xlate <stamp_t> ((uint64_t)T->deep); d_pages = T->tgid; };
translator person_t < struct task_struct *T > { p_id = T->pid; p_name = stringof(T->comm); p_next = NULL; };
inline person_t *curperson = xlate <person_t *> (curthread);
inline person_t people[int n] = xlate <person_t> (n == 0 ? curthread : curthread->parent);
inline diary_t *curdiary = xlate <diary_t *> (curthread);
""",
    "constants": 'inline int ENOENT = 2;\ninline char LETTER = 65;\ninline string GREETING = "hello";\n',
    "foreign": """
typedef char __name_t[16];
inline struct task_struct *__task_struct__t_procp[struct task_struct *t] = t->parent;
inline struct task_struct *__task_struct__p_user[struct task_struct *p] = p;
inline __name_t __task_struct__u_comm[struct task_struct *p] = p->comm;
inline int __task_struct__pid[struct task_struct *t] = 0;
inline struct mutex *__kernel__pidlock = (struct mutex *)64;
inline int __kernel__jiffies = 0;
""",
    "wrong": "inline int wrong_inline = nothing_at_all;\ntranslator person_t < int i > { p_nothing = i; };\n",
}


DEFINES = {
    "person": ("person_t", "struct person", "curperson", "people", "stamp_t", "diary_t", "curdiary"),
    "constants": ("ENOENT", "LETTER", "GREETING"),
    "foreign": (
        "__name_t",
        *(f"__task_struct__{name}" for name in ("t_procp", "p_user", "u_comm", "pid")),
        *(f"__kernel__{name}" for name in ("pidlock", "jiffies")),
    ),
    "wrong": ("wrong_inline",),
}


class Libraries:
    """The libraries above, found by the names in them. `read` lists those that were asked for."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.is_type: Callable[[str, str], bool] = no_types

    def defining(self, name: str) -> str | None:
        return next((library for library, names in DEFINES.items() if name in names), None)

    def program(self, library: str) -> ast.Program:
        self.read.append(library)
        sink = Sink()
        source = SourceFile(f"{library}.d", LIBRARIES[library])
        tree = parse(source, ParseEnv(is_type=self.is_type, library=True), sink)
        assert not sink.errors
        return tree


@dataclass
class Analysed:
    """What a test looks at: the tables, the diagnostics, and the pieces by their text."""

    checked: Checked
    errors: list[Diagnostic]
    trees: list[ast.Program] = field(default_factory=list)
    target: Target = field(default_factory=Target)
    libraries: Libraries = field(default_factory=Libraries)

    def expr(self, text: str, nth: int = 0) -> ast.Expr:
        """The nth expression written exactly so, the outermost where several are."""
        found = [n for n in self.checked.types if isinstance(n, ast.Expr) and n.span.text == text]
        assert found, f"no expression {text!r} was typed"
        return sorted(found, key=lambda n: n.span.start)[nth]

    def type(self, text: str, nth: int = 0) -> DType:
        return self.checked.types[self.expr(text, nth)]

    def constant(self, text: str, nth: int = 0) -> int | None:
        return self.checked.constants.get(self.expr(text, nth))


def analyse(*texts: str, **options: Any) -> Analysed:
    """Parse and check programs as one command's -s files."""
    sink, target, libraries = Sink(), Target(), Libraries()
    checker = Checker(target, Catalog(), libraries, options, sink)
    libraries.is_type = checker.is_type
    env = ParseEnv(is_type=checker.is_type)
    trees = []
    for number, text in enumerate(texts):
        tree = parse(SourceFile(f"x{number}.d", text), env, sink)
        trees.append(tree)
        checker.add(tree, "script", f"x{number}.d")
    result = Analysed(checker.finish(), sink.errors, trees, target, libraries)
    if not result.errors:
        assert list(_missing(result.checked)) == []
    return result


def _missing(checked: Checked) -> Iterator[str]:
    """What lowering would look up in the tables and not find."""
    sites = [(c.argn, tuple(x[0] for x in c.args), c.when, c.task) for c in checked.site_code.values()]
    inlines = [s.inline.value for s in checked.symbols.values() if s.inline is not None]
    members = [e for info in checked.translators.values() for e, _ in info.members.values()]
    others = tuple(checked.stand_ins.values())
    for node in walk((tuple(c.node for c in checked.clauses), tuple(sites), tuple(inlines), tuple(members), others)):
        if isinstance(node, ast.Expr) and node not in checked.types:
            yield f"no type: {node.span.text}"
        named = isinstance(node, (ast.Ident, ast.ScopedVar, ast.KernelSym))
        if named and node not in checked.symbols and node not in checked.stand_ins:
            yield f"no symbol: {node.span.text}"
        if isinstance(node, ast.TypeName) and node not in checked.conversions:
            yield f"no conversion: {node.span.text}"
        if isinstance(node, ast.Xlate) and node not in checked.translators:
            yield f"no translator: {node.span.text}"
    for clause in checked.clauses:
        for site in (s for p in clause.probes for s in p.sites):
            if id(site) not in checked.site_code:
                yield f"no code of a site of {clause.node.span.text}"
    for e, t in checked.types.items():
        if isinstance(strip(t), String) and not 1 <= strip(t).size <= checked.strsize + 1:
            yield f"no capacity: {e.span.text}"


def body(statements: str, **options: Any) -> Analysed:
    """One BEGIN clause of statements, checked; there must be no error."""
    result = analyse(f"BEGIN {{ {statements} }}", **options)
    assert [(e.code, e.message) for e in result.errors] == []
    return result
