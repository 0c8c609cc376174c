"""The running machine's facts. Nothing is read, and no kernel is asked, before somebody wants to know."""

from __future__ import annotations

import os
import struct

from .btf import FUNC, VMLINUX, Btf, BtfError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ctypes
    from collections.abc import Callable, Sequence

    from .facts import Target
    from .tracefs import Tracefs

KALLSYMS = "/proc/kallsyms"
NOTES = "/sys/kernel/notes"
BTF_FOLDER = "/sys/kernel/btf"
EVENT_SOURCES = "/sys/bus/event_source/devices"
CPUS_POSSIBLE = "/sys/devices/system/cpu/possible"
VSYSCALL32 = "/proc/sys/abi/vsyscall32"  # there if the kernel runs 32-bit programs of x86

_NT_GNU_BUILD_ID = 3


def host_target() -> Target:
    """The Target of the running machine."""
    from .facts import Target

    return Target(HostFacts())


def _readable_btf(path: str, base: Btf | None = None) -> Btf | None:
    """The type information in a file. None if there is none, or if it is damaged: what needs no types works all the same."""
    try:
        return Btf.open(path, base) if os.path.exists(path) else None
    except (BtfError, OSError):
        return None


def fingerprint() -> str:
    """A short text that another kernel, or another build of this one, does not have: 0.1 ms."""
    from binascii import crc32

    name = os.uname()
    try:
        size = os.stat(VMLINUX).st_size
    except OSError:
        size = 0
    rest = crc32(f"{name.version} {size}".encode())
    return f"{name.release}-{name.machine}-{_build_id()[:16] or 'none'}-{rest:08x}"


class HostFacts:
    """Facts (facts.py) of the machine this process runs on, as far as it is allowed to know them."""

    def __init__(self) -> None:
        name = os.uname()
        self.release, self.version, self.machine = name.release, name.version, name.machine
        self._bpf = _Bpf(name.machine)
        # What came of looking for them, once it has been tried. (functools would cost more than all that is done here.)
        self._found_tracefs: list[Tracefs | None] = []
        self._found_btf: list[Btf | None] = []

    @property
    def ncpus_possible(self) -> int:
        """The number of CPUs that per-CPU maps have values for: one more than the highest of a list like 0-3,8."""
        try:
            with open(CPUS_POSSIBLE, encoding="ascii") as file:
                return int(file.read().strip().replace(",", "-").rpartition("-")[2]) + 1
        except OSError:
            return os.cpu_count() or 1

    @property
    def page_size(self) -> int:
        return os.sysconf("SC_PAGE_SIZE")

    def fingerprint(self) -> str:
        return fingerprint()

    # ---- tracepoints ----

    @property
    def _tracefs(self) -> Tracefs | None:
        from .tracefs import Tracefs, TracefsError

        if not self._found_tracefs:
            try:
                self._found_tracefs.append(Tracefs.open())
            except TracefsError:
                self._found_tracefs.append(None)
        return self._found_tracefs[0]

    def tracepoints(self) -> Sequence[tuple[str, str]]:
        return self._tracefs.tracepoints() if self._tracefs else ()

    def tracepoint_format(self, group: str, event: str) -> str | None:
        return self._tracefs.format_text(group, event) if self._tracefs else None

    # ---- types ----

    @property
    def _kernel_btf(self) -> Btf | None:
        if not self._found_btf:
            self._found_btf.append(_readable_btf(VMLINUX))
        return self._found_btf[0]

    def btf(self, module: str = "") -> Btf | None:
        if not module or self._kernel_btf is None:
            return self._kernel_btf
        is_name = "/" not in module and module != "vmlinux"
        return _readable_btf(f"{BTF_FOLDER}/{module}", self._kernel_btf) if is_name else None

    def btf_modules(self) -> Sequence[str]:
        return [name for name in _names(BTF_FOLDER) if name != "vmlinux"]

    # ---- functions and symbols ----

    def traceable(self) -> Sequence[tuple[str, str]] | None:
        from .tracefs import TracefsError

        try:
            return self._tracefs.functions() if self._tracefs else None
        except TracefsError:
            return None  # a kernel without ftrace, or one in lockdown

    def kallsyms(self) -> bytes:
        try:
            with open(KALLSYMS, "rb") as file:
                return file.read()
        except OSError:
            return b""

    # ---- features ----

    def event_sources(self) -> Sequence[str]:
        return _names(EVENT_SOURCES)

    def feature(self, name: str) -> bool:
        return _FEATURES[name](self)

    def _has_compat_syscalls(self) -> bool:
        """Whether 32-bit programs may make system calls, by their own numbers. Where there is no telling they may."""
        return self.machine != "x86_64" or os.path.exists(VSYSCALL32)

    def _has_ringbuf(self) -> bool:
        return self._bpf.can_create_ringbuf(self.page_size)

    def _has_fentry(self) -> bool:
        """By attaching to a function the kernel has for such tests. Not by loading alone: arm64 loads such programs
        since 5.5 but attaches them only since 6.4."""
        function = self._kernel_btf.find("bpf_fentry_test1", FUNC) if self._kernel_btf else 0
        return bool(function) and self._bpf.can_attach_fentry(function)


