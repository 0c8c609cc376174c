enum { INIT, ACTIVE, DRAINING };	/* phases of tracing */
enum { DROP_PRINCIPAL, DROP_AGGREGATION, DROP_DYNAMIC, DROP_SPEC, DROP_SPECBUSY, DROP_SPECUNAVAIL, DROP_DBLERROR, DROP_NESTED };
enum { EXIT_CALLED = 256 };	/* or'ed to the status, which may be 0 */

/// ZERO
/* Clear n 64-bit words, by single stores that are not gathered: the back end has no memset for large sizes. */
#define ZERO(p, n) do { \
	u64 *to_ = (u64 *)(p); \
	_Pragma("clang loop unroll(disable)") \
	for (u32 i_ = 0; i_ < (n); i_++) \
		*(volatile u64 *)&to_[i_] = 0; \
} while (0)

/// drop
static inline void drop(u32 kind)
{
	u64 *n = drops.lookup(&kind);

	if (n)
		__sync_fetch_and_add(n, 1);
}

/// TIMESTAMP
/* One reading of the clock serves a whole firing. */
#define TIMESTAMP() (timestamp ? timestamp : (timestamp = bpf_ktime_get_ns()))

/// number_of
/* A pointer as a number that may be computed with: what a helper has written is no pointer to the verifier. */
static inline u64 number_of(u64 pointer)
{
	u64 number = 0;

	bpf_probe_read_kernel(&number, sizeof(number), &pointer);
	return number;
}

/// found_at
/* An address in what a look-up has found, computed here: the verifier takes no sum of a pointer that may be NULL, though nobody uses it. */
static inline u64 found_at(u64 address)
{
	asm volatile("" : "+r"(address));
	return address;
}

/// process_id
static inline u64 process_id(void)
{
	return bpf_get_current_pid_tgid() >> 32;
}

/// thread thread_id
/* The key of a thread's variables: its id, or one per CPU for the idle threads, which all have id 0. */
static inline u64 thread_id(void)
{
	u32 id = bpf_get_current_pid_tgid();

	return id ? id : 1ULL << 32 | bpf_get_smp_processor_id();
}

/// thread_id_of
/* The same for another thread. */
static inline u64 thread_id_of(u64 id)
{
	return id ? id : 1ULL << 32 | bpf_get_smp_processor_id();
}

/// sdiv smod
/* BPF divides unsigned: divide magnitudes, then give the result its sign. The divisor is not 0. */
static inline u64 magnitude(s64 a)
{
	return a < 0 ? -(u64)a : (u64)a;
}

static inline u64 sdiv(s64 a, s64 b)
{
	u64 q = magnitude(a) / magnitude(b);

	return (a < 0) != (b < 0) ? -q : q;
}

static inline u64 smod(s64 a, s64 b)
{
	u64 r = magnitude(a) % magnitude(b);

	return a < 0 ? -r : r;
}

/// scratch
enum { SCRATCH_LEVELS = 4 };	/* of handlers that interrupt one another on a CPU */

/* This CPU's scratch memory of a level. */
static inline struct scratch *scratch_at(u32 level)
{
#ifdef WIDE_SCRATCH	/* more than a per-CPU map holds: one array has that of all CPUs */
	level += bpf_get_smp_processor_id() * SCRATCH_LEVELS;
#endif
	return (struct scratch *)scratch.lookup(&level);
}

/* The scratch level for a handler that may have interrupted another one on this CPU. */
static inline struct scratch *scratch_level(struct scratch *outer, u64 *level)
{
	if (!outer || outer->busy >= SCRATCH_LEVELS) {
		drop(DROP_NESTED);
		return 0;
	}
	*level = outer->busy;
	return *level ? scratch_at(*level) : outer;
}

/// scratch_held
/* The scratch level that the part before has taken. */
static inline struct scratch *scratch_held(struct scratch *outer, u64 *level)
{
	if (!outer || !outer->busy || outer->busy > SCRATCH_LEVELS)
		return 0;
	*level = outer->busy - 1;
	return *level ? scratch_at(*level) : outer;
}

/// fault
#define FAULT(code, value, label) do { \
	fault_code = (code); \
	fault_value = (u64)(value); \
	goto label; \
} while (0)

/* Tell user space that a clause was aborted. */
static inline void report_fault(u32 site, u32 clause, u32 code, u64 value)
{
	struct record0 *r = events.ringbuf_reserve(sizeof(struct record0));

	if (!r) {
		drop(DROP_PRINCIPAL);
		return;
	}
	r->record = 0;
	r->site = site;
	r->cpu = bpf_get_smp_processor_id();
	r->spec = 0;
	r->clause = clause;
	r->code = code;
	r->value = value;
	events.ringbuf_submit(r, 0);
}

/// BOUND
/* The index is below the limit from here on, or the clause is aborted. Between the two barriers the compiler can neither drop the
 * check nor compute with the index before it, so the verifier knows the range of what is used. */
