"""The intermediate representation: structured statements over 64-bit words.

A handler is a tree of statements. Expressions are pure and unchecked; everything that can fault is a statement of its own
(Read, Checked, Fault), so that order of evaluation and the place of each fault are explicit. Integers are 64-bit words, as D
evaluates them (language.md 6.2); types shrink a value only where it is stored, cast or recorded.

Places name memory: `state` (global variables), `self` (this thread's variables), `s` (per-CPU scratch), a key, a record.
"""

from __future__ import annotations

from dataclasses import dataclass, field


class Expr:
    """A pure expression of 64 bits."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Const(Expr):
    value: int


ZERO = Const(0)


@dataclass(frozen=True, slots=True)
class Tmp(Expr):
    """A local variable, set by exactly those statements that name it as their target."""

    name: str


@dataclass(frozen=True, slots=True)
class Bin(Expr):
    """op: + - * & | ^ << == != && ||; with a trailing "u" or "s" where signedness matters: >>u >>s <u <s <=u <=s /u %u /s %s.
    Comparisons and logic give 0 or 1. Divisors are known not to be zero (a Fault statement stands before)."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Un(Expr):
    """op: - ~ !"""

    op: str
    operand: Expr


@dataclass(frozen=True, slots=True)
class Select(Expr):
    test: Expr
    then: Expr
    other: Expr


@dataclass(frozen=True, slots=True)
class Ext(Expr):
    """The low `size` bytes of the operand, sign or zero extended."""

    size: int
    signed: bool
    operand: Expr


@dataclass(frozen=True, slots=True)
class Offset(Expr):
    """Byte offset of a kernel structure member, by the name of its macro (plan.KernelMember.name)."""

    name: str


@dataclass(frozen=True, slots=True)
class Symbol(Expr):
    """A C constant or local of the prelude, by name (site, SITE_BASE ...)."""

    name: str


@dataclass(frozen=True, slots=True)
class Context(Expr):
    """Word `index` of the program's context (raw tracepoint argument)."""

    index: int


@dataclass(frozen=True, slots=True)
class Register(Expr):
    """A register that the thread had saved when it entered the kernel by a system call, by the name of the prelude's constant."""

    name: str


