"""Where D variables, keys and records live in BPF memory: names and C structures, chosen once for a whole program."""

from __future__ import annotations

from ..dtypes import Array, DType, Enum, Float, Int, Ptr, Stack, String, Struct, SymAddr, strip
from ..ir.ops import FieldDef, StructDef
from ..ir.plan import Field
from .reserved import HELPERS, MACROS

# Words of C, and macros: no structure member may be called so.
C_WORDS = MACROS | frozenset(
    (
        "auto break case char const continue default do double else enum extern float for goto if inline int long register "
        "restrict return short signed sizeof static struct switch typedef union unsigned void volatile while asm typeof "
        "bool true false NULL current"
    ).split()
)
# Names that the prelude and BCC use at file level or in every handler.
RESERVED = C_WORDS | HELPERS | frozenset(
    (
        "ctx state vars self site phase events drops scratch timestamp zero zeros strings threads key value size s level outer "
        "tail comm name_index frames0 frames1 speculation_id speculation "
        "bpf cpu pid_t fault_value fault_code thread_key allocated drop magnitude sdiv smod probe_names probe_ids call "
        "u8 u16 u32 u64 s8 s16 s32 s64 print printf memset memcpy index log exp abs exit read write open"
    ).split()
)


class Namer:
    """Hands out C identifiers that collide with nothing: those of maps and functions, and apart from them those of locals, which
    would hide them."""

    def __init__(self) -> None:
        self._taken: set[str] = set(RESERVED)
        self._locals: set[str] = set()

    def local(self, name: str) -> bool:
        """Claim a name for locals of any handler; False if something at file level has it."""
        if name in self._taken:
            return False
        self._locals.add(name)
        return True

    def __call__(self, wanted: str) -> str:
        name = "".join(c if c.isalnum() or c == "_" else "_" for c in wanted) or "v"
        if name[0].isdigit() or name.startswith(("bpf_", "kprobe__", "tracepoint__", "raw_tracepoint__", "kfunc__")):
            name = "d_" + name
        base, n = name, 2
        while name in self._taken or name in self._locals:
            name = f"{base}_" if base in RESERVED and n == 2 else f"{base}_{n}"
            n += 1
        self._taken.add(name)
        return name


def round_up(n: int, to: int = 8) -> int:
    return -(-n // to) * to


def field_defs(name: str, t: DType) -> FieldDef:
    """The C member that stores a value of D type `t`: an integer of its size, or bytes in 8-byte units for anything larger."""
    t = strip(t)
    if isinstance(t, (Int, Enum)):
        return FieldDef(name, t.size, t.signed)
    if isinstance(t, Ptr):
        return FieldDef(name, 8)
    return FieldDef(name, 8, count=round_up(t.size) // 8)


def is_word(t: DType) -> bool:
    return isinstance(strip(t), (Int, Enum, Ptr))


class Layout:
    """Builds a C structure member by member with explicit padding, so that its bytes are fully determined."""

    def __init__(self, name: str) -> None:
        self.struct = StructDef(name, [])
        self._at = 0
        self._names: set[str] = {f.name for f in self.struct.fields}

    def add(self, name: str, t: DType) -> FieldDef:
        while name in self._names or name in C_WORDS:
            name += "_"
        f = field_defs(name, t)
        gap = -self._at % f.size
        if gap:
            self._pad(gap)
        self._names.add(name)
        self.struct.fields.append(f)
        self._at += f.size * (f.count or 1)
        return f

    def add_bytes(self, name: str, size: int, count: int = 0) -> int:
        """Add an unsigned integer of `size` bytes, or `count` of them; returns its offset."""
        gap = -self._at % size
        if gap:
            self._pad(gap)
        self._names.add(name)
        self.struct.fields.append(FieldDef(name, size, count=count))
        self._at += size * (count or 1)
        return self._at - size * (count or 1)

    def taken(self, *names: str) -> None:
        """No further member may have these names."""
        self._names.update(names)

    def offset(self) -> int:
        return self._at

    def _pad(self, n: int) -> None:
        self.struct.fields.append(FieldDef(f"pad{len(self.struct.fields)}", 1, count=n))
        self._at += n

    def finish(self, align: int = 8) -> StructDef:
        if self._at % align or not self._at:
            self._pad(align - self._at % align)
        return self.struct


def key_field(t: DType, offset: int, probe_part: str = "") -> Field:
    """The plan's description of one key or record field of D type `t` at `offset`."""
    base = strip(t)
    field: Field = {"kind": "bytes", "offset": offset, "size": base.size, "signed": False, "what": "", "type": str(t)}
    if probe_part:
        field |= {"kind": "probe", "size": 4, "what": probe_part}
    elif isinstance(base, (Int, Enum)):
        field |= {"kind": "int", "signed": base.signed}
    elif isinstance(base, Ptr):
        field |= {"kind": "int", "size": 8}
    elif isinstance(base, Float):
        field |= {"kind": "float"}
    elif isinstance(base, String):
        field |= {"kind": "str", "size": round_up(base.capacity)}
    elif isinstance(base, Stack):
        field |= {"kind": "ustack" if base.user else "stack"}
    elif isinstance(base, SymAddr):
        field |= {"kind": "usym" if base.user else "sym", "what": base.what}
    else:
        assert isinstance(base, (Struct, Array)), base
    return field
