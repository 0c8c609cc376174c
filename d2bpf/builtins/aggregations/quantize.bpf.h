/* Bucket 63 is zero; 2^k lies k + 1 above it, -(2^k) as far below. Magnitudes from 2^62 on share the last bucket. */
static inline u64 power_of_two(u64 n)
{
	u64 k = 0;

	if (n >> 32) { k += 32; n >>= 32; }
	if (n >> 16) { k += 16; n >>= 16; }
	if (n >> 8) { k += 8; n >>= 8; }
	if (n >> 4) { k += 4; n >>= 4; }
	if (n >> 2) { k += 2; n >>= 2; }
	if (n >> 1) k += 1;
	return k > 62 ? 62 : k;
}

static inline void agg_quantize(u64 *words, s64 value, s64 increment)
{
	u64 bucket = 63;

	if (value > 0)
		bucket = 64 + power_of_two(value);
	else if (value < 0)
		bucket = 62 - power_of_two(-(u64)value);
	asm volatile("" : "+r"(bucket));	/* keeps the check below, which the verifier needs */
	if (bucket < 127)
		__sync_fetch_and_add(&words[bucket], increment);
}
