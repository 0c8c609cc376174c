/*
 * task-5.15.d: the CPU of a thread before Linux 5.16 moved it to thread_info (commit bcf9033e5449).
 */

#pragma D depends_on member struct task_struct.cpu

inline processorid_t __task_cpu[struct task_struct *t] = t->cpu;
