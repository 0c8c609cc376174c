/* Write bytes of alloca() memory to user space. What cannot be written is not. */
static inline void copy_out(struct scratch *s, u64 offset, u64 size, u64 target)
{
	if (size && size <= ALLOCA_SIZE)
		bpf_probe_write_user((void *)target, alloca_at(s, offset), size);
}
