"""BPF C to bytecode, through the distribution's BCC, in a child process.

LLVM's BPF back end exits or aborts the process on some input and BCC offers no way out, so it runs in a forked child
that hands back plain data: maps, and programs with the places where a map's descriptor belongs. The parent never loads
LLVM and stays small; the same data is what the cache keeps.

The child has a mount namespace of its own. What BCC wants to read from files lies there in memory: nothing is left on
disk, whatever ends us. And a two-line file stands for /proc/kallsyms there, because BCC reads and hashes all of it, two
thirds of the time of a small compile, to learn whether two helper functions exist.
"""

from __future__ import annotations

import os
import struct

from .bpf import check_permission
from .cache import Store, key_digest
from .errors import Failure
from .headers import host_files, write_tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from collections.abc import Callable, Mapping
    from typing import Any

    # name, type, key size, value size, maximum of entries, flags
    MapSpec = tuple[str, int, int, int, int, int]
    # name, bytecode, relocations: (byte offset of the instruction's 32-bit immediate, index of the map)
    FunctionSpec = tuple[str, bytes, list[tuple[int, int]]]
    Compiled = tuple[list[MapSpec], list[FunctionSpec]]
else:
    import _signal as signal  # what `signal` wraps: that would import enum, 3 to 9 ms for names we do not use

TIME_LIMIT = 120.0  # seconds
_FORMAT = 2  # of what the cache keeps; to be raised whenever this module makes different data of the same text
_DIST_PACKAGES = ("/usr/lib/python3/dist-packages", "/usr/local/lib/python3/dist-packages")
_TOO_LONG = "error: Argument list too long"  # of a map with keys above 512 bytes, on Linux 5.10
_MISSING = "failed to initialize dtrace: BCC for Python is not installed (Debian, Ubuntu: apt install python3-bpfcc)"
_BROKEN_BCC = "failed to initialize dtrace: BCC does not load (Debian, Ubuntu: apt install python3-bpfcc)"
_HIDDEN_SYMBOLS = "ffffffff81000000 T bpf_probe_read_kernel\nffffffff81000010 T bpf_probe_read_user\n"

_CLONE_NEWNS, _MS_BIND, _MS_REC, _MS_PRIVATE = 0x20000, 0x1000, 0x4000, 0x40000
_PR_SET_PDEATHSIG = 1
_LD_IMM64, _PSEUDO_MAP_FD = 0x18, 1  # eBPF instruction that loads 64 bits, and its source register meaning "map"


def find_bcc() -> str:
    """The folder of BCC's Python package: where Python looks, or else the distribution's own, so that another Python's
    virtual environment finds it too. Raises Failure naming the package to install."""
    import sys

    for base in [*sys.path, *_DIST_PACKAGES]:
        path = os.path.join(base, "bcc")
        if os.path.isfile(os.path.join(path, "libbcc.py")):
            return path
    raise Failure(_MISSING)


def _library_identity(package: str) -> str:
    """What a cached compilation depends on besides text and headers: which BCC compiles it."""
    stamps = []
    for path in (os.path.join(package, "version.py"), os.path.join(package, "libbcc.py"), *_libraries()):
        try:
            status = os.stat(path)
        except OSError:
            continue
        stamps.append(f"{path}:{status.st_size}:{status.st_mtime_ns}")
    return " ".join(stamps)


def _libraries() -> list[str]:
    machine = os.uname().machine
    return [f"/usr/lib/{machine}-linux-gnu/libbcc.so.0", "/usr/lib64/libbcc.so.0", "/usr/lib/libbcc.so.0"]


def compile_c(text: str, defines: Mapping[str, int], store: Store, time_limit: float = TIME_LIMIT) -> Compiled:
    """Bytecode and maps of BPF C (BCC's dialect), from the store or else compiled and kept there.

    `defines` become preprocessor macros. Raises Failure: with the compiler's messages as detail for text it refuses, or
    when BCC is missing, crashes, or takes longer than `time_limit` seconds.
    """
    import marshal

    package = find_bcc()
    tree = host_files()
    macros = [f"{name}={value}" for name, value in sorted(defines.items())]
    machine = os.uname().machine
    key = key_digest(_FORMAT, machine, _library_identity(package), text, *macros, *tree.values())
    data = store.get("bpf", key)
    if data is None:
        data = _compile_in_child(text, macros, tree, package, time_limit)
        store.put("bpf", key, data)
    compiled: Compiled = marshal.loads(data)
    return compiled


