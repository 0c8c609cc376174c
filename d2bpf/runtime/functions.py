"""Attaching programs to functions of the kernel: one to many of them.

A kprobe.multi link (Linux 5.18 with CONFIG_FPROBE) takes all at once and lets go as fast. Without it each function takes a perf
event of its own, which costs milliseconds to open and tens of them to close. The function that fired is told by a cookie (5.15);
where the kernel has none, each function gets a copy of the program with its number in the place of the call that asks for it.
"""

from __future__ import annotations

import errno
import os
import struct

from . import bpf
from .errors import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from .attach import Attachments
    from .load import Program

    Place = tuple[int, int, str]  # address, cookie, name

KALLSYMS = "/proc/kallsyms"
TRACEABLE = "available_filter_functions_addrs"  # where ftrace lists functions by address (Linux 6.5)
ONE_BY_ONE = 1000  # functions at most, where each takes an event of its own
_CALL_WITHIN = 16  # bytes from a function's beginning to its call of ftrace
_REFUSED = 256  # functions at most that the kernel may refuse
# What the kernel answers for a function that it lists but does not let be probed.
UNFIT = (
    *(errno.EINVAL, errno.ENOEXEC, errno.EADDRNOTAVAIL, errno.ENOENT, errno.ESRCH, errno.EILSEQ, errno.EBUSY),
    *(errno.EOPNOTSUPP, bpf.ENOTSUPP),
)
_CALL_COOKIE = struct.pack("=BBhi", 0x85, 0, 0, 174)  # call bpf_get_attach_cookie
_WIDE = 0x18  # the opcode of a load of 64 bits, which is two instructions long


def attach(attachments: Attachments, where: Mapping[str, Any], program: Program) -> None:
    """Attach a handler to all functions of a plan's attach point (ir/plan.py). Those that the kernel has no more, or refuses, are
    skipped and noted in `attachments.skipped`. Raises Failure when none is left or they are too many, BpfError."""
    names: Sequence[str] = where["functions"]
    is_multi = program.attach_type == bpf.ATTACH_KPROBE_MULTI
    if not is_multi and len(names) > ONE_BY_ONE:
        raise Failure(
            f"could not enable tracing: {len(names)} functions are asked for, but this kernel takes them one by one, "
            f"{ONE_BY_ONE} at most: it has no kprobe.multi links (Linux 5.18, CONFIG_FPROBE)"
        )
    found = addresses(names, is_multi)
    cookies: Sequence[int] = where["cookies"] or [0] * len(names)
    places = [(address, cookie, name) for name, cookie in zip(names, cookies) for address in found.get(name, ())]
    refused = [name for name in names if name not in found]
    if is_multi:
        links, unfit = by_links(
            [range(len(places))],
            lambda some: bpf.kprobe_multi_link(
                program.fd, [places[i][0] for i in some], [places[i][1] for i in some], where["ret"]
            ),
        )
        attachments.functions += links
        refused += [places[number][2] for number in unfit]
    else:
        _by_events(attachments, program, places, bool(where["cookies"]), where["ret"], refused)
    skip(attachments, names, refused)


def addresses(names: Iterable[str], only_traceable: bool) -> dict[str, list[int]]:
    """Where functions (`name` or `module:name`) begin, by the kernel's list of symbols; several places for a name that several
    have, `only_traceable` those of them that ftrace knows. Raises Failure where the kernel withholds addresses."""
    wanted = {_as_listed(name): name for name in names}
    found: dict[str, list[int]] = {}
    for address, symbol in _symbols():
        name = wanted.get(symbol)
        if name is not None:
            found.setdefault(name, []).append(address)
    if any(0 in places for places in found.values()):
        raise Failure("could not enable tracing: the kernel withholds the addresses of its functions (kernel.kptr_restrict)")
    ambiguous = [name for name, places in found.items() if len(places) > 1] if only_traceable else []
    known = _traceable() if ambiguous else frozenset()
    if known:
        for name in ambiguous:
            found[name] = [at for at in found[name] if not known.isdisjoint(range(at, at + _CALL_WITHIN))] or found[name]
    return found


def _as_listed(name: str) -> bytes:
    module, _, function = name.rpartition(":")
    return f"{function}\t[{module}]".encode() if module else function.encode()


