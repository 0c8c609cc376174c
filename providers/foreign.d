/*
 * foreign.d: what the kernels of Solaris and FreeBSD call things that Linux has, too.
 *
 * __STRUCT__MEMBER stands for a member of a Linux structure that only they have, __kernel__NAME for a variable of theirs.
 * A thread and its process are both a task_struct: t_ and td_ members are a thread's, p_ and u_ members a process'.
 */

typedef struct task_struct klwp_t;
typedef struct path vnode_t;
typedef struct file file_t;
typedef struct cred cred_t;

typedef char __comm_t[16];
typedef char __uts_name_t[65];

/* ---- threads ---- */

inline struct task_struct *__task_struct__t_procp[struct task_struct *t] = t->group_leader;
inline struct task_struct *__task_struct__td_proc[struct task_struct *t] = t->group_leader;
inline struct task_struct *__task_struct__t_lwp[struct task_struct *t] = t;
inline id_t __task_struct__t_tid[struct task_struct *t] = t->pid;
inline id_t __task_struct__td_tid[struct task_struct *t] = t->pid;
inline __comm_t __task_struct__td_name[struct task_struct *t] = t->comm;
inline int __task_struct__t_pri[struct task_struct *t] = t->prio;	/* smaller is better */
inline int __task_struct__td_priority[struct task_struct *t] = t->prio;
inline processorid_t __task_struct__td_oncpu[struct task_struct *t] = __task_cpu[t];
inline struct cred *__task_struct__t_cred[struct task_struct *t] = t->cred;
inline struct cred *__task_struct__td_ucred[struct task_struct *t] = t->cred;

/* ---- processes ---- */

inline struct task_struct *__parent_process[struct task_struct *p] = p->real_parent->group_leader;

inline struct task_struct *__task_struct__p_parent[struct task_struct *p] = __parent_process[p];
inline struct task_struct *__task_struct__p_pptr[struct task_struct *p] = __parent_process[p];
inline struct task_struct *__task_struct__p_pidp[struct task_struct *p] = p;
inline pid_t __task_struct__pid_id[struct task_struct *p] = p->tgid;
inline pid_t __task_struct__p_pid[struct task_struct *p] = p->tgid;
inline pid_t __task_struct__p_ppid[struct task_struct *p] = p->real_parent->tgid;
inline __comm_t __task_struct__p_comm[struct task_struct *p] = p->comm;
inline struct cred *__task_struct__p_cred[struct task_struct *p] = p->cred;
inline struct cred *__task_struct__p_ucred[struct task_struct *p] = p->cred;
inline int __task_struct__p_lwpcnt[struct task_struct *p] = p->signal->nr_threads;
inline int __task_struct__p_numthreads[struct task_struct *p] = p->signal->nr_threads;
inline hrtime_t __task_struct__p_mstart[struct task_struct *p] = p->group_leader->start_time;

/* Ticks of 10 ms, of this thread and of those that have ended. */
inline long __task_struct__p_utime[struct task_struct *p] = (p->signal->utime + p->utime) / 10000000;
inline long __task_struct__p_stime[struct task_struct *p] = (p->signal->stime + p->stime) / 10000000;

inline size_t __task_struct__p_brksize[struct task_struct *p] = p->mm == NULL ? 0 : p->mm->brk - p->mm->start_brk;
inline size_t __task_struct__p_stksize[struct task_struct *p] = p->mm == NULL ? 0 : p->mm->stack_vm * 4096;

inline struct task_struct *__task_struct__p_user[struct task_struct *p] = p;
inline __comm_t __task_struct__u_comm[struct task_struct *p] = p->comm;
inline string __task_struct__u_psargs[struct task_struct *p] = __psargs(p);
inline vnode_t *__task_struct__u_cdir[struct task_struct *p] = &p->fs->pwd;
inline vnode_t *__task_struct__u_rdir[struct task_struct *p] = &p->fs->root;

/* ---- credentials ---- */

inline uid_t __cred__cr_uid[struct cred *c] = c->euid.val;
inline uid_t __cred__cr_ruid[struct cred *c] = c->uid.val;
inline gid_t __cred__cr_gid[struct cred *c] = c->egid.val;
inline gid_t __cred__cr_rgid[struct cred *c] = c->gid.val;

/* ---- open files: the kernel's array of struct file * read as an array of uf_entry_t ---- */

typedef struct uf_entry {
	struct file *uf_file;
} uf_entry_t;

inline struct fdtable *__task_struct__u_finfo[struct task_struct *p] = p->files->fdt;
inline uf_entry_t *__fdtable__fi_list[struct fdtable *f] = (uf_entry_t *)f->fd;
inline int __fdtable__fi_nfiles[struct fdtable *f] = f->max_fds;
inline vnode_t *__file__f_vnode[struct file *f] = &f->f_path;
inline offset_t __file__f_offset[struct file *f] = f->f_pos;

