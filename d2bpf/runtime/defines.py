"""Macros for what C text must learn on the machine that runs it: offsets of kernel members, and facts of the kernel."""

from __future__ import annotations

import os

from .bpf import possible_cpus
from .errors import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from .trampolines import Served


def typed_tracepoints(plan: Mapping[str, Any]) -> dict[str, int]:
    """{event: BTF id} of the raw tracepoints whose arguments the plan's programs can read by type; empty unless this kernel has
    types for all of them, because the C text is one for all."""
    events = {handler["event"] for handler in plan["handlers"] if handler.get("event")}
    if not events:
        return {}
    from ..target.btf import TYPEDEF, Btf, BtfError

    try:
        btf = Btf.open()
        found = {event: btf.find("btf_trace_" + event, TYPEDEF) for event in events}
    except (BtfError, OSError):
        return {}
    return found if all(found.values()) else {}


def defines(
    plan: Mapping[str, Any], typed: Mapping[str, int] | None = None, served: Mapping[str, Served] | None = None
) -> dict[str, int]:
    """{macro: value} of a plan's members (byte offsets) and facts (D2_<FACT>: 0 or 1, or a number). Raises Failure for a member
    that this kernel does not have, or has in another size than the text was made for. `typed` and `served` say what is attached
    by types and by trampolines."""
    events = [fact.partition("_")[2] for fact in plan["facts"] if fact.startswith("event_")]
    facts = {f"D2_{fact.upper()}": _FACTS[fact]() for fact in plan["facts"] if fact in _FACTS}
    facts.update(_functions_of(events))
    if any(where["kind"] == "kprobe" for where in plan["attach"]):
        from .trampolines import macros

        facts.update(macros(served or {}))
    return {**_members(plan["members"]), **facts, "D2_BTF_TRACEPOINTS": int(bool(typed))}


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


def _functions_of(events: Sequence[str]) -> dict[str, int]:
    """Where the functions lie by which the kernel calls those that trace an event: begin and end, as signed numbers. Both are 0
    where it has no such function."""
    if not events:
        return {}
    from bisect import bisect_right

    wanted = {f"__{what}_{event}": f"D2_{what}_{event}".upper() for event in events for what in ("traceiter", "bpf_trace")}
    found = dict.fromkeys([*wanted.values(), *(f"{macro}_END" for macro in wanted.values())], 0)
    with open("/proc/kallsyms") as lines:
        symbols = [line.split()[:3] for line in lines if " t " in line or " T " in line]
    places = sorted({int(address, 16) for address, _, _ in symbols})
    for address, _, name in symbols:
        macro = wanted.get(name)
        if macro:
            start = int(address, 16)
            after = bisect_right(places, start)
            end = places[after] if after < len(places) else start
            found[macro], found[f"{macro}_END"] = start - (1 << 64), end - (1 << 64)
    return found


_FACTS: dict[str, Callable[[], int]] = {"compat_syscalls": _compat_syscalls, "cpus": possible_cpus}
