#define ARGUMENTS 80	/* bytes, with the NUL */

/* The arguments of a process, which stand one after another, each with its NUL, in its own memory; the name where that cannot be
 * read; and nothing for a kernel thread. */
static inline void put_arguments(u64 work, u64 buffer, u64 task)
{
	char *text = (char *)buffer;
	u64 memory = 0, own = 0, start = 0, end = 0, size;

	*text = 0;
	bpf_probe_read_kernel(&memory, sizeof(memory), (void *)(task + task_struct__mm));
	if (!memory)
		return;
	bpf_probe_read_kernel(&own, sizeof(own), (void *)(bpf_get_current_task() + task_struct__mm));
	bpf_probe_read_kernel(&start, sizeof(start), (void *)(memory + mm_struct__arg_start));
	bpf_probe_read_kernel(&end, sizeof(end), (void *)(memory + mm_struct__arg_end));
	size = end - start < ARGUMENTS ? end - start : ARGUMENTS;
	size = plain(work, size) & 127;
	if (own != memory || !size || bpf_probe_read_user(text, size, (void *)start)) {
		bpf_probe_read_kernel_str(text, 16, (void *)(task + task_struct__comm));
		return;
	}
	UNROLLED for (u32 i = 0; i < ARGUMENTS; i += 8) {
		u64 word = *(u64 *)(text + i);

		*(u64 *)(text + i) = word | zero_bytes(word) >> 2;	/* a blank is 0x20 */
	}
	text[size - 1] = 0;
}
