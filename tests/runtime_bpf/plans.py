"""Plans written by hand, small enough to see what must come out, and a consumer that only notes what it is told."""

from __future__ import annotations

import struct
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from d2bpf.runtime.cache import Store
from d2bpf.runtime.errors import Failure
from d2bpf.runtime.processes import Aborted, Target
from d2bpf.runtime.session import Session

if TYPE_CHECKING:
    from d2bpf.runtime.ring import Decoder

MILLISECOND = 1_000_000
SECOND = 1000 * MILLISECOND

# Record 1 carries a number, record 2 is exit(). A record that does not fit is a principal drop.
PRELUDE = """
struct state { u32 phase; u32 unused; s64 wall_offset; };
BPF_F_TABLE("array", u32, struct state, state, 1, 0);
BPF_RINGBUF_OUTPUT(events, 1);
BPF_PERCPU_ARRAY(drops, u64, 8);
struct record { u32 record, site, cpu, spec; u64 value; };
static inline void put(void *ctx, u32 number, u64 value)
{
  struct record r = { number, 0, bpf_get_smp_processor_id(), 0, value };
  if (events.ringbuf_output(&r, sizeof(r), 0)) {
    u32 principal = 0;
    u64 *count = drops.lookup(&principal);
    if (count)
      *count += 1;
  }
}
static inline u32 *phase(void)
{
  u32 zero = 0;
  struct state *s = state.lookup(&zero);
  return s ? &s->phase : NULL;
}
static inline bool active(void)
{
  u32 *p = phase();
  return p && *p == 1;
}
static inline void leave(void *ctx, u64 status)
{
  u32 *p = phase();
  put(ctx, 2, status);
  if (p)
    *p = 2;
}
"""


def handler(name: str, body: str, context: str = "struct bpf_raw_tracepoint_args") -> str:
    return f"int {name}({context} *ctx)\n{{\n{body}\n  return 0;\n}}\n"


def make(functions: dict[str, str], attach: list[dict[str, Any]], maps: str = "", **changes: Any) -> dict[str, Any]:
    """A plan of raw tracepoint handlers {name: body}, attached as given. `types`: other program types by name."""
    types = changes.pop("types", {})
    contexts = {"perf_event": "struct bpf_perf_event_data", "tracepoint": "void", "kprobe": "struct pt_regs"}
    text = "#include <uapi/linux/ptrace.h>\n#include <uapi/linux/bpf_perf_event.h>\n" + PRELUDE + maps
    for name, body in functions.items():
        text += handler(name, body, contexts.get(types.get(name, ""), "struct bpf_raw_tracepoint_args"))
    options = {"bufsize": 1 << 20, "statusrate": SECOND, "bufpolicy": "switch", **changes.pop("options", {})}
    return {
        "c": text,
        "members": [],
        "facts": [],
        "handlers": [{"name": name, "type": types.get(name, "raw_tracepoint"), "clauses": []} for name in functions],
        "attach": attach,
        "aggregations": [],
        "tables": {},
        "sizes": {},
        "options": options,
        **changes,
    }


def begin(name: str = "begin") -> dict[str, Any]:
    return {"kind": "test_run", "probe": "BEGIN", "handler": name}


def end(name: str = "end") -> dict[str, Any]:
    return {"kind": "test_run", "probe": "END", "handler": name}


def tick(period: int, name: str = "tick") -> dict[str, Any]:
    return {"kind": "timer", "period_ns": period, "handler": name}


def rawtp(event: str, name: str) -> dict[str, Any]:
    return {"kind": "rawtp", "event": event, "handler": name}


class Notes:
    """A consumer: `values` of record 1, `calls` in order, `lost` by kind and CPU, `aggregations` as read at the end."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.exit_status: int | None = None
        self.stopped = False
        self.options = {"switchrate": 0}
        self.values: list[int] = []
        self.calls: list[str] = []
        self.lost: dict[tuple[str, int], int] = {}
        self.aggregations: dict[str, dict[bytes, list[bytes]]] = {}
        self.delay = 0.0
        self.begun = self.exited = self.finished = 0.0  # when: tracing, exit() consumed, all consumed

    def start(self) -> None:
        self.calls.append("start")
        self.begun = time.monotonic()

    def decoders(self) -> Sequence[Decoder]:
        def fault(*_: object) -> None:
            raise AssertionError("record 0")

        return [fault, self._value, self._exit]

    def _value(self, buffer: Any, at: int, length: int, site: int, cpu: int, spec: int) -> None:
        self.values.append(struct.unpack_from("=Q", buffer, at + 16)[0])
        if self.delay:
            time.sleep(self.delay)

    def _exit(self, buffer: Any, at: int, length: int, site: int, cpu: int, spec: int) -> None:
        if self.exit_status is None:
            self.exit_status = struct.unpack_from("=Q", buffer, at + 16)[0]
        self.stopped = True
        self.exited = time.monotonic()

    def flush(self) -> None: ...

    def lowered(self, option: str, size: int) -> None:
        self.calls.append(f"lowered {option} {size}")

    def skipped(self, functions: Sequence[str]) -> None:
        self.calls.append(f"skipped {' '.join(functions)}")

    def interrupted(self) -> None:
        self.calls.append("interrupted")

    def drops(self, kind: str, cpu: int, count: int) -> None:
        self.lost[kind, cpu] = self.lost.get((kind, cpu), 0) + count

    def finish(self) -> None:
        self.calls.append("finish")
        self.finished = time.monotonic()
        for aggregation in self.session.plan["aggregations"]:
            name = aggregation["name"]
            self.aggregations[name] = dict(self.session.read_aggregation(name))


@contextmanager
def running(*command: object) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is killed at the end, however it comes."""
    with subprocess.Popen([str(word) for word in command]) as process:
        try:
            yield process
        finally:
            process.kill()


class Ran:
    """What came of a session; it ended `seconds` after it had begun to trace."""

    def __init__(self, status: int, notes: Notes, errors: str, seconds: float) -> None:
        self.status = status
        self.notes = notes
        self.errors = errors
        self.seconds = seconds


def run(
    plan: dict[str, Any],
    store: Path | None = None,
    targets: Sequence[Target] = (),
    make_notes: type[Notes] = Notes,
    delay: float = 0.0,
) -> Ran:
    made: list[Notes] = []

    def consumer(session: Session) -> Notes:
        made.append(make_notes(session))
        made[0].delay = delay
        return made[0]

    kept = Store(str(store) if store else None)
    session = Session(plan, consumer, targets=targets, store=kept)
    status, errors = 0, ""
    try:
        status = session.run()
    except Failure as failure:
        status, errors = 1, f"dtrace: {failure}\n"
    except (Aborted, BrokenPipeError):
        pass
    notes = made[0] if made else Notes(session)
    return Ran(status, notes, errors, time.monotonic() - notes.begun)
