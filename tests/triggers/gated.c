/*
 * gated DEED... : waits for a byte on standard input, does each DEED in turn, prints what it has to say and "done", and waits for
 * another byte: so that whoever drives it can look at its accounts before and after.
 *
 *   read=COUNT,SIZE   reads SIZE bytes of /dev/zero: COUNT times each by read, pread64 and readv (two halves)
 *   write=COUNT,SIZE  writes SIZE bytes to /dev/null: COUNT times each by write, pwrite64 and writev (two halves)
 *   sleep=COUNT       sleeps for 1 ms
 *   burn=MILLISECONDS keeps a processor busy for that much of its own processor time
 *   clocks=COUNT      calls getppid, burning 1 ms in between, and says for each, in nanoseconds,
 *                     "clocks BEFORE AFTER BEFORE AFTER BEFORE AFTER": thread's processor time, CLOCK_MONOTONIC, CLOCK_REALTIME
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 64 };

static const clockid_t clocks[] = {CLOCK_THREAD_CPUTIME_ID, CLOCK_MONOTONIC, CLOCK_REALTIME};
static long seen[MOST][3][2], looks;
static volatile unsigned long sink;

static long now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000 + time.tv_nsec;
}

static void burn(long milliseconds)
{
	long end = now(CLOCK_THREAD_CPUTIME_ID) + milliseconds * 1000000;

	while (now(CLOCK_THREAD_CPUTIME_ID) < end)
		for (int i = 0; i < 1000; i++)
			sink += i;
}

static void look(void)
{
	for (int i = 0; i < 3; i++)
		seen[looks][i][0] = now(clocks[i]);
	syscall(SYS_getppid);
	for (int i = 0; i < 3; i++)
		seen[looks][i][1] = now(clocks[i]);
	looks++;
}

static void transfer(int fd, int writing, long count, long size)
{
	char *block = calloc(1, size);
	struct iovec halves[2] = {{block, size / 2}, {block + size / 2, size - size / 2}};

	for (long i = 0; i < count; i++) {
		long moved = writing ? write(fd, block, size) + pwrite(fd, block, size, 0) + writev(fd, halves, 2)
				     : read(fd, block, size) + pread(fd, block, size, 0) + readv(fd, halves, 2);
		if (moved != 3 * size)
			exit(1);
	}
	free(block);
}

static void wait_for_a_byte(void)
{
	char byte;

	if (read(0, &byte, 1) != 1)
		exit(1);
}

int main(int argc, char **argv)
{
	int zero = open("/dev/zero", O_RDONLY), null = open("/dev/null", O_WRONLY);

	wait_for_a_byte();
	for (int at = 1; at < argc; at++) {
		char *deed = argv[at], *rest = strchr(deed, '=');
		long count = rest ? strtol(rest + 1, &rest, 10) : 0, size = rest && *rest ? atol(rest + 1) : 0;

		if (strncmp(deed, "read=", 5) == 0)
			transfer(zero, 0, count, size);
		else if (strncmp(deed, "write=", 6) == 0)
			transfer(null, 1, count, size);
		else if (strncmp(deed, "sleep=", 6) == 0)
			while (count-- > 0)
				nanosleep(&(struct timespec){0, 1000000}, NULL);
		else if (strncmp(deed, "burn=", 5) == 0)
			burn(count);
		else if (strncmp(deed, "clocks=", 7) == 0)
			for (; count > 0 && looks < MOST; count--, burn(1))
				look();
		else
			return 2;
	}
	for (long i = 0; i < looks; i++)
		printf("clocks %ld %ld %ld %ld %ld %ld\n", seen[i][0][0], seen[i][0][1], seen[i][1][0], seen[i][1][1], seen[i][2][0],
		       seen[i][2][1]);
	puts("done");
	fflush(stdout);
	wait_for_a_byte();
	return 0;
}
