"""Random integer expressions, the same for the same seed."""

from __future__ import annotations

from random import Random

from tests.differential.model import (
    ARITHMETIC,
    INT,
    LONG,
    RELATIONS,
    TYPES,
    UINT,
    ULONG,
    Assign,
    Binary,
    Case,
    Cast,
    Choice,
    Comma,
    DivisionByZero,
    Expr,
    Literal,
    Step,
    Type,
    Unary,
    Var,
    folded,
)

STORAGE = {"global": "g_{}", "self": "self->s_{}", "this": "this->t_{}", "assoc": "a_{}[1, \"k\"]", "thread": "self->b_{}[-1]"}
COPIES = 2  # variables of each type in each storage class
BINARY = (*ARITHMETIC, *RELATIONS, "/", "%", "/", "%", "<<", ">>", "&&", "||", "^^")
COMPOUND = ("=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=")


def variables() -> list[Var]:
    """Every variable that the programs declare."""
    return [
        Var(pattern.format(f"{t.name.replace(' ', '_')}{copy}"), t)
        for pattern in STORAGE.values()
        for t in TYPES
        for copy in range(COPIES)
    ]


def declarations() -> str:
    """D declarations of all of variables()."""
    rows = ["int64_t z;"]
    for t in TYPES:
        for copy in range(COPIES):
            name = f"{t.name.replace(' ', '_')}{copy}"
            rows += [f"{t.name} g_{name};", f"self {t.name} s_{name};", f"this {t.name} t_{name};"]
            rows += [f"{t.name} a_{name}[int, string];", f"self {t.name} b_{name}[int];"]
    return "\n".join(rows) + "\n"


class Generator:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.variables = variables()
        self.values: dict[Var, int] = {}
        self.literals = 0.3  # how many of the operands are constants

    def case(self) -> Case:
        """An expression that the compiler accepts."""
        while True:
            self.values = {}
            self.literals = self.random.choice((0.1, 0.3, 0.3, 0.8))
            e = self.expr(self.random.choice((1, 1, 2, 2, 2, 3, 3, 4)))
            try:
                folded(e)
            except DivisionByZero:
                continue
            return Case(e, self.values)

    def expr(self, depth: int) -> Expr:
        r = self.random
        if depth == 0:
            return self.literal() if r.random() < self.literals else self.variable()
        kind = r.random()
        if kind < 0.60:
            return Binary(r.choice(BINARY), self.expr(r.randrange(depth)), self.expr(depth - 1))
        if kind < 0.70:
            return Unary(r.choice("-~!+"), self.expr(depth - 1))
        if kind < 0.80:
            return Cast(r.choice(TYPES), self.expr(depth - 1))
        if kind < 0.87:
            return Choice(self.expr(r.randrange(depth)), self.expr(r.randrange(depth)), self.expr(depth - 1))
        if kind < 0.94:
            return Assign(r.choice(COMPOUND), self.variable(), self.expr(depth - 1))
        if kind < 0.98:
            return Step(r.choice(("++", "--")), self.variable(), r.random() < 0.5)
        return Comma(self.expr(r.randrange(depth)), self.expr(depth - 1))

    def variable(self) -> Var:
        """Often one that the expression has already."""
        r = self.random
        known = list(self.values)
        v = r.choice(known) if known and r.random() < 0.25 else r.choice(self.variables)
        if v not in self.values:
            self.values[v] = self.value(v.type)
        return v

    def value(self, t: Type) -> int:
        """A number of the type: often one at a boundary of some type."""
        r = self.random
        kind = r.random()
        if kind < 0.35:
            return r.choice((t.least, t.most, t.least + 1, t.most - 1, 0, 1, -1 if t.signed else t.most))
        if kind < 0.55:
            other = r.choice(TYPES)
            n = r.choice((other.least, other.most)) + r.randint(-1, 1)
            return n if t.least <= n <= t.most else r.randint(0, 7)
        if kind < 0.80:
            return max(t.least, r.randint(-70, 100))
        return r.randint(t.least, t.most)

    def literal(self) -> Literal:
        """A constant in decimal, octal or hexadecimal, with or without suffix; its type is the first that holds it (6.1)."""
        r = self.random
        unsigned, wide = r.random() < 0.2, r.random() < 0.2
        base = r.choice("dddxo")
        most = LONG.most if base == "d" and not unsigned else ULONG.most
        n = min(abs(self.value(r.choice(TYPES))), most)
        text = {"d": f"{n}", "x": f"{n:#x}", "o": f"0{n:o}"}[base]
        suffix = "u" * unsigned + "l" * wide
        types = [INT, UINT, LONG, ULONG] if base != "d" or unsigned or n == 0 else [INT, LONG]
        types = [t for t in types if not (unsigned and t.signed) and not (wide and t.size < 8)]
        t = next(t for t in types if n <= t.most)
        return Literal(text + r.choice((suffix, suffix.upper())), n, t)


def cases(seed: int, count: int) -> list[Case]:
    generator = Generator(seed)
    return [generator.case() for _ in range(count)]
