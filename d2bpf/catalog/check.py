"""Validation of provider files: what `d2bpf providers check` reports. Types are semantic analysis' business, not
checked here."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..diagnostics import Abandon, Sink
from ..syntax import ParseEnv, ast, parse_expression
from . import files
from .libraries import OF_KERNEL, Libraries
from .load import needs
from .tables import faults

if TYPE_CHECKING:
    from .facts import Facts

_DEPENDENCIES = ("library", "provider", "module", *OF_KERNEL)


def check(facts: Facts, provider_paths: Sequence[str] = ()) -> list[str]:
    """What is wrong with the providers and libraries, one line each beginning with the file's name; [] when nothing
    is."""
    found: list[str] = []
    libraries = Libraries(facts, provider_paths)
    for name, path in files.find(".toml", provider_paths).items():
        found += [f"{name}.toml: {fault}" for fault in _table_faults(path, facts, libraries)]
    for name in libraries.files():
        found += [f"{name}.d: {fault}" for fault in _library_faults(name, libraries)]
    return found


# ---------------------------------------------------------------- tables


def _table_faults(path: str, facts: Facts, libraries: Libraries) -> Iterator[str]:
    try:
        table = tomllib.loads(files.read(path))
    except tomllib.TOMLDecodeError as error:
        yield str(error)
        return
    wrong = faults(table)
    yield from wrong
    if wrong:
        return
    env = ParseEnv(is_type=libraries.is_type)
    for what, text in _texts(table):
        said = _parse_fault(text, env)
        if said:
            yield f"{what}: {text!r}: {said}"
    for row in table.get("probe", ()):
        for site in row.get("site", ()):
            for need in needs(site):
                try:
                    facts.has(need)
                except ValueError as error:
                    yield f"probe {row['name']}: {error}"
    names = {row["name"] for row in table.get("probe", ())}
    if "hook" not in table["provider"]:
        for row in table.get("rename", ()):
            yield from (f"rename: there is no probe {to}" for to in row["to"] if to not in names)


def _texts(table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(where it stands, D text) of every D text in a table."""
    for row in table.get("probe", ()):
        for site in row.get("site", ()):
            for point in (site, *site.get("point", ())):
                yield from _texts_of(f"probe {row['name']}", point)
    for row in table.get("old", ()):
        for call, shape in row["now"].items():
            yield from _texts_of(f"old {row['name']}, now {call}", shape)
    for row in table.get("rename", ()):
        yield from _texts_of("rename " + row["from"][0], row)
        if "result" in row:
            yield f"rename {row['from'][0]}: result", row["result"]


def _texts_of(what: str, row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key in ("args", "argn"):
        for text in row.get(key, ()):
            yield f"{what}: {key}", text
    for key in ("when", "task"):
        if key in row:
            yield f"{what}: {key}", row[key]


def _parse_fault(text: str, env: ParseEnv) -> str:
    sink = Sink()
    try:
        parse_expression(text, env, sink)
    except Abandon:
        return sink.errors[0].message if sink.errors else "no expression"
    return ""


# ---------------------------------------------------------------- libraries


def _library_faults(name: str, libraries: Libraries) -> Iterator[str]:
    for kind, what in libraries.depends(name):
        if kind not in _DEPENDENCIES:
            yield f"depends_on {kind} {what}: one of {', '.join(_DEPENDENCIES)} is wanted"
    if not libraries.text(name).text:
        yield "it declares nothing"
        return
    try:
        program = libraries.program(name)
    except files.ProviderError as error:
        yield str(error)
        return
    for item in program.items:
        if isinstance(item, ast.Translator):
            yield from _missing_rules(item, libraries)


def _missing_rules(translator: ast.Translator, libraries: Libraries) -> Iterator[str]:
    """Members of a library's type that a translator to it leaves out."""
    spec = translator.dst.spec
    if not isinstance(spec, ast.NamedType):
        yield "a translator makes a type that has a name"
        return
    piece = libraries.defining(spec.name)
    members = _members(libraries.program(piece), spec.name) if piece else None
    if members is None:
        yield f"translator to {spec.name}: no library declares this structure"
        return
    rules = [name for name, _, _ in translator.members]
    yield from (f"translator to {spec.name} has no rule for {member}" for member in members if member not in rules)
    yield from (f"translator to {spec.name}: there is no member {rule}" for rule in rules if rule not in members)


def _members(program: ast.Program, name: str) -> list[str] | None:
    """The members of the structure that a typedef in the program names."""
    for item in program.items:
        if not isinstance(item, ast.Declaration) or all(d.name != name for d in item.declarators):
            continue
        if isinstance(item.spec, ast.StructType) and item.spec.members is not None:
            return [d.name for member in item.spec.members for d in member.declarators]
    return None
