"""Emits IR for one handler. Built-ins (builtins/*) and the expression lowering both speak to the machine through this class only.

Addresses are 64-bit words. Memory of the kernel, of user space and our own is read through checked statements, each of which can
raise D's "invalid address" fault; our own variables and scratch are places and are written directly.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..dtypes import Array, DType, Enum, Int, Ptr, Struct, find_member, is_char, is_string_compatible, strip
from ..ir import ops
from ..ir.ops import Const, Expr, Place, Tmp
from ..ir.values import Region, SymbolAddress, Text, Translation, Value, Word
from ..ir.walk import subexpressions
from .numbers import Width, range_of
from .storage import round_up

if TYPE_CHECKING:
    from .program import HandlerState, ProgramState

COMM = 16  # TASK_COMM_LEN: bytes of a process name with its NUL


class Untranslatable(Exception):
    """A construct that has no translation: (code, message). The caller knows the place in the source."""

    def __init__(self, message: str, code: str = "X_CONSTRUCT") -> None:
        super().__init__(message)
        self.code, self.message = code, message


class Builder:
    def __init__(self, program: ProgramState, handler: HandlerState) -> None:
        self.program, self.handler = program, handler
        self.out: ops.Block = []
        self.known: dict[str, Width] = {}  # of locals: the integers they can hold
        self._slots = 0  # scratch slots in use by the clause at hand

    # ---------------------------------------------------------------- statements

    def emit(self, stmt: ops.Stmt) -> None:
        self.out.append(stmt)

    def fresh(self, hint: str = "value") -> Tmp:
        """A new local variable, not yet set."""
        return Tmp(self.handler.name_tmp(hint))

    def tmp(self, value: Expr, hint: str = "value") -> Tmp:
        """A new local variable that holds `value`."""
        t = self.fresh(hint)
        self.emit(ops.Set(t, value))
        width = range_of(value, self.known)
        if width:
            self.known[t.name] = width
        return t

    def outcome(self, hint: str = "value") -> Tmp:
        """A new local variable that is 0 until one branch or another sets it: nothing is known of what it can hold."""
        t = self.fresh(hint)
        self.emit(ops.Set(t, Const(0)))
        return t

    def pin(self, value: Expr, hint: str = "value") -> Expr:
        """`value` evaluated now: itself when it cannot change, else a local variable. Clause-local variables of D can."""
        fixed = isinstance(value, (Const, ops.Offset, ops.Symbol)) or (
            isinstance(value, Tmp) and value.name not in self.handler.ir.locals
        )
        return value if fixed else self.tmp(value, hint)

    @contextmanager
    def block(self) -> Iterator[ops.Block]:
        """Statements emitted inside go to the block that is yielded."""
        outer, self.out = self.out, []
        saved = dict(self.handler.cached)
        try:
            yield self.out
        finally:
            self.out = outer
            self.handler.cached = saved

    @contextmanager
    def when(self, test: Expr) -> Iterator[None]:
        """Statements emitted inside run only if `test` is not zero."""
        with self.block() as body:
            yield
        self.emit(ops.If(test, body))

    def fault(self, code: str, value: Expr = ops.ZERO) -> None:
        """Abort the clause with fault DTRACEFLT_`code` (language.md 11.3)."""
        self.emit(ops.Fault(code, value))

    def fault_if(self, test: Expr, code: str, value: Expr = ops.ZERO) -> None:
        if test == Const(0):
            return
        with self.when(test):
            self.fault(code, value)

    # ---------------------------------------------------------------- calls

    def helper(self, name: str, *args: Expr) -> Expr:
        """A kernel helper or prelude function as an unchecked expression."""
        return ops.Call(name, args)

    def include(self, header: str) -> None:
        """Have the C helpers of builtins/`header`.bpf.h ("subroutines/strtok") in the program."""
        if header not in self.program.ir.headers:
            self.program.ir.headers.append(header)

    def call(self, header: str, function: str, *args: Expr) -> Tmp:
        """The result of an unchecked function of a .bpf.h file, evaluated now."""
        self.include(header)
        return self.tmp(ops.Call(function, args))

    def must(self, header: str, function: str, *args: Expr, code: str = "BADADDR", value: Expr = ops.ZERO) -> Tmp:
        """The result of a function of a .bpf.h file ("" for a kernel helper) whose negative result is fault `code`."""
        if header:
            self.include(header)
        t = self.fresh()
        self.emit(ops.Checked(ops.Call(function, args), code, value, t))
        return t

    # ---------------------------------------------------------------- context

    @property
    def task(self) -> Expr | None:
        """The thread that built-ins describe, when it is not the current one (sched:::on-cpu)."""
        return self.handler.task

    def thread(self) -> Expr:
        """Address of the struct task_struct that built-ins describe."""
        return self.task or self.once("thread", lambda: self.helper("bpf_get_current_task"))

    def once(self, name: str, make: object) -> Expr:
        """`make()` evaluated at most once along any path of the clause; its value after that."""
        cached = self.handler.cached
        if name not in cached:
            assert callable(make)
            cached[name] = self.pin(make(), name)
        return cached[name]

    def timestamp(self) -> Expr:
        """Nanoseconds of the monotonic clock, the same through one firing."""
        self.handler.use_local("timestamp")
        return ops.Call("TIMESTAMP")

    # ---------------------------------------------------------------- memory

    def load(self, address: Expr, size: int, signed: bool = False, user: bool = False, hint: str = "value") -> Tmp:
        """The integer of `size` bytes at an address; fault BADADDR when it cannot be read."""
        t = self.fresh(hint)
        self.emit(ops.Read(t, address, size, signed, user))
        self.known[t.name] = size, signed
        return t

    def load_typed(self, address: Expr, t: DType, place: Place | None = None, hint: str = "value") -> Value:
        """The value of D type `t` at an address: loaded if it is scalar, by address otherwise."""
        base = strip(t)
        if isinstance(base, (Int, Enum)):
            if place:
                return Word(t, ops.Get(place, base.size, base.signed))
            return Word(t, self.load(address, base.size, base.signed, hint=hint))
        if isinstance(base, Ptr):
            return Word(t, ops.Get(place, 8) if place else self.load(address, 8, hint=hint))
        return Region(t, address, place)

    def offset(self, tag: str, path: tuple[str, ...], size: int) -> Expr:
        """Byte offset of a kernel structure member, resolved on the machine the program runs on. `tag` is "struct task_struct"."""
        return ops.Offset(self.program.member(tag, path, size))

    def kernel_offset(self, tag: str, *path: str) -> Expr:
        """offset() of a member that the kernel at hand is known to have, for helpers, which name it TAG__MEMBER."""
        t: DType = self.program.kernel_type(tag)
        for name in path:
            struct = strip(t)
            found = find_member(struct, name) if isinstance(struct, Struct) else None
            if found is None:
                raise self.no_member(tag, path)
            t = found.type
        return self.offset(tag, path, strip(t).size)

    def no_member(self, tag: str, path: tuple[str, ...]) -> Untranslatable:
        return self.refuse(f"this kernel's {tag} has no member {'.'.join(path)}", "X_MEMBER")

    def refuse(self, message: str, code: str = "X_SUBROUTINE") -> Untranslatable:
        """The exception to raise for what cannot be translated."""
        return Untranslatable(message, code)

    def kernel_member(self, base: Expr, tag: str, *path: str) -> Value:
        """base->path[0].path[1]... of a kernel structure: a Word, or the Region of a struct or array member."""
        t: DType | None = self.program.kernel_type(tag)
        address = base
        for name in path:
            struct = strip(t) if t is not None else None
            if isinstance(struct, Ptr):
                address = self.load(address, 8)
                struct = strip(struct.to)
            found = find_member(struct, name) if isinstance(struct, Struct) else None
            if found is None or not isinstance(struct, Struct):
                raise self.no_member(tag, path)
            address = self.member_address(address, struct, name, found.type)
            t = found.type
        assert t is not None
        return self.load_typed(address, t, hint=path[-1])

    def member_address(self, base: Expr, struct: Struct, name: str, t: DType) -> Expr:
        """Address of member `name`: by BTF name for kernel types that have one, by constant for others and those declared in D."""
        if struct.origin == "kernel" and self.program.target.types.resolvable(struct):
            return ops.Bin("+", base, self.offset(str(struct), (name,), strip(t).size))
        found = find_member(struct, name)
        assert found is not None
        return base if not found.offset else ops.Bin("+", base, Const(found.offset // 8))

    # ---------------------------------------------------------------- scratch

    def slot(self, capacity: int) -> Place:
        """Scratch memory of at least `capacity` bytes until it is released: for the rest of the statement."""
        self._slots += 1
        return self.handler.scratch(f"slot{self._slots}", round_up(capacity))

    def window(self) -> Place:
        """A scratch slot for a string of full length with as much room after it (ProgramState.window_size)."""
        self._slots += 1
        return self.handler.scratch(f"slot{self._slots}", self.program.window_size)

    def mark(self) -> int:
        """Where the scratch slots stand, for release()."""
        return self._slots

    def release(self, mark: int) -> None:
        """Have the slots taken since mark() used again: what they hold has been recorded or stored."""
        self._slots = mark

    def new_clause(self) -> None:
        """Scratch slots and cached values of the clause before are free again."""
        self._slots = 0
        self.handler.cached = {}

    # ---------------------------------------------------------------- strings

    def text(self, value: Value) -> Text:
        """A string-compatible value as a Text: strings, char arrays, and pointers taken as kernel addresses."""
        if isinstance(value, Text):
            return value
        limit = self.program.strsize + 1
        if isinstance(value, Region):
            base = strip(value.type)
            n = base.count + 1 if isinstance(base, Array) and is_char(base.of) else limit
            return Text(value.type, "memory", min(n, limit), address=value.address)
        if isinstance(value, Word):
            return Text(value.type, "memory", limit, address=self.pin(value.expr))
        raise Untranslatable(f"a value of type {value.type} cannot become a string here")

    def put_text(self, place: Place, capacity: int, text: Text, pad: bool = False) -> None:
        """Copy a string into a place of `capacity` bytes (NUL included; longer text is cut). With `pad` the rest of the place is
        zeros, as keys need."""
        if text.form == "literal":
            data = text.text[: capacity - 1]
            if pad:
                self.emit(ops.Zero(place, round_up(capacity)))
            self.emit(ops.Literal(place, data))
            return
        if text.form == "comm" and capacity >= COMM:
            if pad and capacity > COMM:
                self.emit(ops.Zero(place, round_up(capacity)))
            self.emit(ops.Eval(ops.Call("bpf_get_current_comm", (ops.Address(place), Const(COMM)))))
            return
        if pad:
            self.emit(ops.Zero(place, round_up(capacity)))
        if text.form == "user":
            n = Const(min(capacity, text.capacity))
            self.emit(
                ops.Checked(ops.Call("bpf_probe_read_user_str", (ops.Address(place), n, text.address)), "BADADDR", text.address)
            )
            return
        source = self.text_address(text)
        n = Const(min(capacity, max(text.capacity, 1)))
        self.emit(ops.Checked(ops.Call("bpf_probe_read_kernel_str", (ops.Address(place), n, source)), "BADADDR", source))

    def text_address(self, text: Text) -> Expr:
        """An address from which the string can be read as kernel memory (0 for NULL)."""
        if text.form in ("memory", "window"):
            return text.address
        if text.form == "probe":
            return self.program.probe_text(self, text.part)
        return ops.Address(self.text_place(text))

    def text_place(self, text: Text) -> Place:
        """Scratch memory that holds the string and may be read directly, word by word, up to its capacity."""
        if text.place is not None:
            return text.place
        if text.form == "comm":
            return self.comm()
        place = self.slot(text.capacity)
        self.put_text(place, text.capacity, text)
        return place

    def text_window(self, text: Text) -> Expr:
        """The address of a scratch window (see window()) that holds the string."""
        if text.form == "window":
            return text.address
        place = self.window()
        self.put_text(place, self.program.strsize + 1, text)
        return ops.Address(place)

    def window_text(self, place: Place, capacity: int = 0, null: Expr | None = None) -> Text:
        """The string that a C helper has put into a window; `null` not zero means the result is D's NULL."""
        address: Expr = ops.Address(place)
        limit = self.program.strsize + 1
        cap = min(capacity, limit) if capacity else limit
        if null is None:
            return Text(self.program.string_type(cap), "window", cap, address=address, place=place)
        pointer = self.tmp(ops.Select(null, Const(0), address))
        return Text(self.program.string_type(cap), "memory", cap, address=pointer)

    def literal(self, text: str) -> Text:
        data = text.encode("latin-1", "replace").split(b"\0")[0]
        return Text(self.program.string_type(len(data) + 1), "literal", len(data) + 1, text=data)

    def comm(self) -> Place:
        """The current process's name, 16 zero-padded bytes, read once per clause."""
        if "comm" not in self.handler.cached:
            place = self.handler.stack_bytes("comm", COMM)
            self.emit(ops.Eval(ops.Call("bpf_get_current_comm", (ops.Address(place), Const(COMM)))))
            self.handler.cached["comm"] = ops.Address(place)
        address = self.handler.cached["comm"]
        assert isinstance(address, ops.Address)
        return address.place

    def to_word(self, value: Value) -> Expr:
        """The 64-bit word of a scalar value; strings and regions give their address."""
        if isinstance(value, Word):
            return value.expr
        if isinstance(value, Region):
            return value.address
        if isinstance(value, SymbolAddress):
            return value.address
        if isinstance(value, Translation):
            return self.to_word(value.source)
        if isinstance(value, Text):
            return self.text_address(value)
        raise Untranslatable(f"a value of type {value.type} has no integer value")

    def number(self, value: Value) -> Expr:
        """As to_word(), for expressions to compute with. The verifier refuses that with pointers to our own memory."""
        word = self.to_word(value)
        pointer = any(isinstance(e, ops.Address) for e in subexpressions(word))
        return self.tmp(ops.Call("number_of", (word,)), "number") if pointer else word

    def is_text(self, value: Value) -> bool:
        return isinstance(value, Text) or (isinstance(value, Region) and is_string_compatible(value.type))
