/*
 * Strings in scratch memory, eight bytes at a time. Memory is little-endian: a string's first byte is the lowest of its
 * word. Marks are words with the top bit of a byte set where something holds for that byte of another word.
 *
 * The verifier follows every path through every pass of a loop. So passes are few and branch little, and what a loop has
 * found leaves it through memory (work), which the verifier does not follow, and not in registers.
 */
#define EACH_BYTE(b) (0x0101010101010101ULL * (u64)(b))
#define MARKS EACH_BYTE(0x80)
#define STRWORDS (STRSIZE / 8 + 1)	/* words of a string with its NUL */
#define STRWIDE (2 * STRMASK + 1)	/* masks a position that may also be STRSIZE */
#define LOOP _Pragma("clang loop unroll(disable)")
#define UNROLLED _Pragma("unroll")

static inline u64 zero_bytes(u64 word)
{
	u64 low = EACH_BYTE(0x7f);

	return ~(((word & low) + low) | word | low);
}

/* Number of the lowest and of the highest marked byte. There is one. */
static inline u64 first_byte(u64 marks)
{
	return ((((marks & -marks) - 1 & EACH_BYTE(1)) * EACH_BYTE(1)) >> 56) - 1;
}

static inline u64 last_byte(u64 marks)
{
	marks |= marks >> 8;
	marks |= marks >> 16;
	marks |= marks >> 32;
	return (((marks >> 7) * EACH_BYTE(1)) >> 56) - 1;
}

/* All bytes up to the first marked one, with it; all eight when none is. */
static inline u64 through_first(u64 marks)
{
	return ((marks & -marks) << 1) - 1;
}

/*
 * Truth as 1 or 0 without a branch, to multiply with. The compiler is not told where such a number comes from, lest it makes a
 * branch after all; and masks of all ones or none are avoided, because newer verifiers follow both cases of those too.
 */
static inline u64 opaque(u64 n)
{
	asm("" : "+r"(n));
	return n;
}

/* A number that is computed here and now: left to itself the compiler keeps all it is computed from until it is used. */
static inline u64 settled(u64 n)
{
	asm volatile("" : "+r"(n));
	return n;
}

/* A position, masked whatever the compiler knows of it: a bound that it has seen is none for the verifier, whose register it may
 * not be in. */
static inline u64 masked(u64 position, u64 mask)
{
	return opaque(position) & mask;
}

static inline u64 nonzero(u64 n)
{
	return opaque((n | opaque(-n)) >> 63);
}

static inline u64 is_zero(u64 n)
{
	return 1 ^ nonzero(n);
}

/* a < b, for numbers of less than 63 bits. */
static inline u64 below(u64 a, u64 b)
{
	return opaque(opaque(a - b) >> 63);
}

/* Bytes 0 to n of a word; all eight from 7 on. */
static inline u64 bytes_through(u64 n)
{
	return ((256ULL << (8 * (n & 7))) - 1) | -nonzero(n >> 3);
}

/* A number, or an address, of which the verifier knows nothing more: it will not tell cases apart by what is compared with
 * it, and anything may be computed with it. */
static inline u64 plain(u64 work, u64 number)
{
	*(volatile u64 *)work = number;
	return *(volatile u64 *)work;
}

/// str_compare
/* Order of two strings by unsigned bytes: negative, 0 or positive. One of them ends within size bytes. */
static inline s64 str_compare(u64 left, u64 right, u64 size)
{
	u64 a = 0, b = 0;

	LOOP for (u32 i = 0; i < size; i += 8) {
		u64 ends, keep;

		a = *(u64 *)(left + i);
		b = *(u64 *)(right + i);
		ends = zero_bytes(a) | zero_bytes(b);
		keep = through_first(ends);
		a &= keep;
		b &= keep;
		if (ends | (a ^ b))
			break;
	}
	a = __builtin_bswap64(a);
	b = __builtin_bswap64(b);
	u64 less = ((~a & b) | ((~a | b) & (a - b))) >> 63, more = ((~b & a) | ((~b | a) & (b - a))) >> 63;
	return settled(more - less);
}
