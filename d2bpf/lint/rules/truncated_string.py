"""A string that does not fit where it is put, or is compared with what never has its length."""

from __future__ import annotations

from collections.abc import Iterator

from ...syntax import ast
from ..finding import DIFFERS
from ..look import Look
from ..rule import Found, Rule

_NAME = 15  # characters of a thread's name on Linux (TASK_COMM_LEN less the NUL)
_COMPARISONS = ("==", "!=", "<", ">", "<=", ">=")


def check(look: Look) -> Iterator[Found]:
    size = int(look.call.command.options["strsize"])
    for clause in look.clauses:
        for node in clause.reads:
            if isinstance(node, ast.Binary) and node.op in _COMPARISONS:
                yield from _comparison(node)
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.StrLit) and len(node.value.value) >= size:
                length = len(node.value.value)
                yield Found(node.value, f"{length} characters do not fit strsize={size}", _larger(length + 1))
            elif isinstance(node, ast.Call) and node.name == "copyinstr" and len(node.args) == 2:
                limit = node.args[1]
                if isinstance(limit, ast.IntLit) and limit.value > size:
                    message = f"copyinstr() gives {size - 1} characters at most (strsize={size})"
                    yield Found(limit, message, _larger(limit.value))


def _larger(size: int) -> str:
    return f"#pragma D option strsize={size}"


def _comparison(node: ast.Binary) -> Iterator[Found]:
    for name, text in ((node.left, node.right), (node.right, node.left)):
        if not isinstance(text, ast.StrLit) or len(text.value) <= _NAME:
            continue
        is_name = isinstance(name, ast.Ident) and name.name == "execname"
        if is_name or (isinstance(name, ast.MemberOf) and name.name in ("pr_fname", "p_comm", "u_comm", "comm")):
            yield Found(
                text,
                f"a name has {_NAME} characters at most on Linux, this has {len(text.value)}: they never agree",
                f'"{text.value[:_NAME]}", or curpsinfo->pr_psargs, which has the whole command line',
                "absent",
                verdict=DIFFERS,
            )


RULE = Rule(
    code="L605",
    severity="warning",
    why="""
Strings are cut to a size: names of programs to 15 characters on Linux (16 on Solaris, 19 on FreeBSD), others to strsize, which is
256 with the closing NUL. A comparison with something longer is never true, and what is printed lacks its end, without a word.
""",
    instead="""
Compare with the first 15 characters, or look into curpsinfo->pr_psargs. Raise strsize for long paths and texts, knowing that each
string in a key or record costs as much as its longest.
""",
    bad='syscall::read:entry /execname == "gnome-settings-daemon"/ { @ = count(); }',
    good='syscall::read:entry /execname == "gnome-settings-"/ { @ = count(); }',
    check=check,
)
