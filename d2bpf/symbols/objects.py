"""The program and the libraries of one process: the files it has mapped as code."""

from __future__ import annotations

import os

from .elf import Elf
from .functions import FunctionTable
from .user import Mapping, mapped_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .functions import Store


class Object:
    """A file mapped as code. `name` is its name without folders, `path` its path in the process's own file system, `file` one by
    which it is opened and probed from here; `is_main` says that it is the program itself."""

    def __init__(self, name: str, path: str, file: str, root: str, is_main: bool = False) -> None:
        self.name, self.path, self.file, self.is_main = name, path, file, is_main
        self.mappings: list[Mapping] = []
        self._root = root
        self._functions: FunctionTable | None = None
        self._elf: Elf | None = None

    def __repr__(self) -> str:
        return f"Object({self.name!r}, {self.file!r})"

    def functions(self, store: Store | None = None) -> FunctionTable:
        """Its functions, read when first asked for. OSError if the file cannot be read, ElfError if it is damaged."""
        if self._functions is None:
            with Elf.open(self.file) as elf:
                self._functions = FunctionTable(elf, self.path, self._root, store)
        return self._functions

    @property
    def elf(self) -> Elf:
        """Its headers. OSError, ElfError."""
        if self._elf is None:
            with Elf.open(self.file) as elf:
                elf.segments()  # read while the file is open
                self._elf = elf
        return self._elf

    def offset_of(self, address: int) -> int | None:
        """The place in the file of an address in the process, or else of one before relocation, as listings of the file have it;
        None if no code is there."""
        for mapping in self.mappings:
            if mapping.start <= address < mapping.end:
                return address - mapping.start + mapping.offset
        offset = self.elf.file_offset(address)
        return offset if offset is not None and any(_holds(mapping, offset) for mapping in self.mappings) else None

    def code(self, offset: int, size: int) -> bytes:
        """Bytes of the file. OSError if it cannot be read."""
        with open(self.file, "rb") as file:
            file.seek(offset)
            return file.read(size)


def objects(pid: int, proc: str = "/proc") -> list[Object]:
    """The objects of a process, the program first. OSError if there is no such process, or it may not be looked at. One whose file
    is not to be had any more is left out."""
    found: dict[tuple[str, int], Object] = {}
    root = f"{proc}/{pid}/root"
    main = os.stat(f"{proc}/{pid}/exe").st_ino
    with open(f"{proc}/{pid}/maps", encoding="utf-8", errors="surrogateescape") as lines:
        mappings = [Mapping(line) for line in lines]
    for mapping in mappings:
        key = mapping.device, mapping.inode
        if not mapping.is_code or not mapping.inode or not mapping.path.startswith("/"):
            continue
        if key not in found:
            try:
                file = reachable(mapped_file(pid, mapping, proc), mapping.path)
            except OSError:
                continue
            found[key] = Object(mapping.name, mapping.path, file, root, mapping.inode == main)
        found[key].mappings.append(mapping)
    return sorted(found.values(), key=lambda each: not each.is_main)


def unmapped(pid: int, name: str, known: Sequence[Object], proc: str = "/proc") -> list[Object]:
    """The file of that name that the process would map if it loaded it: next to what it has mapped. None is an empty list."""
    root = f"{proc}/{pid}/root"
    for folder in dict.fromkeys(os.path.dirname(each.path) for each in known):
        path = f"{folder}/{name}"
        if os.path.isfile(root + path):
            return [Object(name, path, reachable(root + path, path), root)]
    return []


def _holds(mapping: Mapping, offset: int) -> bool:
    return mapping.offset <= offset < mapping.offset + mapping.end - mapping.start


def reachable(path: str, own: str) -> str:
    """A file's path as its process has it, where that is the same file here; else the one that leads through /proc."""
    try:
        status, here = os.stat(path), os.stat(own)
    except OSError:
        return path
    return own if (status.st_dev, status.st_ino) == (here.st_dev, here.st_ino) else path
