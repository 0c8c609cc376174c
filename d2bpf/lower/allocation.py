"""alloca() and copyin() memory: a part of the per-CPU scratch that a clause hands out from the bottom up.

D programs keep and compute with its addresses, so an address is an ordinary number here. It is checked against the area
again wherever something is stored through it.
"""

from __future__ import annotations

from ..ir import ops
from ..ir.ops import Bin, Const, Expr, Tmp
from .builder import Builder, Untranslatable

LEAST = 4096  # bytes per clause, also when the scratchsize option asks for less
MOST = 32768
HEADER = "subroutines/_alloca"
USED = Tmp("allocated")


class Allocation(Builder):
    """The part of a Builder that deals in alloca() memory."""

    def area_size(self) -> int:
        """Bytes that a clause may allocate: a power of two, because offsets are masked with it."""
        wanted = max(LEAST, int(self.program.checked.options["scratchsize"]))
        if wanted > MOST:
            raise Untranslatable("a scratchsize above 32k takes more steps to clear than a BPF program may make", "X_SCRATCH")
        return 1 << (wanted - 1).bit_length()

    def _area(self) -> None:
        size = self.area_size()
        self.program.ir.constants["ALLOCA_SIZE"] = size
        self.include(HEADER)
        self.handler.scratch("alloca", 2 * size)
        self.handler.scratch("alloca_address", 8)
        self.handler.use_local(USED.name)
        self.handler.uses_alloca = True

    def allocate(self, size: Expr) -> tuple[Expr, Expr]:
        """`size` bytes of scratch for the rest of the clause: (address, offset in the area). Fault NOSCRATCH when it is used up."""
        self._area()
        size = self.pin(size, "size")
        limit = Const(self.area_size())
        self.fault_if(Bin("<u", Bin("-", limit, USED), size), "NOSCRATCH")
        offset = self.tmp(USED, "offset")
        self.emit(ops.Set(USED, Bin("+", USED, Bin("&", Bin("+", size, Const(7)), Const(~7)))))
        address = self.tmp(Bin("+", ops.Call("alloca_address", (ops.Symbol("s"),)), offset), "memory")
        return address, offset

    def fill(self, offset: Expr, size: Expr, source: Expr, user: bool) -> None:
        """Copy kernel or user memory into the area at an offset that allocate() or area_offset() gave."""
        function = "alloca_from_user" if user else "alloca_from_kernel"
        self.emit(ops.Checked(ops.Call(function, (ops.Symbol("s"), offset, size, source)), "BADADDR", source))

    def area_offset(self, address: Expr, size: Expr) -> Expr:
        """Offset in the area of `size` bytes at an address; fault BADADDR when they are not within it."""
        self._area()
        address = self.pin(address, "address")
        offset = self.tmp(Bin("-", address, ops.Call("alloca_address", (ops.Symbol("s"),))), "offset")
        limit = Const(self.area_size())
        outside = Bin("||", Bin("<u", limit, size), Bin("<u", Bin("-", limit, size), offset))
        self.fault_if(outside, "BADADDR", address)
        return offset

    def store_alloca(self, address: Expr, value: Expr, size: int) -> None:
        """Store an integer of `size` bytes through a pointer into alloca() memory."""
        offset = self.area_offset(address, Const(size))
        self.emit(ops.Eval(ops.Call(f"ALLOCA_STORE{8 * size}", (ops.Symbol("s"), offset, value))))

    def clear_alloca(self, offset: Expr, size: Expr) -> None:
        """Zeros for `size` fresh bytes."""
        self.emit(ops.Eval(ops.Call("alloca_clear", (ops.Symbol("s"), offset, size))))
