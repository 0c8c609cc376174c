static inline u64 gauge(u32 index)
{
	u64 *value = gauges.lookup(&index);

	return value ? *value : 0;
}
