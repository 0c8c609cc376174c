/* What is known of a path: marks and position of the words that hold the start of its last component, the end of that
 * (the byte after it), and the end of a component before. */
enum { START, START_AT, END, END_AT, EARLIER, EARLIER_AT, RESULT };

static inline void find_components(volatile u64 *found, u64 window)
{
	u64 before = 0;	/* marks the lowest byte of the next word if the byte before it belongs to a component */

	UNROLLED for (u32 k = START; k < RESULT; k++)
		found[k] = 0;
	LOOP for (u32 i = 0; i <= STRSIZE; i += 8) {
		u64 word = *(u64 *)(window + i), ends = zero_bytes(word);
		u64 name = ~zero_bytes(word ^ EACH_BYTE('/')) & MARKS & ((ends & -ends) - 1);
		u64 previous = name << 8 | before;

		if (name & ~previous) {
			found[START] = name & ~previous;
			found[START_AT] = i;
		}
		if (previous & ~name) {
			found[EARLIER] = found[END];
			found[EARLIER_AT] = found[END_AT];
			found[END] = previous & ~name;
			found[END_AT] = i;
		}
		before = name >> 56;
		if (ends)
			break;
	}
}

/* The path of no component: "." or "/". */
static inline void no_component(u64 window)
{
	*(char *)window = *(char *)window ? '/' : '.';
	((char *)window)[1] = 0;
}

/// base_name
static inline u64 base_name(u64 work, u64 window)
{
	volatile u64 *found = (u64 *)work;
	u64 start = plain(work, window);

	find_components(found, window);
	found[RESULT] = 0;
	if (found[START]) {
		u64 end = found[END_AT] + last_byte(found[END]);

		((char *)window)[end & STRWIDE] = 0;
		found[RESULT] = found[START_AT] + last_byte(found[START]);
	} else {
		no_component(window);
	}
	return start + found[RESULT];
}

/// dir_name
static inline void dir_name(u64 work, u64 window)
{
	volatile u64 *found = (u64 *)work;
	u64 marks, earlier;

	find_components(found, window);
	marks = found[END];
	earlier = marks & ~(0x80ULL << (8 * (last_byte(marks) & 7)));	/* without the last one */
	if (!found[START]) {
		no_component(window);
	} else if (earlier | found[EARLIER]) {
		u64 end = earlier ? found[END_AT] + last_byte(earlier) : found[EARLIER_AT] + last_byte(found[EARLIER]);

		((char *)window)[end & STRWIDE] = 0;
	} else {
		((char *)window)[1] = 0;
		if (*(char *)window != '/')
			*(char *)window = '.';
	}
}
