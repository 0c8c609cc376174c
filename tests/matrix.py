"""docs/support-matrix.md: every probe of the provider files with its arguments, where they come from, how true they are to the
original, and the behaviour case that fires it. `python -m tests.matrix` writes the page.

A case fires a probe when it names it (a pattern counts where the expected output has the probe's name), runs to exit status 0 and
expects some output. It tells of an argument when such a clause uses args[N] or argN.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from d2bpf.catalog.glob import literal, matches
from d2bpf.command import UsageError
from d2bpf.command import parse as parse_command
from d2bpf.compiler import Request, parse_program
from d2bpf.diagnostics import Sink
from d2bpf.options import defaults
from d2bpf.sema.names import walk
from d2bpf.source import SourceFile
from d2bpf.syntax import MacroEnv, ParseEnv, ast
from tests.harness.casefile import Case, load
from tests.modules import ROOT

PAGE = ROOT / "docs" / "support-matrix.md"
PROVIDERS = ROOT / "providers"
CASES = ROOT / "tests" / "behaviour"

HEAD = """# Support matrix

Every probe that a provider file lists, and each of its arguments: where it comes from on Linux, whether it is what DTrace's is, and
a behaviour case that fires it. Where a kernel lacks what is named here, the provider file may have another source. The page is made
by `python -m tests.matrix` from the provider files and the cases; a test keeps it so, and lets no row be called exact that no case
fires.

Probes that the kernel or the programs name (those of syscall, rawtp, sdt, fbt, pid, static probes) and probes made for a number
(profile, cpc) are not listed: see [providers](providers.md).

"""


@dataclass
class Row:
    """A probe (`argument` None) or one of its arguments."""

    provider: str
    probe: str
    argument: int | None
    type: str
    source: str
    level: str
    note: str
    tests: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.provider}:::{self.probe}" + ("" if self.argument is None else f" args[{self.argument}]")

    @property
    def fidelity(self) -> str:
        return f"{self.level}: {self.note}" if self.note else self.level


# ---------------------------------------------------------------- provider files


def rows() -> list[Row]:
    """Every row of the page, in order of providers and of the probes in their files."""
    return [row for path in sorted(PROVIDERS.glob("*.toml")) for row in _of_provider(path)]


def _of_provider(path: Path) -> Iterator[Row]:
    for probe in tomllib.loads(path.read_text()).get("probe", ()):
        yield from _of_probe(path.stem, probe)


def _of_probe(provider: str, probe: Mapping[str, Any]) -> Iterator[Row]:
    name, types = probe["name"], probe.get("args", [])
    if "never" in probe:
        yield Row(provider, name, None, "", "", "absent", probe["never"])
        return
    site = probe["site"][0]
    points = [{**site, **point} for point in site.get("point", (site,))]
    note = site.get("note", probe.get("note", ""))
    level = site.get("fidelity", probe.get("fidelity", "approximate")) if note else "exact"
    sources = ", ".join(dict.fromkeys(point["attach"] for point in points))
    yield _tested(Row(provider, name, None, "", sources, level, note))
    for number, type in enumerate(types):
        texts = list(dict.fromkeys(_argument(point, number) for point in points))
        if all(map(_is_nothing, texts)):
            yield Row(provider, name, number, type, "", "absent", "NULL or 0")
        else:
            yield _tested(Row(provider, name, number, type, "; ".join(texts), level, "as the probe" if note else ""))


def _argument(point: Mapping[str, Any], number: int) -> str:
    texts: list[str] = point["args"] if "args" in point else list(point["source"])
    return texts[number]


def _is_nothing(text: str) -> bool:
    return re.fullmatch(r"(\([^()]*\))?(NULL|0[UL]*)", text) is not None


# ---------------------------------------------------------------- cases


@dataclass
class Use:
    """A clause of a case: what it is enabled on, and which arguments it looks at."""

    place: str
    desc: ast.ProbeDesc
    arguments: set[int]
    shown: str

    def fires(self, row: Row) -> bool:
        desc = self.desc
        if literal(desc.provider) not in (row.provider, "") or not matches(desc.name, row.probe):
            return False
        named = literal(desc.name) == row.probe if desc.name else False
        told = re.search(rf"(?<![\w-]){re.escape(row.probe)}(?![\w-])", self.shown) is not None
        return (named or told) and (row.argument is None or row.argument in self.arguments)


def _tested(row: Row) -> Row:
    enabled = (*uses().get(row.provider, ()), *uses().get("", ()))
    row.tests = list(dict.fromkeys(use.place for use in enabled if use.fires(row)))
    return row


@cache
def uses() -> dict[str, list[Use]]:
    """What the behaviour cases enable, by provider; a description without one may be any provider's that has the name."""
    found: dict[str, list[Use]] = {}
    for path in sorted(CASES.rglob("*.case")):
        for case in load(path):
            if case.exit == 0 and not case.xfail and "-l" not in case.run and (case.stdout.strip() or case.expect_files):
                for use in _of_case(case):
                    found.setdefault(use.desc.provider, []).append(use)
    return found


