"""Running bpftrace on machines where tracefs is mounted, and on those where it is not."""

from __future__ import annotations

# bpftrace 0.17 finds tracepoints only in a mounted tracefs. Mounting one for everybody would change the machine.
WITH_TRACEFS = """
mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing
exec "$@"
"""


def command_line(*arguments: str) -> list[str]:
    """`bpftrace ARGUMENTS` in a mount namespace of its own that has a tracefs."""
    return ["unshare", "-m", "--propagation", "private", "sh", "-c", WITH_TRACEFS, "sh", "bpftrace", *arguments]
