/*
 * Clean a path from one window into another. `starts` keeps, for each component in the output that .. may take away, the
 * length of the output before it: STRMASK + 1 16-bit numbers.
 */
static inline void clean_path(u64 work, u64 window, s64 length, u64 output, u64 starts)
{
	enum { LENGTH, NEXT, DEPTH };	/* of the output; where the component at hand goes on; how many there are to take away */
	volatile u64 *state = (u64 *)work;
	u64 rooted = is_zero(*(char *)window ^ '/');

	*(u64 *)(window + (length & STRWIDE)) = 0;
	*(char *)output = '/';
	state[LENGTH] = state[NEXT] = rooted;
	state[DEPTH] = 0;
	LOOP for (u32 i = 0; i <= STRSIZE; i++) {
		u64 c = *(u8 *)(window + i), next = state[NEXT] & STRWIDE;

		if (nonzero(c) & nonzero(c ^ '/')) {
			*(char *)(output + next) = c;
			state[NEXT] = next + 1;
		} else {
			u64 before = state[LENGTH] & STRWIDE, depth = state[DEPTH] & STRMASK;
			u64 start = (before + below(rooted, before)) & STRWIDE, size = next - start;
			u64 first = *(u16 *)(output + start), popped = *(u16 *)(starts + 2 * (depth - 1 & STRMASK));
			u64 dot = is_zero((size ^ 1) | (first & 0xff ^ '.')), dots = is_zero((size ^ 2) | (first ^ '..'));
			u64 pop = dots & nonzero(depth), push = nonzero(size) & (dot ^ 1) & (dots ^ 1);
			u64 keep = push | (dots & (pop ^ 1) & (rooted ^ 1));

			*(u16 *)(starts + 2 * depth) = before;
			before = next * keep + popped * pop + before * (1 ^ keep ^ pop);
			state[LENGTH] = before;
			state[DEPTH] = depth + push - pop;
			*(char *)(output + (before & STRWIDE)) = '/';
			state[NEXT] = before + below(rooted, before);
		}
		if (i % 8 == 7 && zero_bytes(*(u64 *)(window + i - 7)))
			break;
	}
	if (length && !state[LENGTH]) {
		*(char *)output = '.';
		state[LENGTH] = 1;
	}
	*(char *)(output + (state[LENGTH] & STRWIDE)) = 0;
}
