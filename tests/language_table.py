"""docs/language-table.md: everything D has, with how faithful it is here and a test that proves it.

    python -m tests.language_table    writes the page

The rows come from the code: the classes of the syntax tree, the tables of operators, the records of built-ins, the inlines of the
provider libraries, the options. The proofs are found in the tests: a behaviour case whose script parses to the construct or
names the built-in, else an error's script, else the text of a test. A proof that the page has and that still holds is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from d2bpf.builtins import registry
from d2bpf.catalog import files
from d2bpf.diagnostics import Abandon, Sink
from d2bpf.options import OPTIONS
from d2bpf.source import SourceFile
from d2bpf.syntax import MacroEnv, ParseEnv, ast, parse
from d2bpf.syntax.expressions import _BINARY_LEVELS
from tests.harness import casefile
from tests.modules import ROOT

PAGE = ROOT / "docs" / "language-table.md"
TESTS = ROOT / "tests"

# What each class of the tree is in D. Classes that only hold others together are left out.
NODES: dict[type[ast.Node], str] = {
    ast.Clause: "probe clause",
    ast.ProbeDesc: "probe description",
    ast.Declaration: "declaration",
    ast.Inline: "inline",
    ast.Translator: "translator",
    ast.ProviderDef: "provider definition",
    ast.Pragma: "control line",
    ast.If: "if and else",
    ast.ExprStmt: "expression statement",
    ast.IntLit: "integer and character constants",
    ast.StrLit: "string constants",
    ast.Ident: "variables by name",
    ast.KernelSym: "kernel symbols: `name, module`name",
    ast.ScopedVar: "self-> and this-> variables",
    ast.AggRef: "aggregations",
    ast.Cond: "a ? b : c",
    ast.Call: "calls",
    ast.Index: "a[i], a[k1, k2]",
    ast.MemberOf: "a.m and a->m",
    ast.Cast: "(type)a",
    ast.SizeofType: "sizeof (type)",
    ast.SizeofExpr: "sizeof a",
    ast.Offsetof: "offsetof (type, member)",
    ast.Stringof: "stringof a",
    ast.Xlate: "xlate <type> (a)",
    ast.BasicType: "basic types",
    ast.NamedType: "types by name",
    ast.StructType: "struct and union",
    ast.EnumType: "enum",
}
PARTS = {ast.Program, ast.ProbeDecl, ast.Declarator, ast.TypeName, ast.Unary, ast.Postfix, ast.Binary, ast.Assign}

UNARY = "+ - ! ~ * & ++ --".split()
POSTFIX = ["++", "--"]
BINARY = [op for _, ops in _BINARY_LEVELS for op in ops.split()] + [","]
ASSIGN = "= += -= *= /= %= &= ^= |= <<= >>=".split()
BASIC = "char short int long signed unsigned void string float double _Bool".split()

# What the tree does not show: a pattern for the text of a script or a command line.
LEXICAL = {
    "several descriptions of a clause": r"^[\w:*$-]+,\s*\n?[\w:*$-]+\s*[{/]",
    "patterns * ? [] in descriptions": r"^\w*:\w*:\S*[*?\[]\S*:",
    "predicate": r"^/.+/\s*$",
    "default action": r"\{\s*\}|-n '?[\w:-]+'?$",
    "macro arguments $1": r"\$1\b",
    "macro arguments as strings $$1": r"\$\$1\b",
    "$target": r"\$target\b",
    "$pid, $uid and their kin": r"\$(pid|ppid|uid|gid|euid|egid|sid|pgid)\b",
    "$0": r"\$\$?0\b",
    "octal and hexadecimal constants": r"\b0x[0-9a-f]+",
    "escapes in strings": r'"[^"]*\\[0-7x]',
    "the nameless aggregation @": r"@(\[|\s*=)",
    "#pragma D option": r"#pragma D option",
    "#pragma D attributes": r"#pragma D attributes",
    "#pragma D binding": r"#pragma D binding",
    "#pragma D depends_on": r"#pragma D depends_on",
    "#line": r"^# ?(line )?\d+",
    "#error": r"^#error",
    "-C: #define, #include, #if": r"^#(define|include|if)",
    "-L: libraries of one's own": r"-L ?\S",
}


@dataclass(frozen=True)
class Source:
    """A script or command line of a test: where it is, its text, what its tree holds."""

    place: str  # path#title, without tests/
    text: str
    found: frozenset[str]

    def holds(self, key: str) -> bool:
        kind, _, what = key.partition(" ")
        if kind == "text":
            return re.search(LEXICAL[what], self.text, re.MULTILINE) is not None
        if kind == "option":
            flag = rf"|^-\w*{FLAGS[what]}|\s-\w*{FLAGS[what]}" if what in FLAGS else ""
            return re.search(OPTION.format(what) + flag, self.text, re.MULTILINE) is not None
        return key in self.found


FLAGS = {"flowindent": "F", "destructive": "w", "undef": "U", "incdir": "I", "libdir": "L", "cpphdrs": "H", "zdefs": "Z"}
OPTION = r"(?:-x\s*|option\s+|setopt\(\"|DTRACE_OPT_(?i:)|\"){0}\b"


@dataclass(frozen=True)
class Row:
    key: str  # what a proof must hold: "node Cond", "binary +", "call substr", "name pid", "option quiet", "text ..."
    name: str
    fidelity: str
    note: str

    @property
    def refused(self) -> bool:
        return self.fidelity == "refused"


# ---------------------------------------------------------------- rows


def tables() -> Iterator[tuple[str, list[Row]]]:
    """The page's headings and their rows."""
    nodes = [Row(f"node {node.__name__}", name, "exact", "") for node, name in NODES.items()]
    yield "Constructs", nodes + [Row(f"text {name}", name, "exact", "") for name in LEXICAL]
    yield "Types", [Row(f"type {word}", word, "exact", TYPE_NOTES.get(word, "")) for word in (*BASIC, *DERIVED)]
    operators = [Row(f"unary {op}", f"{op}a", "exact", "") for op in UNARY]
    operators += [Row(f"postfix {op}", f"a{op}", "exact", "") for op in POSTFIX]
    operators += [Row(f"binary {op}", f"a {op} b", "exact", "") for op in BINARY]
    operators += [Row(f"assign {op}", f"a {op} b", "exact", "") for op in ASSIGN]
    yield "Operators", operators
    yield "Variables", sorted([*_built_ins("variables", "name"), *_inlines()], key=lambda row: row.name)
    yield "Actions", _built_ins("actions", "call")
    yield "Aggregating functions", _built_ins("aggregations", "call")
    yield "Subroutines", _built_ins("subroutines", "call")
    yield "Options", [_option(name) for name in sorted(OPTIONS)]


