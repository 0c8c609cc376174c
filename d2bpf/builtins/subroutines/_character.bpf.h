/* The character of a string of n characters at a position below STRSIZE; 0 behind its end. */
static inline u64 character_at(u64 text, u64 n, u64 index)
{
	return index < n ? (s64)*(s8 *)(text + masked(index, STRMASK)) : 0;
}

/* Have another character at a position up to the end. One at the end makes the string longer. */
static inline void set_character(u64 text, u64 n, u64 index, u64 character)
{
	if (index == n)
		*(u8 *)(text + masked(index + 1, STRWIDE)) = 0;
	*(u8 *)(text + masked(index, STRMASK)) = character;
}
