"""What types of other systems are on Linux, for the help below an error. Data only."""

from __future__ import annotations

TYPES = {
    **dict.fromkeys(("struct _kthread", "struct thread", "thread_t"), "struct task_struct"),
    "struct proc": "struct task_struct (of the thread group's leader)",
    **dict.fromkeys(("struct vnode", "inode_t"), "struct inode, and struct dentry for the name"),
    "struct fileproc": "struct file",
    **dict.fromkeys(("buf_t", "struct buf"), "struct request or struct bio"),
    **dict.fromkeys(("uio_t", "struct uio"), "struct iov_iter"),
    **dict.fromkeys(("mblk_t", "struct msgb", "struct mbuf"), "struct sk_buff"),
    **dict.fromkeys(("tcp_t", "struct tcpcb"), "struct tcp_sock"),
    **dict.fromkeys(("conn_t", "struct inpcb", "struct sonode"), "struct sock"),
    **dict.fromkeys(("ill_t", "struct ifnet"), "struct net_device"),
    **dict.fromkeys(("kmutex_t", "struct mtx"), "struct mutex"),
    **dict.fromkeys(("krwlock_t", "struct sx", "struct rwlock"), "struct rw_semaphore"),
    **dict.fromkeys(("struct cpu", "cpu_t"), "struct rq; cpuinfo_t describes a processor"),
    **dict.fromkeys(("vfs_t", "struct mount_t"), "struct super_block"),
    "stack32_t": "nothing: the kernel does not keep the bounds of a thread's stack",
    **dict.fromkeys(("kstat_t", "kstat32_t"), "nothing: statistics are files below /proc and /sys"),
}


def type_help(name: str) -> str:
    """What stands on Linux for a type that is unknown here, or ""."""
    return f"on Linux: {TYPES[name]}" if name in TYPES else ""