@dataclass(frozen=True, slots=True)
class ContextField(Expr):
    """`size` bytes at `offset` of a perf tracepoint's context."""

    offset: int
    size: int
    signed: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Memory by name: field `name` of `base` ("state", "self", "s", "key1", ...), `offset` bytes into it, and as many more as `at`
    says, whose locals a Bound statement has checked."""

    base: str
    name: str
    offset: int = 0
    at: Expr | None = None

    def part(self, offset: int, at: Expr | None = None) -> Place:
        """The place that begins so many bytes further on."""
        both = Bin("+", self.at, at) if self.at is not None and at is not None else self.at or at
        return Place(self.base, self.name, self.offset + offset, both)


@dataclass(frozen=True, slots=True)
class Get(Expr):
    """An integer of `size` bytes read from a place that is known to be mapped."""

    place: Place
    size: int = 8
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Address(Expr):
    """The address of a place, as a pointer argument of a call or as a number."""

    place: Place


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """A kernel helper or a function of a .bpf.h file, called as an expression."""

    function: str
    args: tuple[Expr, ...] = ()


# ---------------------------------------------------------------- statements


class Stmt:
    __slots__ = ()


Block = list[Stmt]


@dataclass(slots=True)
class Note(Stmt):
    """A line of D source (or other text) to stand as a comment above what follows."""

    text: str


@dataclass(slots=True)
class Set(Stmt):
    tmp: Tmp
    value: Expr


@dataclass(slots=True)
class Put(Stmt):
    """Store the low `size` bytes of a value."""

    place: Place
    value: Expr
    size: int = 8


@dataclass(slots=True)
class Eval(Stmt):
    value: Expr


@dataclass(slots=True)
class Read(Stmt):
    """tmp = the integer of `size` bytes at `address` of kernel (or user) memory; an unreadable address is fault BADADDR."""

    tmp: Tmp
    address: Expr
    size: int
    signed: bool
    user: bool = False


@dataclass(slots=True)
class Checked(Stmt):
    """Call a function whose negative result is fault `code` with `value`; `tmp` receives the result if given."""

    call: Call
    code: str
    value: Expr
    tmp: Tmp | None = None


@dataclass(slots=True)
class Fault(Stmt):
    """Abort the clause: DTRACEFLT_`code` with `value`."""

    code: str
    value: Expr


@dataclass(slots=True)
class Bound(Stmt):
    """Fault BADINDEX unless the local `index` is below `limit`; the verifier knows it is from here on."""

    index: Tmp
    limit: int


@dataclass(slots=True)
class If(Stmt):
    test: Expr
    then: Block
    other: Block = field(default_factory=list)


@dataclass(slots=True)
class Leave(Stmt):
    """End this clause silently (nothing recorded)."""


@dataclass(slots=True)
class Zero(Stmt):
    """Clear `size` bytes (a multiple of 8, 8-byte aligned)."""

    place: Place
    size: int


@dataclass(slots=True)
class Literal(Stmt):
    """Store a string constant with its NUL; with `pad`, zeros up to `size` follow."""

    place: Place
    text: bytes


@dataclass(slots=True)
class Lookup(Stmt):
    """pointer = map.lookup(&key); its type is the map's value. `create`: insert zeros when absent; a full map counts drop
    kind `drop` and leaves the pointer null."""

    pointer: str
    map: str
    key: Place
    create: bool = False
    drop: str = ""


@dataclass(slots=True)
class Delete(Stmt):
    map: str
    key: Place


@dataclass(slots=True)
class Scope(Stmt):
    """Statements with locals of their own (keys on the stack)."""

    body: Block


@dataclass(slots=True)
class Key(Stmt):
    """A local structure, zeroed."""

    name: str
    struct: str


@dataclass(slots=True)
class FindSelf(Stmt):
    """self = this thread's variables, or null. `thread` is the thread's id, never 0."""

    thread: Expr


@dataclass(slots=True)
class NewSelf(Stmt):
    """Storage for this thread's variables, all zero; a full map counts a dynamic variable drop and leaves self null."""


@dataclass(slots=True)
class ForgetThread(Stmt):
    """Drop the variables of a thread that has ended; its id stands at `address`."""

    address: Expr


@dataclass(slots=True)
class FreeSelf(Stmt):
    """Give back this thread's storage: all its variables are zero."""


@dataclass(slots=True)
class Aggregate(Stmt):
    """Update an aggregation at a key (None: it has no keys). `args` are the aggregating function's values in its own order."""

    aggregation: str  # its map
    function: str
    key: Place | None
    args: tuple[Expr, ...]
    index: int = 0  # of its entry in a map without keys


@dataclass(slots=True)
class TailStart(Stmt):
    """Begin assembling record `record` in scratch, because it ends in strings of varying length or has many fields."""

    record: int


@dataclass(slots=True)
class Tail(Stmt):
    """Append a string of at most `size` bytes to the record being assembled. `how`: "kernel", "user" (value = address; unreadable
    is fault BADADDR) or "literal" (text)."""

    record: int
    how: str
    value: Expr
    size: int
    text: bytes = b""


@dataclass(slots=True)
class Store:
    """How a fixed record field is filled when the record is sent; nothing here can fault. `how`: "int" (value), "comm",
    "stack" (value = flags of bpf_get_stack), "ustack" (pid, then the frames), "own" (value = address of our own memory,
    size bytes), "pair" (value, then other)."""

    field: int
    how: str
    value: Expr = ZERO
    other: Expr = ZERO
    size: int = 0


@dataclass(slots=True)
class Fill(Stmt):
    """Fill a field of the record being assembled in scratch at once, so that its value need not be kept."""

    record: int
    store: Store


@dataclass(slots=True)
class Emit(Stmt):
    """Send record `record` with its stores. `wake` asks the consumer to look at once (exit)."""

    record: int
    stores: list[Store]
    tailed: bool = False
    wake: bool = False
    speculation: Expr = ZERO


