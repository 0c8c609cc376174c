"""Why a probe description matches nothing, and what would: the help below dtrace's own message."""

from __future__ import annotations

from collections.abc import Iterable
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


def explain(catalog: Catalog, desc: ProbeDesc) -> str | None:
    """One or two sentences, or None when nothing helpful is known. Reads the files of all providers that could
    fit."""
    if desc.id is not None:
        return None
    fitting = [catalog.provider(name) for name in catalog.names() if matches(desc.provider, name)]
    if not fitting:
        near = _near(literal(desc.provider) or "", catalog.names())
        return f"there is no provider {desc.provider}" + (f"; did you mean {near}?" if near else "")
    for provider in fitting:
        reason = _of_provider(provider, desc, alone=len(fitting) == 1)
        if reason:
            return reason
    return None


def _of_provider(provider: Provider, desc: ProbeDesc, alone: bool) -> str | None:
    gone = provider.gone_row(desc)
    if gone is not None:
        return f"{gone['why']}"
    silent = next(provider.match(desc, frozenset()), None)
    if silent is not None:
        return f"{silent.provider}:{silent.module}:{silent.function}:{silent.name} never fires: {silent.fidelity.note}"
    missing = provider.lacking(desc)
    if missing:
        return f"this kernel does not have what {provider.name}:::{desc.name} needs: {_needs(missing)}"
    return provider.why_not(desc) or (_spelling(provider, desc) if alone else None)


def _needs(missing: Iterable[str]) -> str:
    texts = []
    for need in dict.fromkeys(missing):
        kind, _, what = need.partition(":")
        texts.append(f"{_NEEDS.get(kind, kind)} {what}")
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
