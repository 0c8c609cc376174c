/* The address of the last byte c in a string, its NUL included, or 0. */
static inline u64 str_rchr(u64 work, u64 text, u64 c)
{
	volatile u64 *found = (u64 *)work;
	u64 start = plain(work, text), wanted = EACH_BYTE(c & 0xff);

	found[0] = 0;
	LOOP for (u32 i = 0; i < STRWORDS; i++) {
		u64 word = ((u64 *)text)[i];
		u64 ends = zero_bytes(word), hits = zero_bytes(word ^ wanted);

		hits &= through_first(ends);
		if (hits)
			found[0] = start + 8 * i + last_byte(hits);
		if (ends)
			break;
	}
	return found[0];
}
