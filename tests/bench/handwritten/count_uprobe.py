"""count_uprobe.py PROGRAM FUNCTION: count calls of a function until SIGINT, on a uprobe, with BCC."""

import signal
import sys

from bcc import BPF

TEXT = """
BPF_PERCPU_ARRAY(counts, u64, 1);

int called(void *ctx)
{
    counts.increment(0);
    return 0;
}
"""

signal.signal(signal.SIGINT, signal.default_int_handler)
program = BPF(text=TEXT)
program.attach_uprobe(name=sys.argv[1], sym=sys.argv[2], fn_name="called")
print("ready", flush=True)
try:
    signal.pause()
except KeyboardInterrupt:
    print(program["counts"].sum(0).value)
