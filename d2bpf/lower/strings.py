"""What the string subroutines of builtins/subroutines need of a Builder: strings in windows, and the C helpers that work on them.

A helper gets addresses as numbers. Strings that it walks through stand in windows (Builder.window); what it changes is a window
of its own, because a Text may be used more than once.
"""

from __future__ import annotations

from ..dtypes import DType, String, strip
from ..ir import ops
from ..ir.ops import Const, Expr, Place, Tmp
from ..ir.values import Text, Value
from ..syntax import ast
from .builder import Builder

HELPERS = "subroutines/_strings"
WORK_SIZE = 64  # bytes of the words that helpers keep their state in


class Strings(Builder):
    """The part of a Builder that string subroutines speak to."""

    def expr(self, node: ast.Expr) -> Value:
        raise AssertionError

    def type(self, node: ast.Expr) -> DType:
        raise AssertionError

    def string(self, node: ast.Expr) -> Text:
        """The value of a string-compatible expression."""
        return self.text(self.expr(node))

    def own_text(self, text: Text) -> tuple[Place, Expr]:
        """A copy of a string in a window of its own, and how many characters it has. Fault BADADDR if it cannot be read."""
        place = self.window()
        return place, self.text_length(text, place, self.program.strsize + 1)

    def text_length(self, text: Text, place: Place, capacity: int) -> Expr:
        """Copy a string into a place of `capacity` bytes; how many characters (not bytes) that were."""
        if text.form == "literal":
            self.put_text(place, capacity, text)
            return Const(len(text.text[: capacity - 1]))
        user = text.form == "user"
        source = self.pin(text.address if user else self.text_address(text), "text")
        size = Const(min(capacity, max(text.capacity, 1)))
        function = "bpf_probe_read_user_str" if user else "bpf_probe_read_kernel_str"
        size_read = self.must("", function, ops.Address(place), size, source, value=source)
        return self.tmp(ops.Bin("-", size_read, Const(1)), "length")

    def text_at(self, call: ast.Call, address: Expr) -> Text:
        """The string result of `call`, at an address that a helper gave; 0 is NULL."""
        t = self.result_type(call)
        return Text(t, "memory", t.capacity, address=self.pin(address, call.name))

    def text_in(self, call: ast.Call, place: Place, form: str = "window") -> Text:
        """The string result of `call`, at the start of a scratch place (a window, unless `form` is "memory")."""
        t = self.result_type(call)
        return Text(t, form, t.capacity, address=ops.Address(place), place=place)

    def result_type(self, call: ast.Call) -> String:
        t = strip(self.type(call))
        assert isinstance(t, String)
        return t

    # ---------------------------------------------------------------- helpers

    @property
    def work(self) -> Expr:
        """Address of the words in which helpers keep their state while they run."""
        return ops.Address(self.handler.scratch("work", WORK_SIZE))

    def helpers(self, header: str) -> str:
        """Have builtins/subroutines/`header`.bpf.h, and what it rests on, in the program."""
        self.include(HELPERS)
        if header:
            self.include(f"subroutines/{header}")
        return f"subroutines/{header}" if header else HELPERS

    def ask(self, header: str, function: str, *args: Expr) -> Tmp:
        """The result of a helper, evaluated now."""
        return self.call(self.helpers(header), function, *args)

    def do(self, header: str, function: str, *args: Expr) -> None:
        """Run a helper that gives nothing."""
        self.helpers(header)
        self.emit(ops.Eval(ops.Call(function, args)))

    def plain(self, place: Place) -> Tmp:
        """The address of a place as a number with which anything may be computed."""
        return self.ask("", "plain", self.work, ops.Address(place))

    def choose(self, value: Expr, cases: dict[int, ops.Block], code: str) -> None:
        """Run the block of the case that `value`, a pinned expression, equals; fault `code` for any other."""
        if isinstance(value, Const):
            if value.value in cases:
                self.out.extend(cases[value.value])
            else:
                self.fault(code)
            return
        with self.block() as other:
            self.fault(code)
        for number, block in cases.items():
            other = [ops.If(ops.Bin("==", value, Const(number)), block, other)]
        self.out.extend(other)

    def kept(self, name: str, size: int) -> Place:
        """Scratch memory called `name`, zeros when a probe fires, that all clauses of the firing share."""
        place = self.handler.scratch(name, size)
        clear = ops.Zero(place, size)
        if clear not in self.handler.ir.when:
            self.handler.ir.when.insert(0, clear)
        return place
