"""Arguments of static probes: where the compiler left each of them, as the text of a note says it.

The text is a list of `SIZE@OPERAND`: SIZE is 1, 2, 4 or 8 bytes, negative for a signed integer, and OPERAND is what the assembler
would be given (systemtap's sys/sdt.h): a register, memory by a register, a constant. Each becomes one of these sources
(catalog/schema.py Native), whose offsets are those of the registers that a program attached there gets as its context:

    ("constant", value)                                              value: the 64-bit word, as an int of either sign
    ("register", offset, size, signed)                               a register or a part of it
    ("user", size, signed, base, index, scale, displacement, wide)   memory at base + index * scale + displacement; base and
                                                                     index are offsets of registers, -1 for none; `wide` is
                                                                     False where addresses have 32 bits
    ("unknown", text)                                                cannot be read; why
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Union

    Source = tuple[Union[str, int, bool], ...]
    Lookup = Callable[[str], Union[int, None]]  # a symbol's distance from the probe, in bytes

_SIZES = (1, 2, 4, 8)
_LENGTH_LIMIT = 256  # characters of an operand that are looked at: symbols of C++ can be long, others are short


class Machine:
    """An instruction set as operands show it. `registers` gives (offset, bytes) by name, `pc` is the program counter's offset."""

    def __init__(self, registers: dict[str, tuple[int, int]], pc: int, parse: Callable[[Machine, str, Lookup], Place]) -> None:
        self.registers = registers
        self.pc = pc
        self.parse = parse


class Place:
    """What an operand names before its size is known: `kind` constant, register, memory or unknown."""

    __slots__ = ("base", "displacement", "index", "kind", "name", "scale", "value", "wide")

    def __init__(self, kind: str, value: int = 0, name: str = "") -> None:
        self.kind, self.value, self.name = kind, value, name
        self.base, self.index, self.scale, self.displacement, self.wide = -1, -1, 1, 0, True


def split(text: str) -> list[str]:
    """The arguments of a note: separated by blanks, of which those within brackets separate nothing."""
    words: list[str] = []
    letters: list[str] = []
    depth = 0
    for char in text + " ":
        if char not in " \t":
            depth += (char in "[(") - (char in "])")
            letters.append(char)
        elif depth <= 0 and letters:
            words.append("".join(letters))
            letters = []
    return [*words, "".join(letters)] if letters else words


def parse(text: str, machine: str, find: Lookup) -> tuple[int, bool, Source]:
    """(size, signed, source) of one argument. `machine` is named as by uname(2); `find` tells how far from the probe a symbol lies,
    None if there is no such symbol. What is not understood is a source of kind "unknown" with 8 bytes, never an error."""
    sized, separator, operand = text.partition("@")
    size, signed = _size(sized) if separator else (8, False)
    if not separator:
        operand = text
    if size not in _SIZES:
        return 8, False, ("unknown", f"{sized} is no size of an integer")
    known = _MACHINES.get(machine)
    if known is None or len(operand) > _LENGTH_LIMIT:
        return size, signed, ("unknown", f"its operand {operand[:_LENGTH_LIMIT]} is not understood")
    return size, signed, _source(known.parse(known, operand, find), operand, size, signed, known)


def _size(text: str) -> tuple[int, bool]:
    signed = text.startswith("-")
    number = _integer(text[signed:])
    return (number if number in _SIZES else 0) or 0, signed


def _source(place: Place, operand: str, size: int, signed: bool, machine: Machine) -> Source:
    if place.kind == "constant":
        return "constant", extend(place.value, size, signed)
    if place.kind == "register":
        offset, width = machine.registers[place.name]
        return "register", offset, min(size, width), signed
    if place.kind == "memory":
        return "user", size, signed, place.base, place.index, place.scale, place.displacement, place.wide
    return "unknown", place.name or f"its operand {operand} is not understood"


def extend(value: int, size: int, signed: bool) -> int:
    """The low `size` bytes of a number, sign or zero extended."""
    value &= (1 << 8 * size) - 1
    return value - (1 << 8 * size) if signed and value >> (8 * size - 1) else value


# ---- numbers ----


