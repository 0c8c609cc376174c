"""Macros for what C text must learn on the machine that runs it: offsets of kernel members, and facts of the kernel."""

from __future__ import annotations

import os

from .errors import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any


def defines(plan: Mapping[str, Any]) -> dict[str, int]:
    """{macro: value} of a plan's members (byte offsets) and facts (D2_<FACT>, 0 or 1). Raises Failure for a member that
    this kernel does not have, or has in another size than the text was made for."""
    return {**_members(plan["members"]), **{f"D2_{fact.upper()}": _FACTS[fact]() for fact in plan["facts"]}}


def _members(members: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    if not members:
        return {}
    from ..target.btf import Btf, BtfError

    try:
        btf = Btf.open()
        return {member["name"]: _offset(btf, member) for member in members}
    except (BtfError, OSError) as error:
        raise Failure(f"could not enable tracing: kernel type information: {error}") from None


def _offset(btf: Any, member: Mapping[str, Any]) -> int:
    bit_offset, _, size, _ = btf.resolve_offset(member["type"], member["path"])
    if size != member["size"]:
        where = f"{member['type']}.{'.'.join(map(str, member['path']))}"
        raise Failure(f"could not enable tracing: {where} has {size} bytes in this kernel, not {member['size']}")
    return int(bit_offset) // 8


def _compat_syscalls() -> int:
    """Whether 32-bit programs may make system calls (by other numbers). On x86 the file goes with them; else: yes."""
    return int(os.uname().machine != "x86_64" or os.path.exists("/proc/sys/abi/vsyscall32"))


_FACTS: dict[str, Callable[[], int]] = {"compat_syscalls": _compat_syscalls}
