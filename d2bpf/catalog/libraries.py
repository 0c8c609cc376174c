"""Provider libraries: the .d files with types, inlines and translators, found by name and read piece by piece.

A scan of the text, done once and kept in the store, tells where each top-level item lies and what it declares. A
script that uses one inline of a file has that one parsed: the pieces of a library are its unit, not the file. A type
comes with the translators that make it.

`#pragma D depends_on` says what a file needs: a `library`, `provider` or `module` that must exist, or a `member` or
`type` that the kernel must have ("member struct task_struct.cpu"). Without it the file counts as absent. Of two files
that define a name, the one that depends on something of the kernel wins: it is how a definition for older kernels
takes the place of the usual one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from . import files
from .load import matches_module

if TYPE_CHECKING:
    import re

    from ..source import SourceFile
    from ..syntax import ast
    from .facts import Facts

OF_KERNEL = ("member", "type")  # what a library can depend on besides a library, a provider and a module

Place = tuple[str, int, int]  # file, start and end of an item in it


class _Index(TypedDict):
    """What is known of all files together; plain data for the store. Of the places of a name the first in a usable
    file counts."""

    depends: dict[str, list[list[str]]]  # file -> (kind, what) of its depends_on pragmas
    items: dict[str, list[tuple[int, int]]]
    declared: dict[str, list[Place]]  # "psinfo_t", "struct psinfo", "curpsinfo"
    translators: dict[str, list[Place]]  # by the type they make
    types: list[str]  # what is declared by typedef


class Libraries:
    def __init__(self, facts: Facts, provider_paths: Sequence[str] = (), store: files.Store | None = None) -> None:
        """`facts` is a target.Target; `provider_paths` are folders searched before our own; `store` keeps the index
        and the parser's tables. Raises ProviderError, here and from all methods, when a file is unusable."""
        self._facts = facts
        self._store = store
        self._files = files.find(".d", provider_paths)
        self._providers = files.find(".toml", provider_paths)

    def files(self) -> list[str]:
        """The names of all libraries, usable on this kernel or not."""
        return list(self._files)

    def depends(self, file: str) -> list[list[str]]:
        """(kind, what) of each depends_on pragma of a library."""
        return self._index["depends"][file]

    def defining(self, name: str) -> str | None:
        """The piece that declares a name ("psinfo_t", "struct psinfo", "curpsinfo", "EPERM"), for text() and
        program()."""
        declared = self._usable(self._index["declared"].get(name, ()))
        if not declared:
            return None
        translators = self._usable(self._index["translators"].get(name, ()))
        return ", ".join(f"{file} {start} {end}" for file, start, end in [declared[0], *translators])

    def text(self, piece: str) -> SourceFile:
        """The source of a piece, or of a whole library by its name, with line marks to where it comes from."""
        from ..source import SourceFile

        text = ""
        for file, start, end in self._places(piece):
            path = self._files[file]
            whole = files.read(path)
            shown = path.replace("\\", "\\\\").replace('"', '\\"')
            text += f'# {whole.count(chr(10), 0, start) + 1} "{shown}"\n{whole[start:end]}\n'
        return SourceFile(piece, text)

    def program(self, piece: str) -> ast.Program:
        """The items of a piece, parsed. ProviderError with the parser's words where it does not parse."""
        from ..diagnostics import Sink
        from ..syntax import ParseEnv, parse

        sink = Sink()
        program = parse(self.text(piece), ParseEnv(is_type=self.is_type, library=True, store=self._store), sink)
        for mistake in sink.errors:
            where = mistake.span.source.where(mistake.span.start) if mistake.span else (piece, 0, 0)
            raise files.ProviderError(f"{where[0]}:{where[1]}: {mistake.message}")
        return program

    def is_type(self, name: str, module: str) -> bool:
        """For the parser: types that are not the libraries' own are told by their names, so that nobody need look
        them up to parse."""
        return not module and (name.endswith("_t") or name in self._index["types"])

    def _places(self, piece: str) -> Iterator[Place]:
        if piece in self._files:
            for start, end in self._index["items"][piece]:
                yield piece, start, end
            return
        for place in piece.split(", "):
            file, first, last = place.split()
            yield file, int(first), int(last)

    # ------------------------------------------------------------ what files depend on

    def _usable(self, places: Iterable[Place]) -> list[Place]:
        return [place for place in places if self._is_met(place[0])]

    def _is_met(self, file: str) -> bool:
        return all(self._is_there(*words) for words in self.depends(file))

    def _is_there(self, kind: str, name: str) -> bool:
        if kind == "library":
            return name.removesuffix(".d") in self._files
        if kind == "provider":
            return name in self._providers
        if kind == "module":
            return matches_module(name, "vmlinux")
        return kind in OF_KERNEL and self._facts.has(f"{kind}:{name}")

    # ------------------------------------------------------------ the index

    @cached_property
    def _index(self) -> _Index:
        index: _Index = files.kept(self._store, "libraries", list(self._files.values()), self._make_index)
        return index

    def _make_index(self) -> _Index:
        return make_index({name: files.read(path) for name, path in self._files.items()})


