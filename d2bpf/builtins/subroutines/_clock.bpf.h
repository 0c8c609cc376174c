static inline u64 scheduler_clock_lead(void)
{
	u32 zero = 0;
	u64 *lead = scheduler_clock.lookup(&zero);

	return lead ? *lead : 0;
}
