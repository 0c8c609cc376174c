"""Programs and libraries that processes have mapped and that carry static probes."""

from __future__ import annotations

import os
from stat import S_ISREG

from . import usdt
from .elf import Elf, ElfError
from .objects import reachable
from .user import Functions, Mapping, mapped_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .usdt import Note


_SHARED = ("", "/", "/usr", "/usr/local", "/opt", "/proc", "/tmp", "/home")
_DEPTH = 4  # folders that are searched below one another


class Program:
    """A file with static probes. `path` is where it can be opened from here, `name` its name without folders, `pids` the processes
    that have it mapped, in ascending order, `machine` as by uname(2) or "" for one not known, `notes` its probes."""

    def __init__(self, path: str, name: str) -> None:
        """OSError if the file cannot be read, ElfError if it is damaged or not ELF."""
        self.path, self.name = path, name
        self.pids: list[int] = []
        with Elf.open(path) as elf:
            self.notes: list[Note] = usdt.notes(elf)
            self.machine = usdt.MACHINES.get(elf.machine, "")
        self._functions: list[Functions | None] = []
        self._symbols: dict[str, int] | None = None

    def function(self, note: Note) -> str:
        """The function that a probe stands in, by its symbol; "" where the file has none for it."""
        if not self._functions:
            self._functions.append(self._read_functions())
        functions = self._functions[0]
        found = functions.at(note.offset) if functions else None
        return found[0] if found else ""

    def _read_functions(self) -> Functions | None:
        try:
            with Elf.open(self.path) as elf:
                return Functions(elf, "" if self.path.startswith("/proc/") else self.path)
        except (OSError, ElfError):
            return None

    def distance(self, note: Note, symbol: str) -> int | None:
        """How many bytes behind a probe a symbol's address is; None if the file has no such symbol."""
        if self._symbols is None:
            self._symbols = self._read_symbols()
        address = self._symbols.get(symbol)
        return None if address is None else address - note.address

    def _read_symbols(self) -> dict[str, int]:
        """The addresses of data. A name that stands for several places, as static variables can, stands for none."""
        found: dict[str, int] = {}
        try:
            with Elf.open(self.path) as elf:
                rows = [(name, value) for name, value, _, kind, _ in elf.symbols() if kind in ("object", "notype", "common")]
        except (OSError, ElfError):
            return {}
        ambiguous = {name for name, value in rows if found.setdefault(name, value) != value}
        return {name: value for name, value in found.items() if name not in ambiguous}


def programs(pids: Iterable[int] | None = None) -> list[Program]:
    """The files with static probes that these processes, or all, have mapped as code, each file once, in order of paths. Processes
    that end meanwhile, and files that cannot be read, are passed over; this process counts for no file."""
    own = os.getpid()
    found: dict[tuple[str, int], Program | None] = {}
    for pid in processes() if pids is None else pids:
        for mapping in code(pid):
            key = mapping.device, mapping.inode
            if key not in found:
                found[key] = _program(pid, mapping)
            program = found[key]
            if program is not None and pid != own and pid not in program.pids:
                program.pids.append(pid)
    return sorted((program for program in found.values() if program), key=lambda program: program.path)


def installed_with(pid: int) -> list[Program]:
    """The files with static probes that lie in folders `lib` of the package that a process's program is installed in by itself, as
    /opt/tool/lib belongs to /opt/tool/bin/tool: it may load them later. Folders that all programs share have none."""
    try:
        exe = os.readlink(f"/proc/{pid}/exe")
    except OSError:
        return []
    home = os.path.dirname(os.path.dirname(exe))
    if home in _SHARED:
        return []
    found = []
    for folder, folders, names in os.walk(f"{home}/lib"):
        if folder.count("/") - home.count("/") >= _DEPTH:
            folders.clear()
        for name in sorted(names):
            if ".so" in name:
                found += _unmapped(f"{folder}/{name}", name, pid)
    return found


def installed(name: str) -> list[Program]:
    """The programs with static probes that can be started: those in the folders of PATH and those in a folder `bin` below
    /usr/lib/NAME... or /opt/NAME..., where servers are kept of which there may be several versions."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    for base in ("/usr/lib", "/opt"):
        for entry in sorted(_names(base)):
            if entry.startswith(name):
                folders += [f"{base}/{entry}/bin", *(f"{base}/{entry}/{version}/bin" for version in _names(f"{base}/{entry}"))]
    found: dict[tuple[int, int], Program] = {}
    for folder in folders:
        for entry in sorted(_names(folder)):
            _add(found, os.path.realpath(f"{folder}/{entry}"))
    return sorted(found.values(), key=lambda program: program.path)


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _add(found: dict[tuple[int, int], Program], path: str) -> None:
    """Add the program at a path, if it has static probes and is not there yet under another name."""
    try:
        status = os.stat(path)
        if (status.st_dev, status.st_ino) not in found and S_ISREG(status.st_mode) and status.st_mode & 0o111:
            program = Program(path, os.path.basename(path))
            if program.notes:
                found[status.st_dev, status.st_ino] = program
    except (OSError, ElfError):
        return


def _unmapped(path: str, name: str, pid: int) -> list[Program]:
    try:
        program = Program(path, name)
    except (OSError, ElfError):
        return []
    program.pids.append(pid)
    return [program] if program.notes else []


def processes() -> list[int]:
    """The number of every process, ascending."""
    return sorted(int(name) for name in os.listdir("/proc") if name.isdigit())


def code(pid: int) -> Iterator[Mapping]:
    """The files that a process has mapped as code; none if it has ended."""
    try:
        with open(f"/proc/{pid}/maps", encoding="utf-8", errors="surrogateescape") as lines:
            for line in lines:
                if "/" in line and line[line.index(" ") + 3] == "x":
                    mapping = Mapping(line)
                    if mapping.inode:
                        yield mapping
    except OSError:
        return


def _program(pid: int, mapping: Mapping) -> Program | None:
    try:
        path = reachable(mapped_file(pid, mapping), mapping.path)
        program = Program(path, mapping.name)
    except (OSError, ElfError):
        return None
    return program if program.notes else None
