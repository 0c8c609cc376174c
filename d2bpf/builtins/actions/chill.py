"""chill(): keeps the CPU busy for a number of nanoseconds, half of each second at the most."""

from __future__ import annotations

from typing import Any

from ...ir.ops import FieldDef, MapDef, StructDef
from ...syntax import ast
from ..spec import Action

MEMORY = 1 << 21  # bytes that a turn of the waiting copies at the most


def lower(b: Any, call: ast.Call) -> None:
    b.destructive("chill")
    ir = b.program.ir
    ir.structs["chilled"] = StructDef("chilled", [FieldDef("since", 8), FieldDef("spent", 8)])
    ir.structs["chill_memory"] = StructDef("chill_memory", [FieldDef("words", 8, count=MEMORY // 8)])
    ir.maps["chilled"] = MapDef("chilled", "percpu_array", "u32", "chilled", 1, note="how long each CPU was kept busy")
    note = "what chill() keeps them busy with"
    ir.maps["chill_memory"] = MapDef("chill_memory", "array", "u32", "chill_memory", 1, note=note, stretched=True)
    b.must("actions/chill", "chill_for", b.word(call.args[0]), code="ILLOP")


ACTION = Action(
    name="chill",
    prototype="void chill(int)",
    doc="keeps the CPU busy for a number of nanoseconds, half of each second at the most",
    platforms="SFM",
    records=False,
    destructive=True,
    lower=lower,
)
