"""Probes: D's as bpftrace's, by kind of attachment, and what their arguments are called there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...catalog.schema import Native, Probe, Site
from .terms import RESULT, UNARY, Term

TICK_UNITS = {"ns": 0, "us": 1_000, "ms": 1_000_000, "s": 1_000_000_000}
EVERY_CALL = {"entry": "tracepoint:raw_syscalls:sys_enter", "return": "tracepoint:raw_syscalls:sys_exit"}
EVERY_NAME = {"entry": "tracepoint:syscalls:sys_enter_*", "return": "tracepoint:syscalls:sys_exit_*"}


class Unsayable(Exception):
    """bpftrace has no words for it; the text says why."""


def attach_name(probe: Probe, site: Site, target: Any) -> str:
    """What bpftrace calls the attach point of a probe. Raises Unsayable."""
    say = _KINDS.get(site.attachment.kind)
    if say is None:
        raise Unsayable(f"{probe.text} is a raw tracepoint or function here, which bpftrace 0.17 does not attach to as dtrace's")
    return say(probe, site, target)


def _special(probe: Probe, site: Site, target: Any) -> str:
    return probe.name


def _inline(probe: Probe, site: Site, target: Any) -> str:
    raise Unsayable("bpftrace has no ERROR probe: a read that fails gives 0")


def _syscall(probe: Probe, site: Site, target: Any) -> str:
    number, when = site.attachment.words
    name = call_name(target, number)
    return f"tracepoint:syscalls:sys_{'enter' if when == 'entry' else 'exit'}_{name}"


def call_name(target: Any, number: object) -> str:
    """The kernel's name of a system call."""
    return next(str(name) for name, own in target.syscalls().items() if own == number)


def _tracepoint(probe: Probe, site: Site, target: Any) -> str:
    group, event = site.attachment.words
    return f"tracepoint:{group}:{event}"


def _interval(probe: Probe, site: Site, target: Any) -> str:
    return f"interval:{_period(probe)}"


def _sampled(probe: Probe, site: Site, target: Any) -> str:
    event, _, _, cpus = site.attachment.words
    if event != "cpu-clock":
        raise Unsayable(f"{probe.text} is the perf event {event} here")
    return f"profile:{_period(probe)}" if cpus == "all" else f"interval:{_period(probe)}"


def _period(probe: Probe) -> str:
    """UNIT:COUNT of profile-N and tick-N."""
    rate = probe.name.partition("-")[2]
    digits = rate.rstrip("abcdefghijklmnopqrstuvwxyz")
    unit = rate[len(digits) :] or "hz"
    if not digits.isdigit():
        raise Unsayable(f"{probe.text} is a sampling of its own")
    unit = {"sec": "s", "msec": "ms", "usec": "us"}.get(unit, unit)
    if unit not in ("hz", "s", "ms", "us"):
        seconds = {"m": 60, "min": 60, "h": 3600, "hour": 3600, "d": 86400, "day": 86400}.get(unit)
        if seconds is None:
            raise Unsayable(f"bpftrace has no rate like that of {probe.name}")
        return f"s:{int(digits) * seconds}"
    return f"{unit}:{int(digits)}"


_KINDS: dict[str, Callable[[Probe, Site, Any], str]] = {
    "test_run": _special,
    "inline": _inline,
    "syscall": _syscall,
    "tracepoint": _tracepoint,
    "timer": _interval,
    "perf": _sampled,
}


# ---------------------------------------------------------------- arguments


def native(item: Native, site: Site, target: Any, every: bool) -> Term:
    """A datum of the attach point. `every`: it is that of all system calls. Raises Unsayable."""
    kind = site.attachment.kind
    if item.source == ("ret",):
        return RESULT
    if kind == "syscall":
        return _call_argument(item, site, target, every)
    if kind == "tracepoint":
        return _field(item)
    raise Unsayable(f"{item.name} is not known to bpftrace here")


def _call_argument(item: Native, site: Site, target: Any, every: bool) -> Term:
    number, when = site.attachment.words
    at = int(str(item.source[1]))
    if when != "entry":
        raise Unsayable("bpftrace does not know a system call's arguments when it returns: save them at its entry")
    if every:
        return Term(f"args->args[{at}]", signed=False)
    name = call_name(target, number)
    fields = target.syscall_args(name)
    if not fields:
        raise Unsayable("the formats of this kernel's tracepoints are not known: run as root, or use --target")
    if at >= len(fields):
        raise Unsayable(f"{name} has no argument {at}")
    type, field = fields[at]
    return Term(f"args->{field}", **_of_type(type))


def _field(item: Native) -> Term:
    where = item.source[0]
    if where in ("loc", "relloc"):
        return Term(f"str(args->{item.name})", kind="string")
    if where != "field":
        raise Unsayable(f"{item.name} is not known to bpftrace here")
    if item.type == "string" or "[" in item.type:
        return Term(f"args->{item.name}", kind="string")
    _, _, size, signed = item.source
    if "*" in item.type:
        return Term(f"args->{item.name}", kind="pointer", signed=False)
    return Term(f"args->{item.name}", signed=bool(signed), natural=not signed and int(str(size)) < 8)


def _of_type(type: str) -> dict[str, Any]:
    """What is known of a system call's argument by its C type."""
    if "*" in type:
        return {"kind": "pointer", "signed": False}
    words = type.split()
    unsigned = "unsigned" in words or words[-1] in ("size_t", "umode_t", "u32", "u64", "__u32", "__u64", "uid_t", "gid_t", "qid_t")
    small = "long" not in words and words[-1] not in ("size_t", "u64", "__u64")
    return {"signed": not unsigned, "natural": unsigned and small}


def address(term: Term) -> Term:
    """A pointer as a number."""
    if term.kind != "pointer":
        return term
    return Term(f"(uint64){term.within(UNARY)}", UNARY, signed=False)
