/*
 * task.d: what has moved within the kernel's task_struct and mm_struct over time, as it is now.
 *
 * task-5.13.d, task-5.15.d and task-6.1.d have the same for kernels that still have it elsewhere.
 */

inline uint64_t __task_state[struct task_struct *t] = t->__state;

inline processorid_t __task_cpu[struct task_struct *t] = t->thread_info.cpu;

/* MM_FILEPAGES 0, MM_ANONPAGES 1, MM_SHMEMPAGES 3; each CPU holds back up to some dozens of pages from these counts. */
inline int64_t __resident_pages[struct mm_struct *mm] =
	mm->rss_stat[0].count + mm->rss_stat[1].count + mm->rss_stat[3].count;