TYPE_NOTES = dict.fromkeys(("float", "double"), "recorded and printed; no arithmetic, as in D everywhere")
DERIVED = ("struct", "union", "enum", "bit-field", "typedef", "pointer", "array", "associative array")


def _built_ins(kind: str, use: str) -> list[Row]:
    rows = []
    for name in sorted(registry.names(kind)):
        if name.startswith("__"):
            continue
        record: Any = registry._find(kind, name)
        reason = getattr(record, "refused", "")
        fidelity = getattr(record, "fidelity", "exact")
        refused = bool(reason) or fidelity == "absent"
        note = reason or getattr(record, "note", "")
        rows.append(Row(f"{use} {name}", f"{name}()" if use == "call" else name, "refused" if refused else fidelity, note))
    return rows


def _inlines() -> list[Row]:
    """Built-in variables that the provider libraries define in D."""
    found = dict[str, Row]()
    for path in files.find(".d", ()).values():
        for name in re.findall(r"^inline [\w \t*]+?\**\s*\b([a-z]\w*)\s*(?:\[.*?\])?\s*=", files.read(path), re.MULTILINE):
            if name in DOCUMENTED_INLINES:
                found[name] = Row(f"name {name}", name, "exact", INLINE_NOTES.get(name, ""))
    return list(found.values())


