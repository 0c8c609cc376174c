/* Kernel memory as a string in a window, each NUL in it replaced by c. Negative if it cannot be read. */
static inline s64 memory_text(u64 window, u64 source, u64 length, u64 c)
{
	if (length > STRSIZE)
		length = STRSIZE;
	if (bpf_probe_read_kernel((char *)window, masked(length, STRWIDE), (void *)source))
		return -1;
	LOOP for (u32 i = 0; i < STRSIZE; i += 8) {
		u64 word = *(u64 *)(window + i);

		*(u64 *)(window + i) = word | (zero_bytes(word) >> 7) * (c & 0xff);
	}
	((char *)window)[masked(length, STRWIDE)] = 0;
	return 0;
}
