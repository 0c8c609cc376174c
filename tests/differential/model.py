"""What integer expressions of D mean, told a second time and apart from the compiler: language.md 6.1, 6.2, 7.2 in Python.

A value is a 64-bit word, as a number from 0 to 2**64 - 1. Its type says how it is divided, compared and shifted, and how many
bytes of it count once it is stored, cast or printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

MASK = (1 << 64) - 1


@dataclass(frozen=True)
class Type:
    """An integer type: its D name (C's too), size in bytes, signedness."""

    name: str
    size: int
    signed: bool

    @property
    def rank(self) -> int:
        return self.size * 2 + (not self.signed)

    @property
    def least(self) -> int:
        return -(1 << (8 * self.size - 1)) if self.signed else 0

    @property
    def most(self) -> int:
        return (1 << (8 * self.size - self.signed)) - 1


CHAR, SHORT, INT, LONG = Type("char", 1, True), Type("short", 2, True), Type("int", 4, True), Type("long", 8, True)
UINT, ULONG = Type("unsigned int", 4, False), Type("unsigned long", 8, False)
INT64 = Type("int64_t", 8, True)
TYPES = (
    CHAR,
    SHORT,
    INT,
    LONG,
    Type("long long", 8, True),
    Type("unsigned char", 1, False),
    Type("unsigned short", 2, False),
    UINT,
    ULONG,
    Type("unsigned long long", 8, False),
    Type("int8_t", 1, True),
    Type("int16_t", 2, True),
    Type("int32_t", 4, True),
    INT64,
    Type("uint8_t", 1, False),
    Type("uint16_t", 2, False),
    Type("uint32_t", 4, False),
    Type("uint64_t", 8, False),
)


class DivisionByZero(Exception):
    """D's fault at run time."""


def extend(word: int, t: Type) -> int:
    """The low bytes of a word, sign or zero extended to 64 bits."""
    value = word & ((1 << 8 * t.size) - 1)
    return (value - (1 << 8 * t.size)) & MASK if t.signed and value > t.most else value


def number(word: int, t: Type) -> int:
    """The number that a word stands for in a type."""
    value = extend(word, t)
    return value - (1 << 64) if t.signed and value >> 63 else value


def convert(word: int, source: Type, target: Type) -> int:
    """A word of one type as stored in another: a wider one takes it as the source's type says."""
    return extend(extend(word, source) if target.size > source.size else word, target)


def promote(a: Type, b: Type) -> Type:
    return b if a.rank < b.rank else a


def signed(word: int) -> int:
    return word - (1 << 64) if word >> 63 else word


def quotient(a: int, b: int) -> int:
    """Toward zero."""
    return abs(a) // abs(b) if (a < 0) == (b < 0) else -(abs(a) // abs(b))


def divide(op: str, a: int, b: int, t: Type) -> int:
    if not b:
        raise DivisionByZero
    if not t.signed:
        return a // b if op == "/" else a % b
    x, y = signed(a), signed(b)
    return (quotient(x, y) if op == "/" else x - quotient(x, y) * y) & MASK


ARITHMETIC: dict[str, Callable[[int, int], int]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "&": lambda a, b: a & b,
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
}
RELATIONS: dict[str, Callable[[int, int], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


# ---------------------------------------------------------------- expressions


@dataclass(frozen=True)
class Result:
    """A word, its type, and whether the compiler knows it ahead of time."""

    word: int
    type: Type
    constant: bool = False


class Expr:
    """An expression. `evaluate` may change the values of variables in `env`, and may raise DivisionByZero."""

    precedence = 20

    def evaluate(self, env: dict[Var, int]) -> Result:
        raise NotImplementedError

    def operands(self) -> tuple[Expr, ...]:
        return ()

    def d_text(self) -> str:
        """D source, with no more parentheses than it needs."""
        raise NotImplementedError

    def under(self, precedence: int) -> str:
        text = self.d_text()
        return text if self.precedence >= precedence else f"({text})"


@dataclass(frozen=True)
class Literal(Expr):
    """An integer constant as written."""

    text: str
    value: int
    type: Type

    def evaluate(self, env: dict[Var, int]) -> Result:
        return Result(self.value, self.type, True)

    def d_text(self) -> str:
        return self.text


@dataclass(frozen=True)
class Var(Expr):
    """A declared variable; `d_name` is how D names it ("self->x", "a[1]")."""

    d_name: str
    type: Type

    def evaluate(self, env: dict[Var, int]) -> Result:
        return Result(extend(env[self], self.type), self.type)

    def d_text(self) -> str:
        return self.d_name


@dataclass(frozen=True)
class Unary(Expr):
    """+ - ~ !"""

    op: str
    operand: Expr
    precedence = 15

    def evaluate(self, env: dict[Var, int]) -> Result:
        e = self.operand.evaluate(env)
        if self.op == "!":
            return Result(int(not e.word), INT, e.constant)
        word = {"+": e.word, "-": -e.word, "~": ~e.word}[self.op] & MASK
        if e.constant and not e.type.signed and e.type.size >= INT.size and self.op != "+":
            word = extend(word, e.type)  # -1u and ~0u are C's
        return Result(word, e.type, e.constant)

    def operands(self) -> tuple[Expr, ...]:
        return (self.operand,)

    def d_text(self) -> str:
        text = self.operand.under(self.precedence)
        return f"{self.op} {text}" if text[0] in "+-" else self.op + text


@dataclass(frozen=True)
class Cast(Expr):
    type: Type
    operand: Expr
    precedence = 15

    def evaluate(self, env: dict[Var, int]) -> Result:
        e = self.operand.evaluate(env)
        return Result(convert(e.word, e.type, self.type), self.type, e.constant)

    def operands(self) -> tuple[Expr, ...]:
        return (self.operand,)

    def d_text(self) -> str:
        return f"({self.type.name}){self.operand.under(self.precedence)}"


PRECEDENCE = {
    op: 14 - level
    for level, ops in enumerate(
        ("* / %", "+ -", "<< >>", "< <= > >=", "== !=", "&", "^", "|", "&&", "^^", "||"),
    )
    for op in ops.split()
}
COMMA, ASSIGNMENT, CHOICE = 0, 1, 2


@dataclass(frozen=True)
class Binary(Expr):
    """All operators of two operands but assignments and the comma."""

    op: str
    left: Expr
    right: Expr

    @property
    def precedence(self) -> int:  # type: ignore[override]
        return PRECEDENCE[self.op]

    def evaluate(self, env: dict[Var, int]) -> Result:
        if self.op in ("&&", "||"):
            return self._short(env)
        a, b = self.left.evaluate(env), self.right.evaluate(env)
        known = a.constant and b.constant
        if self.op == "^^":
            return Result(int(bool(a.word) != bool(b.word)), INT, known)
        if self.op in ("<<", ">>"):
            return Result(self._shift(a, b.word & 63, known), a.type, known)
        t = promote(a.type, b.type)
        if self.op in RELATIONS:
            x, y = (signed(a.word), signed(b.word)) if t.signed else (a.word, b.word)
            return Result(int(RELATIONS[self.op](x, y)), INT, known)
        if self.op in ("/", "%"):
            return Result(divide(self.op, a.word, b.word, t), t, known)
        return Result(ARITHMETIC[self.op](a.word, b.word) & MASK, t, known)

    def _shift(self, a: Result, count: int, known: bool) -> int:
        if self.op == "<<":
            return (a.word << count) & MASK
        arithmetic = a.type.signed and not known
        return (signed(a.word) >> count) & MASK if arithmetic else a.word >> count

    def _short(self, env: dict[Var, int]) -> Result:
        a = self.left.evaluate(env)
        if bool(a.word) == (self.op == "||"):
            return Result(int(bool(a.word)), INT, a.constant)
        b = self.right.evaluate(env)
        return Result(int(bool(b.word)), INT, a.constant and b.constant)

    def operands(self) -> tuple[Expr, ...]:
        return (self.left, self.right)

    def d_text(self) -> str:
        return f"{self.left.under(self.precedence)} {self.op} {self.right.under(self.precedence + 1)}"


@dataclass(frozen=True)
class Choice(Expr):
    """test ? then : other"""

    test: Expr
    then: Expr
    other: Expr
    precedence = CHOICE

    def evaluate(self, env: dict[Var, int]) -> Result:
        test = self.test.evaluate(env)
        if test.constant:
            return (self.then if test.word else self.other).evaluate(env)
        t = promote(type_of(self.then, env), type_of(self.other, env))
        return Result((self.then if test.word else self.other).evaluate(env).word, t)

    def operands(self) -> tuple[Expr, ...]:
        return (self.test, self.then, self.other)

    def d_text(self) -> str:
        return f"{self.test.under(CHOICE + 1)} ? {self.then.under(CHOICE)} : {self.other.under(CHOICE)}"


@dataclass(frozen=True)
class Assign(Expr):
    """= += -= *= /= %= &= |= ^= <<= >>="""

    op: str
    target: Var
    value: Expr
    precedence = ASSIGNMENT

    def evaluate(self, env: dict[Var, int]) -> Result:
        t = self.target.type
        if self.op == "=":
            result = self.value.evaluate(env)
        else:
            old = Read(self.target, extend(env[self.target], t))
            result = Binary(self.op[:-1], old, Known(self.value.evaluate(env))).evaluate(env)
        env[self.target] = convert(result.word, result.type, t)
        return Result(env[self.target], t)

    def operands(self) -> tuple[Expr, ...]:
        return (self.target, self.value)

    def d_text(self) -> str:
        return f"{self.target.d_text()} {self.op} {self.value.under(ASSIGNMENT)}"


@dataclass(frozen=True)
class Known(Expr):
    """What has been evaluated already; it counts as no constant."""

    result: Result

    def evaluate(self, env: dict[Var, int]) -> Result:
        return Result(self.result.word, self.result.type)


def Read(variable: Var, word: int) -> Known:
    return Known(Result(word, variable.type))


@dataclass(frozen=True)
class Step(Expr):
    """++ and --, before or after."""

    op: str
    target: Var
    before: bool

    @property
    def precedence(self) -> int:  # type: ignore[override]
        return 15 if self.before else 16

    def evaluate(self, env: dict[Var, int]) -> Result:
        t = self.target.type
        old = extend(env[self.target], t)
        env[self.target] = extend(old + (1 if self.op == "++" else -1), t)
        return Result(env[self.target] if self.before else old, t)

    def operands(self) -> tuple[Expr, ...]:
        return (self.target,)

    def d_text(self) -> str:
        name = self.target.d_text()
        return self.op + name if self.before else name + self.op


@dataclass(frozen=True)
class Comma(Expr):
    left: Expr
    right: Expr
    precedence = COMMA

    def evaluate(self, env: dict[Var, int]) -> Result:
        self.left.evaluate(env)
        right = self.right.evaluate(env)
        return Result(right.word, right.type)

    def operands(self) -> tuple[Expr, ...]:
        return (self.left, self.right)

    def d_text(self) -> str:
        return f"{self.left.under(COMMA)}, {self.right.under(ASSIGNMENT)}"


# ---------------------------------------------------------------- what can be told without running


def nodes(e: Expr) -> Iterator[Expr]:
    """An expression and all it is made of."""
    yield e
    for operand in e.operands():
        yield from nodes(operand)


def type_of(e: Expr, env: dict[Var, int]) -> Type:
    """The static type of an expression."""
    match e:
        case Literal(type=t) | Var(type=t) | Cast(type=t):
            return t
        case Unary(op=op, operand=x):
            return INT if op == "!" else type_of(x, env)
        case Assign(target=target) | Step(target=target):
            return target.type
        case Comma(right=right):
            return type_of(right, env)
        case Choice(test=test, then=then, other=other):
            known = folded(test)
            if known is not None:
                return type_of(then if known else other, env)
            return promote(type_of(then, env), type_of(other, env))
        case Binary(op=op, left=left, right=right):
            if op in RELATIONS or op in ("&&", "||", "^^"):
                return INT
            return type_of(left, env) if op in ("<<", ">>") else promote(type_of(left, env), type_of(right, env))
        case Known(result=result):
            return result.type
        case _:
            raise AssertionError(e)


def folded(e: Expr) -> int | None:
    """The word of an expression that the compiler folds, None for others. DivisionByZero: it refuses the expression."""
    match e:
        case Choice(test=test, then=then, other=other):
            known = folded(test)
            values = folded(then), folded(other)
            return None if known is None else values[0 if known else 1]
        case Binary(op=("&&" | "||") as op, left=left, right=right):
            a, b = folded(left), folded(right)
            if a is not None and bool(a) == (op == "||"):
                return int(bool(a))
            return None if a is None or b is None else int(bool(b))
        case Binary(op=("/" | "%"), right=right) | Assign(op=("/=" | "%="), value=right) if folded(right) == 0:
            raise DivisionByZero
        case Assign() | Step() | Comma() | Var():
            for x in e.operands():
                folded(x)
            return None
        case _:
            operands = [folded(x) for x in e.operands()]
            return None if None in operands else e.evaluate({}).word


@dataclass
class Outcome:
    """What a case must print: the value in its type and the variables it may have changed, or nothing for a fault."""

    value: int = 0
    type: Type = INT
    changed: list[int] = field(default_factory=list)
    faults: bool = False


@dataclass
class Case:
    """An expression and the values its variables begin with."""

    expr: Expr
    values: dict[Var, int]

    @property
    def changed(self) -> list[Var]:
        """The variables that the expression may assign to, each once."""
        return list(dict.fromkeys(e.target for e in nodes(self.expr) if isinstance(e, (Assign, Step))))

    def outcome(self) -> Outcome:
        env = dict(self.values)
        try:
            result = self.expr.evaluate(env)
        except DivisionByZero:
            return Outcome(faults=True)
        return Outcome(number(result.word, result.type), result.type, [number(env[v], v.type) for v in self.changed])
