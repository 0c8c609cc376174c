static inline void agg_sum(u64 *words, u64 value)
{
	__sync_fetch_and_add(&words[0], value);
	words[1] = 1;
}
