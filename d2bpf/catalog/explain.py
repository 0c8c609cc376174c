"""Why a probe description matches nothing, and what would: the help below dtrace's own message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from .glob import is_any, is_glob, literal, matches

if TYPE_CHECKING:
    from ..syntax.ast import ProbeDesc
    from .load import Provider
    from .match import Catalog

_SHOWN = 3  # suggestions in one sentence

# What a need of a site is, for people.
_NEEDS = {
    "tracepoint": "tracepoint",
    "rawtp": "tracepoint",
    "syscall": "system call",
    "func": "traceable function",
    "type": "type",
    "member": "structure member",
    "perf": "perf event",
}
_TYPES = "type information (CONFIG_DEBUG_INFO_BTF)"


def explain(catalog: Catalog, desc: ProbeDesc) -> str | None:
    """One or two sentences, or None when nothing helpful is known. Reads the files of all providers that could
    fit."""
    if desc.id is not None:
        return None
    fitting = [catalog.provider(name) for name in (*_without_number(catalog, desc), *catalog.candidates(desc))]
    if not fitting:
        reason = catalog.processes().unnumbered(desc)
        if reason:
            return reason
        near = _near(literal(desc.provider) or "", catalog.names())
        return f"there is no provider {desc.provider}" + (f"; did you mean {near}?" if near else "")
    for provider in fitting:
        reason = _of_provider(catalog, provider, desc, alone=len(fitting) == 1)
        if reason:
            return reason
    return None


def _without_number(catalog: Catalog, desc: ProbeDesc) -> list[str]:
    """The provider of another system that plockstat1234 means."""
    name = (literal(desc.provider) or "").rstrip("0123456789")
    return [name] if name != desc.provider and name in catalog.names() and "absent" in catalog.provider(name).head else []


def _of_provider(catalog: Catalog, provider: Provider, desc: ProbeDesc, alone: bool) -> str | None:
    gone = provider.gone_row(desc)
    if gone is not None:
        return f"{gone['why']}"
    absent = provider.unavailable()
    if absent is not None and not is_any(desc.provider):
        near = list(nearest(catalog, provider, desc))[:_SHOWN]
        return f"{absent}; nearest here: {', '.join(near)}" if near else absent
    silent = next(provider.match(desc, frozenset()), None)
    if silent is not None:
        return f"{silent.provider}:{silent.module}:{silent.function}:{silent.name} never fires: {silent.fidelity.note}"
    missing = provider.lacking(desc)
    if missing:
        return f"this kernel does not have what {provider.name}:::{desc.name} needs: {_needs(missing)}"
    return provider.why_not(desc) or (_spelling(provider, desc) if alone else None)


def nearest(catalog: Catalog, provider: Provider, desc: ProbeDesc) -> Iterator[str]:
    """Probes of this kernel that tell what those of the provider would, as descriptions."""
    rows = catalog.provider(provider.head.get("like", provider.name)).nearest
    function = literal(desc.function)
    seen = set()
    for row in rows:
        if is_any(desc.function) or not any(
            matches(known, function) if function else matches(desc.function, known) for known in row["functions"]
        ):
            continue
        for probe in row["probes"]:
            text = probe + (literal(desc.name) or "entry") if probe.endswith(":") else probe
            if text not in seen and catalog.match(_description(text)):
                seen.add(text)
                yield text
    if not seen:
        yield from provider.head.get("nearest", ())


def _description(text: str) -> ProbeDesc:
    from ..source import SourceFile, Span
    from ..syntax.ast import ProbeDesc

    provider, module, function, name = text.split(":")
    return ProbeDesc(Span(SourceFile("provider", text, is_file=False), 0, len(text)), provider, module, function, name, text)


def _needs(missing: Iterable[str]) -> str:
    texts = []
    for need in dict.fromkeys(missing):
        kind, _, what = need.partition(":")
        texts.append(_TYPES if need == "feature:btf" else f"{_NEEDS.get(kind, kind)} {what}")
    return ", ".join(texts)


def _spelling(provider: Provider, desc: ProbeDesc) -> str | None:
    """The names most like those written, when they are written out."""
    pairs = list(provider.names())
    functions = [function for function, _ in pairs if function]
    if functions and not is_any(desc.function):
        known = [name for function, name in pairs if matches(desc.function, function)]
        if not known:
            return _suggest(f"{provider.name} has no {desc.function}", desc.function, functions)
        return _suggest(f"{provider.name}::{desc.function} has no probe {desc.name}", desc.name, known)
    names = [name for _, name in pairs]
    if desc.name and not any(matches(desc.name, name) for name in names):
        return _suggest(f"{provider.name} has no probe {desc.name}", desc.name, names)
    return None


def _suggest(fact: str, written: str, known: Iterable[str]) -> str:
    near = "" if is_glob(written) else _near(written, known)
    return f"{fact}; did you mean {near}?" if near else fact


def _near(written: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    return ", ".join(get_close_matches(written, dict.fromkeys(known), _SHOWN))
