/* The characters that delimit tokens, as a set of bits: NUL is not among them. */
static inline void delimiters(u64 set, u64 a, u64 b, u64 c, u64 d)
{
	volatile u64 *words = (u64 *)set;

	words[0] = a;
	words[1] = b;
	words[2] = c;
	words[3] = d;
}

/* Marks for those of 8 bytes from p on that are in a set. */
static inline u64 members(u64 set, u64 p)
{
	u64 marks = 0;

	UNROLLED for (u32 k = 0; k < 8; k++) {
		u64 c = *(u8 *)(p + k);

		marks |= (*(u64 *)(set + 8 * (c >> 6 & 3)) >> (c & 63) & 1) << (8 * k + 7);
	}
	return marks;
}

/*
 * The next token of the string in a window, into another one; gives that one's address, or 0 if there is none left. `next` is
 * where to go on: a position plus 1, or 0 for a string that is used up. `set` is changed.
 */
static inline u64 next_token(u64 work, u64 window, u64 next, u64 set, u64 token)
{
	enum { FROM, TO, RESULT };
	volatile u64 *place = (u64 *)work, *state = (u64 *)next;
	u64 at = *state - 1, result = plain(work, token);

	place[RESULT] = 0;
	*state = 0;
	if (at > STRMASK)
		goto out;
	place[FROM] = STRSIZE;
	u64 p = window + masked(at, STRMASK);
	LOOP for (u32 i = 0; i < STRSIZE; i += 8) {
		u64 marks = members(set, p + i) ^ MARKS;

		if (marks) {
			place[FROM] = at + i + first_byte(marks);
			break;
		}
	}
	at = place[FROM];
	if (at > STRMASK || !*(char *)(window + masked(at, STRMASK)))
		goto out;
	place[TO] = STRSIZE;
	*(volatile u64 *)set |= 1;
	p = window + masked(at, STRMASK);
	LOOP for (u32 i = 0; i <= STRSIZE; i += 8) {
		u64 marks = members(set, p + i);

		if (marks) {
			place[TO] = at + i + first_byte(marks);
			break;
		}
	}
	bpf_probe_read_kernel_str((char *)token, STRSIZE + 1, (void *)p);
	*(char *)(token + (place[TO] - at & STRWIDE)) = 0;
	if (*(char *)(window + (place[TO] & STRWIDE)))
		*state = place[TO] + 2;
	place[RESULT] = result;
out:
	return place[RESULT];
}

/// add_delimiters
/* As delimiters() for a string that is known only now. */
static inline void add_delimiters(u64 set, u64 window)
{
	delimiters(set, 0, 0, 0, 0);
	LOOP for (u32 i = 0; i <= STRSIZE; i += 8) {
		u64 word = *(u64 *)(window + i), ends = zero_bytes(word), inside = (ends & -ends) - 1;

		UNROLLED for (u32 k = 0; k < 8; k++) {
			u64 c = word >> 8 * k & 0xff;

			*(volatile u64 *)(set + 8 * (c >> 6 & 3)) |= (inside >> (8 * k + 7) & 1) << (c & 63);
		}
		if (ends)
			break;
	}
}
