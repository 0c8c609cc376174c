"""What names of other systems' D are called on Linux, for the help below an error. Data only."""

from __future__ import annotations

VARIABLES = {
    "machtimestamp": "machtimestamp is macOS's: use timestamp",
    "dispatchqaddr": "dispatchqaddr is macOS's; Linux has no dispatch queues",
    "cpuinstrs": "cpuinstrs is macOS's; no such counter is offered here",
    "cpucycles": "cpucycles is macOS's; no such counter is offered here",
    "vinstrs": "vinstrs is macOS's; no such counter is offered here",
    "vcycles": "vcycles is macOS's; no such counter is offered here",
}

# Members of other systems' structures, by what is nearest here; those that stand for something of the same meaning are in the
# provider libraries (foreign.d), and no error.
MEMBERS = {
    "struct task_struct": {
        **dict.fromkeys(("t_state", "td_state", "p_state", "p_stat"), "__state, whose values are others"),
        **dict.fromkeys(("lwp_ustack", "t_stk"), "mm->start_stack is where the stack of the first thread begins"),
        "p_flag": "flags, whose values are others",
        "task": "group_leader",
        "thread_id": "pid",
        "sched_pri": "prio",
    },
    "struct cpuinfo": {"cpu_info": "nothing tells a tracing program the processor's clock and type; lscpu shows them"},
}


def member_help(struct: str, member: str) -> str:
    """What stands on Linux for a member that its structure does not have, or ""."""
    found = MEMBERS.get(struct, {}).get(member)
    return f"on Linux: {found}" if found else ""
