/* Buckets in order of value: negative overflow, negative ones, |value| < factor^low, positive ones, overflow. The parameters are
 * constants, so the loops over magnitudes unroll to a chain of comparisons. */
static inline void agg_llquantize(u64 *words, s64 value, s64 increment, u64 factor, u64 low, u64 high, u64 steps)
{
	u64 size = value < 0 ? -(u64)value : (u64)value;
	u64 start = 1, bounds = 1, at = 0, total;

	_Pragma("unroll")
	for (u64 m = 0; m <= high; m++) {
		u64 end = start * factor;
		u64 width = end / steps ? end / steps : 1;

		if (m >= low) {
			u64 here = (end - 1) / width - start / width + 1;

			if (size >= end)
				at += here;
			else if (size >= start)
				at += size / width - start / width + 1;
			bounds += here;
		}
		start = end;
	}
	if (size >= start)
		at++;
	total = 2 * bounds + 1;
	at = value < 0 ? bounds - at : bounds + at;
	asm volatile("" : "+r"(at));	/* keeps the check below, which the verifier needs */
	if (at < total)
		__sync_fetch_and_add(&words[at], increment);
}
