/*
 * burn MILLISECONDS [COMM] : keeps one CPU busy in user mode for that long, in main > burn_outer > burn_inner.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

static volatile unsigned long sink;

__attribute__((noinline)) void burn_inner(void)
{
	for (unsigned long i = 0; i < 100000; i++)
		sink += i * i;
}

__attribute__((noinline)) long burn_outer(long nanoseconds)
{
	struct timespec start, now;
	long spent;

	clock_gettime(CLOCK_MONOTONIC, &start);
	do {
		burn_inner();
		clock_gettime(CLOCK_MONOTONIC, &now);
		spent = (now.tv_sec - start.tv_sec) * 1000000000 + now.tv_nsec - start.tv_nsec;
	} while (spent < nanoseconds);
	return spent;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	if (argc > 2)
		prctl(PR_SET_NAME, argv[2]);
	return burn_outer(atol(argv[1]) * 1000000) < 0;
}