def _of_case(case: Case) -> Iterator[Use]:
    place = f"{case.path.relative_to(CASES)}: {case.title}"
    shown = "\n".join([case.stdout, *case.expect_files.values()])
    for clause in _clauses(case):
        arguments = _arguments(clause)
        yield from (Use(place, desc, arguments, shown) for desc in clause.probes)


def _clauses(case: Case) -> Iterator[ast.Clause]:
    try:
        command = parse_command([word.replace("$(root)", str(ROOT)) for word in case.run], {})
    except UsageError:
        return
    programs = [(letter, text, SourceFile(text, _source(case, letter, text))) for letter, text in command.programs]
    request = Request(programs, {**defaults(), "cpp": False}, MacroEnv(args=("1",) * 9, ids={"pid": 1}, target=1))
    for letter, _, source in programs:
        request.macros.defaultargs = True
        tree = parse_program(request, letter, source, ParseEnv(macros=request.macros, is_type=_is_type), Sink())
        yield from (item for item in tree.items if isinstance(item, ast.Clause)) if tree else ()


def _source(case: Case, letter: str, text: str) -> str:
    if letter != "s":
        return text
    path = Path(text)
    return case.files[text] if text in case.files else path.read_text() if path.is_file() else ""


def _is_type(name: str, module: str) -> bool:
    del module
    return name.endswith("_t")


def _arguments(clause: ast.Clause) -> set[int]:
    """N of every args[N] and argN."""
    found: set[int] = set()
    for node in walk((clause.predicate, clause.body)):
        if isinstance(node, ast.Ident) and re.fullmatch(r"arg\d", node.name):
            found.add(int(node.name[3:]))
        elif isinstance(node, ast.Index) and isinstance(node.base, ast.Ident) and node.base.name == "args":
            found |= {index.value for index in node.indices if isinstance(index, ast.IntLit)}
    return found


# ---------------------------------------------------------------- the page


def page() -> str:
    """The text of docs/support-matrix.md."""
    parts = [HEAD]
    table = rows()
    for provider in dict.fromkeys(row.provider for row in table):
        own = [row for row in table if row.provider == provider]
        parts.append(f"## {provider}\n\n| probe | from | fidelity | case |\n|---|---|---|---|\n")
        parts += [f"| {' | '.join(map(_cell, _columns(row)))} |\n" for row in own]
        parts.append("\n")
    return "".join(parts).rstrip("\n") + "\n"


def _columns(row: Row) -> tuple[str, str, str, str]:
    what = row.probe if row.argument is None else f"args[{row.argument}] `{row.type}`"
    more = f" and {len(row.tests) - 1} more" if len(row.tests) > 1 else ""
    return what, f"`{row.source}`" if row.source else "", row.fidelity, row.tests[0] + more if row.tests else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page())
    print(PAGE)
