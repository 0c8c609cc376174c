/* alloca() and copyin() memory. Offsets are masked for the verifier; callers have checked them against ALLOCA_SIZE. */
#define ALLOCA_AT(s, offset) ((char *)(s)->alloca + ((offset) & (ALLOCA_SIZE - 1)))
#define ALLOCA_STORE8(s, offset, value) (*(u8 *)ALLOCA_AT(s, offset) = (value))
#define ALLOCA_STORE16(s, offset, value) (*(u16 *)ALLOCA_AT(s, offset) = (value))
#define ALLOCA_STORE32(s, offset, value) (*(u32 *)ALLOCA_AT(s, offset) = (value))
#define ALLOCA_STORE64(s, offset, value) (*(u64 *)ALLOCA_AT(s, offset) = (value))

/* The area's address as a plain number: read back from memory, it is no pointer to the verifier, so D may compute with it. */
static inline u64 alloca_address(struct scratch *s)
{
	*(volatile u64 *)s->alloca_address = (u64)s->alloca;
	return *(volatile u64 *)s->alloca_address;
}

static inline s64 alloca_from_user(struct scratch *s, u64 offset, u64 size, u64 source)
{
	if (size > ALLOCA_SIZE)
		return -1;
	return bpf_probe_read_user(ALLOCA_AT(s, offset), size, (void *)source);
}

static inline s64 alloca_from_kernel(struct scratch *s, u64 offset, u64 size, u64 source)
{
	if (size > ALLOCA_SIZE)
		return -1;
	return bpf_probe_read_kernel(ALLOCA_AT(s, offset), size, (void *)source);
}

static inline void alloca_clear(struct scratch *s, u64 offset, u64 size)
{
	_Pragma("clang loop unroll(disable)")
	for (u32 i = 0; i < ALLOCA_SIZE; i += 8) {
		if (i >= size)
			break;
		*(volatile u64 *)ALLOCA_AT(s, offset + i) = 0;	/* lest this becomes a call of memset */
	}
}
