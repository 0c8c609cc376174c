#define PATH_DEPTH 64	/* components of a path that are looked at */

/* Where a walk towards the root has come to, and how many directory entries it has met. */
enum { ENTRY, MOUNT, COUNT, END_OF_WALK };
enum { TOO_DEEP, AT_ROOT, NO_ROOT };

static inline u64 read_word(u64 address)
{
	u64 word = 0;

	bpf_probe_read_kernel(&word, sizeof(word), (void *)address);
	return word;
}

/*
 * Walk from state[ENTRY] to the root of its file system or, with state[MOUNT] (a struct mount), of all mounted ones, and
 * keep the entries met in `chain`. What cannot be read is 0 and ends the walk.
 */
static inline void walk_up(volatile u64 *state, u64 chain)
{
	state[COUNT] = 0;
	state[END_OF_WALK] = TOO_DEEP;
	LOOP for (u32 i = 0; i < 2 * PATH_DEPTH; i++) {
		u64 entry = state[ENTRY], mount = state[MOUNT], count = state[COUNT];
		u64 parent = read_word(entry + dentry__d_parent);

		if (mount && entry == read_word(mount + mount__mnt + vfsmount__mnt_root)) {
			u64 outer = read_word(mount + mount__mnt_parent);

			if (outer == mount || !outer) {
				state[END_OF_WALK] = AT_ROOT;
				break;
			}
			state[ENTRY] = read_word(mount + mount__mnt_mountpoint);
			state[MOUNT] = outer;
			continue;
		}
		if (parent == entry || !parent) {
			state[END_OF_WALK] = mount ? NO_ROOT : AT_ROOT;
			break;
		}
		if (count >= PATH_DEPTH)
			break;
		*(u64 *)(chain + 8 * (count & PATH_DEPTH - 1)) = entry;
		state[COUNT] = count + 1;
		state[ENTRY] = parent;
	}
}

/* What stands for the name of a pipe or socket. */
static inline void put_unknown(char *text)
{
	*(u64 *)text = 0x6e776f6e6b6e753cULL;	/* "<unknown" */
	text[8] = '>';
	text[9] = 0;
}

/* The path whose entries walk_up has kept. A file outside of all directories has only its own name; a path that is too deep
 * loses its first components. */
static inline void put_path(volatile u64 *state, u64 chain, u64 window)
{
	char *path = (char *)window;
	s64 length = 1;

	*path = 0;
	if (state[END_OF_WALK] == NO_ROOT) {
		u64 name = read_word(state[ENTRY] + dentry__d_name__name);

		length = bpf_probe_read_kernel_str(path, STRSIZE + 1, (void *)name);
		if (length <= 1)
			put_unknown(path);
	} else if (state[END_OF_WALK] == TOO_DEEP) {
		*(u32 *)path = 0x2e2e2e;	/* "..." */
		length = 4;
	}
	state[ENTRY] = length - 1;
	LOOP for (u32 i = 0; i < PATH_DEPTH; i++) {
		u64 at = state[ENTRY], count = state[COUNT], name;

		if (!count || at >= STRSIZE)
			break;
		state[COUNT] = count - 1;
		name = read_word(*(u64 *)(chain + 8 * (count - 1 & PATH_DEPTH - 1)) + dentry__d_name__name);
		path[masked(at, STRMASK)] = '/';
		length = bpf_probe_read_kernel_str(path + masked(at, STRMASK) + 1, STRSIZE + 1, (void *)name);
		if (length < 0)
			break;
		state[ENTRY] = at + length;
	}
	path[STRSIZE] = 0;
	if (!*path) {
		path[0] = '/';
		path[1] = 0;
	}
}

/* The path name of a directory entry in a file system that is mounted as `mount` (a struct vfsmount) says, or with 0 from the
 * root of its file system. */
static inline void file_path(u64 work, u64 chain, u64 window, u64 entry, u64 mount)
{
	volatile u64 *state = (u64 *)work;

	state[ENTRY] = entry;
	state[MOUNT] = mount ? mount - mount__mnt : 0;
	walk_up(state, chain);
	put_path(state, chain, window);
}

/* The path name of where a struct vfsmount is mounted. Those of pipes and the like are mounted nowhere. */
static inline void mount_path(u64 work, u64 chain, u64 window, u64 mount)
{
	volatile u64 *state = (u64 *)work;
	u64 inner = mount - mount__mnt, outer = read_word(inner + mount__mnt_parent);
	s64 space = read_word(inner + mount__mnt_ns);

	if (outer == inner && space >= -4095 && space <= 0) {
		put_unknown((char *)window);
		return;
	}
	state[ENTRY] = outer == inner ? read_word(mount + vfsmount__mnt_root) : read_word(inner + mount__mnt_mountpoint);
	state[MOUNT] = outer;
	walk_up(state, chain);
	put_path(state, chain, window);
}
