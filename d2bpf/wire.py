"""What BPF programs and the consumer agree on: record header, phases of a session, kinds of drops.

Bottom layer and embedded in emitted programs: constants only. ir/plan.py describes the records that use them.
"""

from __future__ import annotations

HEADER_SIZE = 16  # u32 record, u32 site, u32 cpu, u32 speculation
FAULT = "=IIQ"  # what follows in record 0: index of the clause, DTRACEFLT_* code, value

# struct state, element 0 of the mmapable array map "state", begins with these words; the script's globals follow.
STATE_PHASE = 0  # byte offset of u32 `phase`
STATE_EXIT_STATUS = 4  # byte offset of u32 `exit_status`: EXIT_CALLED | status once exit() has run
STATE_WALL_OFFSET = 8  # byte offset of s64 `wall_offset`: nanoseconds from the monotonic clock to the wall clock
STATE_TARGET = 16  # byte offset of s32 `target`: $target
STATE_TRACER = 20  # byte offset of u32 `tracer`: the process id of whoever runs the programs
EXIT_CALLED = 0x100
PHASE_INIT, PHASE_ACTIVE, PHASE_DRAINING = 0, 1, 2

# Indices of the array map "gauges" (u64 each): what user space reads of /proc for programs, in pages but for the loads, which are
# in units of 1/65536, and the counts.
GAUGES = (
    "load1", "load5", "load15", "page_size", "processors", "memory", "memory_free", "memory_locked", "memory_kernel",
    "memory_committed", "swap", "swap_free",
)  # fmt: skip

# Indices of the per-CPU array map "drops" (u64 each).
DROP_KINDS = ("PRINCIPAL", "AGGREGATION", "DYNAMIC", "SPEC", "SPECBUSY", "SPECUNAVAIL", "DBLERROR", "NESTED")
