/* words: count, sum, and the 128-bit sum of squares, low word first */
static inline void agg_stddev(u64 *words, s64 value)
{
	u64 size = value < 0 ? -(u64)value : (u64)value;
	u64 low = (u32)size, high = size >> 32;
	u64 middle = low * high;
	u64 square = low * low, top = high * high + (middle >> 31);
	u64 before = square;

	square += middle << 33;
	top += square < before;
	__sync_fetch_and_add(&words[0], 1);
	__sync_fetch_and_add(&words[1], value);
	before = words[2];
	words[2] += square;
	words[3] += top + (words[2] < before);
}