@dataclass(slots=True)
class GetStack(Stmt):
    """Fill `size` bytes at a place with program counters, zero filled; `flags` of bpf_get_stack."""

    place: Place
    size: int
    flags: int


@dataclass(slots=True)
class Exit(Stmt):
    """exit(): the tracing state becomes draining. The first status stands, but END may replace it."""

    status: Expr


# ---------------------------------------------------------------- the program


@dataclass(slots=True)
class FieldDef:
    """A member of a C structure: integer of `size` bytes, or `count` > 0 bytes when `size` is 1 and `text`."""

    name: str
    size: int
    signed: bool = False
    count: int = 0


@dataclass(slots=True)
class StructDef:
    name: str
    fields: list[FieldDef]

    def find(self, name: str) -> FieldDef:
        return next(f for f in self.fields if f.name == name)

    @property
    def size(self) -> int:
        """Size in bytes by the C ABI."""
        at, align = 0, 1
        for f in self.fields:
            at = -(-at // f.size) * f.size + f.size * (f.count or 1)
            align = max(align, f.size)
        return -(-at // align) * align


@dataclass(slots=True)
class MapDef:
    """kind: hash, percpu_hash, array, percpu_array, prog_array, ringbuf. `key`/`value` are StructDef names or C integer types."""

    name: str
    kind: str
    key: str
    value: str
    entries: int
    flags: str = "0"
    note: str = ""
    each_cpu: bool = False  # `entries` are for each CPU
    stretched: bool = False  # declared with a value of 8 bytes, and made as large as `value` is when it is loaded: BCC's
    # compiler takes a second for every 200 KB of a map's value
    spare: str = ""  # of an aggregation: the map that takes the entries for which this one has no memory at hand


@dataclass(slots=True)
class ClauseCode:
    """One clause in one handler. `index` is its number in the plan."""

    index: int
    head: str
    body: Block
    guard: bool = False  # exit() may have run before: check the phase first


@dataclass(slots=True)
class Handler:
    """One BPF program. `kind`: raw_tracepoint, tracepoint, perf_event, kprobe. `site` is a constant, or an expression of the
    context (system call number). `phase`: "active" (runs only while tracing), "begin" or "end"."""

    name: str
    kind: str
    clauses: list[ClauseCode]
    site: Expr
    phase: str = "active"
    locals: list[str] = field(default_factory=list)  # u64 variables that live through all clauses (this->, timestamp)
    arrays: dict[str, int] = field(default_factory=dict)  # local name -> bytes on the stack, zeroed at the start
    uses_self: bool = False
    uses_scratch: bool = False
    when: Block = field(default_factory=list)  # runs first; Leave in it means that the probe did not fire
    error_clauses: list[ClauseCode] = field(default_factory=list)
    comment: str = ""
    probe: Expr = ZERO  # id of the probe that fired, for ERROR clauses
    way: str = ""  # "entry" or "return": attached to all system calls, so it looks at the call's number itself
    numbers: tuple[int, ...] = ()  # the calls it is for; () all
    event: str = ""  # raw tracepoint whose arguments are read directly where the kernel allows typed ones
    dispatch: str = ""  # the prog array through which this handler passes system calls on, instead of running clauses
    frameless: bool = False  # takes user stacks where the current function has no frame (see boundary_stack in prelude.bpf.h)
    chain: str = ""  # of a handler in parts: the prog array of them all
    part: int = 0  # which of them this is
    last: bool = True  # no other follows


ONLY_CPU = "ONLY_CPU"  # the constant that holds the number of the one processor to be traced, if it is one


@dataclass(slots=True)
class Program:
    structs: dict[str, StructDef] = field(default_factory=dict)
    maps: dict[str, MapDef] = field(default_factory=dict)
    handlers: list[Handler] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)  # .bpf.h files in use, in order
    records: list[StructDef] = field(default_factory=list)  # C structures of the records' fixed parts
    drops: set[str] = field(default_factory=set)
    constants: dict[str, int] = field(default_factory=dict)  # name -> value, as #define
