/*
 * psinfo.d: processes and threads as psinfo_t and lwpsinfo_t.
 *
 * A psinfo_t describes the process that a task_struct belongs to, an lwpsinfo_t the one thread it stands for. Members
 * that Linux has no notion of (projects, zones, contracts) are 0.
 */

typedef struct timestruc {
	time_t tv_sec;
	long tv_nsec;
} timestruc_t;

translator timestruc_t < uint64_t ns > {
	tv_sec = ns / 1000000000;
	tv_nsec = ns % 1000000000;
};

typedef int pri_t;
typedef int psetid_t;
typedef struct task_struct kthread_t;
typedef struct task_struct proc_t;

typedef struct lwpsinfo {
	int pr_flag;		/* PR_STOPPED, PR_ISSYS, PR_IDLE */
	id_t pr_lwpid;
	uintptr_t pr_addr;	/* the task_struct */
	uintptr_t pr_wchan;	/* 0 */
	char pr_stype;		/* 0 */
	char pr_state;		/* SSLEEP ... */
	char pr_sname;		/* 'S' ... */
	char pr_nice;		/* -20 to 19 */
	short pr_syscall;	/* 0 */
	char pr_oldpri;		/* 0 */
	char pr_cpu;		/* 0 */
	int pr_pri;		/* the kernel's priority: 0 to 99 real time, 100 to 139 others, smaller is better */
	ushort_t pr_pctcpu;	/* 0 */
	timestruc_t pr_start;	/* since boot */
	timestruc_t pr_time;	/* user and system time */
	string pr_clname;	/* scheduling class: TS, RT, DL, IDLE */
	string pr_name;
	processorid_t pr_onpro;	/* where it runs, or ran last */
	processorid_t pr_bindpro;	/* PBIND_NONE */
	psetid_t pr_bindpset;	/* PS_NONE */
	int pr_lgrp;		/* 0 */
} lwpsinfo_t;

typedef struct psinfo {
	int pr_flag;		/* 0 */
	int pr_nlwp;
	int pr_nzomb;		/* 0 */
	pid_t pr_pid;
	pid_t pr_ppid;
	pid_t pr_pgid;
	pid_t pr_sid;
	uid_t pr_uid;
	uid_t pr_euid;
	gid_t pr_gid;
	gid_t pr_egid;
	uintptr_t pr_addr;	/* the task_struct of the first thread */
	size_t pr_size;		/* KB */
	size_t pr_rssize;	/* KB */
	dev_t pr_ttydev;	/* PRNODEV: none */
	ushort_t pr_pctcpu;	/* 0 */
	ushort_t pr_pctmem;	/* 0 */
	timestruc_t pr_start;	/* since boot */
	timestruc_t pr_time;	/* of this thread and of those that have ended */
	timestruc_t pr_ctime;	/* of children that were waited for */
	string pr_fname;
	string pr_psargs;	/* at most 79 characters */
	int pr_wstat;
	int pr_argc;		/* 0 for other processes than the current one */
	uintptr_t pr_argv;
	uintptr_t pr_envp;	/* 0 for other processes than the current one */
	char pr_dmodel;		/* PR_MODEL_LP64, PR_MODEL_ILP32 */
	taskid_t pr_taskid;	/* 0 */
	projid_t pr_projid;	/* 0 */
	poolid_t pr_poolid;	/* 0 */
	zoneid_t pr_zoneid;	/* 0 */
	int pr_contract;	/* 0 */
	size_t pr_arglen;	/* bytes */
	int pr_jailid;		/* 0 */
	lwpsinfo_t pr_lwp;	/* the thread at hand */
} psinfo_t;

inline int PR_STOPPED = 0x1;
inline int PR_ISTOP = 0x2;
inline int PR_DSTOP = 0x4;
inline int PR_ASLEEP = 0x8;
inline int PR_ISSYS = 0x1000;
inline int PR_IDLE = 0x10000000;

inline char PR_MODEL_UNKNOWN = 0;
inline char PR_MODEL_ILP32 = 1;
inline char PR_MODEL_LP64 = 2;

inline dev_t PRNODEV = 0xffffffff;
inline processorid_t PBIND_NONE = -1;
inline psetid_t PS_NONE = -1;

inline char SSLEEP = 1;
inline char SRUN = 2;
inline char SZOMB = 3;
inline char SSTOP = 4;
inline char SIDL = 5;
inline char SONPROC = 6;
inline char SWAIT = 7;

/* TASK_INTERRUPTIBLE 1, _UNINTERRUPTIBLE 2, __TASK_STOPPED 4, _TRACED 8; exit_state and TASK_DEAD 0x10, 0x20, 0x80. */
inline char __task_lwpstate[struct task_struct *t] =
	__task_state[t] == 0 ? (t->on_cpu ? SONPROC : SRUN) :
	__task_state[t] & 0x3 ? SSLEEP :
	__task_state[t] & 0xc ? SSTOP :
	(__task_state[t] & 0xb0) || t->exit_state ? SZOMB : SWAIT;

