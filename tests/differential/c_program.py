"""gcc's answer, where D and C say the same: an expression all of whose parts have the same value by D's rules and by C's."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.differential.model import (
    ARITHMETIC,
    INT,
    MASK,
    RELATIONS,
    Binary,
    Case,
    Cast,
    Choice,
    Comma,
    DivisionByZero,
    Expr,
    Known,
    Literal,
    Type,
    Unary,
    Var,
    convert,
    divide,
    extend,
    nodes,
    signed,
    type_of,
)


class Differs(Exception):
    """C leaves the value open, or gives another one than D."""


@dataclass(frozen=True)
class Value:
    word: int
    type: Type


def c_value(e: Expr, env: dict[Var, int]) -> Value:
    """The value by C's rules, in 64 bits; Differs unless D's word is the same here and below."""
    value = _c_value(e, env)
    if value.word != e.evaluate(env).word:
        raise Differs
    return value


def _c_value(e: Expr, env: dict[Var, int]) -> Value:
    match e:
        case Literal(value=value, type=t):
            return Value(value, t)
        case Var(type=t):
            return Value(extend(env[e], t), t)
        case Cast(type=t, operand=x):
            inner = c_value(x, env)
            return Value(convert(inner.word, inner.type, t), t)
        case Unary(op=op, operand=x):
            a = promoted(c_value(x, env))
            if op == "!":
                return Value(int(not a.word), INT)
            return Value(extend({"-": -a.word, "~": ~a.word, "+": a.word}[op], a.type), a.type)
        case Choice(test=test, then=then, other=other):
            chosen = c_value(test, env).word
            t = usual(*(promoted(Value(0, type_in_c(x, env))).type for x in (then, other)))
            return Value(convert_to(c_value(then if chosen else other, env), t), t)
        case Comma(left=left, right=right):
            c_value(left, env)
            return c_value(right, env)
        case Binary():
            return _binary(e, env)
        case _:
            raise Differs


def _binary(e: Binary, env: dict[Var, int]) -> Value:
    a = c_value(e.left, env)
    if e.op in ("&&", "||"):
        if bool(a.word) == (e.op == "||"):
            return Value(int(bool(a.word)), INT)
        return Value(int(bool(c_value(e.right, env).word)), INT)
    b = c_value(e.right, env)
    if e.op == "^^":
        return Value(int(bool(a.word) != bool(b.word)), INT)
    a, b = promoted(a), promoted(b)
    if e.op in ("<<", ">>"):
        count = signed(b.word)
        if not 0 <= count < 8 * a.type.size:
            raise Differs
        word = a.word << count if e.op == "<<" else (signed(a.word) if a.type.signed else a.word) >> count
        return Value(extend(word, a.type), a.type)
    t = usual(a.type, b.type)
    x, y = convert_to(a, t), convert_to(b, t)
    if e.op in RELATIONS:
        return Value(int(RELATIONS[e.op](*((signed(x), signed(y)) if t.signed else (x, y)))), INT)
    if e.op in ("/", "%"):
        if t.signed and signed(x) == t.least and signed(y) == -1:
            raise Differs  # traps
        return Value(extend(divide(e.op, x, y, t), t), t)
    return Value(extend(ARITHMETIC[e.op](x, y) & MASK, t), t)


def type_in_c(e: Expr, env: dict[Var, int]) -> Type:
    """An upper bound of D's and C's type: they part only where small types are promoted, which promoted() does."""
    return promoted(Value(0, type_of(e, env))).type


def promoted(value: Value) -> Value:
    return value if value.type.size >= INT.size else Value(value.word, INT)


def usual(a: Type, b: Type) -> Type:
    """The usual arithmetic conversions, of promoted types."""
    return b if a.rank < b.rank else a


def convert_to(value: Value, t: Type) -> int:
    return extend(value.word, t)


def comparable(case: Case) -> bool:
    """Whether gcc must give what D gives: no side effects, and no part whose value differs."""
    if any(isinstance(e, Known) or hasattr(e, "target") for e in nodes(case.expr)):
        return False
    try:
        c_value(case.expr, dict(case.values))
    except (Differs, DivisionByZero):
        return False
    return True


# ---------------------------------------------------------------- the program


def c_text(e: Expr, names: dict[Var, str]) -> str:
    match e:
        case Var():
            return names[e]
        case Literal(text=text):
            return text
        case Cast(type=t, operand=x):
            return f"({t.name})({c_text(x, names)})"
        case Unary(op=op, operand=x):
            return f"({op}({c_text(x, names)}))"
        case Choice(test=a, then=b, other=c):
            return f"({c_text(a, names)} ? {c_text(b, names)} : {c_text(c, names)})"
        case Binary(op="^^", left=a, right=b):
            return f"(!({c_text(a, names)}) != !({c_text(b, names)}))"
        case Binary(op=op, left=a, right=b):
            return f"({c_text(a, names)} {op} {c_text(b, names)})"
        case Comma(left=a, right=b):
            return f"({c_text(a, names)}, {c_text(b, names)})"
        case _:
            raise AssertionError(e)


def gcc_values(cases: Sequence[Case], folder: Path) -> list[int]:
    """What a C program prints for the cases, each in the type that D gives it."""
    rows = ["#include <stdint.h>", "#include <stdio.h>", "int main(void)", "{"]
    for case in cases:
        names = {v: f"v{i}" for i, v in enumerate(case.values)}
        rows.append("{")
        for v, value in case.values.items():
            shown = f"{value & MASK:#x}ull"
            rows.append(f"volatile {v.type.name} {names[v]} = ({v.type.name}){shown}; (void){names[v]};")
        t = case.outcome().type
        wide = "long long" if t.signed else "unsigned long long"
        rows.append(f'printf("{"%lld" if t.signed else "%llu"}\\n", ({wide})({t.name})({c_text(case.expr, names)}));')
        rows.append("}")
    source, program = folder / "expressions.c", folder / "expressions"
    source.write_text("\n".join([*rows, "return 0;", "}"]))
    subprocess.run(["gcc", "-std=gnu11", "-w", "-O1", "-fwrapv", "-o", str(program), str(source)], check=True)
    done = subprocess.run([str(program)], check=True, capture_output=True, text=True)
    return [int(line) for line in done.stdout.split()]
