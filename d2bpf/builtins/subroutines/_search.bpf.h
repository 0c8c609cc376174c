#define HASH_BASE 0x9e3779b97f4a7c15ULL

/* The smaller of a start position and the length, from 0. */
static inline u64 clamp(s64 position, s64 length)
{
	return position < 0 ? 0 : position > length ? length : position;
}

static inline s64 smaller(s64 a, s64 b)
{
	return a < b ? a : b;
}

/// find_word
/* Marks for those of 8 places, from p on, at which the bytes of `needle` stand. */
static inline u64 places(u64 p, u64 needle, u64 mask)
{
	u64 others = 0;

	UNROLLED for (u32 k = 0; k < 8; k++)
		others |= nonzero((*(u64 *)(p + k) ^ needle) & mask) << (8 * k + 7);
	return others ^ MARKS;
}

/* The first, or last, position from 0 to limit at which 1 to 8 bytes stand in a string, plus 1; or 0. */
static inline u64 find_word(u64 work, u64 text, s64 limit, u64 needle, u64 mask, u64 last)
{
	volatile u64 *found = (u64 *)work;

	limit = plain(work, limit);
	found[0] = 0;
	LOOP for (u32 i = 0; i < STRSIZE; i += 8) {
		u64 marks;

		if (limit < (s64)i)
			break;
		if (mask == 0xff)
			marks = zero_bytes(*(u64 *)(text + i) ^ EACH_BYTE(needle));
		else
			marks = places(text + i, needle, mask);
		marks &= bytes_through(limit - i);
		if (marks) {
			found[0] = i + 1 + (last ? last_byte(marks) : first_byte(marks));
			if (!last)
				break;
		}
	}
	return found[0];
}

/// find_text
/* As find_word for a string of `size` characters, by a rolling hash. What is found is compared: -1 if only the hash was
 * equal. */
static inline s64 find_text(u64 work, u64 text, s64 limit, u64 needle, u64 size, u64 last)
{
	volatile u64 *found = (u64 *)work;
	u64 want = 0, have = 0, power = 1, ahead = text + masked(size, STRMASK), at;

	enum { AT, DIFFERS, WANT, HAVE, POWER };
	u64 first_size = plain(work, size), last_size = plain(work, size);

	limit = plain(work, limit);
	found[AT] = found[DIFFERS] = 0;
	if (!size)
		return 0;
	LOOP for (u32 i = 0; i < STRSIZE; i += 8) {
		if (i >= first_size)
			break;
		UNROLLED for (u32 k = 0; k < 8; k++) {
			u64 inside = below(i + k, first_size), factor = 1 + (HASH_BASE - 1) * inside;

			want = want * factor + *(u8 *)(needle + i + k) * inside;
			have = have * factor + *(u8 *)(text + i + k) * inside;
			power *= factor;
		}
	}
	found[WANT] = want;
	found[HAVE] = have;
	found[POWER] = power;
	want = found[WANT];
	have = found[HAVE];
	power = found[POWER];
	LOOP for (u32 i = 0; i < STRSIZE; i += 8) {
		u64 others = 0, marks;

		if (limit < (s64)i)
			break;
		UNROLLED for (u32 k = 0; k < 8; k++) {
			others |= nonzero(have ^ want) << (8 * k + 7);
			have = have * HASH_BASE + *(u8 *)(ahead + i + k) - *(u8 *)(text + i + k) * power;
		}
		marks = (others ^ MARKS) & bytes_through(limit - i);
		if (marks) {
			found[0] = i + 1 + (last ? last_byte(marks) : first_byte(marks));
			if (!last)
				break;
		}
	}
	at = found[AT];
	if (!at)
		return 0;
	text += masked(at - 1, STRMASK);
	LOOP for (u32 i = 0; i < STRSIZE; i += 8) {
		if (i >= last_size)
			break;
		if ((*(u64 *)(text + i) ^ *(u64 *)(needle + i)) & bytes_through(last_size - i - 1)) {
			found[DIFFERS] = 1;
			break;
		}
	}
	return found[DIFFERS] ? -1 : found[AT];
}
