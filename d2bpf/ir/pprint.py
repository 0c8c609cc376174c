"""The IR as text, for --emit=ir, -S and tests: one statement a line, blocks indented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from . import ops
from .ops import Block, Expr, Place, Program


def pprint_program(program: Program) -> str:
    """Structures, maps and handlers of a program."""
    lines = []
    for struct in program.structs.values():
        members = " ".join(
            f"{f.name}:{'s' if f.signed else 'u'}{8 * f.size}{f'[{f.count}]' if f.count else ''}" for f in struct.fields
        )
        lines.append(f"struct {struct.name} {{ {members} }}")
    lines += [f"map {m.name} {m.kind} {m.key or '-'} -> {m.value or '-'} entries {m.entries}" for m in program.maps.values()]
    for handler in program.handlers:
        lines += ["", f"handler {handler.name} {handler.kind} site {expr(handler.site)}"]
        lines += list(block(handler.when, 1))
        for clause in handler.clauses:
            lines.append(f"  clause {clause.index}: {clause.head}")
            lines += list(block(clause.body, 2))
        for clause in handler.error_clauses:
            lines.append(f"  on fault, clause {clause.index}: {clause.head}")
            lines += list(block(clause.body, 2))
    return "\n".join(lines) + "\n"


def block(statements: Block, depth: int) -> Iterator[str]:
    pad = "  " * depth
    for s in statements:
        match s:
            case ops.Note(text=text):
                yield f"{pad}; {text}"
            case ops.Set(tmp=tmp, value=value):
                yield f"{pad}{tmp.name} = {expr(value)}"
            case ops.If(test=test, then=then, other=other):
                yield f"{pad}if {expr(test)}"
                yield from block(then, depth + 1)
                if other:
                    yield f"{pad}else"
                    yield from block(other, depth + 1)
            case ops.Scope(body=body):
                yield f"{pad}scope"
                yield from block(body, depth + 1)
            case ops.Emit(record=record, stores=stores):
                values = ", ".join(f"f{st.field}={st.how} {expr(st.value)}" for st in stores)
                yield f"{pad}emit record{record} {values}".rstrip()
            case _:
                operands = " ".join(operand(getattr(s, f.name)) for f in fields(s))  # type: ignore[arg-type]
                yield f"{pad}{type(s).__name__.lower()} {operands}".rstrip()


def operand(value: object) -> str:
    if isinstance(value, Expr):
        return expr(value)
    if isinstance(value, Place):
        return place(value)
    if isinstance(value, tuple):
        return f"({', '.join(map(operand, value))})"
    return repr(value) if isinstance(value, bytes) else str(value)


def place(p: Place) -> str:
    return f"{p.base}.{p.name}" + (f"+{p.offset}" if p.offset else "") + (f"+{expr(p.at)}" if p.at is not None else "")


def expr(e: Expr) -> str:
    """An expression, fully parenthesised."""
    match e:
        case ops.Const(value=value):
            return str(value)
        case ops.Tmp(name=name) | ops.Symbol(name=name) | ops.Offset(name=name):
            return name
        case ops.Bin(op=op, left=left, right=right):
            return f"({expr(left)} {op} {expr(right)})"
        case ops.Un(op=op, operand=x):
            return f"{op}{expr(x)}"
        case ops.Select(test=test, then=then, other=other):
            return f"({expr(test)} ? {expr(then)} : {expr(other)})"
        case ops.Ext(size=size, signed=signed, operand=x):
            return f"{'s' if signed else 'u'}{8 * size}({expr(x)})"
        case ops.Get(place=p, size=size, signed=signed):
            return f"{'s' if signed else 'u'}{8 * size}[{place(p)}]"
        case ops.Address(place=p):
            return f"&{place(p)}"
        case ops.Register(name=name):
            return name
        case ops.Context(index=index):
            return f"ctx[{index}]"
        case ops.ContextField(offset=offset, size=size, signed=signed):
            return f"{'s' if signed else 'u'}{8 * size}[ctx+{offset}]"
        case ops.Call(function=function, args=args):
            return f"{function}({', '.join(map(expr, args))})"
        case _:
            raise AssertionError(e)
