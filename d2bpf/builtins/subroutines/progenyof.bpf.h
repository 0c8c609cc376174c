#define GENERATIONS 128	/* of processes that are looked at */

/* Whether a process is `task`'s or one that it descends from: 1 or 0; negative if memory cannot be read. */
static inline s64 descends(u64 work, u64 task, u64 process)
{
	volatile s64 *result = (s64 *)work;

	result[0] = -1;
	LOOP for (u32 i = 0; i < GENERATIONS; i++) {
		u32 id = 0;
		u64 parent = 0;

		if (bpf_probe_read_kernel(&id, sizeof(id), (void *)(task + task_struct__tgid)))
			break;
		if (id == (u32)process) {
			result[0] = 1;
			break;
		}
		if (bpf_probe_read_kernel(&parent, sizeof(parent), (void *)(task + task_struct__real_parent)))
			break;
		if (parent == task) {
			result[0] = 0;
			break;
		}
		task = parent;
	}
	return result[0];
}