_FEATURES: dict[str, Callable[[HostFacts], bool]] = {
    "btf": lambda facts: facts.btf() is not None,
    "compat_syscalls": HostFacts._has_compat_syscalls,
    "fentry": HostFacts._has_fentry,
    "kprobes": lambda facts: "kprobe" in facts.event_sources(),
    "kprobe_multi": lambda facts: facts._bpf.can_attach_kprobe_multi(),
    "ringbuf": HostFacts._has_ringbuf,
    "uprobes": lambda facts: "uprobe" in facts.event_sources(),
    "uprobe_multi": lambda facts: facts._bpf.can_attach_uprobe_multi(),
}


class _Bpf:
    """As much of bpf(2) as it takes to ask what the kernel can do. Without the privilege to use it, it can nothing."""

    NUMBERS = {"x86_64": 321, "aarch64": 280}
    MAP_CREATE, PROG_LOAD, RAW_TRACEPOINT_OPEN, LINK_CREATE = 0, 5, 17, 28
    MAP_TYPE_RINGBUF = 27
    PROG_TYPE_KPROBE, PROG_TYPE_TRACING = 2, 26
    TRACE_FENTRY, TRACE_KPROBE_MULTI, TRACE_UPROBE_MULTI = 24, 42, 48
    RETURN_0 = struct.pack("=BBhi", 0xB7, 0, 0, 0) + struct.pack("=BBhi", 0x95, 0, 0, 0)

    def __init__(self, machine: str) -> None:
        self._number = self.NUMBERS.get(machine)

    def can_create_ringbuf(self, size: int) -> bool:
        return self._close(self._call(self.MAP_CREATE, struct.pack("=4I", self.MAP_TYPE_RINGBUF, 0, 0, size)))

    def can_attach_fentry(self, function: int) -> bool:
        program = self._load(self.PROG_TYPE_TRACING, self.TRACE_FENTRY, function)
        if program < 0:
            return False
        link = self._call(self.RAW_TRACEPOINT_OPEN, struct.pack("=QI4x", 0, program))
        os.close(program)
        return self._close(link)

    def can_attach_uprobe_multi(self) -> bool:
        """By a link to a function in "/": who can make such links (6.6) answers that this is no regular file (EBADF)."""
        from errno import EBADF

        path, offset = self._buffer(b"/\0"), self._buffer(bytes(8))
        program = self._load(self.PROG_TYPE_KPROBE, self.TRACE_UPROBE_MULTI)
        words = (program, 0, self.TRACE_UPROBE_MULTI, 0, _address(path), _address(offset), 0, 0, 1, 0, 0)
        return self._refused_link(struct.pack("=4I4Q3I4x", *words), program, (EBADF,))

    def can_attach_kprobe_multi(self) -> bool:
        """By a link to a function no kernel has: who can make such links (5.18, and not all later) has looked for it."""
        from errno import ENOENT, ESRCH

        name = self._buffer(b"d2bpf_no_such_function\0")
        names = self._buffer(struct.pack("=Q", _address(name)))
        program = self._load(self.PROG_TYPE_KPROBE, self.TRACE_KPROBE_MULTI)
        words = (program, 0, self.TRACE_KPROBE_MULTI, 0, 0, 1, _address(names), 0, 0)
        return self._refused_link(struct.pack("=6I3Q", *words), program, (ESRCH, ENOENT))

    def _refused_link(self, attr: bytes, program: int, expected: tuple[int, ...]) -> bool:
        if program < 0:
            return False
        result = self._call(self.LINK_CREATE, attr)
        os.close(program)
        return self._close(result) or -result in expected

    def _load(self, type: int, attach_type: int, function: int = 0) -> int:
        code, license = self._buffer(self.RETURN_0), self._buffer(b"GPL\0")
        attr = struct.pack("=IIQQ", type, 2, _address(code), _address(license))
        attr += struct.pack("=IIQII16sII", 0, 0, 0, 0, 0, b"d2bpf_probe", 0, attach_type)
        return self._call(self.PROG_LOAD, attr + struct.pack("=IIQIIQII", 0, 0, 0, 0, 0, 0, 0, function))

    def _call(self, command: int, attr: bytes) -> int:
        """A descriptor, or the negative error number."""
        import ctypes
        from errno import ENOSYS

        if self._number is None:
            return -ENOSYS
        libc = ctypes.CDLL(None, use_errno=True)
        result: int = libc.syscall(self._number, command, self._buffer(attr), len(attr))
        return result if result >= 0 else -ctypes.get_errno()

    @staticmethod
    def _close(result: int) -> bool:
        if result >= 0:
            os.close(result)
        return result >= 0

    @staticmethod
    def _buffer(data: bytes) -> ctypes.Array[ctypes.c_char]:
        import ctypes

        return ctypes.create_string_buffer(data, len(data))


def _address(buffer: ctypes.Array[ctypes.c_char]) -> int:
    import ctypes

    return ctypes.addressof(buffer)


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _build_id() -> str:
    """The kernel's GNU build id in hexadecimal, from its notes (elf(5)); "" where it has none."""
    try:
        with open(NOTES, "rb") as file:
            notes = file.read()
    except OSError:
        return ""
    at = 0
    while at + 12 <= len(notes):
        name_size, size, kind = struct.unpack_from("=III", notes, at)
        name_at = at + 12
        data_at = name_at + (name_size + 3 & ~3)
        if kind == _NT_GNU_BUILD_ID and notes[name_at : name_at + name_size] == b"GNU\0":
            return notes[data_at : data_at + size].hex()
        at = data_at + (size + 3 & ~3)
    return ""