DOCUMENTED_INLINES = set("curcpu chip pset lgrp fds cwd root curpsinfo curlwpsinfo curproc execargs zonename jailname jid".split())
INLINE_NOTES = {
    **dict.fromkeys(("zonename", "jailname", "jid"), 'Linux has no zones and jails: "global", "", 0'),
    "pset": "Linux has no processor sets: 0",
}


def _option(name: str) -> Row:
    row = OPTIONS[name]
    ignored = row.kind == "ignored"
    note = "concerns the insides of libdtrace: accepted, without effect" if ignored else ""
    return Row(f"option {name}", name, "accepted" if ignored else "exact", note)


# ---------------------------------------------------------------- proofs


@cache
def sources() -> list[Source]:
    """Scripts of behaviour cases, with those of dscripts/ that they run, then the errors' scripts."""
    found = []
    for path in sorted((TESTS / "behaviour").rglob("*.case")):
        for case in casefile.load(path):
            place = f"{path.relative_to(TESTS)}: {case.title}"
            text = "\n".join([" ".join(case.run), *case.env, *case.files.values()])
            found.append(Source(place, text, frozenset(_holds(_scripts(case)))))
    for path in sorted(TESTS.glob("s*/errors/err.*.d")):
        text = path.read_text()
        found.append(Source(str(path.relative_to(TESTS)), text, frozenset(_holds([(text, True)]))))
    return found


def _scripts(case: casefile.Case) -> Iterator[tuple[str, bool]]:
    """(D text, whether it is a file's)"""
    for name, text in case.files.items():
        if name.endswith(".d"):
            yield text, True
    previous = ""
    for word in case.run:
        flag = previous if re.fullmatch(r"-\w*[nPmf]", previous) else ""
        if flag or re.match(r"-\w*n.", word):
            yield (word if flag else word[word.index("n") + 1 :]), False
        if "/dscripts/" in word:
            yield (ROOT / "dscripts" / Path(word).name).read_text(), True
        previous = word


def _holds(scripts: Any) -> Iterator[str]:
    for text, is_file in scripts:
        env = ParseEnv(
            is_type=lambda name, module: name.endswith("_t") or name in ("bool", "uint8_t"),
            macros=MacroEnv(args=("1",) * 9, target=1),
        )
        try:
            tree = parse(SourceFile("x.d", text, is_file), env, Sink())
        except Abandon:
            continue
        for node in _walk(tree):
            yield from _keys(node)


def _walk(node: ast.Node) -> Iterator[ast.Node]:
    yield node
    for child in ast.children(node):
        yield from _walk(child)


def _keys(node: ast.Node) -> Iterator[str]:
    """What a node of a tree is a use of."""
    yield f"node {type(node).__name__}"
    match node:
        case ast.Unary(op=op):
            yield f"unary {op}"
        case ast.Postfix(op=op):
            yield f"postfix {op}"
        case ast.Binary(op=op):
            yield f"binary {op}"
        case ast.Assign(op=op):
            yield f"assign {op}"
        case ast.Call(name=name):
            yield f"call {name}"
        case ast.Ident(name=name):
            yield f"name {name}"
        case ast.BasicType(words=words):
            yield from (f"type {word}" for word in words)
        case ast.StructType(kind=kind):
            yield f"type {kind}"
        case ast.EnumType():
            yield "type enum"
        case ast.Declaration(storage="typedef"):
            yield "type typedef"
        case ast.Declarator(parts=parts, bits=bits):
            yield from ["type bit-field"] if bits else []
            yield from (f"type {PART_NAMES[part[0]]}" for part in parts if part[0] in PART_NAMES)
        case _:
            pass


PART_NAMES = {"pointer": "pointer", "array": "array", "assoc": "associative array"}


