static inline void agg_count(u64 *words)
{
	__sync_fetch_and_add(&words[0], 1);
}
