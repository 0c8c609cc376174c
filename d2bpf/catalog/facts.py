"""What the catalog asks of a kernel. target.Target answers it from the machine or from a stored copy; tests from a
dict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ..target.tracefs import Format


class Facts(Protocol):
    def has(self, need: str) -> bool:
        """Whether the kernel has something: "tracepoint:GROUP:EVENT", "rawtp:EVENT", "rawtp:EVENT:N" (with at least N
        arguments), "syscall:NAME", "func:NAME", "type:NAME", "member:TYPE.MEMBER", "perf:EVENT"."""

    def tracepoints(self) -> Sequence[tuple[str, str]]:
        """(group, event) of every tracepoint, those of single system calls left out, in a stable order."""

    def tracepoint_format(self, group: str, event: str) -> Format | None:
        """The tracepoint's record; None if there is no such tracepoint."""

    def rawtp_args(self, event: str) -> Sequence[tuple[str, str]] | None:
        """(D type, name) of each argument of a raw tracepoint; None if it is not known."""

    def syscalls(self) -> Mapping[str, int]:
        """The kernel's name of every system call (read, newstat, pread64) -> its number."""

    def functions(self) -> Sequence[tuple[str, str]]:
        """(module, "" being the kernel proper; function) of every function that can be probed."""

    def function_types(self, name: str, module: str = "") -> tuple[str, Sequence[str]] | None:
        """The D type that a function returns, "" for none, and those of its parameters as far as each takes one word; None if they
        are not known."""

    def syscall_args(self, name: str) -> Sequence[tuple[str, str]]:
        """(D type, name) of each argument of a system call, by the kernel's name."""
