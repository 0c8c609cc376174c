"""A probe on a function of the kernel."""

from __future__ import annotations

from collections.abc import Iterator

from ...syntax import ast
from ..look import Look
from ..rule import Found, Rule
from ._common import providers

_PROVIDERS = ("fbt", "rawfbt", "kinst")


def check(look: Look) -> Iterator[Found]:
    for clause in look.clauses:
        for desc, probes in clause.matches:
            if desc.provider in _PROVIDERS and probes:
                near = ", ".join(dict.fromkeys(_nearest(look, desc)))
                functions = list(dict.fromkeys(probe.function for probe in probes))
                what = functions[0] if len(functions) == 1 else f"{len(functions)} functions: each"
                yield Found(
                    desc,
                    f"{what} of the kernel may be gone, inlined or changed in the next kernel",
                    f"more stable: {near}" if near else "",
                )


def _nearest(look: Look, desc: ast.ProbeDesc) -> Iterator[str]:
    from ...catalog.explain import nearest

    for provider in providers(look, desc):
        yield from nearest(look.machine.catalog, provider, desc)


RULE = Rule(
    code="L105",
    severity="note",
    why="""
Functions of the kernel are no interface. The next kernel may have renamed the function, given it other arguments, or have it
inlined by the compiler, and then the script no longer runs, or shows less, without a change of its own.
""",
    instead="""
Prefer system calls and tracepoints (providers syscall, io, proc, sched, tcp, sdt, rawtp): kernels keep them for years. The finding
names the nearest one where it is known.
""",
    bad="fbt::vfs_read:entry { @[execname] = count(); }",
    good="syscall::read:entry { @[execname] = count(); }",
    check=check,
)