#define BOUND(index, limit, label) \
	asm volatile("" : "+r"(index)); \
	if ((index) >= (limit)) \
		FAULT(11, index, label); \
	asm volatile("" : "+r"(index))

/// READ_KERNEL READ_USER
/* Declare var as the integer at an address; a fault if it cannot be read. What is read into lives in a block of its own, so that
 * all of them share one place on the stack. */
#define READ(read, type, var, address, label) \
	u64 var; \
	do { \
		type read_ = 0; \
		if (read(&read_, sizeof(type), (void *)(address))) \
			FAULT(1, address, label); \
		var = read_; \
	} while (0)
/// READ_KERNEL
#define READ_KERNEL(type, var, address, label) READ(bpf_probe_read_kernel, type, var, address, label)
/// READ_USER
#define READ_USER(type, var, address, label) READ(bpf_probe_read_user, type, var, address, label)

/// registers
/* Where the system call's arguments stand in the saved registers. */
#if defined(__x86_64__) || defined(__TARGET_ARCH_x86) || !defined(__aarch64__)
#define SYSCALL_ARG0 __builtin_offsetof(struct pt_regs, di)
#define SYSCALL_ARG1 __builtin_offsetof(struct pt_regs, si)
#define SYSCALL_ARG2 __builtin_offsetof(struct pt_regs, dx)
#define SYSCALL_ARG3 __builtin_offsetof(struct pt_regs, r10)
#define SYSCALL_ARG4 __builtin_offsetof(struct pt_regs, r8)
#define SYSCALL_ARG5 __builtin_offsetof(struct pt_regs, r9)
#else
#define SYSCALL_ARG0 __builtin_offsetof(struct pt_regs, orig_x0)
#define SYSCALL_ARG1 __builtin_offsetof(struct pt_regs, regs[1])
#define SYSCALL_ARG2 __builtin_offsetof(struct pt_regs, regs[2])
#define SYSCALL_ARG3 __builtin_offsetof(struct pt_regs, regs[3])
#define SYSCALL_ARG4 __builtin_offsetof(struct pt_regs, regs[4])
#define SYSCALL_ARG5 __builtin_offsetof(struct pt_regs, regs[5])
#endif

/// syscall
#define SYSCALLS 512

/// register
/*
 * A saved register of a system call's struct pt_regs, which is argument 0 of sys_enter and sys_exit. With typed tracepoint arguments
 * it is a plain load (by asm, because BCC would make a helper call of a dereference); the memory is always there.
 */
#if D2_BTF_TRACEPOINTS
#define saved_register(ctx, offset) ({ \
	u64 value_, regs_ = (ctx)->args[0]; \
	asm volatile("%0 = *(u64 *)(%1 + %2)" : "=r"(value_) : "r"(regs_), "i"(offset)); \
	value_; \
})
#else
static inline u64 saved_register(struct bpf_raw_tracepoint_args *ctx, u64 offset)
{
	u64 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), (void *)(ctx->args[0] + offset));
	return value;
}
#endif

/// compat
#if D2_COMPAT_SYSCALLS
/* Whether the current call came by a 32-bit entry, whose numbers mean other calls: the code segment tells. */
static inline u64 compat_call(struct bpf_raw_tracepoint_args *ctx)
{
	return (saved_register(ctx, __builtin_offsetof(struct pt_regs, cs)) & 0xffff) == 0x23;	/* __USER32_CS */
}
#else
#define compat_call(ctx) 0
#endif

/// entry_number
#define entry_number(ctx) ((ctx)->args[1])

static inline u64 entry_call_number(struct bpf_raw_tracepoint_args *ctx)
{
	return compat_call(ctx) ? ~0ULL : entry_number(ctx);
}

/// return_number
static inline u64 return_number(struct bpf_raw_tracepoint_args *ctx)
{
#if defined(__aarch64__)
	return (u32)saved_register(ctx, __builtin_offsetof(struct pt_regs, syscallno));
#else
	return saved_register(ctx, __builtin_offsetof(struct pt_regs, orig_ax));
#endif
}

static inline u64 return_call_number(struct bpf_raw_tracepoint_args *ctx)
{
	return compat_call(ctx) ? ~0ULL : return_number(ctx);
}

/// syscall_result
/* What a Solaris system call returns: -1 on error, with errno aside. */
static inline u64 syscall_result(s64 value)
{
	return value < 0 && value >= -4095 ? -1ULL : (u64)value;
}

/// kernel_pc user_pc
/* The interrupted program counter, if it lies on this side of the kernel boundary, else 0. */
static inline u64 kernel_pc(struct bpf_perf_event_data *ctx)
{
	return (s64)PT_REGS_IP(&ctx->regs) < 0 ? PT_REGS_IP(&ctx->regs) : 0;
}

static inline u64 user_pc(struct bpf_perf_event_data *ctx)
{
	return (s64)PT_REGS_IP(&ctx->regs) < 0 ? 0 : PT_REGS_IP(&ctx->regs);
}

