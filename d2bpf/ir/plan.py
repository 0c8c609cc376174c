"""The compiled program as plain data: what the back end hands over, the cache stores and the runtime runs.

Everything is JSON (dict, list, str, int, bool, None): `json.loads(json.dumps(plan)) == plan`. These TypedDicts are for
readers and mypy; at run time a plan is an ordinary dict, so that an emitted program needs no module but json.

Wire format of a ring-buffer record (native byte order):

    u32 record   index into Plan["records"]
    u32 site     index into Plan["sites"]: which probe fired
    u32 cpu
    u32 spec     speculation id the record belongs to, 0 for the principal buffer
    ...          the fixed fields, each at its offset (from the start of the record), naturally aligned
    ...          the tail: strings of kind "tail", one after another in field order, each ended by a NUL

Record 0 is always the fault record, whose content wire.FAULT describes.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from ..wire import DROP_KINDS, HEADER_SIZE, PHASE_ACTIVE, PHASE_DRAINING, PHASE_INIT, STATE_PHASE

__all__ = [
    "DROP_KINDS",
    "HEADER_SIZE",
    "PHASE_ACTIVE",
    "PHASE_DRAINING",
    "PHASE_INIT",
    "STATE_PHASE",
    "Action",
    "Aggregation",
    "Attach",
    "Clause",
    "Field",
    "Handler",
    "KernelMember",
    "Plan",
    "ProgramInfo",
    "Record",
]


class Field(TypedDict):
    """One datum in a record or aggregation key.

    kind     wire form                                             decoded to
    int      `size` bytes, `signed`                                int
    float    `size` 4 or 8 (16: long double, x87)                  float
    str      `size` bytes, NUL padded                              str (latin-1 of the bytes before the NUL)
    tail     in the tail, at most `size` bytes with the NUL        str          (records only)
    bytes    `size` bytes (structs, arrays, tracemem)              bytes
    stack    size/8 kernel PCs, zero filled                        tuple of PCs
    ustack   u64 pid, then size/8-1 user PCs, zero filled          (pid, PCs)
    sym      u64 kernel address; `what` sym|func|mod               address
    usym     u64 pid, u64 address; `what` usym|ufunc|umod|uaddr    (pid, address)
    probe    u32 site in keys, nothing in records (header's site)  str: part `what` prov|mod|func|name of the probe
    """

    kind: Literal["int", "float", "str", "tail", "bytes", "stack", "ustack", "sym", "usym", "probe"]
    offset: int
    size: int
    signed: bool
    what: str
    type: str  # the D type as text, for diagnostics and print()


class Action(TypedDict, total=False):
    """One thing the consumer does for a record, in order. `do` selects; `fields` index the record's fields.

    do          other members
    trace       fields [1]; `ptr`: the value is a pointer
    tracemem    fields [bytes] or [bytes, dynamic size]
    printf      format (text as written), fields
    system      format, fields
    freopen     format, fields
    ftruncate
    printa      format (or None), aggs [names]
    clear       aggs [name]
    trunc       aggs [name], fields [] (all) or [count]
    normalize   aggs [name], fields [factor];  denormalize: aggs [name]
    exit        fields [status]
    setopt      name, value as text
    stack, ustack, sym   fields [1]; printed unformatted
    print       fields, type description (`layout`)
    speculate/commit/discard   fields [id]
    """

    do: str
    fields: list[int]
    format: str | None
    aggs: list[str]
    ptr: bool
    name: str
    value: str
    layout: Any


class Record(TypedDict):
    """`clause` indexes Plan["clauses"]; `size` is the fixed part's size with the header; `tails` how many tail strings
    follow. `actions` is empty for the default action (prefix line only)."""

    clause: int
    size: int
    tails: int
    fields: list[Field]
    actions: list[Action]


class Aggregation(TypedDict):
    """`map` is the BPF map: percpu_hash keyed by the key fields, or percpu_array of one element when there are no keys,
    or "" for one that no probe fills. `spare` is a map of the same layout that may hold more entries, also of keys that `map` has,
    or "". `value_size` is per CPU. Value layouts (all s64/u64 words):
    count: [n]; sum: [s, has_data]; min, max: [value, has_data]; avg: [count, sum]; stddev: [count, sum, sumsq_lo, sumsq_hi];
    quantize: 127 buckets; lquantize: levels+2 buckets; llquantize: its buckets in order of value, underflow included.
    `params`: lquantize [base, limit, step]; llquantize [factor, low, high, nsteps]."""

    name: str
    map: str
    spare: str
    id: int  # -1, or in a map that aggregations share: the u64 that leads each key, or the index where there are no keys
    function: str
    params: list[int]
    keys: list[Field]
    key_size: int
    value_size: int


class Attach(TypedDict, total=False):
    """Where a handler is attached.

    kind         members used
    test_run     probe "BEGIN"|"END": run once by BPF_PROG_TEST_RUN (raw tracepoint program)
    timer        period_ns; user-space timer drives the handler by test run (tick)
    rawtp        event; plus `table` (prog array map name) and `calls` {handler: [system call numbers]} when `handler` dispatches
    tracepoint   group, event  (perf tracepoint)
    perf         event (runtime/bpf.py: perf_counter), period_ns (of counters: occurrences) or frequency, cpus "all"|"one"
    uprobe       path, offsets [int], functions [name, for messages], ret bool, pid (0: any process), cookies [int] (the site of
                 each offset; none where the program knows its site), refctrs [int] (file offset of each one's semaphore or 0;
                 none where none has one)
    kprobe       functions ["name" | "module:name"], ret bool, cookies [int] (the site of each; none where the program knows it)
    """

    kind: str
    handler: str
    probe: str
    event: str
    group: str
    period_ns: int
    frequency: int
    cpus: str
    table: str
    calls: dict[str, list[int]]
    path: str
    file: str  # in emitted programs: which build of the file at `path` (symbols/identity.py)
    functions: list[str]
    offsets: list[int]
    cookies: list[int]
    refctrs: list[int]
    ret: bool
    pid: int


class Handler(TypedDict):
    """One BPF program. `type` is the BPF program type: raw_tracepoint, tracepoint, perf_event, kprobe. A handler too large for one
    program is several: consecutive items with the same `chain`, the prog array that holds them by `part`; the first of them is
    the one that is attached."""

    name: str
    type: str
    clauses: list[int]
    event: str  # a raw tracepoint whose arguments the program reads by type where the kernel allows it, or ""
    chain: str  # "" for a handler that is one program
    part: int


class KernelMember(TypedDict):
    """A kernel structure member whose byte offset the C text uses as macro `name`; it is resolved from BTF on the machine that
    runs the program. `size` is what the code was generated for: a different size there is an error."""

    name: str
    type: str  # "struct task_struct"
    path: list[str]
    size: int


class Clause(TypedDict):
    """`program` indexes Plan["programs"]; `text` is the D source of the clause's head, `line` its line."""

    program: int
    line: int
    text: str


class ProgramInfo(TypedDict):
    """One -s/-n/... program: kind "script" or "description", its display text (output.md 7.1) and how many probes it matched."""

    kind: str
    text: str
    matched: int


class Plan(TypedDict):
    version: int
    c: str
    members: list[KernelMember]
    enumerators: dict[str, int]  # constants of the kernel that the C text holds as numbers
    facts: list[str]  # host facts the C text tests as macros, e.g. "compat_syscalls" -> D2_COMPAT_SYSCALLS 0|1
    handlers: list[Handler]
    attach: list[Attach]
    # array maps to be filled before tracing: name -> {"value_size": n, "entries": {"index": text or number}}, or with
    # "host": "cpu_packages" | "cpu_nodes" | "gauges" | "scheduler_clock" filled with what the machine says (runtime/topology.py);
    # gauges are filled again before each probe that user space fires, and at statusrate
    tables: dict[str, Any]
    sizes: dict[str, int]  # bytes of a value in maps that the C text declares with a smaller one
    sites: list[int]  # site -> index into probes
    probes: list[list[Any]]  # [id, provider, module, function, name]
    clauses: list[Clause]
    records: list[Record]
    aggregations: list[Aggregation]
    programs: list[ProgramInfo]
    options: dict[str, Any]  # every option's value in force at start: sizes in bytes, rates in ns, booleans
    target: int  # the process that $target was where the plan was made for another process's files, else 0
    destructive: bool  # some action needs the destructive option (-w)
    uses: list[str]  # "kernel_symbols", "user_symbols", "clear", ...: what the runtime may need
    stability: list[list[str]]  # per program: least attributes of its descriptions and of its statements
    attached: list[str]  # what clauses are attached to, one line each, for -v and the header of emitted programs
    notes: list[str]  # fidelity notes, one line each, for the same
    unseen: list[str]  # probe descriptions that were left out, and why: told when tracing begins
