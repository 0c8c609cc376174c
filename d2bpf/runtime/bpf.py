"""bpf(2) and perf_event_open(2), thinly: one function per command, file descriptors as ints, data as bytes.

Every descriptor is close-on-exec. Whatever the kernel refuses is a BpfError that says what was being done. ctypes is
imported on first use, so that programs which only format recorded data never pay for it.
"""

from __future__ import annotations

import errno
import os
import struct

from .errors import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

# bpf(2) commands: enum bpf_cmd of linux/bpf.h.
_MAP_CREATE, _MAP_LOOKUP, _MAP_UPDATE, _MAP_DELETE, _MAP_NEXT_KEY, _PROG_LOAD = range(6)
_TEST_RUN = 10
_GET_INFO = 15
_RAW_TRACEPOINT_OPEN = 17
_MAP_LOOKUP_AND_DELETE, _LOOKUP_BATCH, _LOOKUP_AND_DELETE_BATCH = 21, 24, 25
_LINK_CREATE = 28

# enum bpf_map_type, as far as the runtime treats a type specially.
MAP_ARRAY, MAP_PROG_ARRAY = 2, 3
MAP_PERCPU_HASH, MAP_PERCPU_ARRAY = 5, 6
MAP_LRU_PERCPU_HASH = 10
MAP_RINGBUF = 27
PER_CPU_MAPS = (MAP_PERCPU_HASH, MAP_PERCPU_ARRAY, MAP_LRU_PERCPU_HASH)
F_NO_PREALLOC = 1
F_MMAPABLE = 1 << 10

# enum bpf_prog_type by the names a Handler uses.
PROGRAM_TYPES = {"kprobe": 2, "tracepoint": 5, "perf_event": 7, "raw_tracepoint": 17, "tracing": 26}

# enum bpf_attach_type
ATTACH_RAW_TRACEPOINT, ATTACH_KPROBE_MULTI, ATTACH_UPROBE_MULTI = 23, 42, 48
ATTACH_FENTRY, ATTACH_FEXIT = 24, 25
_ATTACH_PERF_EVENT = 41

# enum perf_type_id and perf_sw_ids of linux/perf_event.h
PERF_HARDWARE, PERF_SOFTWARE, PERF_TRACEPOINT = 0, 1, 2
HARDWARE_EVENTS = (  # in the order of enum perf_hw_id
    *("cpu-cycles", "instructions", "cache-references", "cache-misses", "branch-instructions", "branch-misses"),
    *("bus-cycles", "stalled-cycles-frontend", "stalled-cycles-backend", "ref-cycles"),
)
SOFTWARE_EVENTS = {
    "cpu-clock": 0,
    "task-clock": 1,
    "page-faults": 2,
    "context-switches": 3,
    "cpu-migrations": 4,
    "minor-faults": 5,
    "major-faults": 6,
    "alignment-faults": 7,
    "emulation-faults": 8,
}

ENOTSUPP = 524  # the kernel's own "operation not supported", which escapes to user space from batch commands
_SYSCALLS = {"x86_64": (321, 298), "aarch64": (280, 241), "riscv64": (280, 241)}  # bpf, perf_event_open
_MESSAGES = {
    errno.EPERM: "Operation not permitted (root, or CAP_BPF and CAP_PERFMON, is needed)",
    errno.ENOSYS: "this kernel has no bpf(2)",
    ENOTSUPP: "not supported by this kernel",
}


_FEW_DESCRIPTORS = 256  # a process may have 1024 or more unless somebody cares


class BpfError(OSError):
    """A refused system call: `errno`, `doing` (what for, in words) and `log` (the verifier's, for programs)."""

    def __init__(self, number: int, doing: str, log: str = "") -> None:
        text = _MESSAGES.get(number) or os.strerror(number)
        super().__init__(number, f"cannot {doing}: {text}")
        self.doing = doing
        self.log = log

    def __str__(self) -> str:
        return str(self.strerror)


