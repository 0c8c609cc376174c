"""printf() formats. bpftrace prints an integer by the size that its conversion names, D by the value's own."""

from __future__ import annotations

from ...dtypes import DType, Enum, Int, strip
from ...formats import Conversion, FormatError, parse
from ...syntax import ast
from .expressions import Expressions
from .terms import Term, quoted

SIZES = {8: "l", 4: "", 2: "h", 1: "hh"}
DATE = "%Y %b %e %H:%M:%S"  # what %Y prints


def printf(e: Expressions, call: ast.Call, end: str = "") -> str:
    """The statement for printf(). `end` is added to the text. Abandon after reporting what cannot be said."""
    template = call.args[0]
    assert isinstance(template, ast.StrLit)
    try:
        segments = parse(template.value)
    except FormatError as wrong:
        raise e.refuse(wrong.message, call) from None
    arguments = list(call.args[1:])
    made = [part if isinstance(part, str) else conversion(e, part, arguments, call) for part in segments]
    texts = [part if isinstance(part, str) else part[0] for part in made]
    last = max((i for i, part in enumerate(made) if not isinstance(part, str)), default=-1)
    shown = [literal(e, part, i < last, call) if isinstance(part, str) else part[0] for i, part in enumerate(made)]
    if end and not (texts and texts[-1].endswith("\n")):
        shown.append(end)
    return statement("".join(shown), [part[1] for part in made if not isinstance(part, str)])


def statement(template: str, arguments: list[str]) -> str:
    return f"printf({', '.join([quoted(template), *arguments])})"


def literal(e: Expressions, text: str, before: bool, call: ast.Call) -> str:
    """Text between conversions. bpftrace makes one of two percent signs before its last conversion, and leaves them behind it."""
    if "%" in text and before:
        return text.replace("%", "%%")
    for at, c in enumerate(text):
        following = text[at + 1 : at + 2]
        if c == "%" and (following.isalnum() or following in ("-", ".", "%")):
            raise e.refuse("bpftrace would take this percent sign for a conversion", call)
    return text


def conversion(e: Expressions, part: Conversion, arguments: list[ast.Expr], call: ast.Call) -> tuple[str, str]:
    """(conversion, argument) in bpftrace."""
    if part.aggregation or part.star_width or part.star_precision:
        raise e.refuse("bpftrace has no widths from arguments", call)
    if part.plus or part.blank or part.alternate or part.group:
        raise e.refuse("bpftrace's conversions have no flags but - and 0", call)
    node = arguments.pop(0)
    value = e.say(node)
    field = f"{'-' if part.left else ''}{'0' if part.zero and not part.left else ''}{part.width or ''}"
    field += f".{part.precision}" if part.precision else ""
    letter = part.row.letter
    if value.kind == "date" and letter == "Y":
        return f"%{field}s", f'strftime("{DATE}", {value.text})'
    if letter == "s" and value.kind in ("string", "probe"):
        return f"%{field}s", value.text
    if letter in "diouxXp" and value.kind in ("int", "pointer"):
        return f"%{field}{integer(e, node, letter)}", value.text
    if letter == "c" and value.kind == "int" and len(part.row.name) == 1:
        return f"%{field}c", value.text
    raise e.refuse(f"bpftrace does not print this by %{part.row.name}", node)


def integer(e: Expressions, node: ast.Expr, letter: str = "d") -> str:
    """The conversion of an integer as D prints it: small unsigned ones are what they are even under %d."""
    bytes = size(e.type(node))
    if letter in "di":
        letter = "u" if bytes < 4 and not e.signed(node) else "d"
    return SIZES[bytes] + ("x" if letter == "p" else letter)


def size(t: DType) -> int:
    base = strip(t)
    return base.size if isinstance(base, (Int, Enum)) else 8


def trace(e: Expressions, call: ast.Call, start: str, end: str) -> str:
    """The statement for trace(), between two texts."""
    node = call.args[0]
    value: Term = e.say(node)
    if value.kind in ("string", "probe"):
        return statement(f"{start}%s{end}", [value.text])
    if value.kind in ("int", "pointer"):
        return statement(start + "%" + integer(e, node, "d" if e.signed(node) else "u") + end, [value.text])
    raise e.refuse("bpftrace has no trace( ) for this", call)
