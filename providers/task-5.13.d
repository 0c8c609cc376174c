/*
 * task-5.13.d: the state of a thread before Linux 5.14 renamed the member (commit 2f064a59a11f).
 */

#pragma D depends_on member struct task_struct.state

inline uint64_t __task_state[struct task_struct *t] = t->state;