class _Kernel:
    """The entry points into libc, made on first use."""

    def __init__(self) -> None:
        import ctypes

        libc = ctypes.CDLL(None, use_errno=True)
        long, pointer = ctypes.c_long, ctypes.c_void_p
        syscall = libc.syscall
        syscall.restype = long
        syscall.argtypes = [long, long, pointer, long, long, long]
        perf_event_open = ctypes.CDLL(None, use_errno=True).syscall
        perf_event_open.restype = long
        perf_event_open.argtypes = [long, pointer, long, long, long, long]
        self.syscall: Any = syscall
        self.perf_event_open: Any = perf_event_open
        self.get_errno = ctypes.get_errno
        self.addressof = ctypes.addressof
        self.char = ctypes.c_char
        machine = os.uname().machine
        if machine not in _SYSCALLS:
            raise BpfError(errno.ENOSYS, f"use BPF on {machine}")
        self.bpf_number, self.perf_number = _SYSCALLS[machine]


_made: list[_Kernel] = []


def _kernel() -> _Kernel:
    if not _made:
        _made.append(_Kernel())
    return _made[0]


def address_of(buffer: bytearray) -> int:
    """Where the bytes are. They stay there while `buffer` lives and is not resized."""
    kernel = _kernel()
    return kernel.addressof(kernel.char.from_buffer(buffer)) if buffer else 0


def _call(command: int, attr: bytearray) -> int:
    """The result of bpf(2), or minus the error number. The kernel may write into `attr`."""
    kernel = _kernel()
    result: int = kernel.syscall(kernel.bpf_number, command, address_of(attr), len(attr), 0, 0)
    return result if result >= 0 else -kernel.get_errno()


def _bpf(command: int, attr: bytearray, doing: str) -> int:
    result = _call(command, attr)
    if result < 0:
        raise BpfError(-result, doing)
    return result


def check_permission() -> None:
    """Raises Failure unless this process may use BPF, which is tried by creating a map."""
    try:
        os.close(map_create(MAP_ARRAY, 4, 4, 1, name="permission"))
    except BpfError as error:
        raise no_permission(error) if error.errno == errno.EPERM else Failure(f"failed to initialize dtrace: {error}") from None


def no_permission(error: BpfError) -> Failure:
    """What to raise for an EPERM of bpf(2): in a container, root may lack the right, too."""
    return Failure("failed to initialize dtrace: DTrace requires additional privileges", str(error))


def _cpu_list(path: str) -> list[int]:
    """The CPUs of a sysfs list such as `0-3,8`. Raises Failure where there is no sysfs."""
    try:
        with open(path) as file:
            parts = [part.split("-") for part in file.read().strip().split(",")]
    except OSError as error:
        raise Failure(f"failed to initialize dtrace: cannot read {path}: {error.strerror}") from None
    return [cpu for part in parts for cpu in range(int(part[0]), int(part[-1]) + 1)]


def online_cpus() -> list[int]:
    return _cpu_list("/sys/devices/system/cpu/online")


def possible_cpus() -> int:
    """How many values a per-CPU map element has."""
    return _cpu_list("/sys/devices/system/cpu/possible")[-1] + 1


# ---- maps ----


def _name(text: str) -> bytes:
    """A kernel object name: 15 bytes of letters, digits, `_` and `.`."""
    return "".join(c if c.isalnum() and c.isascii() else "_" for c in text[:15]).encode()


def raise_memlock() -> bool:
    """Lift RLIMIT_MEMLOCK, which limits BPF memory before Linux 5.11. False if it is lifted already or may not be."""
    import resource

    infinity = resource.RLIM_INFINITY
    if resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == infinity:
        return False
    try:
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (infinity, infinity))
    except (OSError, ValueError):
        return False
    return True


