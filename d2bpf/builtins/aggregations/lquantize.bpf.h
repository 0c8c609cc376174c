/* Bucket 0 holds what lies below base, the last one what lies at or above base + levels * step. */
static inline void agg_lquantize(u64 *words, s64 value, s64 increment, s64 base, s64 limit, u64 step)
{
	u64 levels = (u64)(limit - base) / step;
	u64 bucket = 0;

	if (value >= base) {
		bucket = 1 + ((u64)value - (u64)base) / step;
		if (bucket > levels)
			bucket = levels + 1;
	}
	asm volatile("" : "+r"(bucket));	/* keeps the check below, which the verifier needs */
	if (bucket < levels + 2)
		__sync_fetch_and_add(&words[bucket], increment);
}
