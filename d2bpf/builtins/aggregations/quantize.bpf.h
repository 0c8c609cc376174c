/* Bucket 63 is zero; 2^k lies k + 1 above it, -(2^k) as far below. Magnitudes from 2^62 on share the last bucket. */
static inline void agg_quantize(u64 *words, s64 value, s64 increment)
{
	u64 distance = value ? bpf_log2l(value < 0 ? -(u64)value : (u64)value) : 0;	/* which is k + 1 */
	u64 bucket;

	if (distance > 63)
		distance = 63;
	bucket = value < 0 ? 63 - distance : 63 + distance;
	asm volatile("" : "+r"(bucket));	/* keeps the check below, which the verifier needs */
	if (bucket < 127)
		__sync_fetch_and_add(&words[bucket], increment);
}
