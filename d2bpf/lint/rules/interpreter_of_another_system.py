"""A first line that names dtrace where Linux may have none, or another program of that name."""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import Edit, Fix
from ..look import Look
from ..rule import Found, Rule


def check(look: Look) -> Iterator[Found]:
    line = look.script.text.partition("\n")[0].rstrip("\r")
    words = line.removeprefix("#!").split()
    if look.script.kind != "d" or not line.startswith("#!") or not words or not words[0].endswith("/dtrace"):
        return
    better = " ".join(["#!/usr/bin/env -S d2bpf", *words[1:]])
    fix = Fix("start d2bpf", (Edit(0, len(line), better),))
    yield Found((0, len(line)), f"{words[0]} is not there unless somebody made it", f"{better}, or ln -s d2bpf {words[0]}", fix=fix)


RULE = Rule(
    code="L606",
    severity="note",
    fixable="unsafe",
    why="""
The script starts the dtrace of another system. On Linux there is none in that place; what distributions install as /usr/bin/dtrace
is SystemTap's generator of header files.
""",
    instead="""
Make a link of that name to d2bpf, and scripts need no change: d2bpf is dtrace where it is called so. Or let the first line say
`#!/usr/bin/env -S d2bpf -s`, which `lint --fix=unsafe` does.
""",
    bad="#!/usr/sbin/dtrace -s\nBEGIN { exit(0); }",
    good="#!/usr/bin/env -S d2bpf -s\nBEGIN { exit(0); }",
    check=check,
)