def _integer(text: str) -> int | None:
    """A C integer, decimal, hexadecimal or octal, with a sign; None if it is none."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not (digits.isascii() and digits.isalnum() and digits[:1].isdigit()) or len(digits) > 24:
        return None
    try:
        value = int(digits, 16) if digits[:2].lower() == "0x" else int(digits, 8 if digits[0] == "0" else 10)
    except ValueError:
        return None
    return -value if text[0] == "-" else value


def _sum(text: str) -> tuple[int, str] | None:
    """(number, symbol) of a sum such as 8, -20, symbol, symbol+4, 4+symbol, of one symbol at most; None if it is none."""
    number, symbol = 0, ""
    terms = text.replace("-", "+-").split("+")
    for at, term in enumerate(terms):
        if not term and at == 0:
            continue
        value = _integer(term)
        if value is not None:
            number += value
        elif symbol or not _is_symbol(term):
            return None
        else:
            symbol = term
    return number, symbol


def _is_symbol(text: str) -> bool:
    return text.isascii() and not text[:1].isdigit() and text.replace("_", "a").replace(".", "a").replace("$", "a").isalnum()


def _near(machine: Machine, number: int, symbol: str, find: Lookup) -> Place:
    """Memory at a symbol: it is as far from the probe in the process as it is in the file."""
    distance = find(symbol)
    if distance is None:
        return Place("unknown", name=f"it lies at {symbol}, which its file has no symbol of")
    place = Place("memory")
    place.base, place.displacement = machine.pc, distance + number
    return place


# ---- x86-64, in AT&T syntax ----


def _x86_registers() -> dict[str, tuple[int, int]]:
    order = "r15 r14 r13 r12 bp bx r11 r10 r9 r8 ax cx dx si di orig ip cs flags sp".split()  # of struct pt_regs
    offset = {name: 8 * at for at, name in enumerate(order)}
    found = {"rip": (offset["ip"], 8), "eip": (offset["ip"], 4)}
    for name in ("ax", "bx", "cx", "dx"):
        letter = name[0]
        found.update({f"{letter}l": (offset[name], 1), f"{letter}h": (offset[name] + 1, 1)})
    for name in ("si", "di", "bp", "sp"):
        found[f"{name}l"] = (offset[name], 1)
    for name in ("ax", "bx", "cx", "dx", "si", "di", "bp", "sp"):
        found.update({f"r{name}": (offset[name], 8), f"e{name}": (offset[name], 4), name: (offset[name], 2)})
    for number in range(8, 16):
        name = f"r{number}"
        found.update({name: (offset[name], 8), f"{name}d": (offset[name], 4)})
        found.update({f"{name}w": (offset[name], 2), f"{name}b": (offset[name], 1)})
    return found


def _x86(machine: Machine, operand: str, find: Lookup) -> Place:
    """%reg, $number, displacement(%base,%index,scale), symbol(%rip), symbol."""
    if operand.startswith("$"):
        value = _integer(operand[1:])
        return Place("unknown") if value is None else Place("constant", value)
    if operand.startswith("%"):
        name = operand[1:]
        if ":" in name:
            return Place("unknown", name=f"its operand {operand} is memory of a segment")
        return Place("register", name=name) if name in machine.registers else Place("unknown")
    outside, bracket, inside = operand.partition("(")
    if bracket and not inside.endswith(")"):
        return Place("unknown")
    terms = _sum(outside)
    if terms is None:
        return Place("unknown")
    number, symbol = terms
    parts = inside[:-1].split(",") if bracket else []
    if symbol:
        return _near(machine, number, symbol, find) if not bracket or parts == ["%rip"] else Place("unknown")
    if not bracket or not _x86_address(machine, parts):
        return Place("unknown")
    return _x86_memory(machine, number, [*parts, "", ""])


def _x86_address(machine: Machine, parts: list[str]) -> bool:
    """Whether the parts between brackets are a base, an index and a scale, as far as they are there."""
    names = [part for part in parts[:2] if part]
    known = all(name[:1] == "%" and machine.registers.get(name[1:], (0, 0))[1] >= 4 for name in names)
    return bool(names) and known and "%rip" not in names and len(parts) <= 3 and parts[2:] in ([], ["1"], ["2"], ["4"], ["8"])


def _x86_memory(machine: Machine, number: int, parts: list[str]) -> Place:
    place = Place("memory")
    place.displacement, place.scale = number, int(parts[2] or 1)
    for role, name in zip(("base", "index"), parts):
        if name:
            offset, width = machine.registers[name[1:]]
            setattr(place, role, offset)
            place.wide = place.wide and width == 8
    return place


# ---- arm64 ----


def _arm64_registers() -> dict[str, tuple[int, int]]:
    found = {"sp": (248, 8), "wsp": (248, 4), "pc": (256, 8)}  # struct user_pt_regs
    for number in range(31):
        found.update({f"x{number}": (8 * number, 8), f"w{number}": (8 * number, 4)})
    return found


def _arm64(machine: Machine, operand: str, find: Lookup) -> Place:
    """xN, wN, number, [xN], [xN, number], [xN, xM], [xN, xM, lsl #number]."""
    value = _integer(operand.lstrip("#"))
    if value is not None or operand in ("xzr", "wzr"):
        return Place("constant", value or 0)
    if operand in machine.registers:
        return Place("register", name=operand)
    if not (operand.startswith("[") and operand.endswith("]")):
        terms = _sum(operand)
        return _near(machine, *terms, find) if terms and terms[1] and operand[:1] not in "dsqvbh" else Place("unknown")
    return _arm64_memory(machine, [part.strip() for part in operand[1:-1].split(",")])


def _arm64_memory(machine: Machine, parts: list[str]) -> Place:
    place = Place("memory")
    registers = [part for part in parts if part in machine.registers]
    if any(machine.registers[name][1] != 8 for name in registers) or registers != parts[: len(registers)]:
        return Place("unknown")
    rest = parts[len(registers) :]
    if len(registers) == 1 and len(rest) <= 1:
        offset = _integer(rest[0].lstrip("#")) if rest else 0
        if offset is None:
            return Place("unknown")
        place.displacement = offset
    elif len(registers) == 2 and len(rest) <= 1:
        shift = _shift(rest[0]) if rest else 0
        if shift is None:
            return Place("unknown")
        place.index, place.scale = machine.registers[registers[1]][0], 1 << shift
    else:
        return Place("unknown")
    place.base = machine.registers[registers[0]][0]
    return place


def _shift(text: str) -> int | None:
    """The number of `lsl #2`, its blank gone, up to 4; None if it is something else."""
    shift = _integer(text[3:].strip().lstrip("#"))
    return shift if text.startswith("lsl") and shift is not None and 0 <= shift <= 4 else None


_MACHINES = {
    "x86_64": Machine(_x86_registers(), 128, _x86),
    "aarch64": Machine(_arm64_registers(), 256, _arm64),
}
