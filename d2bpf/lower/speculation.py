"""Speculative tracing: which ids are in use, and which buffer a clause records to.

A speculation in use is an entry of the hash map `speculations`; making one is an insertion that fails if the id is taken, so two
CPUs never get the same. Speculative records travel in the one ring with their id, and user space holds them back. As the ring
keeps order, an id is free again as soon as its commit or discard is in the ring: it is never "still busy".
"""

from __future__ import annotations

from ..dtypes import INT
from ..ir import ops
from ..ir.ops import Bin, Const, Expr, FieldDef, MapDef, Place, StructDef, Tmp
from ..ir.values import Word
from .recording import Recording

MAP = "speculations"
HEADER = "subroutines/speculation"
CURRENT = Tmp("speculation")


class Speculation(Recording):
    """The part of a Lowering that speculates."""

    def _map(self) -> None:
        options = self.program.checked.options
        ir = self.program.ir
        if MAP not in ir.maps:
            ir.structs[MAP] = StructDef(MAP, [FieldDef("bytes", 8), FieldDef("closing", 8)])
            ir.maps[MAP] = MapDef(MAP, "hash", "u32", MAP, max(1, options["nspec"]), note="speculations in use")
            ir.constants["NSPEC"], ir.constants["SPECSIZE"] = options["nspec"], options["specsize"]
            ir.drops |= {"SPEC", "SPECUNAVAIL"}
        self.include(HEADER)

    def new_speculation(self) -> Expr:
        """speculation(): an id from 1 to nspec, or 0 when none is free, which is counted."""
        self._map()
        return self.call(HEADER, "new_speculation")

    def _find(self, identifier: Expr) -> str:
        """Look an id up; its entry's pointer is null when it is not in use. An id that cannot be is fault ILLOP."""
        self._map()
        identifier = self.pin(identifier, "id")
        self.fault_if(Bin("<u", Const(int(self.program.checked.options["nspec"])), identifier), "ILLOP", identifier)
        key = self.handler.stack_bytes("speculation_id", 8)
        self.emit(ops.Put(key, identifier, 4))
        pointer = self.fresh("entry").name
        self.emit(ops.Lookup(pointer, MAP, key))
        return pointer

    def speculate(self, identifier: Expr) -> None:
        """Records after this go to the speculation; the clause ends here when there is none of that id."""
        identifier = self.pin(identifier, "id")
        pointer = self._find(identifier)
        closing = ops.Get(Place(pointer, "closing"))
        with self.when(ops.Select(ops.Symbol(pointer), closing, Const(1))):
            self.emit(ops.Leave())
        self.handler.use_local(CURRENT.name)
        self.handler.speculates = True
        self.emit(ops.Set(CURRENT, identifier))
        self.speculation = CURRENT

    def close_speculation(self, what: str, identifier: Expr) -> None:
        """commit() or discard(): tell user space, then let the id go."""
        identifier = self.pin(identifier, "id")
        pointer = self._find(identifier)
        key = self.handler.stack_bytes("speculation_id", 8)
        self.flush()
        with self.when(ops.Symbol(pointer)):
            self.emit(ops.Put(Place(pointer, "closing"), Const(1)))
            self.act(what, [self.put_field(Word(INT, identifier))])
            self.flush()
            self.emit(ops.Delete(MAP, key))
