"""A member of a structure of the kernel, or a variable of it."""

from __future__ import annotations

from collections.abc import Iterator

from ...dtypes import DType, Ptr, Struct, Translated, strip
from ...sema.names import walk, written
from ...syntax import ast
from ..look import Look, variable_name
from ..rule import Found, Rule

# Structures that system calls are passed: they never change.
_INTERFACE = frozenset(
    "sockaddr sockaddr_in sockaddr_in6 sockaddr_un in_addr in6_addr timespec timeval iovec stat pollfd msghdr iphdr ipv6hdr "
    "tcphdr udphdr ethhdr".split()
)


def check(look: Look) -> Iterator[Found]:
    checked = look.checked
    if checked is None:
        return
    copied = _copied(look)
    told = set()
    for clause in look.clauses:
        for node in clause.reads:
            what = ""
            if isinstance(node, ast.KernelSym) and node not in checked.stand_ins and node in checked.symbols:
                what = f"`{node.name}"
            elif isinstance(node, ast.MemberOf) and node not in checked.stand_ins and node in checked.types:
                struct = _struct(checked.types.get(node.base))
                stands = any(inner in checked.stand_ins for inner in walk(node.base))
                if node not in checked.translators and _is_kernels(struct) and not stands and not _is_copy(node, copied):
                    what = f"{struct}.{node.name}"
            if what and what not in told:
                told.add(what)
                yield Found(node, f"{what} is the kernel's own and may change with it")


def _is_kernels(struct: Struct | None) -> bool:
    return struct is not None and struct.origin == "kernel" and struct.tag not in _INTERFACE


def _struct(t: DType | None) -> Struct | None:
    if t is None or isinstance(t, Translated):
        return None
    base = strip(t)
    if isinstance(base, Ptr):
        base = strip(base.to)
    return base if isinstance(base, Struct) else None


def _copied(look: Look) -> set[tuple[str, str]]:
    """Variables that are given the address of memory copied from a process."""
    return {
        name
        for clause in look.clauses
        for node in clause.reads
        if isinstance(node, ast.Assign) and _calls(node.value)
        for name in written(node)
    }


def _is_copy(node: ast.MemberOf, copied: set[tuple[str, str]]) -> bool:
    return _calls(node.base) or any(variable_name(n) in copied for n in walk(node.base))


def _calls(node: ast.Expr) -> bool:
    return any(isinstance(n, ast.Call) and n.name in ("copyin", "alloca") for n in walk(node))


RULE = Rule(
    code="L201",
    severity="note",
    why="""
The script reads a structure or a variable of the kernel. It means what it says on the kernel it was written for; the next one may
have renamed the member, moved it to another structure, or use it in another way.
""",
    instead="""
Take what a provider offers where it offers the same: execname, pid, curpsinfo, curlwpsinfo, fds[], and the members of args[] that
are described in D (psinfo_t, fileinfo_t, bufinfo_t, tcpinfo_t). d2bpf looks up members by name on the machine where the script
runs, so moved members are no problem; renamed ones are an error.
""",
    bad="BEGIN { trace(curthread->prio); }",
    good="BEGIN { trace(curlwpsinfo->pr_pri); }",
    check=check,
)
