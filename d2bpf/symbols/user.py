"""User addresses and names: the mappings of a process, the symbols of the files mapped.

A stack is recorded while its process runs and printed later, when the process may be gone. Mappings are therefore kept
once seen, symbols too, and remember() reads a process's mappings ahead. What cannot be found out has no name; it is
never an error.
"""

from __future__ import annotations

import os
from bisect import bisect_right

from .debugfiles import symbol_tables
from .elf import SHN_UNDEF, Elf, ElfError

TYPE_CHECKING = False
if TYPE_CHECKING:
    Place = tuple[str, str, int]  # object, symbol, bytes behind the start of the symbol

_CODE = (2, 10)  # symbol types: functions, and those whose address a resolver gives (IFUNC)
VDSO = "[vdso]"
_DELETED = " (deleted)"
_INDEX_BITS, _ROW_BITS = 32, 30  # an address and the number of its symbol share one integer


class Mapping:
    """A line of /proc/PID/maps."""

    __slots__ = ("device", "end", "inode", "is_code", "offset", "path", "start")

    def __init__(self, line: str) -> None:
        span, permissions, offset, self.device, inode, *path = line.rstrip("\n").split(None, 5)
        start, _, end = span.partition("-")
        self.start, self.end = int(start, 16), int(end, 16)
        self.is_code = "x" in permissions
        self.offset, self.inode = int(offset, 16), int(inode)
        self.path = path[0] if path else ""

    @property
    def is_memory(self) -> bool:
        """Whether no file in a folder is behind it: then a just-in-time compiler may have written it."""
        return self.inode == 0 or self.path.endswith(_DELETED)

    @property
    def name(self) -> str:
        """The name of the object without its folder; "" for memory that no file is behind."""
        path = self.path
        if path.endswith(_DELETED):
            path = path[: -len(_DELETED)]
        return path.rpartition("/")[2] if path.startswith("/") else path


class Functions:
    """The functions of one object by address. Names stay in the file's string table until asked for."""

    def __init__(self, elf: Elf, path: str = "", root: str = "") -> None:
        """`path` and `root` as in debugfiles.symbol_tables(). ElfError if the file is damaged."""
        elf.segments()  # read while the file is open
        self._elf = elf
        self._tables = symbol_tables(elf, path, root)
        self._order = [  # address << _INDEX_BITS | number of the table << _ROW_BITS | row in it
            value << _INDEX_BITS | number << _ROW_BITS | row
            for number, table in enumerate(self._tables)
            for row, (_, value, _, info, section) in enumerate(table.rows())
            if info & 15 in _CODE and section != SHN_UNDEF
        ]
        self._order.sort()

    def at(self, file_offset: int) -> tuple[str, int] | None:
        """(name, offset) of the function that a byte of the file belongs to."""
        vaddr = self._elf.vaddr(file_offset)
        try:
            return None if vaddr is None else self._covering(vaddr)
        except ElfError:
            return None  # a name outside the string table is no name

    def _covering(self, vaddr: int) -> tuple[str, int] | None:
        """The function that begins last of those around `vaddr`. One of size 0, written in assembly, reaches as far as
        the next; of several names for one place the most readable is taken."""
        order = self._order
        last = bisect_right(order, (vaddr + 1 << _INDEX_BITS) - 1) - 1
        names: list[tuple[bool, int, int, str]] = []
        begin = -1
        for position in range(last, max(last - 32, -1), -1):
            index = order[position] & (1 << _INDEX_BITS) - 1
            table = self._tables[index >> _ROW_BITS]
            name, value, size, info, _ = table.row(index & (1 << _ROW_BITS) - 1)
            if names and value != begin:
                break
            if value <= vaddr < value + size or (size == 0 and value == order[last] >> _INDEX_BITS):
                begin = value
                text = table.text(name)
                names.append((info >> 4 == 0, len(text) - len(text.lstrip("_")), len(text), text))
        return (min(names)[3], vaddr - begin) if names else None


class PerfMap:
    """Functions that a just-in-time compiler says it made: lines `START SIZE NAME` in /tmp/perf-PID.map."""

    def __init__(self, path: str) -> None:
        with open(path, encoding="utf-8", errors="replace") as file:
            rows = []
            for line in file:
                words = line.rstrip("\n").split(None, 2)
                try:
                    rows.append((int(words[0], 16), int(words[1], 16), words[2]))
                except (ValueError, IndexError):
                    continue  # the compiler may be writing this line just now
        rows.sort(key=lambda row: row[0])  # stable: of two for one place the later one holds
        self._rows = rows
        self._starts = [row[0] for row in rows]
        self.name = path.rpartition("/")[2]

    def at(self, address: int) -> tuple[str, int] | None:
        index = bisect_right(self._starts, address) - 1
        if index < 0 or address >= self._rows[index][0] + self._rows[index][1]:
            return None
        return self._rows[index][2], address - self._rows[index][0]


class Process:
    """What is known of one process: its mappings as last read, and the map of its just-in-time compiler."""

    def __init__(self) -> None:
        self.mappings: list[Mapping] = []
        self.starts: list[int] = []
        self.perf_map: PerfMap | None = None
        self.perf_map_size = -1
        self.round = -1  # in which the mappings were read

    def mapping(self, address: int) -> Mapping | None:
        index = bisect_right(self.starts, address) - 1
        return self.mappings[index] if index >= 0 and address < self.mappings[index].end else None


