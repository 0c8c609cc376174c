/* A free speculation id, now taken; 0 when all are in use. */
static inline u64 new_speculation(void)
{
	_Pragma("clang loop unroll(disable)")
	for (u32 id = 1; id <= NSPEC; id++) {
		u32 key = id;	/* not the counter itself: what a helper was given, the verifier no longer knows */
		struct speculations fresh = {};

		if (!speculations.insert(&key, &fresh))
			return id;
	}
	drop(DROP_SPECUNAVAIL);
	return 0;
}

/* Whether a record of this size still fits the speculation (0: the principal buffer, which judges for itself). */
static inline u64 speculation_has_room(u32 id, u64 size)
{
	struct speculations *entry;

	if (!id)
		return 1;
	entry = speculations.lookup(&id);
	if (entry && entry->bytes + size <= SPECSIZE) {
		__sync_fetch_and_add(&entry->bytes, size);
		return 1;
	}
	drop(DROP_SPEC);
	return 0;
}
