"""Clauses and probes: what a description matches, and what args[] is there (language.md 2 and 9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from ..catalog.glob import matches
from ..catalog.schema import Argument, Mistake, Probe
from ..dtypes import DType, Ptr, Struct, Translated, Typedef, strip
from ..syntax import ast
from . import translators
from .analysis import Analysis, Arguments
from .relations import same_type

Signature = tuple[tuple[str, str], ...]  # (type, native type) of each of args[]


@dataclass(slots=True)
class Match:
    """A description with the probes it covers; `reported` when it covers none and that has been said, `elsewhere` when another
    description covers what it stands for, or when that does not happen on Linux."""

    desc: ast.ProbeDesc
    probes: tuple[Probe, ...]
    reported: bool = False
    elsewhere: bool = False


def match(a: Analysis, clause: ast.Clause, literals: frozenset[str]) -> list[Match]:
    """The probes of each description of a clause. Descriptions that match nothing are reported, unless that is permitted."""
    return [_match(a, desc, literals) for desc in clause.probes]


def _match(a: Analysis, desc: ast.ProbeDesc, literals: frozenset[str]) -> Match:
    if a.catalog is None or _unreadable(desc):
        return Match(desc, (), reported=True)
    try:
        found = tuple(a.catalog.match(desc, literals))
    except Mistake as mistake:
        a.error(mistake.code, mistake.message, desc, mistake.help)
        return Match(desc, (), reported=True)
    if found:
        a.checked.notes += _renamed(desc, found)
        return Match(desc, found)
    if desc.id is not None:
        a.error("D_PDESC_INVAL", f"invalid probe identifier {desc.id}: Unknown probe identifier", desc)
        return Match(desc, (), reported=True)
    reason = a.catalog.covered(desc, literals)
    if reason is not None:
        a.checked.notes.append(f"{written(desc)}: {reason}")
        return Match(desc, (), elsewhere=True)
    reason = a.catalog.unseen(desc)
    if reason is not None:
        told = f"{written(desc)} is left out: {reason}"
        a.checked.unseen += [told] if told not in a.checked.unseen else []
        return Match(desc, (), elsewhere=True)
    if not a.checked.options.get("zdefs"):
        report_unmatched(a, desc)
        return Match(desc, (), reported=True)
    return Match(desc, ())


def report_unmatched(a: Analysis, desc: ast.ProbeDesc) -> None:
    """Report a description that matches nothing, with the reason and the nearest that would."""
    help = a.catalog.explain(desc) or "" if a.catalog else ""
    a.error("D_PDESC_ZERO", f"probe description {written(desc)} does not match any probes", desc, help)


def _renamed(desc: ast.ProbeDesc, found: Sequence[Probe]) -> Iterator[str]:
    """Notes on what stands here for functions of another system that a description names."""
    for probe in found:
        if probe.fidelity.note and not matches(desc.function, probe.function):
            yield f"{written(desc)} is {probe.text} here: {probe.fidelity.note}"


def _unreadable(desc: ast.ProbeDesc) -> bool:
    """A description the parser has reported and left empty."""
    empty = not (desc.provider or desc.module or desc.function or desc.name)
    return desc.id is None and empty and bool(desc.text.strip(":"))


def written(desc: ast.ProbeDesc) -> str:
    """A description as P:M:F:N."""
    return f"{desc.provider}:{desc.module}:{desc.function}:{desc.name}" if desc.id is None else str(desc.id)


# ---------------------------------------------------------------- args[]


def uses_args(clause: ast.Clause) -> bool:
    """Whether a clause refers to args[] anywhere."""
    from .names import walk

    return any(isinstance(n, ast.Ident) and n.name == "args" for n in walk((clause.predicate, clause.body)))


def signature(probe: Probe) -> Signature:
    return tuple((x.type, x.native) for x in probe.sites[0].args) if probe.sites else ()


def groups(clause: ast.Clause, matches: Sequence[Match]) -> list[tuple[ast.Clause, list[Match]]]:
    """A clause cut into runs of descriptions that agree on args[], each with a tree of its own: the original compiler
    compiles a clause anew for each description. One group unless args[] is used and differs."""
    if len(matches) < 2 or not uses_args(clause):
        return [(clause, list(matches))]
    runs: list[tuple[set[Signature], list[Match]]] = []
    for m in matches:
        signatures = {signature(p) for p in m.probes}
        if runs and (runs[-1][0] == signatures or not signatures):
            runs[-1][1].append(m)
        else:
            runs.append((signatures, [m]))
    if len(runs) == 1:
        return [(clause, list(matches))]
    return [(clause if i == 0 else _copy(clause), run) for i, (_, run) in enumerate(runs)]


def _copy(node: Any) -> Any:
    """A tree like this one, of other nodes."""
    if isinstance(node, tuple):
        return tuple(map(_copy, node))
    if is_dataclass(node) and isinstance(node, ast.Node):
        return replace(node, **{f.name: _copy(getattr(node, f.name)) for f in fields(node) if f.name != "span"})
    return node


def arguments(a: Analysis, matches: Iterable[Match]) -> Arguments:
    """args[] of a clause that is enabled on these descriptions."""
    matches = list(matches)
    text = written(matches[0].desc) if matches else ""
    probes = [p for m in matches for p in m.probes]
    if not probes and any(m.reported or m.elsewhere for m in matches):
        return Arguments(description=text, problem=("", ""))
    for m in matches:
        if not probes or len({signature(p) for p in m.probes}) > 1:
            message = f"args[ ] may not be referenced because probe description {written(m.desc)} matches an unstable set of probes"
            return Arguments(description=text, problem=("D_ARGS_MULTI", message))
    site = probes[0].sites[0] if probes[0].sites else None
    if site is None or not site.args:
        return Arguments(description=text, problem=("D_ARGS_NONE", f"no args[ ] are known for probe description {text}"))
    return Arguments(tuple(argument_type(a, x) for x in site.args), text)


def argument_type(a: Analysis, argument: Argument) -> DType | None:
    """The type of an element of args[]: translated when its native type is another. None when a name in it is unknown here."""
    seen = a.types.text(argument.type)
    if seen is None or argument.native == argument.type:
        return seen
    native = a.types.text(argument.native)
    if native is None:
        return None
    base = strip(seen)
    if not isinstance(base, Ptr) or not isinstance(base.to, (Struct, Typedef)) or same_type(seen, native):
        return seen
    struct = strip(base.to)
    if not isinstance(struct, Struct) or (struct.origin == "kernel" and translators.find(a, struct, native) is None):
        return seen
    return Translated(base.to, native)
