"""From compiled bytecode to maps and programs in the kernel."""

from __future__ import annotations

import errno
import mmap
import os
import struct
import sys

from . import bpf
from .errors import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from .compile import Compiled, FunctionSpec, MapSpec
    from .trampolines import Served

_LOG_LINES = 25  # of the verifier's log that a Failure shows
_NO_WRITING = "this kernel, locked down, lets nobody write to the memory of processes: no copyout( ), no copyoutstr( )"
_PREALLOCATED = 32 << 20  # bytes of a map whose elements are all made beforehand
_LARGEST_RING = 1 << 31  # bytes: the kernel takes powers of two in 32 bits
_RING_LIMIT = 64 << 20  # bytes of one ring buffer, unless one CPU's share alone is asked to be larger


class Map:
    """A created map. `value_size` is what a look-up returns: for per-CPU maps all possible CPUs' values."""

    def __init__(self, fd: int, type_: int, key_size: int, value_size: int, max_entries: int, cpus: int) -> None:
        self.fd = fd
        self.type = type_
        self.key_size = key_size
        self.max_entries = max_entries
        self.per_cpu = type_ in bpf.PER_CPU_MAPS
        self.stride = (value_size + 7) & ~7 if self.per_cpu else value_size
        self.cpus = cpus if self.per_cpu else 1
        self.value_size = self.stride * self.cpus

    def lookup(self, key: bytes) -> bytes | None:
        return bpf.map_lookup(self.fd, key, self.value_size)

    def items(self, delete: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """All elements; with `delete`, taken out as they are read (hash maps)."""
        return bpf.map_items(self.fd, self.key_size, self.value_size, delete)

    def items_of(self, prefix: bytes, delete: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """The elements whose keys begin with `prefix`; with `delete` they are taken out one by one."""
        for key, value in list(self.items()):
            if key.startswith(prefix):
                yield key, (bpf.map_take(self.fd, key, self.value_size) or value) if delete else value

    def split(self, value: bytes) -> list[bytes]:
        """A looked-up value by CPU: one item for maps that are not per-CPU."""
        return [value[i * self.stride : (i + 1) * self.stride] for i in range(self.cpus)]


class Program:
    """A loaded program: its handler's name, descriptor, BPF program type name, attach type (bpf.ATTACH_KPROBE_MULTI ...) and code.
    One that `asks` wants to know the cookie that it was attached with, `asks_in_vain` of a kernel that has none."""

    def __init__(
        self, name: str, fd: int, type_: str, attach_type: int, code: bytes, asks: bool = False, asks_in_vain: bool = False
    ) -> None:
        self.name = name
        self.fd = fd
        self.type = type_
        self.attach_type = attach_type
        self.code = code
        self.asks = asks
        self.asks_in_vain = asks_in_vain


class Loaded:
    """Everything of one plan that is in the kernel, before attaching. `close` lets go of it."""

    def __init__(self) -> None:
        self.maps: dict[str, Map] = {}
        self.programs: dict[str, Program] = {}
        self.trampolines: dict[str, dict[str, int]] = {}  # by handler and kernel function, each's own copy of the program
        self.ring_size = 0
        self.may_allocate: bool | None = None  # asked of the kernel when it matters
        self.lowered = False  # the ring had to be made smaller than asked

    def fill(self, tables: Mapping[str, Any]) -> None:
        """Fill array maps with a plan's tables: texts, NUL padded, or integers; or what the machine says about itself."""
        for name, table in tables.items():
            fd, size = self.maps[name].fd, table["value_size"]
            entries = table["entries"]
            if "host" in table:
                from .topology import host_table

                entries = host_table(table["host"])
            for index, value in entries.items():
                number = isinstance(value, int)
                data = value.to_bytes(size, sys.byteorder) if number else value.encode("latin-1").ljust(size, b"\0")
                bpf.map_update(fd, struct.pack("=I", int(index)), data)

    @property
    def descriptors(self) -> dict[str, int]:
        """Those of all programs, by handler; copies for one function have its name as well."""
        copies = {f"{name} of {function}": fd for name, them in self.trampolines.items() for function, fd in them.items()}
        return {name: program.fd for name, program in self.programs.items()} | copies

    def close(self) -> None:
        for fd in [*self.descriptors.values(), *(m.fd for m in self.maps.values())]:
            os.close(fd)
        self.programs.clear()
        self.trampolines.clear()
        self.maps.clear()


def ring_size(bufsize: int, cpus: int) -> int:
    """Bytes of the ring buffer for a principal buffer of `bufsize` per CPU: a power of two, as the kernel asks for."""
    wanted = max(mmap.PAGESIZE, bufsize, min(bufsize * cpus, _RING_LIMIT))
    return 1 << (wanted - 1).bit_length()


def load(
    compiled: Compiled,
    handlers: Sequence[Mapping[str, Any]],
    options: Mapping[str, Any],
    multi: Mapping[str, int] | None = None,
    typed: Mapping[str, int] | None = None,
    sizes: Mapping[str, int] | None = None,
    trampolines: Mapping[str, Served] | None = None,
) -> Loaded:
    """Create the maps and load one program per handler. `multi` has the attach type of handlers to be attached by multi links;
    `typed` has the BTF ids of the raw tracepoints whose arguments are read by type, `sizes` the value size of maps that have a
    larger one than the C text says, `trampolines` the functions of handlers that have a program for each (trampolines.py).

    Raises Failure; then nothing stays in the kernel.
    """
    maps, functions = compiled
    maps = [(*spec[:3], (sizes or {}).get(spec[0], spec[3]), *spec[4:]) for spec in maps]
    loaded = Loaded()
    bpf.allow_descriptors(len(maps) + len(handlers))
    try:
        cpus = bpf.possible_cpus()
        fds = [_create(loaded, spec, options, cpus) for spec in maps]
        by_name = {function[0]: function for function in functions}
        head = ""
        for handler in handlers:
            type_id = (typed or {}).get(handler.get("event", ""), 0)
            head = head if handler.get("part") else handler["name"]
            if trampolines and head in trampolines:
                code = relocate(by_name[head], fds)
                _load_copies(loaded, head, code, trampolines[head], options)
                continue
            attach_type = (multi or {}).get(head, bpf.ATTACH_RAW_TRACEPOINT if type_id else 0)
            type_ = "tracing" if type_id else handler["type"]
            _load_program(loaded, by_name[handler["name"]], type_, fds, attach_type, type_id, options)
            if handler.get("chain"):
                _chain(loaded, handler)
    except BaseException:
        loaded.close()
        raise
    return loaded


def _create(loaded: Loaded, spec: MapSpec, options: Mapping[str, Any], cpus: int) -> int:
    name, type_, key_size, value_size, max_entries, flags = spec
    if type_ == bpf.MAP_RINGBUF:
        return _create_ring(loaded, name, ring_size(int(options["bufsize"]), cpus), options)
    if name == "state":
        flags |= bpf.F_MMAPABLE
    if flags & bpf.F_NO_PREALLOC and not _may_allocate(loaded):
        flags &= ~bpf.F_NO_PREALLOC
        each = key_size + (value_size + 7 & ~7) * (cpus if type_ in bpf.PER_CPU_MAPS else 1)
        max_entries = max(1024, min(max_entries, _PREALLOCATED // each))
    try:
        fd = bpf.map_create(type_, key_size, value_size, max_entries, flags, name)
    except bpf.BpfError as error:
        if error.errno == errno.EPERM:
            raise bpf.no_permission(error) from None
        raise Failure(f"could not enable tracing: {error}") from None
    loaded.maps[name] = Map(fd, type_, key_size, value_size, max_entries, cpus)
    return fd


def _may_allocate(loaded: Loaded) -> bool:
    """Whether programs may make map elements wherever they run. Before the kernel had an allocator of BPF's own (6.1), making
    one in the scheduler or an interrupt could deadlock the machine: there all elements are made beforehand."""
    if loaded.may_allocate is None:
        from ..target.btf import STRUCT, Btf, BtfError

        try:
            loaded.may_allocate = bool(Btf.open().find("bpf_mem_alloc", STRUCT))
        except (BtfError, OSError):
            loaded.may_allocate = False
    return loaded.may_allocate


def _create_ring(loaded: Loaded, name: str, size: int, options: Mapping[str, Any]) -> int:
    """Create the ring buffer; unless bufresize is manual, half as large as often as memory is short."""
    physical = os.sysconf("SC_PHYS_PAGES") * mmap.PAGESIZE
    while True:
        try:
            if size > min(_LARGEST_RING, physical // 4):  # the kernel would take what it can find
                raise bpf.BpfError(errno.ENOMEM, f"create the map {name} of {size} bytes")
            fd = bpf.map_create(bpf.MAP_RINGBUF, 0, 0, size, 0, name)
            break
        except bpf.BpfError as error:
            manual = options.get("bufresize") == "manual"
            if error.errno != errno.ENOMEM or manual or size <= mmap.PAGESIZE:
                raise Failure(f"could not enable tracing: {error}") from None
            size //= 2
            loaded.lowered = True
    loaded.ring_size = size
    loaded.maps[name] = Map(fd, bpf.MAP_RINGBUF, 0, 0, size, 1)
    return fd


def relocate(function: FunctionSpec, fds: Sequence[int]) -> bytes:
    """The function's bytecode with map descriptors filled in."""
    code = bytearray(function[1])
    for at, index in function[2]:
        struct.pack_into("=i", code, at, fds[index])
    return bytes(code)


def _load_program(
    loaded: Loaded,
    function: FunctionSpec,
    type_: str,
    fds: Sequence[int],
    attach_type: int,
    type_id: int,
    options: Mapping[str, Any],
) -> None:
    name = function[0]
    code = used = relocate(function, fds)
    asks = False
    if type_ == "kprobe" and not attach_type:
        from .functions import with_cookie

        plain = with_cookie(code, 0)
        asks = plain != code
        used = plain if asks and not bpf.has_attach_cookies() else code
    fd = _offer(name, used, type_, attach_type, type_id, options)
    loaded.programs[name] = Program(name, fd, type_, attach_type, code, asks, used != code)


def _load_copies(loaded: Loaded, name: str, code: bytes, served: Served, options: Mapping[str, Any]) -> None:
    """Load a program for each function, with what it would ask for as its cookie in its place."""
    from .functions import with_cookie

    attach_type, places = served
    copies = loaded.trampolines[name] = {}
    for function, type_id, cookie in places:
        copies[function] = _offer(name, with_cookie(code, cookie), "tracing", attach_type, type_id, options)


def _offer(name: str, code: bytes, type_: str, attach_type: int, type_id: int, options: Mapping[str, Any]) -> int:
    """Load a program's final code and return its descriptor. Raises Failure with the end of the verifier's log."""

    def show(log: str) -> object:
        return sys.stderr.write(f"BPF verifier log of {name}:\n{log}")

    tell, size = (show, options["bpflogsize"]) if options.get("bpflog") else (None, 0)
    try:
        return bpf.prog_load(bpf.PROGRAM_TYPES[type_], code, name, attach_type, type_id, size, tell)
    except bpf.BpfError as error:
        if "cannot use helper bpf_probe_write_user" in error.log:
            raise Failure(f"could not enable tracing: {_NO_WRITING}") from None
        raise Failure(f"could not enable tracing: {error}", _end_of(error.log)) from None


def _chain(loaded: Loaded, handler: Mapping[str, Any]) -> None:
    """Put a part of a handler where the part before calls it."""
    number = struct.pack("=I", loaded.programs[handler["name"]].fd)
    bpf.map_update(loaded.maps[handler["chain"]].fd, struct.pack("=I", handler["part"]), number)


def _end_of(log: str) -> str:
    lines = [line for line in log.splitlines() if line]
    return "\n".join(lines[-_LOG_LINES:])
