/*
 * flood MILLISECONDS [RATE] [call] [-] : getppid system calls at full speed, or at RATE a second, for that long; prints
 *
 *     CALLS NANOSECONDS
 *
 * the number of calls made and the time one took (the mean of the fastest tenth of its chunks of 1000 calls).
 * `call`: calls its own function flooded(n) instead, n counting up from 0: for user-space probes.
 * `-`: prints nothing.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK = 1000, MOST = 1 << 20 };

static unsigned times[MOST];
static volatile unsigned long sink;

__attribute__((noinline)) void flooded(unsigned long number)
{
	sink = number;
}

static unsigned long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ul + time.tv_nsec;
}

static int compare(const void *left, const void *right)
{
	unsigned a = *(const unsigned *)left, b = *(const unsigned *)right;

	return a < b ? -1 : a > b;
}

int main(int argc, char **argv)
{
	unsigned long length = 0, rate = 0, calls = 0, chunks = 0, total = 0;
	int function = 0, quiet = 0;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "call") == 0)
			function = 1;
		else if (strcmp(argv[i], "-") == 0)
			quiet = 1;
		else if (length == 0)
			length = atol(argv[i]) * 1000000ul;
		else
			rate = atol(argv[i]);
	}
	/* At a rate, many short bursts: 1/1000 s of calls at a time, so that no reader sees more than its share at once. */
	unsigned long chunk = rate ? (rate >= 1000 ? rate / 1000 : 1) : CHUNK;
	unsigned long start = now(), end = start + length, begin;

	while ((begin = now()) < end) {
		if (rate && begin - start < calls * 1000000000.0 / rate)
			continue;
		for (unsigned long i = 0; i < chunk; i++) {
			if (function)
				flooded(calls + i);
			else
				syscall(SYS_getppid);
		}
		calls += chunk;
		if (chunks < MOST)
			times[chunks++] = now() - begin;
	}
	qsort(times, chunks, sizeof(times[0]), compare);
	unsigned long best = chunks < 10 ? chunks : chunks / 10;
	for (unsigned long i = 0; i < best; i++)
		total += times[i];
	if (!quiet)
		printf("%lu %.1f\n", calls, best ? (double)total / best / chunk : 0.0);
	return 0;
}
