/* Cut the string in a window to `most` characters. */
static inline void cut(u64 window, u64 length, u64 most)
{
	if (most < length)
		((char *)window)[masked(most, STRMASK)] = 0;
}
