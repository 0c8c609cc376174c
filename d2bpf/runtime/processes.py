"""Target processes (-c, -p) and the signals that end a session."""

from __future__ import annotations

import errno
import os

from .errors import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from collections.abc import Mapping
    from types import FrameType
    from typing import Any
else:
    import _signal as signal  # what `signal` wraps: that would import enum, 3 to 9 ms for names we do not use

_PTRACE_TRACEME, _PTRACE_POKEUSER, _PTRACE_CONT, _PTRACE_DETACH, _PTRACE_SETOPTIONS = 0, 6, 7, 17, 0x4200
_PTRACE_O_EXITKILL = 0x100000
_PR_SET_PDEATHSIG = 1
_SIGTRAP = 5
_AT_BASE, _AT_ENTRY = 7, 9  # of the auxiliary vector: where the loader is, and where it will jump to
# By machine: the breakpoint instruction; where struct user has the program counter, if that must be set back after it.
_BREAKPOINTS = {"x86_64": (b"\xcc", 128), "aarch64": (b"\x00\x00\x20\xd4", None)}
_CANNOT_EXECUTE = 127


class Target:
    """A process of interest. `created`: a -c process, which is killed with the session; else -p, which is let be.

    `status` is its wait status once it has ended, if it was created (os.WIFEXITED and so on); `ended` holds for both.
    """

    def __init__(self, pid: int, pidfd: int, created: bool) -> None:
        self.pid = pid
        self.pidfd = pidfd
        self.created = created
        self.ended = False
        self.status: int | None = None
        self._stopped = created

    def run_to_entry(self) -> None:
        """Let a created process, stopped at its exec, run to its program's entry: its libraries are then loaded and their
        constructors have run. A program without a loader is there already."""
        where = _entry_after_loader(self.pid)
        breakpoint_ = _BREAKPOINTS.get(os.uname().machine)
        if where is None or breakpoint_ is None:
            return
        instruction, counter = breakpoint_
        memory = os.open(f"/proc/{self.pid}/mem", os.O_RDWR | os.O_CLOEXEC)
        try:
            original = os.pread(memory, len(instruction), where)
            os.pwrite(memory, instruction, where)
            if self._continue_to_trap():
                os.pwrite(memory, original, where)
                if counter is not None:
                    _ptrace(_PTRACE_POKEUSER, self.pid, where, counter)
        finally:
            os.close(memory)

    def _continue_to_trap(self) -> bool:
        """Continue the process until it stops at a breakpoint; signals for it are passed on. False if it ended."""
        passed_on = 0
        while True:
            _ptrace(_PTRACE_CONT, self.pid, passed_on)
            status = os.waitpid(self.pid, 0)[1]
            if not os.WIFSTOPPED(status):
                self._stopped = False
                self.status = status
                return False
            passed_on = os.WSTOPSIG(status)
            if passed_on == _SIGTRAP:
                return True

    def release(self) -> None:
        """Let a created process run on from where it is stopped."""
        if self._stopped:
            self._stopped = False
            try:
                _ptrace(_PTRACE_DETACH, self.pid, 0)
            except ProcessLookupError:  # killed meanwhile by someone else: its pidfd tells
                return

    def reap(self) -> None:
        """To be called when `pidfd` is readable: notes the end."""
        self.ended = True
        if self.created and self.status is None:
            self.status = os.waitpid(self.pid, 0)[1]

    def close(self) -> None:
        """Kill a created process that still runs; leave any other alone."""
        if self.created and not self.ended:
            os.kill(self.pid, signal.SIGKILL)
            self.reap()
        if self.pidfd >= 0:
            os.close(self.pidfd)
            self.pidfd = -1


def split_command(command: str) -> list[str]:
    """A -c command's words: blanks and tabs separate, nothing quotes."""
    return [word for word in command.replace("\t", " ").split(" ") if word]


