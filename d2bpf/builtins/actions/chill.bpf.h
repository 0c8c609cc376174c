enum { CHILL_INTERVAL = 1000000000, CHILL_MOST = 500000000 };	/* ns of each interval that a CPU may be kept busy */
enum { CHILL_TURNS = 7000, CHILL_MASK = sizeof(struct chill_memory) - 1 };	/* a power of two */

/*
 * Keep the CPU busy for so many nanoseconds; -1 if that is more than it may be. The verifier allows some 8000 turns of a loop
 * with a way out, so a turn takes its time: it copies memory onto itself, up to 2 MB in at least 80 us, and less towards the
 * end. The copy's size is found without another jump.
 */
static inline s64 chill_for(u64 ns)
{
	u32 zero = 0;
	u64 start = bpf_ktime_get_ns(), waited = 0;
	struct chilled *cpu = chilled.lookup(&zero);
	struct chill_memory *memory = (struct chill_memory *)chill_memory.lookup(&zero);

	if (!cpu || !memory)
		return -1;
	if (start - cpu->since > CHILL_INTERVAL) {
		cpu->since = start;
		cpu->spent = 0;
	}
	if (ns > CHILL_MOST || cpu->spent + ns > CHILL_MOST)
		return -1;
	cpu->spent += ns;
	_Pragma("clang loop unroll(disable)")
	for (u32 i = 0; i < CHILL_TURNS && waited < ns; i++) {
		u64 size = (ns - waited) * 4, too_much = (s64)(CHILL_MASK - size) >> 63;

		bpf_probe_read_kernel(memory->words, (size | too_much) & CHILL_MASK, memory->words);
		waited = bpf_ktime_get_ns() - start;
	}
	return 0;
}
