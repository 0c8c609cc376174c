"""all_syscalls.py [stay]: count all system calls for 200 ms (or until SIGINT), on one raw tracepoint, with BCC."""

import signal
import sys
import time

from bcc import BPF
from bcc.syscall import syscall_name

TEXT = """
BPF_PERCPU_ARRAY(counts, u64, 512);

RAW_TRACEPOINT_PROBE(sys_enter)
{
    counts.increment(ctx->args[1]);
    return 0;
}
"""

signal.signal(signal.SIGINT, signal.default_int_handler)
program = BPF(text=TEXT)
print("ready", flush=True)
try:
    if len(sys.argv) > 1:
        signal.pause()
    time.sleep(0.2)
except KeyboardInterrupt:
    pass
for key in program["counts"]:
    count = program["counts"].sum(key).value
    if count:
        print(syscall_name(key.value).decode(), count)
