"""Programs of kernel functions that the functions' trampolines call: fentry and fexit (Linux 5.5; arm64 6.4).

They cost a fraction of a kprobe, and see every return: kretprobes have room for a few calls at once, so that returns of functions
that sleep are missed, before Linux 6.7 uncounted. But each function takes a program of its own, and these can ask for what a
function returns, whichever it is, only since 5.17. So they serve plans of few functions; and as the C text is one for all functions
of a way, entry or return, either all of them are served so or none is.
"""

from __future__ import annotations

import os
import struct

from . import bpf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from ..target.btf import Btf

    Served = tuple[int, list[tuple[str, int, int]]]  # attach type; of each function its name, BTF id and cookie

WAYS = {False: ("D2_FENTRY", bpf.ATTACH_FENTRY), True: ("D2_FEXIT", bpf.ATTACH_FEXIT)}
_MOST = 16  # functions of a way: each takes a program of its own, some milliseconds of the verifier
_WORD = 8  # bytes: of smaller parameters trampolines before Linux 6.6 leave the rest of the word as it was
# Of functions that never return, the trampoline would wait for ever, and its programs stay in the kernel.
_ENDLESS = frozenset(
    "do_exit do_group_exit do_task_dead make_task_dead kthread_exit kthread_complete_and_exit __module_put_and_kthread_exit panic "
    "nmi_panic rewind_stack_and_make_dead rewind_stack_do_exit cpu_startup_entry start_secondary".split()
)


def of_plan(plan: Mapping[str, Any]) -> dict[str, Served]:
    """{handler: its functions} for the handlers of kernel functions that trampolines of this kernel can serve; those of one way
    are in it all together or not at all."""
    points = [where for where in plan["attach"] if where["kind"] == "kprobe"]
    chained = {handler["name"] for handler in plan["handlers"] if handler["chain"]}
    found: dict[str, Served] = {}
    for on_return, (_, attach_type) in WAYS.items():
        ours = [where for where in points if where["ret"] == on_return]
        names = [name for where in ours for name in where["functions"]]
        if 0 < len(names) <= _MOST and chained.isdisjoint(where["handler"] for where in ours):
            ids = _ids(names, on_return)
            for where in ours if ids else ():
                cookies = where["cookies"] or [0] * len(where["functions"])
                places = [(name, ids[name], cookie) for name, cookie in zip(where["functions"], cookies)]
                found[where["handler"]] = attach_type, places
    return found


def macros(served: Mapping[str, Served]) -> dict[str, int]:
    """Those that tell the C text whether entries and returns of kernel functions are served by trampolines."""
    types = {attach_type for attach_type, _ in served.values()}
    return {macro: int(attach_type in types) for macro, attach_type in WAYS.values()}


def _ids(names: Sequence[str], on_return: bool) -> dict[str, int]:
    """The BTF ids of functions of the kernel proper; {} unless trampolines can serve all of them."""
    from ..target.btf import FUNC, Btf, BtfError

    if any(":" in name for name in names) or (on_return and not _ENDLESS.isdisjoint(names)):
        return {}
    try:
        btf = Btf.open()
        ids = {name: btf.find(name, FUNC) for name in names}
        if not all(ids.values()) or not (on_return or all(_has_words(btf, id_) for id_ in ids.values())):
            return {}
    except (BtfError, OSError):
        return {}
    if not _are_there(next(iter(ids.values())), on_return):
        return {}
    from .functions import addresses

    places = addresses(names, only_traceable=False)
    return ids if all(len(places.get(name, ())) == 1 for name in names) else {}


def _has_words(btf: Btf, function: int) -> bool:
    """Whether all parameters of a function are pointers or integers as wide."""
    from ..target.btf import INT, PTR

    types = [btf.strip(type_id) for _, type_id in btf.prototype(btf.target(function))[1]]
    return all(btf.kind(type_id) in (INT, PTR) and btf.size_of(type_id) == _WORD for type_id in types)


def _are_there(function: int, on_return: bool) -> bool:
    """Whether the kernel takes programs at the entry or return of a function, by its BTF id, that ask for its first argument or
    for its result (Linux 5.17)."""
    r3_below_stack = struct.pack("=BBhiBBhi", 0xBF, 0xA3, 0, 0, 0x07, 3, 0, -8)  # r3 = r10 - 8
    r2_zero = struct.pack("=BBhi", 0xB7, 2, 0, 0)
    r2_below_stack = struct.pack("=BBhiBBhi", 0xBF, 0xA2, 0, 0, 0x07, 2, 0, -8)
    arguments = r2_below_stack if on_return else r2_zero + r3_below_stack
    call = struct.pack("=BBhi", 0x85, 0, 0, 184 if on_return else 183)  # bpf_get_func_ret or bpf_get_func_arg
    leave = struct.pack("=BBhiBBhi", 0xB7, 0, 0, 0, 0x95, 0, 0, 0)  # return 0
    try:
        fd = bpf.prog_load(bpf.PROGRAM_TYPES["tracing"], arguments + call + leave, "probe", WAYS[on_return][1], function)
    except bpf.BpfError:
        return False
    os.close(fd)
    return True