inline char __lwpstate_letter[char state] =
	state == SSLEEP ? 'S' :
	state == SRUN ? 'R' :
	state == SONPROC ? 'O' :
	state == SSTOP ? 'T' :
	state == SZOMB ? 'Z' : 'W';

/* SCHED_NORMAL 0, SCHED_FIFO 1, SCHED_RR 2, SCHED_BATCH 3, SCHED_IDLE 5, SCHED_DEADLINE 6 */
inline string __policy_class[uint_t policy] =
	policy == 1 || policy == 2 ? "RT" :
	policy == 5 ? "IDLE" :
	policy == 6 ? "DL" : "TS";

/* PF_IDLE 0x2, PF_KTHREAD 0x200000 */
translator lwpsinfo_t < struct task_struct *T > {
	pr_flag = ((__task_state[T] & 0xc) ? PR_STOPPED | PR_ISTOP : 0) |
	    ((T->flags & 0x200000) ? PR_ISSYS : 0) |
	    ((T->flags & 0x2) ? PR_IDLE : 0);
	pr_lwpid = T->pid;
	pr_addr = (uintptr_t)T;
	pr_wchan = 0;
	pr_stype = 0;
	pr_state = __task_lwpstate[T];
	pr_sname = __lwpstate_letter[__task_lwpstate[T]];
	pr_nice = T->static_prio - 120;
	pr_syscall = 0;
	pr_oldpri = 0;
	pr_cpu = 0;
	pr_pri = T->prio;
	pr_pctcpu = 0;
	pr_start = xlate <timestruc_t> ((uint64_t)T->start_boottime);
	pr_time = xlate <timestruc_t> ((uint64_t)(T->utime + T->stime));
	pr_clname = __policy_class[T->policy];
	pr_name = stringof(T->comm);
	pr_onpro = __task_cpu[T];
	pr_bindpro = PBIND_NONE;
	pr_bindpset = PS_NONE;
	pr_lgrp = 0;
};

/* The first argument word on the initial stack is argc; argv, a NULL and envp follow. */
inline int __argc[struct task_struct *t] =
	t->mm != NULL && t->tgid == curthread->tgid ? *(int *)copyin(t->mm->start_stack, sizeof (int)) : 0;

inline dev_t __tty_device[struct tty_struct *tty] =
	tty == NULL ? PRNODEV : tty->driver->major << 20 | (tty->driver->minor_start + tty->index);

/* signal->pids: of the thread group 1, of the process group 2, of the session 3 */
translator psinfo_t < struct task_struct *T > {
	pr_flag = 0;
	pr_nlwp = T->signal->nr_threads;
	pr_nzomb = 0;
	pr_pid = T->tgid;
	pr_ppid = T->real_parent->tgid;
	pr_pgid = T->signal->pids[2]->numbers[0].nr;
	pr_sid = T->signal->pids[3]->numbers[0].nr;
	pr_uid = T->real_cred->uid.val;
	pr_euid = T->real_cred->euid.val;
	pr_gid = T->real_cred->gid.val;
	pr_egid = T->real_cred->egid.val;
	pr_addr = (uintptr_t)T->group_leader;
	pr_size = T->mm == NULL ? 0 : T->mm->total_vm * 4;
	pr_rssize = T->mm == NULL ? 0 : __resident_pages[T->mm] * 4;
	pr_ttydev = __tty_device[T->signal->tty];
	pr_pctcpu = 0;
	pr_pctmem = 0;
	pr_start = xlate <timestruc_t> ((uint64_t)T->group_leader->start_boottime);
	pr_time = xlate <timestruc_t> ((uint64_t)(T->signal->utime + T->signal->stime + T->utime + T->stime));
	pr_ctime = xlate <timestruc_t> ((uint64_t)(T->signal->cutime + T->signal->cstime));
	pr_fname = stringof(T->group_leader->comm);
	pr_psargs = __psargs(T);
	pr_wstat = T->exit_code;
	pr_argc = __argc[T];
	pr_argv = T->mm == NULL ? 0 : T->mm->start_stack + 8;
	pr_envp = __argc[T] == 0 ? 0 : T->mm->start_stack + 8 * (__argc[T] + 2);
	pr_dmodel = T->mm != NULL && T->mm->task_size <= 0x100000000 ? PR_MODEL_ILP32 : PR_MODEL_LP64;
	pr_taskid = 0;
	pr_projid = 0;
	pr_poolid = 0;
	pr_zoneid = 0;
	pr_contract = 0;
	pr_arglen = T->mm == NULL ? 0 : T->mm->arg_end - T->mm->arg_start;
	pr_jailid = 0;
	pr_lwp = xlate <lwpsinfo_t> (T);
};

inline psinfo_t *curpsinfo = xlate <psinfo_t *> (curthread);
inline lwpsinfo_t *curlwpsinfo = xlate <lwpsinfo_t *> (curthread);
inline struct task_struct *curproc = curthread->group_leader;
inline string execargs = __psargs(curthread);

inline string zonename = "global";
inline string jailname = "";
inline int jid = 0;
