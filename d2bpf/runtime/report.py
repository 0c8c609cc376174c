"""-v: what a program depends on and what it costs; -vv its bytecode (output.md section 8)."""

from __future__ import annotations

from . import bpf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from .session import Session


def report(plan: Mapping[str, Any], session: Session, bytecode: bool) -> str:
    """The text that -v adds once everything is attached."""
    lines = [line for number in range(len(plan["programs"])) for line in [*stability(plan, number), ""]]
    lines += ["Programs, and instructions that the verifier processed:", ""]
    lines += [f"\t{name}: {count}" for name, count in session.verified_instructions().items()]
    lines += ["", "Probes:", *plan["attached"], *(f"    note: {note}" for note in plan["notes"])]
    if bytecode:
        for name, fd in session.program_descriptors().items():
            lines += ["", f"Bytecode of {name}:", *disassembly(bpf.translated(fd))]
    return "\n".join([*lines, "", ""])


def stability(plan: Mapping[str, Any], number: int) -> Iterator[str]:
    """The lines on one program's stability."""
    program, (description, statement) = plan["programs"][number], plan["stability"][number]
    yield from ("", f"Stability attributes for {program['kind']} {program['text']}:", "")
    yield from _attributes("Minimum Probe Description Attributes", description)
    yield from _attributes("Minimum Statement Attributes", statement)


def _attributes(title: str, text: str) -> Iterator[str]:
    name, data, dependency = text.split("/")
    yield f"\t{title}"
    yield f"\t\tIdentifier Names: {name}"
    yield f"\t\tData Semantics:   {data}"
    yield f"\t\tDependency Class: {dependency}"
    yield ""


# enum bpf_class and the operations of linux/bpf.h and linux/bpf_common.h, by the low three and the high four bits of the opcode
_ALU = ("+=", "-=", "*=", "/=", "|=", "&=", "<<=", ">>=", "= -", "%=", "^=", "=", "s>>=", "= swap")
_JUMPS = {1: "==", 2: ">", 3: ">=", 4: "&", 5: "!=", 6: "s>", 7: "s>=", 10: "<", 11: "<=", 12: "s<", 13: "s<="}
_SIZES = {0x00: "u32", 0x08: "u16", 0x10: "u8", 0x18: "u64"}


def disassembly(code: bytes) -> Iterator[str]:
    """One line per instruction: number and meaning."""
    at = 0
    while at + 8 <= len(code):
        step = 16 if code[at] == 0x18 else 8
        yield f"\t{at // 8:5d}: {_instruction(code[at : at + step])}"
        at += step


def _instruction(code: bytes) -> str:
    op, registers = code[0], code[1]
    target, source = registers & 15, registers >> 4
    offset = int.from_bytes(code[2:4], "little", signed=True)
    value = int.from_bytes(code[4:8], "little", signed=True)
    kind, operation = op & 7, op >> 4
    if op == 0x18:
        return f"r{target} = {value & 0xFFFFFFFF | int.from_bytes(code[12:16], 'little') << 32:#x} ll"
    if kind in (4, 7):
        operand = f"r{source}" if op & 8 else str(value)
        prefix = "w" if kind == 4 else "r"
        return f"{prefix}{target} {_ALU[operation] if operation < len(_ALU) else '?'} {operand}"
    if kind in (5, 6):
        return _jump(operation, op, target, source, offset, value)
    size = _SIZES[op & 0x18]
    if kind == 1:
        return f"r{target} = *({size} *)(r{source} {offset:+d})"
    text = f"r{source}" if kind == 3 else str(value)
    lock = "lock " if kind == 3 and op >> 5 == 6 else ""
    return f"{lock}*({size} *)(r{target} {offset:+d}) {'+=' if lock else '='} {text}"


def _jump(operation: int, op: int, target: int, source: int, offset: int, value: int) -> str:
    if operation == 0:
        return f"goto {offset:+d}"
    if operation == 8:
        return f"call {value}"
    if operation == 9:
        return "exit"
    operand = f"r{source}" if op & 8 else str(value)
    return f"if r{target} {_JUMPS.get(operation, '?')} {operand} goto {offset:+d}"
