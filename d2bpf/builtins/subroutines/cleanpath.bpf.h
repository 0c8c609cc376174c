/*
 * Clean a path from one window into another, two characters at a time, of which at most one ends a component that is not empty.
 * `starts` keeps, for each component in the output that .. may take away, the length of the output before it: STRMASK + 1
 * 16-bit numbers.
 */
static inline u64 within_component(u64 c)
{
	return nonzero(c) & nonzero(c ^ '/');
}

static inline void clean_path(u64 work, u64 window, s64 length, u64 output, u64 starts)
{
	enum { LENGTH, NEXT, DEPTH };	/* of the output; where the component at hand goes on; how many there are to take away */
	volatile u64 *state = (u64 *)work;
	u64 rooted = is_zero(*(char *)window ^ '/');

	*(u64 *)(window + (length & STRWIDE)) = 0;
	*(char *)output = '/';
	state[LENGTH] = state[NEXT] = rooted;
	state[DEPTH] = 0;
	LOOP for (u32 i = 0; i <= STRSIZE; i += 2) {
		u64 c = *(u8 *)(window + i), after = *(u8 *)(window + i + 1), next = state[NEXT] & STRWIDE;
		u64 goes_on = within_component(c), follows = within_component(after) & nonzero(c), ends = goes_on & follows ^ 1;

		*(char *)(output + next) = c;
		next += goes_on;

		u64 before = state[LENGTH] & STRWIDE, depth = state[DEPTH] & STRMASK;
		u64 start = (before + below(rooted, before)) & STRWIDE, size = next - start;
		u64 first = *(u16 *)(output + start), popped = *(u16 *)(starts + 2 * (depth - 1 & STRMASK));
		u64 dot = is_zero((size ^ 1) | (first & 0xff ^ '.')), dots = is_zero((size ^ 2) | (first ^ '..'));
		u64 pop = ends & dots & nonzero(depth), push = ends & nonzero(size) & (dot ^ 1) & (dots ^ 1);
		u64 keep = push | (ends & dots & (pop ^ 1) & (rooted ^ 1));

		*(u16 *)(starts + 2 * depth) = before;
		before = next * keep + popped * pop + before * (1 ^ keep ^ pop);
		state[LENGTH] = before;
		state[DEPTH] = depth + push - pop;
		next = next * (ends ^ 1) + (before + below(rooted, before)) * ends;
		*(char *)(output + (before * ends + next * (ends ^ 1) & STRWIDE)) = '/';	/* or else overwritten at once */
		*(char *)(output + (next & STRWIDE)) = after;
		state[NEXT] = next + follows;
		if (i % 8 == 6 && zero_bytes(*(u64 *)(window + i - 6)))
			break;
	}
	if (length && !state[LENGTH]) {
		*(char *)output = '.';
		state[LENGTH] = 1;
	}
	*(char *)(output + (state[LENGTH] & STRWIDE)) = 0;
}