def _symbols() -> Iterable[tuple[int, bytes]]:
    """(address, symbol as _as_listed) of all code that the kernel has symbols of."""
    try:
        with open(KALLSYMS, "rb") as file:
            for line in file:
                if line[17:18] in b"tTwW":
                    yield int(line[:16], 16), line[19:].rstrip()
    except OSError as error:
        raise Failure(f"could not enable tracing: cannot read {KALLSYMS}: {error.strerror}") from None


def _traceable() -> frozenset[int]:
    """Where ftrace can stop functions, by lines `0xffffffff81000004 name [module]`; empty where the kernel does not list that."""
    from ..target.tracefs import Tracefs, TracefsError

    try:
        tracefs = Tracefs.open()
        try:
            text = tracefs.read(TRACEABLE)
        finally:
            tracefs.close()
    except (TracefsError, OSError):
        return frozenset()
    return frozenset(int(line.partition(" ")[0], 16) for line in text.splitlines())


def by_links(groups: Iterable[Sequence[int]], link: Callable[[Sequence[int]], int]) -> tuple[list[int], list[int]]:
    """Attach to functions, given by number, with a link for each group: link(numbers) makes it. Where the kernel refuses a group
    because of some of its members, the others get links of their own. (links, numbers refused). Raises BpfError; then no link
    is left."""
    links: list[int] = []
    refused: list[int] = []
    left = [group for group in groups if group]
    try:
        while left:
            group = left.pop()
            try:
                links.append(link(group))
            except bpf.BpfError as error:
                if error.errno not in UNFIT or len(refused) > _REFUSED:
                    raise
                if len(group) == 1:
                    refused += group
                    continue
                middle = len(group) // 2
                left += [group[middle:], group[:middle]]
    except BaseException:
        for fd in links:
            os.close(fd)
        raise
    return links, refused


def skip(attachments: Attachments, names: Sequence[str], refused: Iterable[str]) -> None:
    """Note which of the functions asked for are left out. Raises Failure if all are."""
    skipped = list(dict.fromkeys(refused))
    if len(skipped) == len(set(names)):
        more = f" and {len(skipped) - 3} more" if len(skipped) > 3 else ""
        raise Failure(f"could not enable tracing: the kernel does not let {', '.join(skipped[:3])}{more} be probed")
    attachments.skipped += skipped


def _by_events(
    attachments: Attachments,
    program: Program,
    places: Sequence[Place],
    has_cookies: bool,
    on_return: bool,
    refused: list[str],
) -> None:
    """By a perf event for each function."""
    bpf.allow_descriptors(2 * len(places))
    type_ = event_type("kprobe")
    for address, cookie, name in places:
        doing = f"attach to the function {name}"
        try:
            fd = bpf.perf_event_open(type_, int(on_return), doing, config2=address)
        except bpf.BpfError as error:
            if error.errno not in UNFIT:
                raise
            refused.append(name)
            continue
        attachments.slow.append(fd)
        run_on(attachments, fd, program, cookie if has_cookies else None, doing)


def event_type(name: str) -> int:
    """The number of a perf event source, "kprobe" or "uprobe". Raises BpfError where the kernel has it not."""
    try:
        with open(f"/sys/bus/event_source/devices/{name}/type") as file:
            return int(file.read())
    except OSError:
        raise bpf.BpfError(errno.EOPNOTSUPP, f"attach by a {name}") from None


def run_on(attachments: Attachments, event_fd: int, program: Program, cookie: int | None, doing: str) -> None:
    """Run the program on a perf event of one function, with the cookie by which it knows that."""
    if cookie is None or not program.asks:
        bpf.perf_attach(event_fd, program.fd, doing)
    elif program.asks_in_vain:
        fd = bpf.prog_load(bpf.PROGRAM_TYPES[program.type], with_cookie(program.code, cookie), program.name)
        attachments.cookies.append(fd)
        bpf.perf_attach(event_fd, fd, doing)
    else:
        attachments.cookies.append(bpf.perf_link(event_fd, program.fd, cookie, doing))
        bpf.perf_enable(event_fd, doing)


def with_cookie(code: bytes, cookie: int) -> bytes:
    """A program's instructions with a number in place of each call of bpf_get_attach_cookie; the same bytes where there is none."""
    changed, at = bytearray(code), 0
    while at < len(changed):
        if changed[at : at + 8] == _CALL_COOKIE:
            changed[at : at + 8] = struct.pack("=BBhi", 0xB7, 0, 0, cookie)  # r0 = cookie
        at += 16 if changed[at] == _WIDE else 8
    return bytes(changed)
