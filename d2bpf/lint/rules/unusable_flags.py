"""A call of dtrace with flags that d2bpf does not have."""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import CANNOT
from ..look import Look
from ..rule import Found, Rule


def check(look: Look) -> Iterator[Found]:
    if look.call.problem:
        at = look.call.at
        yield Found((at, at + 1), look.call.problem, fidelity="absent")


RULE = Rule(
    code="L702",
    severity="error",
    verdict=CANNOT,
    why="The script calls dtrace in a way that d2bpf refuses: with a flag of another system, or a value that a flag cannot have.",
    instead="The manual page d2bpf(8) lists the flags and options there are.",
    bad="#!/usr/sbin/dtrace -As\nBEGIN { exit(0); }",
    good="#!/usr/sbin/dtrace -s\nBEGIN { exit(0); }",
    check=check,
)
