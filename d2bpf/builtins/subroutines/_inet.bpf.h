#define ADDRESS_SIZE 64	/* of the buffer for an address as text */
#define ADDRESS_MASK (ADDRESS_SIZE - 1)

/* Append to the text in a buffer, without a NUL; gives the new length. */
static inline u64 put_decimal(u64 buffer, u64 at, u64 byte)
{
	char *text = (char *)buffer;
	u64 hundreds = byte / 100, tens = byte / 10 % 10;

	text[at & ADDRESS_MASK] = '0' + hundreds;
	at += nonzero(hundreds);
	text[at & ADDRESS_MASK] = '0' + tens;
	at += nonzero(hundreds | tens);
	text[at & ADDRESS_MASK] = '0' + byte % 10;
	return at + 1;
}

static inline u64 put_character(u64 buffer, u64 at, u64 c)
{
	((char *)buffer)[at & ADDRESS_MASK] = c;
	return at + 1;
}

/* A dotted quad with its NUL; the address's first byte is the lowest. */
static inline void put_quad(u64 buffer, u64 at, u64 address)
{
	UNROLLED for (u32 i = 0; i < 4; i++) {
		at = put_decimal(buffer, at, address >> 8 * i & 0xff);
		at = put_character(buffer, at, i < 3 ? '.' : 0);
	}
}

/// put_groups
static inline u64 put_group(u64 buffer, u64 at, u64 group)
{
	u64 seen = 0;

	UNROLLED for (u32 i = 0; i < 4; i++) {
		u64 digit = group >> (12 - 4 * i) & 15;

		put_character(buffer, at, '0' + digit + ('a' - '0' - 10) * below(9, digit));
		seen |= digit;
		at += i < 3 ? nonzero(seen) : 1;
	}
	return at;
}

/* Bytes 4 to 7 of the buffer's address tell an IPv4 address in an IPv6 one: mapped (::ffff:a.b.c.d) or compatible
 * (::a.b.c.d, but neither :: nor ::1). */
static inline u64 holds_ipv4(u64 high, u64 low)
{
	u64 prefix = (u32)low;

	return !high && (prefix == 0xffff0000 || (!prefix && __builtin_bswap32(low >> 32) > 1));
}

/*
 * An IPv6 address, 16 bytes at `address`, as text (RFC 5952) in a buffer. One that holds an IPv4 address ends in a dotted
 * quad, or with `quad` is nothing but that.
 */
static inline void put_groups(u64 work, u64 buffer, u64 address, u64 quad)
{
	enum { AT, RUN, LENGTH, AFTER };	/* where to write; the longest run of zero groups: a bit for its first, length, end */
	volatile u64 *state = (u64 *)work;
	u64 high = *(u64 *)address, low = *(u64 *)(address + 8), zeros = 0, run, length, groups = 8;

	state[AT] = 0;
	state[RUN] = state[LENGTH] = 0;
	state[AFTER] = 16;
	if (holds_ipv4(high, low)) {
		if (quad) {
			put_quad(buffer, 0, low >> 32);
			return;
		}
		groups = 6;
	}
	LOOP for (u32 i = 0; i < 8; i++)
		zeros |= (is_zero(*(u16 *)(address + 2 * i)) & below(i, groups)) << i;
	run = zeros;
	LOOP for (u32 i = 2; i <= 8; i++) {
		run &= zeros >> (i - 1);
		if (!run)
			break;
		state[RUN] = run & -run;
		state[LENGTH] = i;
	}
	run = state[RUN];
	length = state[LENGTH];
	LOOP for (u32 i = 0; i < 8; i++) {
		u64 at = state[AT];

		if (i >= groups)
			break;
		if (run >> i & 1) {
			state[AT] = put_character(buffer, put_character(buffer, at, ':'), ':');
			state[AFTER] = i + length;
			continue;
		}
		if (run && run < 1ULL << i && i < state[AFTER])
			continue;
		if (i && i != state[AFTER])
			at = put_character(buffer, at, ':');
		state[AT] = put_group(buffer, at, __builtin_bswap16(*(u16 *)(address + 2 * i)));
	}
	if (groups == 8) {
		put_character(buffer, state[AT], 0);
		return;
	}
	if (state[AFTER] != 6)
		state[AT] = put_character(buffer, state[AT], ':');
	put_quad(buffer, state[AT], low >> 32);
}
