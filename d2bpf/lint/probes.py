"""The probes that lint judges by: those of the kernel, and one in place of each that only a process has.

Which processes run here says nothing about the machine a script is for, so lint looks at none. A description of a process'
functions or static probes is taken to match a probe with ten arguments of 64 bits."""

from __future__ import annotations

import re

from ..catalog.match import PID, PROCESSES, Catalog
from ..catalog.schema import Attachment, Native, Probe, Site
from ..syntax.ast import ProbeDesc

_ID = 1_000_000  # of probes that stand for those of processes: beyond all others
_ARGUMENTS = tuple(Native(f"a{i}", "int64_t", ("arg", i)) for i in range(10))
_RESULT = (Native("result", "int64_t", ("ret",)),)
_OF_PROCESS = re.compile(r"(?P<name>[A-Za-z_]\w*?)(?:\d+|\*|\$\$?\w+)")


def process_provider(desc: ProbeDesc) -> str:
    """The name of a provider that processes have, "python" of python*, pid of pid$target; "" if the description has none."""
    written = desc.text.strip().partition(":")[0] if ":" in desc.text else ""
    m = _OF_PROCESS.fullmatch(written)
    return m["name"] if m else ""


class Probes(Catalog):
    """A catalog that looks at no process."""

    def candidates(self, desc: ProbeDesc) -> list[str]:
        return [name for name in super().candidates(desc) if name not in (PID, PROCESSES)]

    def match(self, desc: ProbeDesc, program_literals: frozenset[str] = frozenset()) -> list[Probe]:
        name = process_provider(desc)
        if not name or self.candidates(desc):
            return super().match(desc, program_literals)
        return [_stand_in(name, desc)]


def _stand_in(name: str, desc: ProbeDesc) -> Probe:
    is_return = name == PID and desc.name == "return"
    attached = Attachment("uprobe", ("program", 0, "return" if is_return else "entry", 0, 0))
    site = Site(attached, _RESULT if is_return else _ARGUMENTS, argn=("0", "result") if is_return else ())
    return Probe(_ID, f"{name}0", desc.module, desc.function, desc.name, (site,))