def make_index(texts: dict[str, str]) -> _Index:
    index: _Index = {"depends": {}, "items": {}, "declared": {}, "translators": {}, "types": []}
    scans = {file: scan(text) for file, text in texts.items()}
    # Files that depend on something of the kernel come first: they say how a name is meant there.
    for file in sorted(scans, key=lambda file: not any(kind in OF_KERNEL for kind, _ in scans[file].depends)):
        found = scans[file]
        index["depends"][file] = found.depends
        index["items"][file] = [(item.start, item.end) for item in found.items]
        for item in found.items:
            place = (file, item.start, item.end)
            for name in item.names:
                index["declared"].setdefault(name, []).append(place)
            if item.makes:
                index["translators"].setdefault(item.makes, []).append(place)
            if item.is_typedef:
                index["types"] += [name for name in item.names if " " not in name]
    return index


# ---------------------------------------------------------------- the scan


class Item(NamedTuple):
    """A top-level item [start, end) of a text. `names` are what it declares, tags with their keyword; `makes` is the
    type a translator makes."""

    start: int
    end: int
    names: list[str]
    makes: str
    is_typedef: bool


class Scan(NamedTuple):
    """`depends` are (kind, what) of depends_on pragmas."""

    depends: list[list[str]]
    items: list[Item]


def scan(text: str) -> Scan:
    """A library's items, found without parsing them."""
    depends: list[list[str]] = []
    items: list[Item] = []
    start, depth = -1, 0
    for token in _token().finditer(text):
        word = token.group()
        if word.startswith(("/*", '"', "'")):
            continue
        if word.startswith("#"):
            words = word.split()
            if words[:3] == ["#pragma", "D", "depends_on"] and len(words) > 4:
                depends.append([words[3], " ".join(words[4:])])
            continue
        start = token.start() if start < 0 else start
        depth += word.count("{") - word.count("}")
        if word == ";" and depth == 0:
            items.append(Item(start, token.end(), *_declared(_comment().sub(" ", text[start : token.end()]))))
            start = -1
    return Scan(depends, items)


@cache
def _token() -> re.Pattern[str]:
    import re

    comment, control = r"/\*.*?\*/", r"^[ \t]*#[^\n]*"
    string, char = r'"(?:[^"\\\n]|\\.)*"', r"'(?:[^'\\\n]|\\.)*'"
    return re.compile("|".join([comment, control, string, char, "[{};]", r"[^\s{};\"'/#]+", "/"]), re.S | re.M)


@cache
def _comment() -> re.Pattern[str]:
    import re

    return re.compile(r"/\*.*?\*/", re.S)


def _declared(item: str) -> tuple[list[str], str, bool]:
    """Names, type made and is_typedef of an item without comments."""
    words = item.replace("{", " { ").replace("}", " } ").replace(";", " ; ").split()
    if words[0] == "translator":
        return [], " ".join(item.partition("<")[0].split()[1:]), False
    if words[0] == "inline":
        head = item.partition("=")[0].partition("[")[0]
        return [head.replace("*", " ").split()[-1]], "", False
    is_typedef = words[0] == "typedef"
    names = list(_declarators(item)) if is_typedef else []
    keyword, tag, after = (words[is_typedef:] + ["", "", ""])[:3]
    if keyword in ("struct", "union", "enum") and tag != "{" and (not is_typedef or after == "{"):
        names.append(f"{keyword} {tag}")
    if keyword == "enum" and "{" in words:
        names += _enumerators(item)
    return names, "", is_typedef


def _enumerators(item: str) -> Iterator[str]:
    for entry in item[item.index("{") + 1 : item.rindex("}")].split(","):
        name = entry.partition("=")[0].strip()
        if name:
            yield name


def _declarators(item: str) -> Iterator[str]:
    """The names a typedef declares; of pointers, arrays and functions too."""
    for entry in item[item.rindex("}") + 1 if "}" in item else 0 :].rstrip(" ;\n").split(","):
        behind = entry.partition("(*")[2] or entry
        yield behind.partition("[")[0].partition(")")[0].replace("*", " ").split()[-1]
