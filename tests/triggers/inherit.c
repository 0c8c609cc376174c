/*
 * inherit COUNT : COUNT times, a thread of real-time priority 10 waits for a lock that the main thread holds, which inherits its
 * priority until it unlocks. The thread's name is "waiter". Needs the privilege to be scheduled in real time.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>

static pthread_mutex_t lock;
static pthread_barrier_t turn;
static int count;

static void *wait_for_it(void *nothing)
{
	struct sched_param priority = {.sched_priority = 10};

	(void)nothing;
	pthread_setname_np(pthread_self(), "waiter");
	if (sched_setscheduler(0, SCHED_FIFO, &priority))
		exit(1);
	for (int i = 0; i < count; i++) {
		pthread_barrier_wait(&turn);
		pthread_mutex_lock(&lock);
		pthread_mutex_unlock(&lock);
		pthread_barrier_wait(&turn);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	struct timespec pause = {0, 10000000};
	pthread_mutexattr_t kind;
	pthread_t waiter;

	count = argc > 1 ? atoi(argv[1]) : 0;
	pthread_barrier_init(&turn, NULL, 2);
	pthread_mutexattr_init(&kind);
	pthread_mutexattr_setprotocol(&kind, PTHREAD_PRIO_INHERIT);
	pthread_mutex_init(&lock, &kind);
	pthread_create(&waiter, NULL, wait_for_it, NULL);
	for (int i = 0; i < count; i++) {
		pthread_mutex_lock(&lock);
		pthread_barrier_wait(&turn);
		nanosleep(&pause, NULL);
		pthread_mutex_unlock(&lock);
		pthread_barrier_wait(&turn);
	}
	pthread_join(waiter, NULL);
	return 0;
}
