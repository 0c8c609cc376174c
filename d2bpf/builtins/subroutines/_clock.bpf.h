static inline u64 scheduler_clock_lead(void)
{
	u32 zero = 0;
	u64 *lead = scheduler_clock.lookup(&zero);

	return lead ? *lead : 0;
}

static inline u64 scheduler_word(u64 address)
{
	u64 word = 0;

	bpf_probe_read_kernel(&word, sizeof(word), (void *)address);
	return word;
}

/*
 * What the current thread has run at the time `now` of the monotonic clock: sum_exec_runtime when the scheduler last looked at it, at
 * exec_start, and the time since. It may look at this very moment, from an interrupt or another processor: then read once more.
 */
/// run_time
static inline u64 run_time(u64 thread, u64 now)
{
	u64 entity = thread + task_struct__se, sum = 0, start = 0;

#pragma unroll
	for (u32 trial = 0; trial < 2; trial++) {
		sum = scheduler_word(entity + sched_entity__sum_exec_runtime);
		start = scheduler_word(entity + sched_entity__exec_start);
		if (sum == scheduler_word(entity + sched_entity__sum_exec_runtime))
			break;
	}
	return sum + now - scheduler_clock_lead() - start;
}

/* The same where a thread is not charged for all time that passes: its processor's clock_task omits what others took. */
/// charged_run_time
static inline u64 charged_run_time(u64 thread, u64 now)
{
	u64 entity = thread + task_struct__se, sum = 0, start = 0, clock = 0, charged = 0;
	u64 queue = scheduler_word(scheduler_word(entity + sched_entity__cfs_rq) + cfs_rq__rq);

#pragma unroll
	for (u32 trial = 0; trial < 2; trial++) {
		sum = scheduler_word(entity + sched_entity__sum_exec_runtime);
		clock = scheduler_word(queue + rq__clock);
		charged = scheduler_word(queue + rq__clock_task);
		start = scheduler_word(entity + sched_entity__exec_start);
		if (clock == scheduler_word(queue + rq__clock) && sum == scheduler_word(entity + sched_entity__sum_exec_runtime))
			break;
	}
	return sum + now - scheduler_clock_lead() - (clock - charged) - start;
}