class UserSymbols:
    """Symbols of processes, kept for the life of this object."""

    def __init__(self, proc: str = "/proc") -> None:
        self._proc = proc
        self._processes: dict[int, Process] = {}
        self._objects: dict[tuple[str, int], Functions | None] = {}
        self._round = 0

    def resolve(self, pid: int, address: int) -> Place | None:
        """(object, symbol, offset) of an address of a process, as in `libc.so.6`, `malloc`, 12.

        The object is named without its folder. Where it has no symbol for the address the symbol is "", and the offset
        the one within the object's file. None if nothing is mapped there, or the process was never seen alive."""
        process = self._process(pid)
        mapping = process.mapping(address)
        if mapping is None:
            return None
        offset = address - mapping.start + mapping.offset
        if mapping.is_code:
            functions = self._functions(pid, mapping)
            found = functions.at(offset) if functions else None
            if found:
                return (mapping.name, *found)
            made = process.perf_map.at(address) if process.perf_map else None
            if process.perf_map and made:
                return (process.perf_map.name, *made)
        return (mapping.name, "", offset) if mapping.name else None

    def locate(self, pid: int, address: int) -> tuple[str, int] | None:
        """(object, offset in its file) of an address, without looking for symbols; None as for resolve()."""
        mapping = self._process(pid).mapping(address)
        if mapping is None or not mapping.name:
            return None
        return mapping.name, address - mapping.start + mapping.offset

    def remember(self, pid: int) -> None:
        """Read a process's mappings now, for it may be gone when they are needed."""
        self._read(pid, self._processes.setdefault(pid, Process()))

    def refresh(self) -> None:
        """Have each process's mappings read again when next needed: it may have loaded, or become, something else.
        Called once per batch of stacks."""
        self._round += 1

    # ---- processes ----

    def _process(self, pid: int) -> Process:
        process = self._processes.setdefault(pid, Process())
        if process.round != self._round:
            self._read(pid, process)
        return process

    def _read(self, pid: int, process: Process) -> None:
        """Of a process that is gone, what was known stays."""
        process.round = self._round
        try:
            mappings = _mappings(f"{self._proc}/{pid}/maps")
        except OSError:
            return
        if mappings:  # none: a kernel thread, or a process that has just exited
            process.mappings = mappings
            process.starts = [mapping.start for mapping in mappings]
            self._read_perf_map(pid, process)

    def _read_perf_map(self, pid: int, process: Process) -> None:
        if not any(mapping.is_code and mapping.is_memory for mapping in process.mappings):
            return
        path = f"{self._proc}/{pid}/root/tmp/perf-{self._own_pid(pid)}.map"
        try:
            size = os.stat(path).st_size
            if size != process.perf_map_size:
                process.perf_map = PerfMap(path)
                process.perf_map_size = size
        except OSError:
            return

    def _own_pid(self, pid: int) -> int:
        """The process's number as it sees it itself, in its own namespace."""
        try:
            with open(f"{self._proc}/{pid}/status", encoding="utf-8", errors="replace") as status:
                for line in status:
                    if line.startswith("NSpid:"):
                        return int(line.split()[-1])
        except OSError:
            pass
        return pid

    # ---- objects ----

    def _functions(self, pid: int, mapping: Mapping) -> Functions | None:
        if not mapping.inode and mapping.path != VDSO:
            return None
        key = mapping.device, mapping.inode
        if key not in self._objects:
            self._objects[key] = self._load(pid, mapping)
        return self._objects[key]

    def _load(self, pid: int, mapping: Mapping) -> Functions | None:
        try:
            if mapping.path == VDSO:
                return Functions(Elf.of_bytes(self._vdso(pid, mapping)))
            with self._open(pid, mapping) as elf:
                return Functions(elf, mapping.path, f"{self._proc}/{pid}/root")
        except (OSError, ElfError):
            return None  # no symbols then: the frame is printed as object`address

    def _open(self, pid: int, mapping: Mapping) -> Elf:
        try:
            return Elf.open(mapped_file(pid, mapping, self._proc))
        except OSError:  # the process may have ended just now, and its root with it: the file is elsewhere, too
            return Elf.open(mapped_file(pid, mapping, self._proc))

    def _vdso(self, pid: int, mapping: Mapping) -> bytes:
        """The kernel's own shared object, which is in memory only. Where that process's cannot be read, ours is the same,
        unless that is a 32-bit process; then its length differs."""
        try:
            return _memory(f"{self._proc}/{pid}/mem", mapping)
        except OSError:
            for own in _mappings("/proc/self/maps"):
                if own.path == VDSO and own.end - own.start == mapping.end - mapping.start:
                    return _memory("/proc/self/mem", own)
            raise


def mapped_file(pid: int, mapping: Mapping, proc: str = "/proc") -> str:
    """A path to the very file that is mapped, which may be in another root, replaced by a newer one, or deleted.
    OSError if there is none any more."""
    path = mapping.path
    if path.endswith(_DELETED):
        path = path[: -len(_DELETED)]
    for candidate in (
        f"{proc}/{pid}/root{path}",
        f"{proc}/{pid}/map_files/{mapping.start:x}-{mapping.end:x}",
        path,
    ):
        try:
            if os.stat(candidate).st_ino == mapping.inode:
                return candidate
        except OSError:
            continue
    raise FileNotFoundError(path)


def _mappings(path: str) -> list[Mapping]:
    with open(path, encoding="utf-8", errors="surrogateescape") as lines:
        return [Mapping(line) for line in lines]


def _memory(path: str, mapping: Mapping) -> bytes:
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.pread(fd, mapping.end - mapping.start, mapping.start)
    finally:
        os.close(fd)
