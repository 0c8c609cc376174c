/* Append a string at a position of a window. Negative if it cannot be read. */
static inline s64 str_append(u64 window, u64 at, u64 source)
{
	s64 length;

	if (at >= STRSIZE)
		return 0;
	length = bpf_probe_read_kernel_str((char *)window + masked(at, STRMASK), STRSIZE + 1, (void *)source);
	((char *)window)[STRSIZE] = 0;
	return length;
}

static inline s64 str_append_user(u64 window, u64 at, u64 source)
{
	s64 length;

	if (at >= STRSIZE)
		return 0;
	length = bpf_probe_read_user_str((char *)window + masked(at, STRMASK), STRSIZE + 1, (void *)source);
	((char *)window)[STRSIZE] = 0;
	return length;
}
