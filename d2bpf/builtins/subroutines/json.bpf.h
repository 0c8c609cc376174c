/*
 * The value that a path selects in JSON text of at most `most` characters, by a machine that takes one character at a time. json.py
 * has its modes, the classes of characters, and the table of what each class leads to in each mode: all without branches, each of
 * which would be followed twice for each character.
 *
 * An element of the path is a position in `keys`, or a number with the highest bit set for an index. LEVEL counts the elements whose
 * containers have been entered; BEYOND, how many more containers are open than the one in which the next element is looked for.
 */
enum json_mode { VALUE, FIRST_VALUE, FIRST_KEY, NEXT_KEY, KEY, KEY_ESCAPE, AT_COLON, STRING, STRING_ESCAPE, BARE, AFTER, OVER };
enum json_turn { OPENS = OVER + 1, CLOSES, NEXT };	/* what the table leaves to be decided */

#define IS(set, n) ((set) >> (n) & 1)

static inline u64 json_value(u64 work, u64 window, u64 machine, u64 state_at, u64 elements, u64 keys, u64 count, u32 most)
{
	/* KINDS has a bit for each open container, the innermost lowest: 1 for an array; above them stands a 1 */
	enum { MODE, KINDS, BEYOND, LEVEL, INDEX, CURSOR, SAME, CHOSEN, FROM, TO };
	volatile u64 *state = (u64 *)state_at;
	u64 start = plain(work, window);

	UNROLLED for (u32 k = MODE; k <= TO; k++)
		state[k] = 0;
	state[KINDS] = 1;
	state[BEYOND] = -1;
	LOOP for (u32 i = 0; i <= most; i++) {
		u64 c = *(u8 *)(window + i), mode = state[MODE];
		u64 class = (*(u64 *)(machine + 8 * (c >> 4 & 7)) >> 4 * (c & 15) & 15) * (c >> 7 ^ 1);
		u64 turn = *(u64 *)(machine + 64 + 8 * (mode & 15)) >> 4 * class & 15;
		u64 was = 1ULL << mode, to = 1ULL << turn;	/* for IS() */
		u64 opens = IS(to, OPENS), closes = IS(to, CLOSES), next = IS(to, NEXT), quoted = IS(to, STRING);

		u64 kinds = state[KINDS], beyond = state[BEYOND], level = state[LEVEL], index = state[INDEX], from = state[FROM];
		u64 element = *(u64 *)(elements + 8 * (level & 15)), by_index = element >> 63, wanted = (u32)element;
		u64 here = is_zero(beyond), array = kinds & 1, last = is_zero(level + 1 ^ count);

		/* keys: character by character */
		u64 cursor = state[CURSOR], same = state[SAME], differs = nonzero(c ^ *(u8 *)(keys + (wanted + cursor & 255)));
		u64 key_begins = IS(to, KEY) & IS(was | was << 1, NEXT_KEY);
		u64 within_key = (IS(was, KEY) | IS(was, KEY_ESCAPE)) & (IS(to, KEY) | IS(to, KEY_ESCAPE));
		u64 key_ends = IS(was, KEY) & IS(to, AT_COLON), whole = is_zero(*(u8 *)(keys + (wanted + cursor & 255)));
		u64 chosen = state[CHOSEN] & (key_ends ^ 1) | key_ends & same & whole & here & (by_index ^ 1);

		state[SAME] = key_begins | same & (within_key & differs ^ 1);
		state[CURSOR] = (cursor + within_key) * (key_begins ^ 1);
		state[CHOSEN] = chosen;

		/* values: where the one begins that the element at hand selects, and where what has been taken ends */
		u64 hit = IS(was | was << 1, FIRST_VALUE) & (quoted | IS(to, BARE) | opens) & here;

		hit &= array & by_index & is_zero(index ^ wanted) | (array ^ 1) & chosen;
		u64 list = is_zero(c ^ '['), enters = hit & (last ^ 1) & opens, taken = nonzero(from);
		u64 ends = (IS(was, BARE) & (next | closes) | (IS(was, BARE) | IS(was, STRING)) & IS(to, AFTER)) & here & taken;
		u64 closed = closes & taken & is_zero(beyond ^ 1) & (array ^ is_zero(c ^ ']') ^ 1);
		u64 bad = (closes | next) & is_zero(kinds ^ 1) | opens & kinds >> 62 | closes & (array ^ is_zero(c ^ ']'));

		bad |= hit & (last ^ 1) & (opens ^ 1) | closes & here | ends | closed;
		state[FROM] = from + hit * last * (i + 1 + quoted);
		state[TO] += ends * (i + 1) + closed * (i + 2);
		state[KINDS] = (kinds << opens | list & opens) >> closes;
		state[BEYOND] = beyond + opens - closes - enters;
		state[LEVEL] = level + enters;
		state[INDEX] = (index + (next & here & array)) * (enters ^ 1);
		turn = turn * (1 ^ opens ^ closes ^ next) + opens * (FIRST_KEY - list) + closes * AFTER + next * NEXT_KEY * (array ^ 1);
		state[MODE] = turn * (bad ^ 1) + OVER * bad;
		if (i % 8 == 7 && state[MODE] == OVER)
			break;
	}
	((char *)window)[masked(state[TO] - 1, STRWIDE)] = 0;
	return (start + state[FROM] - 1) * nonzero(state[TO]);
}
