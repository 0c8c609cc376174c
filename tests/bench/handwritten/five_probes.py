"""Reads, bytes written, execs, switches and disk requests by process on raw tracepoints, with BCC: attach, detach."""

from bcc import BPF

TEXT = """
struct name { char text[16]; };
BPF_PERCPU_HASH(reads, struct name);
BPF_PERCPU_HASH(written, struct name);
BPF_PERCPU_HASH(execs, struct name);
BPF_PERCPU_HASH(off, struct name);
struct sized { struct name name; u64 slot; };
BPF_PERCPU_HASH(io, struct sized);

RAW_TRACEPOINT_PROBE(sys_enter)
{
    struct name name = {};
    u64 size = 0;

    if (ctx->args[1] == 0) {
        bpf_get_current_comm(&name, sizeof(name));
        reads.increment(name);
    }
    if (ctx->args[1] == 1) {
        bpf_get_current_comm(&name, sizeof(name));
        bpf_probe_read_kernel(&size, sizeof(size), (void *)ctx->args[0] + 96);
        written.increment(name, size);
    }
    return 0;
}

RAW_TRACEPOINT_PROBE(sched_process_exec)
{
    struct name name = {};

    bpf_get_current_comm(&name, sizeof(name));
    execs.increment(name);
    return 0;
}

RAW_TRACEPOINT_PROBE(sched_switch)
{
    struct name name = {};

    bpf_get_current_comm(&name, sizeof(name));
    off.increment(name);
    return 0;
}

RAW_TRACEPOINT_PROBE(block_rq_issue)
{
    struct sized key = {};
    u32 bytes = 0; /* struct request.__data_len, at 44 since Linux 5.16 */

    bpf_get_current_comm(&key.name, sizeof(key.name));
    bpf_probe_read_kernel(&bytes, sizeof(bytes), (void *)ctx->args[0] + 44);
    key.slot = bpf_log2l(bytes);
    io.increment(key);
    return 0;
}
"""

program = BPF(text=TEXT)
for name in ("reads", "written", "execs", "off", "io"):
    for key, value in program[name].items():
        print(key, value)
