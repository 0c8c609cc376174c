static inline void agg_avg(u64 *words, u64 value)
{
	__sync_fetch_and_add(&words[0], 1);
	__sync_fetch_and_add(&words[1], value);
}
