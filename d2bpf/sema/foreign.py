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

# Members of other systems' thread and process structures, by what task_struct has for them.
MEMBERS = {
    "struct task_struct": {
        **dict.fromkeys(("t_procp", "td_proc", "task"), "group_leader"),
        **dict.fromkeys(("td_name", "p_comm", "u_comm", "p_user"), "comm"),
        **dict.fromkeys(("t_tid", "td_tid", "thread_id"), "pid"),
        **dict.fromkeys(("p_pid", "p_pidp"), "tgid"),
        **dict.fromkeys(("t_pri", "td_priority", "sched_pri"), "prio"),
        **dict.fromkeys(("t_cred", "td_ucred", "p_cred", "p_ucred"), "cred"),
        **dict.fromkeys(("t_state", "td_state", "p_state"), "__state"),
        **dict.fromkeys(("p_parent", "p_pptr"), "real_parent"),
    },
}


def type_help(name: str) -> str:
    """What stands on Linux for a type that is unknown here, or ""."""
    return f"on Linux: {TYPES[name]}" if name in TYPES else ""


def member_help(struct: str, member: str) -> str:
    """What stands on Linux for a member that its structure does not have, or ""."""
    found = MEMBERS.get(struct, {}).get(member)
    return f"on Linux: {found}" if found else ""
