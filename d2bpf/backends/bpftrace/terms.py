"""Terms: bpftrace expressions as text, with what is known of their values.

bpftrace computes in 64 bits, as D does, and has two kinds of integers, signed and unsigned ones. An operation is signed when both
operands are, but for division and right shift, which never are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

# How tightly the outermost operator of a text binds, as in C.
TERNARY, OR, AND, BITOR, XOR, BITAND, EQUAL, RELATION, SHIFT, SUM, PRODUCT, UNARY, ATOM = range(13)

LEVELS = {
    "||": OR, "&&": AND, "|": BITOR, "^": XOR, "&": BITAND, "==": EQUAL, "!=": EQUAL, "<": RELATION, "<=": RELATION,
    ">": RELATION, ">=": RELATION, "<<": SHIFT, ">>": SHIFT, "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "%": PRODUCT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """`kind`: "int", "string", "pointer", "struct", "stack" or "date" (nanoseconds that strftime() formats). `signed`: how bpftrace
    takes an integer. `natural`: it is never negative. `wide`: it may be beyond what its D type holds. `literal`: its value.
    `role` marks what comparisons know to say better: "result" of a system call, "errno"."""

    text: str
    level: int = ATOM
    kind: str = "int"
    signed: bool = True
    natural: bool = False
    wide: bool = False
    literal: int | None = None
    role: str = ""

    def within(self, level: int) -> str:
        """The text as an operand of an operator that binds at `level`."""
        return self.text if self.level >= level else f"({self.text})"


def number(value: int, shown: str = "") -> Term:
    """A constant, in 64 bits."""
    level = UNARY if value < 0 else ATOM
    return Term(shown or str(value), level, signed=value < 1 << 63, natural=value >= 0, literal=value)


def quoted(text: str) -> str:
    """A string constant; its characters above 0x7f are bytes. bpftrace knows few escapes, and octal ones of three digits."""
    return '"' + "".join(_character(c) for c in text) + '"'


_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def _character(c: str) -> str:
    return _ESCAPES.get(c) or (c if " " <= c <= "~" else f"\\x{ord(c):02x}")


def string(text: str) -> Term:
    return Term(quoted(text), kind="string")


def cast(term: Term, size: int, signed: bool) -> Term:
    """The term as an integer of so many bytes."""
    name = f"{'' if signed else 'u'}int{8 * size}"
    return Term(f"({name}){term.within(UNARY)}", UNARY, signed=signed, natural=(term.natural and size == 8) or not signed)


def binary(left: Term, op: str, right: Term) -> Term:
    """`left op right`, operators that compare apart."""
    level = LEVELS[op]
    mixed = level in (BITOR, XOR, BITAND)  # nobody remembers how these bind: parentheses around all but atoms
    text = f"{left.within(UNARY if mixed else level)} {op} {right.within(UNARY if mixed else level + 1)}"
    natural = (left.natural and right.natural and op != "-") or (op == "&" and (left.natural or right.natural))
    return Term(text, level, signed=_signed(left, right), natural=natural)


def _signed(left: Term, right: Term) -> bool:
    return left.signed and right.signed


def compared(left: Term, op: str, right: Term, signed: bool) -> Term:
    """A comparison of integers, `signed` or not. Casts stand only where bpftrace would compare otherwise, or warn."""
    shorter = _of_call(left, op, right)
    if shorter:
        return shorter
    if not (left.natural and right.natural and (left.signed == right.signed or None not in (left.literal, right.literal))):
        left, right = (_sided(a, b, op, signed) for a, b in ((left, right), (right, left)))
    level = LEVELS[op]
    return Term(f"{left.within(level)} {op} {right.within(level + 1)}", level, natural=True)


def _sided(term: Term, other: Term, op: str, signed: bool) -> Term:
    """An operand made signed or unsigned, if it matters."""
    if term.literal is not None:
        return cast(term, 8, False) if term.literal < 0 and not signed else term
    if term.signed == signed:
        return term
    if other.natural and (term.natural or op in ("==", "!=")) and (other.literal is not None or other.signed == term.signed):
        return term
    return cast(term, 8, signed)


FAILED, WORKED = ("<", "0"), (">=", "0")
# What a comparison with -1 asks of a system call's result.
_OF_RESULT = {"==": FAILED, "<=": FAILED, "!=": WORKED, ">": WORKED}


def _of_call(left: Term, op: str, right: Term) -> Term | None:
    """Comparisons of a system call's result or error with a constant, said of the kernel's own result."""
    value = right.literal
    if value is None or not left.role:
        return None
    if left.role == "errno":
        if value == 0:
            test = {"==": WORKED, "!=": FAILED, ">": FAILED}.get(op)
        else:
            test = (op, str(-value)) if op in ("==", "!=") else None
    else:
        test = _OF_RESULT.get(op) if value == -1 else (op, str(value)) if value >= 0 else None
    return Term(f"args->ret {test[0]} {test[1]}", LEVELS[test[0]], natural=True) if test else None


RESULT = Term("args->ret < 0 ? -1 : args->ret", TERNARY, role="result")
WORKING_RESULT = Term("args->ret", natural=True)
ERRNO = Term("args->ret < 0 ? -args->ret : 0", TERNARY, natural=True, role="errno")
FAILING_ERRNO = Term("-args->ret", UNARY, natural=True)


def truth(term: Term) -> Term:
    """The term as a condition."""
    if term.role == "errno":
        return Term("args->ret < 0", RELATION, natural=True)
    if term.kind == "pointer":
        return Term(f"{term.within(EQUAL)} != 0", EQUAL, natural=True)
    return term


def negated(term: Term) -> Term:
    """!term, for a condition."""
    if term.role == "errno":
        return Term("args->ret >= 0", RELATION, natural=True)
    if term.kind == "pointer":
        return Term(f"{term.within(EQUAL)} == 0", EQUAL, natural=True)
    return Term(f"!{term.within(UNARY)}", UNARY, natural=True)


def natural(term: Term) -> Term:
    """The term, known not to be negative."""
    if term.role == "result":
        return WORKING_RESULT
    return replace(term, natural=True)
