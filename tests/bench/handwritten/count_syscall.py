"""count_syscall.py NUMBER: count one system call until SIGINT, on the raw tracepoint sys_enter, with BCC."""

import signal
import sys

from bcc import BPF

TEXT = """
BPF_PERCPU_ARRAY(counts, u64, 1);

RAW_TRACEPOINT_PROBE(sys_enter)
{
    if (ctx->args[1] == NUMBER)
        counts.increment(0);
    return 0;
}
"""

signal.signal(signal.SIGINT, signal.default_int_handler)
program = BPF(text=TEXT, cflags=[f"-DNUMBER={int(sys.argv[1])}"])
print("ready", flush=True)
try:
    signal.pause()
except KeyboardInterrupt:
    print(program["counts"].sum(0).value)
