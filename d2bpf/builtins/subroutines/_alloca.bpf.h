/* alloca() and copyin() memory. Callers have checked offsets against ALLOCA_SIZE; for the verifier they are masked, which the
 * compiler must not find superfluous. */
static inline char *alloca_at(struct scratch *s, u64 offset)
{
	asm("" : "+r"(offset));
	return (char *)s->alloca + (offset & (ALLOCA_SIZE - 1));
}

#define ALLOCA_STORE8(s, offset, value) (*(u8 *)alloca_at(s, offset) = (value))
#define ALLOCA_STORE16(s, offset, value) (*(u16 *)alloca_at(s, offset) = (value))
#define ALLOCA_STORE32(s, offset, value) (*(u32 *)alloca_at(s, offset) = (value))
#define ALLOCA_STORE64(s, offset, value) (*(u64 *)alloca_at(s, offset) = (value))

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
	return bpf_probe_read_user(alloca_at(s, offset), size, (void *)source);
}

static inline s64 alloca_from_kernel(struct scratch *s, u64 offset, u64 size, u64 source)
{
	if (size > ALLOCA_SIZE)
		return -1;
	return bpf_probe_read_kernel(alloca_at(s, offset), size, (void *)source);
}

static inline void alloca_clear(struct scratch *s, u64 offset, u64 size)
{
	_Pragma("clang loop unroll(disable)")
	for (u32 i = 0; i < ALLOCA_SIZE; i += 8) {
		if (i >= size)
			break;
		*(volatile u64 *)alloca_at(s, offset + i) = 0;	/* lest this becomes a call of memset */
	}
}
