/*
 * threads COUNT MILLISECONDS [LOOPS] : COUNT threads named worker-0, worker-1, ..., each of which sleeps LOOPS times (1) for
 * MILLISECONDS in its function nap(); the main thread waits for all of them.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static long milliseconds, loops = 1;

__attribute__((noinline)) void nap(void)
{
	struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};

	nanosleep(&time, NULL);
}

static void *work(void *number)
{
	char name[16];

	snprintf(name, sizeof(name), "worker-%ld", (long)number);
	pthread_setname_np(pthread_self(), name);
	for (long i = 0; i < loops; i++)
		nap();
	return NULL;
}

int main(int argc, char **argv)
{
	long count = argc > 2 ? atol(argv[1]) : 0;
	pthread_t thread[64];

	if (count < 1 || count > 64)
		return 2;
	milliseconds = atol(argv[2]);
	loops = argc > 3 ? atol(argv[3]) : 1;
	for (long i = 0; i < count; i++)
		pthread_create(&thread[i], NULL, work, (void *)i);
	for (long i = 0; i < count; i++)
		pthread_join(thread[i], NULL);
	return 0;
}