@cache
def texts() -> dict[str, str]:
    """The Python files of the tests, by their path below tests/."""
    own = (Path(__file__).name, "test_language_table.py")
    paths = [path for path in sorted(TESTS.rglob("test_*.py"), key=_by_folder) if path.name not in own]
    return {str(path.relative_to(TESTS)): path.read_text() for path in paths}


def _by_folder(path: Path) -> tuple[int, Path]:
    """Tests on a kernel first, those of the analysis alone last."""
    folder = path.parent.name
    order = ("crosscheck", "behaviour", "builtins_bpf", "runtime_bpf", "consumer", "runtime", "tests")
    return (order.index(folder) if folder in order else len(order)), path


def in_text(key: str, text: str) -> bool:
    """Whether a Python test speaks of a built-in or option."""
    kind, _, what = key.partition(" ")
    pattern = {"call": rf"\b{what}\(", "option": rf"\b{what}\b", "name": rf"\b{what}\b"}.get(kind)
    return pattern is not None and re.search(pattern, text) is not None


def proves(place: str, row: Row) -> bool:
    """Whether the test at a place still holds what a row is about."""
    return any(source.place == place and source.holds(row.key) for source in sources()) or (
        place in texts() and in_text(row.key, texts()[place])
    )


def proof(row: Row) -> str:
    """The place of the shortest script that proves a row, or of a Python test; "" if there is none. What is refused is proved by an
    error's script."""
    candidates = [s for s in sources() if s.holds(row.key) and (not row.refused or "errors/" in s.place or "refused" in s.place)]
    fitting = [s for s in candidates if row.refused or "errors/" not in s.place] or candidates
    if fitting:
        return min(fitting, key=lambda s: (len(s.text), s.place)).place
    return next((place for place, text in texts().items() if in_text(row.key, text)), "")


# ---------------------------------------------------------------- the page

HEAD = """\
# The language, row by row

Written by `python -m tests.language_table`: what D has, how faithfully it is translated, and a test that proves it (below tests/;
a case is named by its file and title). A test sees to it that nothing is missing here and that each proof holds.

`exact` means as dtrace does it; `approximate` is explained; `accepted` has no effect; `refused` is an error before tracing begins,
argued for in [decisions.md](decisions.md#what-is-refused).
"""


def page(kept: dict[str, str]) -> str:
    """The page; `kept` are the proofs by key that are to stay if they hold."""
    parts = [HEAD]
    for heading, rows in tables():
        lines = [f"## {heading}", "", "| | fidelity | proved by |", "| --- | --- | --- |"]
        for row in rows:
            place = kept.get(row.key, "")
            place = place if place and proves(place, row) else proof(row)
            fidelity = f"{row.fidelity}: {row.note}" if row.note else row.fidelity
            lines.append(f"| {code(row.name)} | {escaped(fidelity)} | {escaped(place)} |")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def code(text: str) -> str:
    """Code of Markdown; it may hold backquotes and bars."""
    mark = "``" if "`" in text else "`"
    pad = " " if "`" in text else ""
    return escaped(f"{mark}{pad}{text}{pad}{mark}")


def escaped(text: str) -> str:
    return text.replace("|", "\\|")


def proofs(text: str) -> dict[str, str]:
    """The proofs that a page has, by key."""
    found: dict[str, str] = {}
    lines = iter(text.splitlines())
    by_heading = {heading: {code(row.name): row.key for row in rows} for heading, rows in tables()}
    names: dict[str, str] = {}
    for line in lines:
        if line.startswith("## "):
            names = by_heading.get(line[3:], {})
        cells = re.split(r"(?<!\\)\|", line)
        if len(cells) == 5 and cells[1].strip() in names:
            found[names[cells[1].strip()]] = cells[3].strip().replace("\\|", "|")
    return found


if __name__ == "__main__":
    PAGE.write_text(page(proofs(PAGE.read_text()) if PAGE.exists() else {}))
