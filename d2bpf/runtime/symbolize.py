"""Addresses as text: kernel and user symbols, stack frames (output.md section 6).

The names come from the resolvers of d2bpf/symbols, through the object given; they are asked for only what is printed.
"""

from __future__ import annotations

from .text import of_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Protocol

    # (module or object, symbol or "" where only the former is known, offset into the symbol)
    Resolved = tuple[str, str, int]
    # (pid, None for a kernel stack; program counters; how many of them to show): decode.py, frames
    Stack = tuple["int | None", Sequence[int], int]

    class KernelSymbols(Protocol):
        def resolve(self, address: int) -> Resolved | None: ...

    class UserSymbols(Protocol):
        def resolve(self, pid: int, address: int) -> Resolved | None: ...

        def locate(self, pid: int, address: int) -> tuple[str, int] | None:
            """The object mapped there, and the address's offset in its file."""

        def refresh(self) -> None:
            """Have mappings read again: processes may have loaded something since."""

    class Symbols(Protocol):
        @property
        def kernel(self) -> KernelSymbols: ...

        @property
        def user(self) -> UserSymbols: ...


# How the kernel gets from a probe to our program: these lead a stack taken in it.
_MACHINERY = (
    "bpf_prog_",
    "bpf_trace_run",
    "__bpf_trace_",
    "__traceiter_",
    "bpf_trampoline_",
    "__bpf_prog_test_run_raw_tp",
    "trace_call_bpf",
    "perf_trace_",
    "perf_call_bpf_",
    "perf_syscall_",
)


class Symbolizer:
    """Prints addresses. `target` is the process whose addresses bare integers are, for `%A` ($target), or None."""

    def __init__(self, symbols: Symbols, options: Mapping[str, Any]) -> None:
        self._symbols = symbols
        self._options = options
        self._kernel: dict[int, Resolved | None] = {}
        self._asked_user = False
        self.target: int | None = None

    def expire(self) -> None:
        """What has been learnt of processes is out of date."""
        if self._asked_user:
            self._symbols.user.refresh()
            self._asked_user = False

    def resolve(self, pid: int | None, address: int) -> Resolved | None:
        """The symbol at a kernel address (pid None) or an address of a process."""
        if pid is not None:
            self._asked_user = True
            return None if self._options["noresolve"] else self._readable(self._symbols.user.resolve(pid, address))
        if address not in self._kernel:
            try:
                self._kernel[address] = self._symbols.kernel.resolve(address)
            except OSError:  # no /proc/kallsyms here
                self._kernel[address] = None
        return self._kernel[address]

    def _readable(self, found: Resolved | None) -> Resolved | None:
        """A place in a process with its function's name as people write it."""
        if found is None or not found[1].startswith("_Z") or self._options["nodemangle"]:
            return found
        from ..symbols.demangle import demangle

        return found[0], demangle(found[1]), found[2]

    def location(self, pid: int | None, address: int) -> bytes:
        """module`function+0xoffset, as in stacks, uaddr() and %a."""
        found = self.resolve(pid, address)
        if found is None:
            return self._unnamed(pid, address)
        module, function, offset = found
        if not function:
            return b"%s`0x%x" % (_module(module), address)
        if not offset:
            return b"%s`%s" % (_module(module), of_name(function))
        return b"%s`%s+0x%x" % (_module(module), of_name(function), offset)

    def symbol(self, what: str, pid: int | None, address: int) -> bytes:
        """What sym(), func(), mod() and usym(), ufunc(), umod(), uaddr() print for an address."""
        if what == "uaddr":
            return self.location(pid, address)
        found = self.resolve(pid, address)
        if found is None:
            return self._unnamed(pid, address)
        module, function, _ = found
        if what in ("mod", "umod"):
            return _module(module)
        return b"%s`%s" % (_module(module), of_name(function) if function else b"0x%x" % address)

    def identity(self, what: str, pid: int | None, address: int) -> int:
        """The address that stands for all those which `symbol` prints alike: where the function begins.

        For mod() and umod() that is the address itself: how far a module reaches is not known here."""
        found = None if what in ("uaddr", "mod", "umod") else self.resolve(pid, address)
        return address - found[2] if found and found[1] else address

    def frames(self, stack: Stack) -> Sequence[int]:
        """The program counters to show: without the tracing's own at the top of a kernel stack."""
        pid, pcs, depth = stack
        if pid is not None:
            return pcs[:depth]
        inner = 0
        for i, pc in enumerate(pcs):
            found = self.resolve(None, pc)
            if found and not found[1].startswith(_MACHINERY):
                break
            if found:
                inner = i + 1
        while 0 < inner < len(pcs) and self.resolve(None, pcs[inner]) is None:  # a trampoline
            inner += 1
        return pcs[inner : inner + depth]

    def stack(self, stack: Stack, indent: int, width: int = 0) -> bytes:
        """A newline, then each frame on a line of its own."""
        margin = b" " * indent
        frames = [margin + self.location(stack[0], pc).rjust(width) + b"\n" for pc in self.frames(stack)]
        return b"\n" + b"".join(frames)

    def _unnamed(self, pid: int | None, address: int) -> bytes:
        if pid is not None and self._options["noresolve"]:
            found = self._symbols.user.locate(pid, address)
            if found is not None:
                return b"%s:0x%x" % (_module(found[0]), found[1])
        return b"0x%x" % address


def _module(name: str) -> bytes:
    return of_name(name.rpartition("/")[2])