def _compile_in_child(text: str, macros: list[str], tree: dict[str, str], package: str, time_limit: float) -> bytes:
    check_permission()  # BCC creates maps, and says little when it may not
    # Not by tempfile, which imports half of the library.
    folder = os.path.join(os.environ.get("TMPDIR") or "/tmp", f"d2bpf-{os.getpid()}-{os.urandom(8).hex()}")
    try:
        return run_in_child(lambda: _compile(text, macros, tree, folder, package), time_limit)
    finally:
        _remove_tree(folder)


def _remove_tree(root: str) -> None:
    """Remove the folder, if the child has made it: see _work_folder."""
    if not os.path.isdir(root):
        return
    for path, folders, names in os.walk(root, topdown=False):
        for name in names:
            os.unlink(os.path.join(path, name))
        for name in folders:
            os.rmdir(os.path.join(path, name))
    os.rmdir(root)


# ---- the child and how it is waited for ----


def run_in_child(work: Callable[[], bytes], time_limit: float, own_errors: bool = False) -> bytes:
    """What `work` returns (not b""), run in a forked child whose death, by whatever cause, is only a Failure here. A Failure that
    `work` raises is raised here.

    What the child writes to its standard error becomes the Failure's detail; with `own_errors` it goes to ours. The child dies
    with its parent.
    """
    import select
    import time

    libc = _libc()  # before the fork: both need ctypes
    data_read, data_write = os.pipe()
    text_read, text_write = os.pipe()
    child = os.fork()
    if child == 0:
        _be_child(work, libc, data_write, text_write, own_errors)
    os.close(data_write)
    os.close(text_write)
    received: dict[int, bytearray] = {data_read: bytearray(), text_read: bytearray()}
    poll = select.poll()
    for fd in received:
        poll.register(fd, select.POLLIN)
    deadline = time.monotonic() + time_limit
    still_open = set(received)
    try:
        while still_open:
            left = deadline - time.monotonic()
            ready = poll.poll(max(0.0, left) * 1000)
            if not ready and left <= 0:
                raise Failure(f"failed to compile: BCC did not finish within {time_limit:g} seconds")
            for fd, _ in ready:
                piece = os.read(fd, 1 << 18)
                received[fd] += piece
                if not piece:
                    poll.unregister(fd)
                    still_open.discard(fd)
    finally:
        os.close(data_read)
        os.close(text_read)
        if still_open:
            os.kill(child, 9)
        status = os.waitpid(child, 0)[1]
    if status == 0 and received[data_read]:  # LLVM may call exit(0) as well
        return bytes(received[data_read])
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == _FAILED:
        import marshal

        raise Failure(*marshal.loads(received[data_read]))
    messages = received[text_read].decode("utf-8", "replace")
    if _TOO_LONG in messages:  # where libbcc cannot make a map, it refuses the text
        raise Failure(
            "could not enable tracing: this kernel takes keys of at most 512 bytes, of which each string has 256: "
            "a smaller strsize makes them shorter"
        )
    raise Failure(f"failed to compile: {_manner(status)}", messages)


def _manner(status: int) -> str:
    if os.WIFSIGNALED(status):
        from signal import Signals

        return f"the compiler was killed by {Signals(os.WTERMSIG(status)).name}"
    if os.WEXITSTATUS(status) == _REFUSED:
        return "the compiler refused the program"
    return f"the compiler ended with status {os.WEXITSTATUS(status)}"


_REFUSED = 81  # exit status of the child for text the compiler refuses
_BROKEN = 82  # for anything unforeseen, with a traceback as text
_FAILED = 83  # for a Failure, whose two texts are the data


def _be_child(work: Callable[[], bytes], libc: Any, data_write: int, text_write: int, own_errors: bool) -> None:
    """Run `work` and exit; never returns."""
    import resource

    status = _BROKEN
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        libc.prctl(_PR_SET_PDEATHSIG, 9, 0, 0, 0)
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        if not own_errors:
            os.dup2(text_write, 2)
        _write_all(data_write, work())
        status = 0
    except Failure as failure:
        import marshal

        _write_all(data_write, marshal.dumps((failure.message, failure.detail)))
        status = _FAILED
    except BaseException:
        import traceback

        os.write(text_write, traceback.format_exc().encode())
        raise
    finally:
        os._exit(status)


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _libc() -> Any:
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


# ---- in the child: BCC ----


def _load_libbcc(package: str) -> Any:
    """BCC's ctypes declarations, without running bcc/__init__.py (17 ms, and all of its atexit work)."""
    import importlib
    import sys
    import types

    stub = types.ModuleType("bcc")
    stub.__path__ = [package]
    sys.modules["bcc"] = stub
    try:
        return importlib.import_module("bcc.libbcc").lib
    except (ImportError, OSError) as error:
        raise Failure(_BROKEN_BCC, str(error)) from None


