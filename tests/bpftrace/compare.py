"""What a case expects of d2bpf, held against what bpftrace printed for its translation.

Only the layout is left out of account:

- Blanks count as one, empty lines as none; dtrace's columns CPU, ID, FUNCTION:NAME and their header are dropped.
- A row of an aggregation is its keys and its value, in either tool. A row of a histogram is the bucket's lower end and its count;
  empty buckets are dropped.
- bpftrace's name of a probe, `tracepoint:syscalls:sys_enter_read`, is dtrace's function, `read`.
- Lines keep their order, unless maps were printed: rows have another order in each tool.

Numbers and texts are compared as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.harness.expect import difference

COLUMNS = re.compile(r"^(?:<(?:\w+=)?N:3>|\s*\d+) (?:<(?:\w+=)?N:6>|\s*\d+)\s+\S*:\S+ ?")
HEADER = re.compile(r"^CPU\s+ID\s+FUNCTION:NAME")
WIDTH = re.compile(r"<((?:\w+=)?(?:N|INT|HEX|TEXT)):-?\d+>")
GRAPH = re.compile(r"^\s*((?:< |>= )?\s*-?\d+) \|[@ ]*\s(\d+)\s*$")
GRAPH_HEADER = re.compile(r"-+ Distribution -+")
PROBE = re.compile(r"tracepoint:syscalls:sys_(?:enter|exit)_")


def expected(stdout: str) -> str:
    """The lines of a case's standard output, without layout."""
    return "".join(plain(stdout.splitlines()))


def plain(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if HEADER.match(line) or GRAPH_HEADER.search(line):
            continue
        row = GRAPH.match(line)
        if row:
            line = f"{row[1]} {row[2]}" if int(row[2]) else ""
        words = WIDTH.sub(r"<\1>", COLUMNS.sub("", line)).split()
        if words:
            yield " ".join(words) + "\n"


class Output:
    """What bpftrace printed with -f json. `maps` tells whether there were any."""

    def __init__(self, stdout: str) -> None:
        self.maps = False
        self.lost = 0
        texts = []
        for line in stdout.splitlines(keepends=True):
            message = parsed(line)
            texts.append(line if message is None else "".join(self.text(message)))
        self.lines = "".join(plain("".join(texts).splitlines()))

    def text(self, message: dict[str, Any]) -> Iterator[str]:
        kind, data = message["type"], message["data"]
        if kind == "printf":
            yield data
        elif kind in ("map", "stats"):
            self.maps = True
            for value in data.values():
                yield from rows(value)
        elif kind == "hist":
            self.maps = True
            for value in data.values():
                yield from histograms(value)
        elif kind == "lost_events":
            self.lost += 1


def parsed(line: str) -> dict[str, Any] | None:
    try:
        message = json.loads(line)
    except ValueError:
        return None
    return message if isinstance(message, dict) and "type" in message else None


def rows(value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{value}\n"
        return
    for key, number in value.items():
        yield f"{keys(key)} {number}\n"


def histograms(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, buckets in value.items():
            yield f"{keys(key)}\n"
            yield from bars(buckets)
    else:
        yield from bars(value)


def bars(buckets: list[dict[str, int]]) -> Iterator[str]:
    for bucket in buckets:
        if bucket["count"]:
            low = bucket.get("min")
            name = f"< {bucket['max'] + 1}" if low is None else f">= {low}" if "max" not in bucket else str(low)
            yield f"{name} {bucket['count']}\n"


def keys(text: str) -> str:
    return PROBE.sub("", text.replace(",", " "))


def disagreement(stdout: str, printed: str) -> str:
    """Nothing if bpftrace's output `printed` says what the case's `stdout` does; else a readable difference."""
    output = Output(printed)
    if output.lost:
        return "bpftrace lost events"
    return difference(expected(stdout), output.lines, output.maps)