inline string __path__v_path[struct path *v] = __path(v);
inline string __dentry__v_path[struct dentry *d] = __dentry_path(d);

/* A file system by where it is mounted, and that by the mount itself. */
inline struct vfsmount *__path__v_vfsp[struct path *v] = v->mnt;
inline struct vfsmount *__vfsmount__vfs_vnodecovered[struct vfsmount *m] = m;
inline string __vfsmount__v_path[struct vfsmount *m] = __mountpoint(m);
inline struct vfsmount *__kernel__rootvfs = curthread->fs->root.mnt;

inline int VNON = 0;
inline int VREG = 1;
inline int VDIR = 2;
inline int VBLK = 3;
inline int VCHR = 4;
inline int VLNK = 5;
inline int VFIFO = 6;
inline int VSOCK = 9;

/* S_IFIFO 1, S_IFCHR 2, S_IFDIR 4, S_IFBLK 6, S_IFREG 8, S_IFLNK 10, S_IFSOCK 12 */
inline int __vnode_type[ushort_t format] =
	format == 8 ? VREG :
	format == 4 ? VDIR :
	format == 6 ? VBLK :
	format == 2 ? VCHR :
	format == 10 ? VLNK :
	format == 1 ? VFIFO :
	format == 12 ? VSOCK : VNON;

inline int __path__v_type[struct path *v] = __vnode_type[v->dentry->d_inode->i_mode >> 12];

/* ---- variables ---- */

inline struct new_utsname __kernel__utsname = curthread->nsproxy->uts_ns->name;
inline __uts_name_t __kernel__architecture = curthread->nsproxy->uts_ns->name.machine;
inline __uts_name_t __kernel__platform = curthread->nsproxy->uts_ns->name.machine;

/* The number given out last: the next one to be tried comes after it. */
inline pid_t __kernel__mpid = curthread->nsproxy->pid_ns_for_children->idr.idr_next - 1;

inline long __kernel___pagesize = __gauge("page_size");
inline int __kernel__ncpus = __gauge("processors");
inline int __kernel__ncpus_online = __gauge("processors");

/* Load averages, in units of 1/65536. */
inline int __kernel__hp_avenrun[int i] =
	i == 0 ? __gauge("load1") : i == 1 ? __gauge("load5") : __gauge("load15");

/* Ticks of 10 ms since boot. */
inline clock_t __kernel__lbolt = timestamp / 10000000;

/* ---- memory, in pages ---- */

inline ulong_t __kernel__freemem = __gauge("memory_free");
inline ulong_t __kernel__physmem = __gauge("memory");
inline ulong_t __kernel__physinstalled = __gauge("memory");
inline ulong_t __kernel__pages_locked = __gauge("memory_locked");

/* What neither the kernel nor locked pages take. */
inline ulong_t __kernel__availrmem = __gauge("memory") - __gauge("memory_locked") - __gauge("memory_kernel");

/* Linux keeps no memory back from what processes may reserve, and swaps pages, not processes. */
inline ulong_t __kernel__swapfs_minfree = 0;
inline ulong_t __kernel__swapfs_reserve = 0;
inline int __kernel__nswapped = 0;

typedef struct k_anoninfo {
	ulong_t ani_max;	/* swap space */
	ulong_t ani_free;
	ulong_t ani_phys_resv;	/* of it, in use: Linux reserves no place there before it writes */
	ulong_t ani_mem_resv;	/* what else processes may come to use */
	ulong_t ani_locked_swap;
} k_anoninfo_t;

inline int64_t __swap_used = __gauge("swap") - __gauge("swap_free");
inline int64_t __committed_beyond_swap = __gauge("memory_committed") - __swap_used;

translator k_anoninfo_t < int none > {
	ani_max = __gauge("swap");
	ani_free = __gauge("swap_free");
	ani_phys_resv = __swap_used;
	ani_mem_resv = __committed_beyond_swap < 0 ? 0 : __committed_beyond_swap;
	ani_locked_swap = 0;
};

inline k_anoninfo_t __kernel__k_anoninfo = xlate <k_anoninfo_t> (0);

/* ---- devices that interrupt: what sdt:::interrupt-start gives as a struct dev_info * is the struct irqaction ---- */

struct dev_info {
	long __irqaction;
};

inline uintptr_t __dev_info__devi_major[struct dev_info *d] = (uintptr_t)d;	/* good for `devnamesp only */
inline int __dev_info__devi_instance[struct dev_info *d] = ((struct irqaction *)d)->irq;
inline struct irqaction *__kernel__devnamesp[uintptr_t major] = (struct irqaction *)major;
inline string __irqaction__dn_name[struct irqaction *a] = stringof(a->name);
