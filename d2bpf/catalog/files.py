"""Where provider files are and how they are read.

NAME.toml lists a provider's probes (providers/README.md), NAME.d its types, inlines and translators. Reading TOML
loads a parser that costs 10 ms, so what a file says is kept in the store of compiled things, in the interpreter's
own form, under the file's name, size and time."""

from __future__ import annotations

import marshal
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

_FORMAT = 1  # of what the store keeps; to be raised when it is made otherwise of the same text

Table = dict[str, Any]


class ProviderError(Exception):
    """A provider file that cannot be used; the text says which and why."""


class Store(Protocol):
    """Keeps bytes between runs (runtime/cache.py is one)."""

    def get(self, kind: str, key: bytes) -> bytes | None: ...

    def put(self, kind: str, key: bytes, content: bytes) -> None: ...


def own_folder() -> str:
    """The folder of the providers that come with d2bpf: in the wheel, or at the top of the source tree."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    shipped = os.path.join(package, "_data", "providers")
    return shipped if os.path.isdir(shipped) else os.path.join(os.path.dirname(package), "providers")


def find(suffix: str, paths: Iterable[str] = ()) -> dict[str, str]:
    """Name -> path of every file with this suffix (".toml", ".d"), by name. `paths` are further folders; a file in an
    earlier one hides its namesakes. Raises ProviderError for a folder that cannot be listed."""
    found: dict[str, str] = {}
    for folder in (*paths, own_folder()):
        try:
            entries = os.listdir(folder)
        except OSError as error:
            raise ProviderError(f"failed to read providers in {folder}: {error.strerror}") from error
        for entry in entries:
            if entry.endswith(suffix):
                found.setdefault(entry.removesuffix(suffix), os.path.join(folder, entry))
    return dict(sorted(found.items()))


def read(path: str) -> str:
    """The text of a provider file. Raises ProviderError."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise ProviderError(f"failed to read {path}: {error}") from error


def read_table(path: str, store: Store | None) -> Table:
    """What a TOML file says, found correct. Raises ProviderError."""
    table: Table = kept(store, "provider", [path], lambda: _parse(path))
    return table


def count_rows(paths: Mapping[str, str], store: Store | None) -> dict[str, int]:
    """How many probes each file lists, none of them being parsed."""
    make = lambda: {name: _rows(f"\n{read(path)}") for name, path in paths.items()}  # noqa: E731
    rows: dict[str, int] = kept(store, "probes", list(paths.values()), make)
    return rows


def _rows(text: str) -> int:
    return sum(text.count(f"\n[[{row}]]") for row in ("probe", "counter"))


def kept(store: Store | None, kind: str, paths: Sequence[str], make: Callable[[], Any]) -> Any:
    """What `make` makes of these files, from the store as long as none of them changes: numbers, texts, lists,
    dicts."""
    if store is None:
        return make()
    key = _key(paths)
    content = store.get(kind, key)
    if content is not None:
        return marshal.loads(content)
    made = make()
    store.put(kind, key, marshal.dumps(made))
    return made


def _key(paths: Sequence[str]) -> bytes:
    """A number that tells apart lists of files and their states: 16 bytes."""
    digest = _FORMAT
    for path in paths:
        try:
            status = os.stat(path)
        except OSError as error:
            raise ProviderError(f"failed to read {path}: {error.strerror}") from error
        for fact in (int.from_bytes(path.encode(), "big"), status.st_ino, status.st_size, status.st_mtime_ns):
            digest = (digest * 0x9E3779B97F4A7C15 ^ fact) % (1 << 128)
    return digest.to_bytes(16, "big")


def _parse(path: str) -> Table:
    import tomllib

    from .tables import faults

    try:
        table = tomllib.loads(read(path))
    except tomllib.TOMLDecodeError as error:
        raise ProviderError(f"{path}: {error}") from error
    wrong = faults(table)
    if wrong:
        raise ProviderError("\n".join(f"{path}: {fault}" for fault in wrong))
    return table
