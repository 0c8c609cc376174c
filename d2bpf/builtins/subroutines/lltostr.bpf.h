#define DIGITS_SIZE 128	/* of the buffer: room for 64 digits, what goes before them, and masks */

/* A number in base 2 to 36, decimal with its sign and others unsigned, octal after 0 and hexadecimal after 0x. Gives the
 * address of the text in the buffer. `most` digits suffice. */
static inline u64 number_text(u64 work, u64 buffer, s64 number, u64 base, u32 most)
{
	volatile u64 *first = (u64 *)work;
	u64 start = plain(work, buffer), negative = base == 10 && number < 0, left = negative ? -(u64)number : number, at;
	char *text = (char *)buffer;

	text[DIGITS_SIZE - 1] = 0;
	LOOP for (u32 i = 0; i < most; i++) {
		u64 digit = left % base;

		text[DIGITS_SIZE - 2 - i] = '0' + digit + ('a' - '0' - 10) * below(9, digit);
		first[0] = DIGITS_SIZE - 2 - i;
		left /= base;
		if (!left)
			break;
	}
	at = first[0];
	if (base == 16) {
		at -= 2;
		text[at & DIGITS_SIZE - 1] = '0';
		text[at + 1 & DIGITS_SIZE - 1] = 'x';
	} else if (base == 8 && number) {
		at--;
		text[at & DIGITS_SIZE - 1] = '0';
	} else if (negative) {
		at--;
		text[at & DIGITS_SIZE - 1] = '-';
	}
	return start + at;
}
