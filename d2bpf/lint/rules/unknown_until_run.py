"""A program that a shell or Perl script puts together from what only a run tells."""

from __future__ import annotations

from collections.abc import Iterator

from ..look import Look
from ..rule import Found, Rule
from ..shell import UNKNOWN


def check(look: Look) -> Iterator[Found]:
    if not look.call.plain:
        at = look.call.at
        yield Found((at, at + 1), f"parts of this program are known only when the script runs; lint read {UNKNOWN} for them")


RULE = Rule(
    code="L701",
    severity="note",
    why="""
The script computes a part of its D program from its own arguments, or by another command. lint runs nothing. It puts in what the
script assigns plainly, and 1 for the rest, and judges what comes out.
""",
    instead="Try the script with the arguments that matter: `d2bpf -e` compiles a program without running it.",
    bad="#!/bin/sh\ndtrace -n \"syscall::read:entry /pid == $1/ { @ = count(); }\"",
    good="#!/bin/sh\ndtrace -n 'syscall::read:entry /pid == $1/ { @ = count(); }' \"$1\"",
    check=check,
)
