"""A kernel's facts in a file, so that programs can be translated for it elsewhere.

The file is JSON. What is large in it, type information above all, is compressed: some 4 MB for a kernel of today.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from typing import Any

from .btf import Btf, BtfError
from .facts import FEATURES, Target

FORMAT = 1

# What a document holds: as it is, and packed.
_PLAIN: dict[str, type] = {
    "release": str,
    "version": str,
    "machine": str,
    "ncpus_possible": int,
    "page_size": int,
    "fingerprint": str,
    "event_sources": list,
    "features": list,
    "btf": dict,
}
_PACKED = ("tracepoints", "traceable", "kallsyms")


class TargetError(Exception):
    """The text is no stored Target, or is damaged, or of a format this version does not know."""


def to_json(target: Target) -> str:
    """All that is known of a kernel, as text. Of the running one it takes a second to collect."""
    facts = target.facts
    tracepoints = {":".join(pair): facts.tracepoint_format(*pair) for pair in facts.tracepoints()}
    types = {module: facts.btf(module) for module in ("", *facts.btf_modules())}
    document = {
        "target": FORMAT,
        "release": facts.release,
        "version": facts.version,
        "machine": facts.machine,
        "ncpus_possible": facts.ncpus_possible,
        "page_size": facts.page_size,
        "fingerprint": facts.fingerprint(),
        "event_sources": list(facts.event_sources()),
        "features": [name for name in FEATURES if target.feature(name)],
        "tracepoints": _pack(json.dumps(tracepoints).encode()),
        "traceable": _pack(json.dumps(facts.traceable()).encode()),
        "kallsyms": _pack(_without_addresses(facts.kallsyms())),
        "btf": {module: _pack(bytes(blob.data)) for module, blob in types.items() if blob},
    }
    return json.dumps(document, indent=1) + "\n"


def from_json(text: str) -> Target:
    """The Target that to_json() wrote. TargetError if it did not."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise TargetError(f"not a stored target: {error}") from None
    if not isinstance(document, dict) or document.get("target") != FORMAT:
        raise TargetError("not a stored target, or one of another version")
    for key, kind in (*_PLAIN.items(), *((key, str) for key in _PACKED)):
        if not isinstance(document.get(key), kind):
            raise TargetError(f"a stored target without {key}")
    try:
        return Target(StoredFacts(document))
    except (ValueError, TypeError, AttributeError, zlib.error, BtfError) as error:
        raise TargetError(f"a stored target that is damaged: {error}") from None


class StoredFacts:
    """Facts (facts.py) from a document of to_json()."""

    def __init__(self, document: dict[str, Any]) -> None:
        """`document` has all members with their types. Several kinds of error if one is damaged inside."""
        self.release: str = document["release"]
        self.version: str = document["version"]
        self.machine: str = document["machine"]
        self.ncpus_possible: int = document["ncpus_possible"]
        self.page_size: int = document["page_size"]
        self._fingerprint: str = document["fingerprint"]
        self._event_sources: list[str] = document["event_sources"]
        self._features: list[str] = document["features"]
        tracepoints, traceable, self._kallsyms = (_unpack(document[key]) for key in _PACKED)
        pairs = ((name.partition(":"), text) for name, text in json.loads(tracepoints).items())
        self._formats: dict[tuple[str, str], str] = {(group, event): text for (group, _, event), text in pairs}
        listed = json.loads(traceable)
        self._traceable = None if listed is None else [(module, name) for module, name in listed]
        blobs = {module: _unpack(packed) for module, packed in document["btf"].items()}
        self._kernel = Btf(blobs.pop("")) if "" in blobs else None
        self._modules = {module: Btf(blob, self._kernel) for module, blob in blobs.items()}

    def fingerprint(self) -> str:
        return self._fingerprint

    def tracepoints(self) -> Sequence[tuple[str, str]]:
        return list(self._formats)

    def tracepoint_format(self, group: str, event: str) -> str | None:
        return self._formats.get((group, event))

    def btf(self, module: str = "") -> Btf | None:
        return self._modules.get(module) if module else self._kernel

    def btf_modules(self) -> Sequence[str]:
        return list(self._modules)

    def traceable(self) -> Sequence[tuple[str, str]] | None:
        return self._traceable

    def kallsyms(self) -> bytes:
        return self._kallsyms

    def event_sources(self) -> Sequence[str]:
        return self._event_sources

    def feature(self, name: str) -> bool:
        return name in self._features


def _without_addresses(kallsyms: bytes) -> bytes:
    """They differ from boot to boot, and to give them away helps attackers."""
    return b"".join(b"%016x%s\n" % (0, line[16:]) for line in kallsyms.splitlines())


def _pack(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data)).decode()


def _unpack(text: str) -> bytes:
    return zlib.decompress(base64.b64decode(text, validate=True))