def _own_mounts() -> bool:
    """Give this process its own view of what is mounted below /proc; whether that was permitted."""
    libc = _libc()
    return bool(libc.unshare(_CLONE_NEWNS) == 0 and libc.mount(b"none", b"/proc", None, _MS_REC | _MS_PRIVATE, None) == 0)


def _work_folder(in_memory: bool, fallback: str) -> str:
    """An empty folder: in memory that goes with this process's mounts, in a place where nothing of ours is installed, or else
    `fallback`, which the parent removes."""
    place = "/proc/driver"  # every kernel has it
    if in_memory and _libc().mount(b"none", place.encode(), b"tmpfs", 0, b"mode=700") == 0:
        return place
    os.mkdir(fallback, 0o700)  # refuses a name that exists
    return fallback


def _compile(text: str, macros: list[str], tree: dict[str, str], fallback: str, package: str) -> bytes:
    import ctypes
    import marshal

    from . import bytecode  # noqa: F401  now: this package may lie below /tmp, which is covered from here on

    lib = _load_libbcc(package)
    own_mounts = _own_mounts()
    try:
        root = _work_folder(own_mounts, fallback)
        write_tree(root, {**tree, "kallsyms": _HIDDEN_SYMBOLS})
    except OSError as error:
        raise Failure(f"failed to compile: cannot write to {fallback}: {error.strerror}") from None
    if own_mounts:  # else BCC reads the real file, which only takes longer
        _libc().mount(os.fsencode(os.path.join(root, "kallsyms")), b"/proc/kallsyms", None, _MS_BIND, None)
    os.chdir("/")  # BCC puts -I<current folder> first: a folder `linux` there must not shadow the tree
    os.environ["BCC_KERNEL_SOURCE"] = root
    os.environ.pop("BCC_LINUX_VERSION_CODE", None)
    flags = [b"-g0", b"-w", *(b"-D" + macro.encode() for macro in macros)]
    array = (ctypes.c_char_p * len(flags))(*flags)
    module = lib.bpf_module_create_c_from_string(text.encode(), 0, array, len(flags), True, None)
    if not module:
        os._exit(_REFUSED)  # clang has written why to standard error
    return marshal.dumps((_maps(lib, module), _functions(lib, module)), 4)


def _maps(lib: Any, module: int) -> list[MapSpec]:
    import ctypes

    # The accessors that BCC's own Python code does not declare.
    for name, result in (
        ("bpf_num_tables", ctypes.c_size_t),
        ("bpf_table_name", ctypes.c_char_p),
        ("bpf_table_key_size_id", ctypes.c_size_t),
        ("bpf_table_leaf_size_id", ctypes.c_size_t),
        ("bpf_table_fd_id", ctypes.c_int),
    ):
        function = getattr(lib, name)
        function.restype = result
        function.argtypes = [ctypes.c_void_p] if name == "bpf_num_tables" else [ctypes.c_void_p, ctypes.c_size_t]
    return [
        (
            lib.bpf_table_name(module, i).decode(),
            lib.bpf_table_type_id(module, i),
            lib.bpf_table_key_size_id(module, i),
            lib.bpf_table_leaf_size_id(module, i),
            lib.bpf_table_max_entries_id(module, i),
            lib.bpf_table_flags_id(module, i),
        )
        for i in range(lib.bpf_num_tables(module))
    ]


def _functions(lib: Any, module: int) -> list[FunctionSpec]:
    import ctypes

    from .bytecode import with_loops_by_jump

    by_fd = {lib.bpf_table_fd_id(module, i): i for i in range(lib.bpf_num_tables(module))}
    functions = []
    for i in range(lib.bpf_num_functions(module)):
        name: bytes = lib.bpf_function_name(module, i)
        made = ctypes.string_at(lib.bpf_function_start(module, name), lib.bpf_function_size(module, name))
        code = with_loops_by_jump(made)
        functions.append((name.decode(), code, list(relocations(code, by_fd))))
    return functions


def relocations(code: bytes, by_fd: Mapping[int, int]) -> list[tuple[int, int]]:
    """Where bytecode holds map descriptors: (byte offset of the immediate, index of the map whose descriptor it is)."""
    found = []
    at = 0
    while at < len(code):
        if code[at] != _LD_IMM64:
            at += 8
            continue
        if code[at + 1] >> 4 == _PSEUDO_MAP_FD:
            found.append((at + 4, by_fd[struct.unpack_from("=i", code, at + 4)[0]]))
        at += 16
    return found
