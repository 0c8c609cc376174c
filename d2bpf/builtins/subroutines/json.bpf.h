/*
 * The value that a path selects in JSON text of at most `most` characters, by a machine that takes one character at a time. json.py
 * has its modes, the classes of characters, and the table of what a character of each class does in each mode: all without branches,
 * each of which would be followed twice for each character.
 *
 * LEVEL counts the elements of the path whose containers have been entered; BEYOND, how many more containers are open than the one
 * in which the next element is looked for.
 */
enum json_mode { VALUE, FIRST_VALUE, FIRST_KEY, NEXT_KEY, KEY, KEY_ESCAPE, AT_COLON, STRING, STRING_ESCAPE, BARE, AFTER, OVER = 15 };

/* For numbers of less than 63 bits. */
static inline u64 equal(u64 a, u64 b)
{
	return below(a ^ b, 1);
}

/* What a character does, above the number of the mode it leads to. */
enum json_deed { OPENS = 4, CLOSES, NEXT, LIST, BEGINS, QUOTES, ENDS, KEY_BEGINS, KEY_ENDS };
#define DOES(deed) (deeds >> (deed) & 1)

#define BY_INDEX (1ULL << 32)

/* json.py fills all but the state. An element is a key's place in keys, or an index, with BY_INDEX, 8 bits higher; bit 63: the last. */
struct json {
	u8 classes[128];	/* of characters */
	u16 deeds[16][16];	/* by mode and class */
	u64 elements[16];
	u8 keys[256];	/* of which the last is one that begins no key */
	u64 state[10];
};

static inline u64 json_value(u64 work, u64 window, u64 machine, u32 most)
{
	/* KINDS has a bit for each open container, the innermost lowest: 1 for an array; above them stands a 1 */
	enum { MODE, KINDS, BEYOND, LEVEL, INDEX, CURSOR, DIFFERS, CHOSEN, FROM, TO };
	struct json *json = (struct json *)machine;
	volatile u64 *state = json->state;
	u64 start = plain(work, window);

	UNROLLED for (u32 k = MODE; k <= TO; k++)
		state[k] = 0;
	state[KINDS] = 1;
	state[INDEX] = BY_INDEX;
	LOOP for (u32 i = 0; i <= most; i++) {
		u64 c = *(u8 *)(window + i), class = json->classes[c & 127] * (c >> 7 ^ 1);
		u64 deeds = json->deeds[state[MODE] & 15][class & 15];
		u64 element = json->elements[state[LEVEL] & 15], here = settled(equal(state[BEYOND], 1));

		/* keys: character by character */
		u64 cursor = state[CURSOR], due = json->keys[element + cursor & 255], within = DOES(KEY_BEGINS) ^ 1, ends = DOES(KEY_ENDS);
		u64 differs = state[DIFFERS], found = settled(equal(differs | due, 0) & here);

		state[CURSOR] = (cursor + 1) * within;
		state[DIFFERS] = (differs | c ^ due) * within;
		state[CHOSEN] = state[CHOSEN] & (ends ^ 1) | ends & found;

		/* values: where the one begins that the element at hand selects, and where what has been taken ends */
		u64 kinds = state[KINDS], array = kinds & 1, list = DOES(LIST), opens = DOES(OPENS), closes = DOES(CLOSES);
		u64 fits = array ^ list ^ 1, next = DOES(NEXT);
		u64 bad = (closes | next) & equal(kinds, 1) | opens & kinds >> 62 | closes & (here | fits ^ 1);

		state[KINDS] = (kinds << opens | list & opens) >> closes;
		state[MODE] = (deeds & 15) * (1 ^ next & array);

		u64 index = state[INDEX], selects = array & equal(index, element << 1 >> 9) | (array ^ 1) & state[CHOSEN];
		u64 hit = settled(DOES(BEGINS) & here & selects), takes = settled(hit & element >> 63), enters = settled((hit ^ takes) & opens);

		bad |= settled(hit ^ takes ^ enters);
		state[INDEX] = (index + (next & here & array)) * (enters ^ 1) | BY_INDEX;
		state[LEVEL] += enters;

		u64 beyond = state[BEYOND], from = state[FROM], taken = below(0, from);
		u64 ended = settled(DOES(ENDS) & here & taken), closed = settled(closes & taken & equal(beyond, 2) & fits);

		state[BEYOND] = beyond + opens - closes - enters;
		state[FROM] = from + takes * (i + 1 + DOES(QUOTES));
		state[TO] += (ended | closed) * (i + 1 + closed);
		state[MODE] |= OVER * (bad | ended | closed);
		if (i % 8 == 7 && state[MODE] == OVER)
			break;
	}
	((char *)window)[masked(state[TO] - 1, STRWIDE)] = 0;
	return (start + state[FROM] - 1) * nonzero(state[TO]);
}
