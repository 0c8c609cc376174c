"""Where the instructions of a function begin, and which of them leave it.

A breakpoint anywhere else would destroy the program it is put into, so nothing is guessed: the disassembler of LLVM says how long
each instruction is. libbcc, without which nothing is traced, is linked with LLVM, so it is there; its C interface is stable. It
takes some ten milliseconds to load, in the process that compiles.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

LIBRARY = "libbcc.so.0"
_ARM64 = 183  # an e_machine; all instructions there have 4 bytes
# By e_machine of an ELF file: LLVM's names of the target, as a prefix of functions and as a triple.
_TARGETS = {62: ("X86", b"x86_64-linux-gnu"), 3: ("X86", b"i386-linux-gnu")}
_PARTS = ("TargetInfo", "TargetMC", "Disassembler")

_made: dict[int, Callable[[bytes], int] | None] = {}


def boundaries(code: bytes, machine: int) -> list[int] | None:
    """The offsets of the instructions of a function, whose bytes `code` is, up to its end or to what is no instruction. None where
    there is no disassembler for the machine, an e_machine."""
    if machine == _ARM64:
        return list(range(0, len(code) - 3, 4))
    if machine not in _made:
        _made[machine] = _load(machine)
    length = _made[machine]
    if length is None:
        return None
    found: list[int] = []
    at = 0
    while at < len(code):
        size = length(code[at : at + 16])
        if not size or at + size > len(code):
            break
        found.append(at)
        at += size
    return found


def exits(code: bytes, machine: int) -> list[tuple[int, int | None]] | None:
    """The instructions by which a function is left: (offset, None) of those that return, (offset, target) of jumps to an offset
    outside the function, by which it ends in a call of another. Conditional jumps are not among them, for a probe would fire also
    where they are not taken; nor are jumps to computed places, which stay inside as a rule. None as for boundaries()."""
    known = boundaries(code, machine)
    if known is None:
        return None
    found: list[tuple[int, int | None]] = []
    way_out = _exit_of_arm64 if machine == _ARM64 else _exit_of_x86
    for at, end in zip(known, [*known[1:], len(code)]):
        kind, distance = way_out(code[at:end])
        if kind == "return":
            found.append((at, None))
        elif kind == "jump" and not 0 <= (target := end + distance if machine != _ARM64 else at + distance) < len(code):
            found.append((at, target))
    return found


def _exit_of_x86(instruction: bytes) -> tuple[str, int]:
    """("return" | "jump" | "", distance of a jump from the instruction's end)."""
    body = instruction.lstrip(b"\x2e\x3e\xf2\xf3\x66")  # prefixes without a meaning here
    if body[:1] in (b"\xc3", b"\xc2"):
        return "return", 0
    if body[:1] in (b"\xe9", b"\xeb"):
        return "jump", int.from_bytes(body[1:], "little", signed=True)
    return "", 0


def _exit_of_arm64(instruction: bytes) -> tuple[str, int]:
    """As for x86, the distance being from the instruction's beginning."""
    word = int.from_bytes(instruction, "little")
    if word & 0xFFFFFC1F == 0xD65F0000 or word & 0xFFFFFBFF == 0xD65F0BFF:  # RET; RETAA, RETAB
        return "return", 0
    if word & 0xFC000000 == 0x14000000:
        distance = (word & 0x3FFFFFF) << 2
        return "jump", distance - (1 << 28 if distance >> 27 else 0)
    return "", 0


def _load(machine: int) -> Callable[[bytes], int] | None:
    """What gives the length of the instruction that bytes begin with, 0 if they begin with none."""
    import ctypes

    if machine not in _TARGETS:
        return None
    prefix, triple = _TARGETS[machine]
    try:
        library = ctypes.CDLL(LIBRARY)
        for part in _PARTS:
            getattr(library, f"LLVMInitialize{prefix}{part}")()
        create, disassemble = library.LLVMCreateDisasm, library.LLVMDisasmInstruction
    except (OSError, AttributeError):  # not installed, or with an LLVM that keeps this to itself
        return None
    create.restype = ctypes.c_void_p
    create.argtypes = [ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p]
    disassemble.restype = ctypes.c_size_t
    disassemble.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint64, ctypes.c_uint64, ctypes.c_char_p, ctypes.c_size_t]
    context = create(triple, None, 0, None, None)
    if not context:
        return None
    text = ctypes.create_string_buffer(256)

    def length(code: bytes) -> int:
        return int(disassemble(context, code, len(code), 0, text, len(text)))

    return length
