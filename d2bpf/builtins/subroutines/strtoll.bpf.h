/* The value of a digit, 255 for what is none. */
static inline u64 digit_value(u64 c)
{
	u64 number = c - '0' & 0xff, letter = (c | 0x20) - 'a' & 0xff;
	u64 is_number = below(number, 10), is_letter = below(letter, 26);

	return number * is_number + (letter + 10) * is_letter + 0xff * (1 ^ is_number ^ is_letter);
}

/* The number that a string in a window begins with, after blanks, a sign, and in base 16 perhaps 0x. */
static inline u64 text_number(u64 work, u64 window, u64 base)
{
	enum { AT, VALUE };
	volatile u64 *state = (u64 *)work;
	u64 p, negative, prefix, value = 0, inside = 1;

	base = plain(work, base);
	state[AT] = STRSIZE;
	LOOP for (u32 i = 0; i < STRSIZE; i += 8) {
		u64 word = *(u64 *)(window + i);
		u64 others = MARKS & ~zero_bytes(word ^ EACH_BYTE(' ')) & ~zero_bytes(word ^ EACH_BYTE('\t'));

		if (others) {
			state[AT] = i + first_byte(others);
			break;
		}
	}
	p = window + (state[AT] & STRMASK);
	negative = is_zero(*(u8 *)p ^ '-');
	p += (is_zero(*(u8 *)p ^ '+') | negative) & 1;
	prefix = is_zero(*(u8 *)p ^ '0') & is_zero((*(u8 *)(p + 1) | 0x20) ^ 'x') & below(digit_value(*(u8 *)(p + 2)), 16);
	p += 2 * (prefix & is_zero(base ^ 16) & 1);
	LOOP for (u32 i = 0; i < STRSIZE; i += 8) {
		UNROLLED for (u32 k = 0; k < 8; k++) {
			u64 digit = digit_value(*(u8 *)(p + i + k));

			inside *= below(digit, base);
			value = value * (1 + (base - 1) * inside) + digit * inside;
		}
		if (!inside)
			break;
	}
	state[VALUE] = value;
	return state[VALUE] * (1 - 2 * negative);
}