def create(command: str, environment: Mapping[str, str] | None = None, evaltime: str = "postinit") -> Target:
    """Start a command, stopped at its program's entry, or for evaltime "exec" before anything of it has run.

    It inherits standard input, output and error, and dies should this process die, however that comes about.
    Raises Failure if the program cannot be executed.
    """
    words = split_command(command)
    program = words[0] if words else ""
    libc = _libc()
    error_read, error_write = os.pipe()
    pid = os.fork()
    if pid == 0:
        _be_target(libc, words, dict(os.environ if environment is None else environment), error_write)
    os.close(error_write)
    try:
        status = os.waitpid(pid, 0)[1]
        if not os.WIFSTOPPED(status):
            text = os.read(error_read, 4096).decode() or "it was killed"
            raise Failure(f"failed to execute {program}: {text}")
    finally:
        os.close(error_read)
    _ptrace(_PTRACE_SETOPTIONS, pid, _PTRACE_O_EXITKILL)
    target = Target(pid, os.pidfd_open(pid), created=True)
    if evaltime != "exec":
        target.run_to_entry()
    return target


def grab(pid: int) -> Target:
    """An existing process, which goes on running. Raises Failure if there is none of that number."""
    try:
        return Target(pid, os.pidfd_open(pid), created=False)
    except (FileNotFoundError, OverflowError):  # the id of a thread that leads no process; a number that is no id
        reason: str | None = os.strerror(errno.ESRCH)
    except OSError as error:
        reason = error.strerror
    raise Failure(f"failed to grab pid {pid}: {reason}")


def _libc() -> Any:
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.restype = ctypes.c_long
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    return libc


def _entry_after_loader(pid: int) -> int | None:
    """Address of the program's entry, None if no loader runs before it."""
    import struct

    with open(f"/proc/{pid}/auxv", "rb") as file:
        vector = dict(struct.iter_unpack("=QQ", file.read()))
    return vector[_AT_ENTRY] if vector.get(_AT_BASE) else None


def _ptrace(request: int, pid: int, data: int, address: int | None = None) -> None:
    import ctypes

    if _libc().ptrace(request, pid, address, data) < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _be_target(libc: Any, words: list[str], environment: dict[str, str], error_write: int) -> None:
    """In the child: become the command. Never returns."""
    try:
        for number in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores them, which exec would hand on
            signal.signal(number, signal.SIG_DFL)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if libc.ptrace(_PTRACE_TRACEME, 0, None, None) < 0:
            raise PermissionError(1, "it may not be stopped with ptrace(2)")
        if not words:
            raise FileNotFoundError(2, os.strerror(2))
        try:
            os.execvpe(words[0], words, environment)
        except OSError as error:
            if error.errno != errno.ENOEXEC:
                raise
            os.execve("/bin/sh", ["sh", *words], environment)  # as execvp(3): a script without #!
    except OSError as error:
        os.write(error_write, str(error.strerror).encode())
    finally:
        os._exit(_CANNOT_EXECUTE)


class Aborted(BaseException):
    """A second SIGINT or SIGTERM: end at once, without what is left of the output."""


class Interrupts:
    """SIGINT and SIGTERM while a session runs: the first is counted and makes `fd` readable, the second raises Aborted
    wherever the program is. A signal that was ignored at start stays ignored."""

    def __init__(self) -> None:
        self.count = 0
        self.fd = -1
        self._write = -1
        self._wakeup = -1
        self._previous: dict[int, Any] = {}

    def install(self) -> None:
        self.fd, self._write = os.pipe()
        os.set_blocking(self.fd, False)
        os.set_blocking(self._write, False)
        self._wakeup = signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) != signal.SIG_IGN:
                self._previous[number] = signal.signal(number, self._handle)

    def restore(self) -> None:
        if self.fd < 0:
            return
        for number, handler in self._previous.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup)
        os.close(self.fd)
        os.close(self._write)
        self.fd = -1

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
        if self.count == 2:
            raise Aborted
