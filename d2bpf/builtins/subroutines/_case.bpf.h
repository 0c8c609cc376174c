/* Add or take away 32 for the letters from `first` on, in place. */
static inline void change_case(u64 window, u64 first)
{
	LOOP for (u32 i = 0; i < STRWORDS; i++) {
		u64 word = ((u64 *)window)[i], low = word & EACH_BYTE(0x7f);
		u64 letters = (low + EACH_BYTE(0x80 - first)) & ~(low + EACH_BYTE(0x80 - first - 26)) & ~word & MARKS;

		((u64 *)window)[i] = word ^ (letters >> 2);
		if (zero_bytes(word))
			break;
	}
}
