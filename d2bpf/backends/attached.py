"""What a plan attaches its clauses to, in words: for -v and for the head of emitted programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..ir.plan import Attach


def attached(attach: Sequence[Attach], probes: Mapping[str, str]) -> list[str]:
    """One line per attach point of each handler: what D calls it, what it is here. `probes` says what each handler is for."""
    rows: dict[str, None] = {}
    for one in attach:
        names = one["calls"] if "calls" in one else [one["handler"]]
        for name in filter(probes.get, names):
            rows[f"    {probes[name]:<50} {where(one)}"] = None
    return list(rows)


def where(attach: Attach) -> str:
    match attach["kind"]:
        case "test_run":
            return "run once by this program"
        case "timer":
            return f"timer of this program, every {attach['period_ns']} ns"
        case "rawtp":
            return f"raw tracepoint {attach['event']}"
        case "tracepoint":
            return f"tracepoint {attach['group']}:{attach['event']}"
        case "perf":
            return f"perf event {attach['event']} on {attach['cpus']} CPU{'s' if attach['cpus'] == 'all' else ''}"
        case "uprobe":
            return f"{len(attach['offsets'])} place{'s' if len(attach['offsets']) > 1 else ''} in {attach['path']}"
        case "kprobe":
            functions = attach["functions"]
            return f"function {functions[0]} of the kernel" if len(functions) == 1 else f"{len(functions)} functions of the kernel"
        case kind:
            return kind
