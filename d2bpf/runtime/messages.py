"""The text of messages on standard error, without the leading `dtrace: ` (output.md 7)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

DESTRUCTIVE = "allowing destructive actions"

# DTRACEFLT_* codes (language.md 11.3): text, and how the fault's value is shown.
_ADDRESS, _INDEX = " (0x%x)", " (%d)"
_FAULTS = {
    0: ("unknown fault", ""),
    1: ("invalid address", _ADDRESS),
    2: ("invalid alignment", _ADDRESS),
    3: ("illegal operation", ""),
    4: ("divide-by-zero", ""),
    5: ("out of scratch space", ""),
    6: ("invalid kernel access", ""),
    7: ("invalid user access", ""),
    8: ("tuple stack overflow", ""),
    9: ("bad stack", _ADDRESS),
    10: ("invalid size", ""),
    11: ("index out of bounds", _INDEX),
    1000: ("library-level fault", ""),
}

# Kinds of drops (wire.py): text, with the number and the ending of the plural.
_DROPS = {
    "PRINCIPAL": "%d drop%s",
    "AGGREGATION": "%d aggregation drop%s",
    "DYNAMIC": "%d dynamic variable drop%s",
    "SPEC": "%d speculative drop%s",
    "SPECBUSY": "%d failed speculation%s (available buffer(s) still busy)",
    "SPECUNAVAIL": "%d failed speculation%s (no speculative buffer available)",
    "DBLERROR": "%d error%s in ERROR probe enabling",
    "NESTED": "%d firing%s skipped inside other firings",
    "MISSED": "%d firing%s of kernel functions not passed on by the kernel",
}
PER_CPU_DROPS = ("PRINCIPAL", "AGGREGATION", "NESTED")  # the others are told for all CPUs together

_LOWERED = {
    "bufsize": "buffer size",
    "aggsize": "aggregation size",
    "specsize": "speculation size",
    "dynvarsize": "dynamic variable size",
}

_SUFFIXES = (("g", 30), ("m", 20), ("k", 10), ("", 0))


def matched(program: Mapping[str, Any]) -> str:
    """For a ProgramInfo of the plan."""
    number = program["matched"]
    return f"{program['kind']} '{program['text']}' matched {number} probe{_plural(number)}"


def error_head(clause: int, probe: list[Any]) -> str:
    """How messages about a clause begin; `probe` is [id, provider, module, function, name]."""
    return f"error in dt_clause_{clause} for probe ID {probe[0]} ({':'.join(probe[1:])}): "


def fault(code: int, value: int) -> str:
    """`value` is the fault's 64-bit value as unsigned."""
    text, shown = _FAULTS.get(code, _FAULTS[0])
    if shown == _INDEX and value >> 63:
        value -= 1 << 64
    return text + (shown % value if shown else "")


def drops(kind: str, cpu: int, count: int, tags: bool) -> str:
    """`cpu` is -1 where it is not known; `tags` is the option droptags."""
    text = _DROPS[kind] % (count, _plural(count))
    tag = f"[DTRACEDROP_{kind}] " if tags else ""
    return tag + text + (f" on CPU {cpu}" if cpu >= 0 else "")


def lowered(option: str, size: int) -> str:
    """That a buffer had to be made smaller than the option says."""
    suffix, shift = next(
        (suffix, shift) for suffix, shift in _SUFFIXES if size >> shift << shift == size and (size >> shift or not shift)
    )
    return f"{_LOWERED[option]} lowered to {size >> shift}{suffix}"


def skipped(functions: Sequence[str]) -> str:
    """That functions cannot be traced."""
    number = len(functions)
    shown = ", ".join(functions[:3]) + (", ..." if number > 3 else "")
    return f"{number} function{_plural(number)} left out, the kernel does not let them be probed: {shown}"


def _plural(number: int) -> str:
    return "" if number == 1 else "s"
