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

TYPES = {
    **dict.fromkeys(("kthread_t", "struct _kthread", "klwp_t", "struct thread", "thread_t"), "struct task_struct"),
    **dict.fromkeys(("proc_t", "struct proc"), "struct task_struct (of the thread group's leader)"),
    **dict.fromkeys(("vnode_t", "struct vnode"), "struct inode, and struct dentry for the name"),
    **dict.fromkeys(("file_t", "struct fileproc"), "struct file"),
    **dict.fromkeys(("buf_t", "struct buf"), "struct request or struct bio"),
    **dict.fromkeys(("uio_t", "struct uio"), "struct iov_iter"),
    **dict.fromkeys(("mblk_t", "struct msgb", "struct mbuf"), "struct sk_buff"),
    **dict.fromkeys(("tcp_t", "struct tcpcb"), "struct tcp_sock"),
    **dict.fromkeys(("conn_t", "struct inpcb", "struct sonode"), "struct sock"),
    **dict.fromkeys(("ill_t", "struct ifnet"), "struct net_device"),
    **dict.fromkeys(("kmutex_t", "struct mtx"), "struct mutex"),
    **dict.fromkeys(("krwlock_t", "struct sx", "struct rwlock"), "struct rw_semaphore"),
    **dict.fromkeys(("struct cpu", "cpu_t"), "nothing; cpuinfo_t describes a processor"),
    **dict.fromkeys(("vfs_t", "struct mount_t"), "struct super_block"),
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


def type_help(name: str) -> str:
    """What stands on Linux for a type that is unknown here, or ""."""
    return f"on Linux: {TYPES[name]}" if name in TYPES else ""


def member_help(struct: str, member: str) -> str:
    """What stands on Linux for a member that its structure does not have, or ""."""
    found = MEMBERS.get(struct, {}).get(member)
    return f"on Linux: {found}" if found else ""