def allow_descriptors(count: int) -> None:
    """Have room for so many more open files: raise the limit as far as it takes and may be, the hard one too (CAP_SYS_RESOURCE)."""
    if count < _FEW_DESCRIPTORS:
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + len(os.listdir("/proc/self/fd")) + 64
    if soft >= wanted:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(wanted, hard)))
    except (OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def map_create(type_: int, key_size: int, value_size: int, max_entries: int, flags: int = 0, name: str = "") -> int:
    """A new map's descriptor. Where the locked-memory limit forbids it, the limit is lifted first."""
    attr = bytearray(
        struct.pack("=7I16s5I", type_, key_size, value_size, max_entries, flags, 0, 0, _name(name), 0, 0, 0, 0, 0)
    )
    result = _call(_MAP_CREATE, attr)
    if result == -errno.EPERM and raise_memlock():
        result = _call(_MAP_CREATE, attr)
    if result < 0:
        raise BpfError(-result, f"create the map {name} of {max_entries} entries")
    return result


def map_lookup(fd: int, key: bytes, value_size: int) -> bytes | None:
    """The element's value, None if there is none. For per-CPU maps `value_size` covers all possible CPUs."""
    key_buffer, value = bytearray(key), bytearray(value_size)
    result = _call(_MAP_LOOKUP, bytearray(struct.pack("=I4xQQQ", fd, address_of(key_buffer), address_of(value), 0)))
    if result == -errno.ENOENT:
        return None
    if result < 0:
        raise BpfError(-result, "look up a map element")
    return bytes(value)


def map_update(fd: int, key: bytes, value: bytes, flags: int = 0) -> None:
    key_buffer, value_buffer = bytearray(key), bytearray(value)
    attr = bytearray(struct.pack("=I4xQQQ", fd, address_of(key_buffer), address_of(value_buffer), flags))
    result = _call(_MAP_UPDATE, attr)
    if result == -errno.E2BIG:
        raise BpfError(errno.E2BIG, "add a map element: the map is full")
    if result < 0:
        raise BpfError(-result, "update a map element")


def map_take(fd: int, key: bytes, value_size: int) -> bytes | None:
    """The element's value, taken out of a hash map in one step (Linux 5.14), else in two; None if there is none."""
    key_buffer, value = bytearray(key), bytearray(value_size)
    attr = bytearray(struct.pack("=I4xQQQ", fd, address_of(key_buffer), address_of(value), 0))
    result = _call(_MAP_LOOKUP_AND_DELETE, attr)
    if result == 0:
        return bytes(value)
    if result == -errno.ENOENT:
        return None
    found = map_lookup(fd, key, value_size)
    map_delete(fd, key)
    return found


def map_delete(fd: int, key: bytes) -> bool:
    """Whether there was such an element."""
    key_buffer = bytearray(key)
    result = _call(_MAP_DELETE, bytearray(struct.pack("=I4xQQQ", fd, address_of(key_buffer), 0, 0)))
    if result not in (0, -errno.ENOENT):
        raise BpfError(-result, "delete a map element")
    return result == 0


def map_next_key(fd: int, key: bytes | None, key_size: int) -> bytes | None:
    """The key after `key` in the map's own order; the first for None or a key that is gone; None at the end."""
    key_buffer, following = bytearray(key or b""), bytearray(key_size)
    result = _call(
        _MAP_NEXT_KEY, bytearray(struct.pack("=I4xQQQ", fd, address_of(key_buffer), address_of(following), 0))
    )
    if result == -errno.ENOENT:
        return None
    if result < 0:
        raise BpfError(-result, "walk a map")
    return bytes(following)


def map_items(fd: int, key_size: int, value_size: int, delete: bool = False) -> Iterator[tuple[bytes, bytes]]:
    """All elements of a hash map as (key, value), read by batches; with `delete` taken out of the map as they are read.

    `value_size` covers all possible CPUs for per-CPU maps. Before Linux 5.6 elements are read one by one.
    """
    count = max(64, min(4096, (1 << 20) // (key_size + value_size)))
    command = _LOOKUP_AND_DELETE_BATCH if delete else _LOOKUP_BATCH
    position = bytearray(max(8, key_size))
    first = True
    while True:
        keys, values = bytearray(count * key_size), bytearray(count * value_size)
        at = address_of(position)
        attr = bytearray(
            struct.pack("=QQQQIIQQ", 0 if first else at, at, address_of(keys), address_of(values), count, fd, 0, 0)
        )
        result = _call(command, attr)
        if result == -errno.ENOSPC:  # one hash bucket holds more elements than asked for
            count *= 2
            continue
        if result in (-errno.EINVAL, -errno.EOPNOTSUPP, -ENOTSUPP) and first:
            yield from _items_one_by_one(fd, key_size, value_size, delete)
            return
        if result < 0 and result != -errno.ENOENT:
            raise BpfError(-result, "read a map")
        got = struct.unpack_from("=I", attr, 32)[0]
        for i in range(got):
            key = bytes(keys[i * key_size : (i + 1) * key_size])
            yield key, bytes(values[i * value_size : (i + 1) * value_size])
        if result < 0:
            return
        first = False


def _items_one_by_one(fd: int, key_size: int, value_size: int, delete: bool) -> Iterator[tuple[bytes, bytes]]:
    key = map_next_key(fd, None, key_size)
    while key is not None:
        following = map_next_key(fd, key, key_size)
        value = map_lookup(fd, key, value_size)
        if value is not None:
            if delete:
                map_delete(fd, key)
            yield key, value
        key = following


# ---- programs ----


def prog_load(
    type_: int,
    code: bytes,
    name: str = "",
    expected_attach_type: int = 0,
    attach_type_id: int = 0,
    log_size: int = 0,
    tell: Callable[[str], object] | None = None,
) -> int:
    """Load a program (8 bytes an instruction) and return its descriptor. `attach_type_id` is the BTF id of what a tracing
    program is for. `tell` is handed all of the verifier's log, for which `log_size` bytes are tried first (0: 1 MB).

    A refusal is raised with the verifier's log: the program is offered again with a log buffer that grows until the
    log fits, so that the usual, accepted program never pays for one.
    """
    instructions, licence = bytearray(code), bytearray(b"GPL\0")
    attempts: tuple[int, ...] = (0, 1 << 16, 1 << 20, 1 << 24, (1 << 30) - 1)  # the kernel takes up to UINT_MAX >> 2
    if tell:
        attempts = (log_size or attempts[2], *attempts[3:])
    log = bytearray()
    for i, size in enumerate(attempts):
        log = bytearray(size)
        attr = bytearray(
            struct.pack(
                "=IIQQIIQII16sII36xI4x",
                *(type_, len(code) // 8, address_of(instructions), address_of(licence)),
                *((2 if tell else 1) if size else 0, size, address_of(log), 0, 0),
                *(_name(name), 0, expected_attach_type, attach_type_id),
            )
        )
        result = _call(_PROG_LOAD, attr)
        if result == -errno.EPERM and i == 0 and raise_memlock():
            result = _call(_PROG_LOAD, attr)
        if result >= 0:
            if tell:
                tell(_text_of(log))
            return result
        if (i > 0 or tell) and result != -errno.ENOSPC:
            break
    raise BpfError(-result, f"load the BPF program {name}", _text_of(log))


def _text_of(log: bytearray) -> str:
    return bytes(log[: log.find(b"\0")]).decode("utf-8", "replace")


def test_run(fd: int, args: Sequence[int] = (), cpu: int | None = None) -> int:
    """Run a raw tracepoint program once, now, in this process's context, and return its result.

    `args` are the context's u64 words (all twelve are given, for the kernel refuses a context shorter than what the
    program reads). With `cpu` it runs there, in the context of whatever runs there.
    """
    words = bytearray(struct.pack("=12Q", *args, *(0,) * (12 - len(args))))
    flags, cpu = (0, 0) if cpu is None else (1, cpu)  # BPF_F_TEST_RUN_ON_CPU
    attr = bytearray(
        struct.pack("=IIIIQQIIIIQQIII4x", fd, 0, 0, 0, 0, 0, 0, 0, len(words), 0, address_of(words), 0, flags, cpu, 0)
    )
    _bpf(_TEST_RUN, attr, "run a BPF program")
    result: int = struct.unpack_from("=I", attr, 4)[0]
    return result


def prog_info(fd: int) -> dict[str, int]:
    """Counters of a loaded program: verified_insns (Linux 5.16), recursion_misses (5.12: firings the kernel skipped
    because the program was running on that CPU already), run_cnt and run_time_ns (only while the sysctl
    kernel.bpf_stats_enabled is set), xlated_len in bytes. What a kernel does not know is 0."""
    info = bytearray(232)  # struct bpf_prog_info up to attach_btf_id
    _bpf(_GET_INFO, bytearray(struct.pack("=IIQ", fd, len(info), address_of(info))), "ask about a BPF program")
    xlated_len = struct.unpack_from("=I", info, 20)[0]
    run_time, run_count, misses, verified = struct.unpack_from("=QQQI", info, 192)
    return {
        "verified_insns": verified,
        "recursion_misses": misses,
        "run_cnt": run_count,
        "run_time_ns": run_time,
        "xlated_len": xlated_len,
    }


def translated(fd: int) -> bytes:
    """A loaded program's instructions as the verifier left them, 8 bytes each."""
    code = bytearray(prog_info(fd)["xlated_len"])
    info = bytearray(40)  # struct bpf_prog_info up to xlated_prog_insns
    struct.pack_into("=I8xQ", info, 20, len(code), address_of(code))
    _bpf(_GET_INFO, bytearray(struct.pack("=IIQ", fd, len(info), address_of(info))), "ask for a BPF program's code")
    return bytes(code)


# ---- attaching ----


def raw_tracepoint_open(prog_fd: int, event: str, typed: bool = False) -> int:
    """Attach to a raw tracepoint; closing the descriptor detaches within 0.1 ms. A `typed` program was loaded for it, or for the
    entry or return of the kernel function of that name."""
    name = bytearray(event.encode() + b"\0")
    attr = bytearray(struct.pack("=QI4x", 0 if typed else address_of(name), prog_fd))
    return _bpf(_RAW_TRACEPOINT_OPEN, attr, f"attach to the raw tracepoint {event}")


def _try_program(first: bytes, attach_type: int) -> int:
    """A program for user or kernel functions of one instruction that sets r0, and the exit; -1 if the kernel refuses it."""
    try:
        return prog_load(PROGRAM_TYPES["kprobe"], first + struct.pack("=BBhi", 0x95, 0, 0, 0), "probe", attach_type)
    except BpfError:
        return -1


_RETURN_0 = struct.pack("=BBhi", 0xB7, 0, 0, 0)


def has_attach_cookies() -> bool:
    """Whether programs can ask for the number that they were attached with (Linux 5.15)."""
    fd = _try_program(struct.pack("=BBhi", 0x85, 0, 0, 174), 0)
    if fd >= 0:
        os.close(fd)
    return fd >= 0


def has_kprobe_multi() -> bool:
    """Whether the kernel has kprobe.multi links: one to a function that no kernel has is refused because it looks for it."""
    fd = _try_program(_RETURN_0, ATTACH_KPROBE_MULTI)
    if fd < 0:
        return False
    name = bytearray(b"d2bpf_no_such_function\0")
    names = bytearray(struct.pack("=Q", address_of(name)))
    attr = struct.pack("=6I3Q", fd, 0, ATTACH_KPROBE_MULTI, 0, 0, 1, address_of(names), 0, 0)
    try:
        return _call(_LINK_CREATE, bytearray(attr)) in (-errno.ESRCH, -errno.ENOENT)
    finally:
        os.close(fd)


def kprobe_multi_link(prog_fd: int, addresses: Sequence[int], cookies: Sequence[int], on_return: bool = False) -> int:
    """Attach one program (loaded with ATTACH_KPROBE_MULTI) to many kernel functions by their addresses (Linux 5.18)."""
    count = len(addresses)
    at, cookie = (bytearray(struct.pack(f"={count}Q", *column)) for column in (addresses, cookies))
    places = (0, address_of(at), address_of(cookie))
    attr = struct.pack("=6I3Q", prog_fd, 0, ATTACH_KPROBE_MULTI, 0, 1 if on_return else 0, count, *places)
    return _bpf(_LINK_CREATE, bytearray(attr), f"attach to {count} functions of the kernel")


def kprobe_multi_missed(link_fd: int) -> int:
    """How many firings a kprobe.multi link did not see: inside of others, or returns of too many calls at once (Linux 6.7)."""
    info = bytearray(48)  # struct bpf_link_info: type, id, prog_id; addrs, count, flags, missed, cookies
    try:
        _bpf(_GET_INFO, bytearray(struct.pack("=IIQ", link_fd, len(info), address_of(info))), "ask about a link")
    except BpfError:
        return 0
    missed: int = struct.unpack_from("=Q", info, 32)[0]
    return missed


def has_uprobe_multi() -> bool:
    """Whether the kernel has uprobe.multi links: a link to no function of no file is refused differently with them."""
    fd = _try_program(_RETURN_0, ATTACH_UPROBE_MULTI)
    if fd < 0:
        return False
    path, offset = bytearray(b"/\0"), bytearray(8)
    attr = struct.pack(
        "=IIIIQQQQIII4x", fd, 0, ATTACH_UPROBE_MULTI, 0, address_of(path), address_of(offset), 0, 0, 1, 0, 0
    )
    try:
        return _call(_LINK_CREATE, bytearray(attr)) == -errno.EBADF  # a folder is no object file
    finally:
        os.close(fd)


def uprobe_multi_link(
    prog_fd: int,
    path: str,
    offsets: Sequence[int],
    ref_ctr_offsets: Sequence[int] = (),
    cookies: Sequence[int] = (),
    pid: int = 0,
    on_return: bool = False,
) -> int:
    """Attach one program (loaded with ATTACH_UPROBE_MULTI) to many file offsets of one object (Linux 6.6)."""
    name = bytearray(os.fsencode(path) + b"\0")
    count = len(offsets)
    at, counters, cookie = (bytearray(struct.pack(f"={len(v)}Q", *v)) for v in (offsets, ref_ctr_offsets, cookies))
    attr = bytearray(
        struct.pack(
            "=IIIIQQQQIII4x",
            *(prog_fd, 0, ATTACH_UPROBE_MULTI, 0),
            *(address_of(name), address_of(at), address_of(counters), address_of(cookie)),
            *(count, 1 if on_return else 0, pid),
        )
    )
    return _bpf(_LINK_CREATE, attr, f"attach to {count} functions of {path}")


# What an event's mode leaves out: bits exclude_user, exclude_kernel and exclude_hv of struct perf_event_attr.
_MODES = {"": 0, "u": 3 << 5, "k": 1 << 4}


def perf_counter(event: str) -> tuple[int, int, int]:
    """Type, config and flags of a software or hardware event, such as "page-faults" or, in one mode only,
    "cpu-cycles:u" or "cpu-cycles:k"."""
    name, _, mode = event.partition(":")
    if name in SOFTWARE_EVENTS:
        return PERF_SOFTWARE, SOFTWARE_EVENTS[name], _MODES[mode]
    return PERF_HARDWARE, HARDWARE_EVENTS.index(name), _MODES[mode]


def perf_event_open(
    type_: int,
    config: int,
    doing: str,
    *,
    pid: int = -1,
    cpu: int = 0,
    period: int = 1,
    frequency: int = 0,
    config1: int = 0,
    config2: int = 0,
    sample: int = 0x400,
    flags: int = 0,
) -> int:
    """A perf event that samples after every `period` occurrences (nanoseconds for the clocks), never with 0, or at
    `frequency` Hz. `sample` is the sample_type, raw data unless said, `flags` the flag bits of struct perf_event_attr."""
    flags |= 1 << 10 if frequency else 0
    wakeup, close_on_exec = 1, 8
    attr = bytearray(
        struct.pack(
            "=IIQQQQQIIQQ",
            *(type_, 112, config, frequency or period, sample, 0, flags),
            *(wakeup, 0, config1, config2),
        ).ljust(112, b"\0")  # PERF_ATTR_SIZE_VER5
    )
    kernel = _kernel()
    result: int = kernel.perf_event_open(kernel.perf_number, address_of(attr), pid, cpu, -1, close_on_exec)
    if result < 0:
        raise BpfError(kernel.get_errno(), doing)
    return result


def perf_attach(event_fd: int, prog_fd: int, doing: str) -> None:
    """Run the program on each sample of the event, and enable the event."""
    import fcntl

    try:
        fcntl.ioctl(event_fd, 0x40042408, prog_fd)  # PERF_EVENT_IOC_SET_BPF
    except OSError as error:
        raise BpfError(error.errno or 0, doing) from None
    perf_enable(event_fd, doing)


def perf_link(event_fd: int, prog_fd: int, cookie: int, doing: str) -> int:
    """Run the program on each sample of the event, with a number that it can ask for (Linux 5.15)."""
    return _bpf(_LINK_CREATE, bytearray(struct.pack("=IIIIQ", prog_fd, event_fd, _ATTACH_PERF_EVENT, 0, cookie)), doing)


def perf_enable(event_fd: int, doing: str) -> None:
    import fcntl

    try:
        fcntl.ioctl(event_fd, 0x2400, 0)  # PERF_EVENT_IOC_ENABLE
    except OSError as error:
        raise BpfError(error.errno or 0, doing) from None


def perf_disable(event_fd: int) -> None:
    import fcntl

    fcntl.ioctl(event_fd, 0x2401, 0)  # PERF_EVENT_IOC_DISABLE