/// user_register
/* A register of a probed user thread, by its offset in struct pt_regs. */
static inline u64 user_register(struct pt_regs *ctx, u32 offset)
{
	return *(u64 *)((char *)ctx + offset);
}

/// user_argument kernel_argument
/* The i-th integer argument at the entry of a function: registers, then words of the stack, read by `read`; 0 where that fails. */
#if defined(__aarch64__)
#define FUNCTION_ARGUMENT(ctx, i, read) ({ \
	u64 word = 0; \
	if (i < 8) \
		word = ctx->regs[i]; \
	else \
		read(&word, sizeof(word), (void *)(ctx->sp + 8 * (i - 8))); \
	word; })
#else
/* Above the return address. */
#define FUNCTION_ARGUMENT(ctx, i, read) ({ \
	u64 word = 0; \
	switch (i) { \
	case 0: word = ctx->di; break; \
	case 1: word = ctx->si; break; \
	case 2: word = ctx->dx; break; \
	case 3: word = ctx->cx; break; \
	case 4: word = ctx->r8; break; \
	case 5: word = ctx->r9; break; \
	default: read(&word, sizeof(word), (void *)(ctx->sp + 8 * (i - 5))); \
	} \
	word; })
#endif

/// user_argument
static inline u64 user_argument(struct pt_regs *ctx, u32 i)
{
	return FUNCTION_ARGUMENT(ctx, i, bpf_probe_read_user);
}

/// kernel_argument
/* Called by a kprobe, or by the function's trampoline (fentry). */
static inline u64 kernel_argument(struct pt_regs *ctx, u32 i)
{
#if D2_FENTRY
	u64 value = 0;

	bpf_get_func_arg(ctx, i, &value);
	return value;
#else
	return FUNCTION_ARGUMENT(ctx, i, bpf_probe_read_kernel);
#endif
}

/// user_result kernel_result
/* What a function returns. */
#if defined(__aarch64__)
#define FUNCTION_RESULT(ctx) ((ctx)->regs[0])
#else
#define FUNCTION_RESULT(ctx) ((ctx)->ax)
#endif

/// kernel_result
static inline u64 kernel_result(struct pt_regs *ctx)
{
#if D2_FEXIT
	u64 value = 0;

	bpf_get_func_ret(ctx, &value);
	return value;
#else
	return FUNCTION_RESULT(ctx);
#endif
}

/// user_result
static inline u64 user_result(struct pt_regs *ctx)
{
	return FUNCTION_RESULT(ctx);
}

/// boundary_stack
/* The user stack at a function's first instruction or at one that leaves it; its size. The function has no frame there, so the
 * one that called it is not among the frames that the kernel walks (before Linux 6.11, and where no push begins the function):
 * its address is on top of the stack. The others are found as the kernel finds them, by frame pointers. */
static inline u64 boundary_stack(struct pt_regs *ctx, u64 buffer, u64 size)
{
	struct { u64 next, address; } frame;
	u64 *frames = (u64 *)buffer, first, length;
	u32 i;

#if defined(__aarch64__)
	frame.next = ctx->regs[29];
	frame.address = ctx->regs[30];
	first = ctx->pc;
#else
	if (ctx->cs == 0x23)	/* __USER32_CS */
		return bpf_get_stack(ctx, frames, size, BPF_F_USER_STACK);
	frame.next = ctx->bp;
	if (bpf_probe_read_user(&frame.address, 8, (void *)ctx->sp))
		frame.address = 0;
	first = ctx->ip;
#endif
	_Pragma("clang loop unroll(disable)") for (i = 1; i < size / 8; i++)
		frames[i] = 0;
	_Pragma("clang loop unroll(disable)") for (i = 1; i < size / 8 && frame.address; i++) {
		frames[i] = frame.address;
		if (bpf_probe_read_user(&frame, sizeof(frame), (void *)frame.next))
			frame.address = 0;
	}
	*(volatile u64 *)frames = 8 * i;	/* through memory: the verifier would follow each length by itself */
	length = *(volatile u64 *)frames;
	frames[0] = first;
	return length;
}

/// site_probe
static inline u64 site_probe(u32 site)
{
	u32 *id = probe_ids.lookup(&site);

	return id ? *id : 0;
}

/// syscall_errno
static inline u64 syscall_errno(s64 value)
{
	return value < 0 && value >= -4095 ? -value : 0;
}

/// passed
/* How many of two frames, the first before the second, lie in one of two functions. */
static inline u64 passed(u64 first, u64 second, u64 start, u64 end, u64 start2, u64 end2)
{
	if (first - start >= end - start && first - start2 >= end2 - start2)
		return 0;
	return 1 + (second - start < end - start || second - start2 < end2 - start2);
}

/// stack_bytes
/* The size of a stack trace, 0 when there is none. */
static inline u64 stack_bytes(void *ctx, u64 buffer, u64 size, u64 flags)
{
	s64 length = bpf_get_stack(ctx, (void *)buffer, size, flags);

	return length > 0 ? length : 0;
}
