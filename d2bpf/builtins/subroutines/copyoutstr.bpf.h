/* Write the string in a window, with its NUL, to user space: at most `most` bytes of it. */
static inline void copy_out_text(u64 window, u64 length, u64 target, u64 most)
{
	u64 size = length + 1 < most ? length + 1 : most;

	if (size && size <= STRSIZE + 1)
		bpf_probe_write_user((void *)target, (char *)window, size);
}
