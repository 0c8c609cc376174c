/* words: the value, and whether there is one */
static inline void agg_min(u64 *words, s64 value)
{
	if (!words[1] || value < (s64)words[0])
		words[0] = value;
	words[1] = 1;
}
