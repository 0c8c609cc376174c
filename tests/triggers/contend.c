/*
 * contend KIND COUNT MS [KIND COUNT MS]... : the process waits exactly COUNT times, at least MS milliseconds each, for a lock that
 * another of its threads holds, asleep:
 *
 * mutex  the kernel's mutex of a pipe, which the holder writes to
 * rwsem  the readers-writer semaphore of an inode, which both write to
 * futex  a word in memory that glibc's mutex is
 *
 * Of these two threads do COUNT things each, and meet now and then:
 *
 * seek   the kernel's mutex of an open file's position, which they set
 * spin   the spin lock of the table of open files, where they open and close descriptors
 *
 * The holders of the first two sleep in the kernel because its memory is missing: the page that it writes from is provided by userfaultfd(2) when the
 * time is over.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static int faults, into, from;
static volatile pid_t waiting;
static long pause_us;
static char *missing;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void need(int good, const char *what)
{
	if (!good) {
		perror(what);
		exit(1);
	}
}

/* Sleep once the waiter sleeps: its letter of state is S or D. */
static void pause_beside(void)
{
	char path[48], state = 'R';
	FILE *file;

	while (state != 'S' && state != 'D') {
		usleep(500);
		snprintf(path, sizeof path, "/proc/self/task/%d/stat", waiting);
		if (waiting && (file = fopen(path, "r"))) {
			if (fscanf(file, "%*d %*s %c", &state) != 1)
				state = 'R';
			fclose(file);
		}
	}
	usleep(pause_us);
	waiting = 0;
}

static void *hold(void *unused)
{
	need(write(into, missing, 1) == 1, "write");
	return unused;
}

static void *wait_in_pipe(void *unused)
{
	char byte;

	waiting = gettid();
	need(read(from, &byte, 1) == 1, "read");
	return unused;
}

static void *wait_to_write(void *unused)
{
	waiting = gettid();
	need(write(from, "x", 1) == 1, "write");
	return unused;
}

static void *wait_for_mutex(void *unused)
{
	waiting = gettid();
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	return unused;
}

/* The holder has come to its missing page when userfaultfd has a message. */
static void once_in_kernel(void *(*waiter)(void *))
{
	struct uffd_msg message;
	pthread_t holder, other;

	need(madvise(missing, 4096, MADV_DONTNEED) == 0, "madvise");
	pthread_create(&holder, NULL, hold, NULL);
	need(read(faults, &message, sizeof message) == sizeof message, "userfaultfd");
	pthread_create(&other, NULL, waiter, NULL);
	pause_beside();
	need(ioctl(faults, UFFDIO_ZEROPAGE, &(struct uffdio_zeropage){.range = {(unsigned long)missing, 4096}}) == 0, "UFFDIO_ZEROPAGE");
	pthread_join(holder, NULL);
	pthread_join(other, NULL);
}

static void *open_and_close(void *count)
{
	for (long i = 0; i < (long)count; i++)
		close(dup(0));
	return NULL;
}

static void *seek(void *count)
{
	for (long i = 0; i < (long)count; i++)
		lseek(from, i, SEEK_SET);
	return NULL;
}

static void twice(void *(*work)(void *), long count)
{
	pthread_t other;

	pthread_create(&other, NULL, work, (void *)count);
	work((void *)count);
	pthread_join(other, NULL);
}

static void once_in_memory(void)
{
	pthread_t other;

	pthread_mutex_lock(&mutex);
	pthread_create(&other, NULL, wait_for_mutex, NULL);
	pause_beside();
	pthread_mutex_unlock(&mutex);
	pthread_join(other, NULL);
}

static void contend(const char *kind, long count)
{
	char path[32];
	int ends[2];

	if (strcmp(kind, "mutex") == 0) {
		need(pipe(ends) == 0, "pipe");
		from = ends[0];
		into = ends[1];
	} else if (strcmp(kind, "rwsem") == 0) {
		into = memfd_create("contended", 0);
		snprintf(path, sizeof path, "/proc/self/fd/%d", into);
		from = open(path, O_WRONLY);
		need(into >= 0 && from >= 0, "memfd_create");
	} else if (strcmp(kind, "seek") == 0) {
		from = open("/proc/self/exe", O_RDONLY);
		twice(seek, count);
		return;
	} else if (strcmp(kind, "spin") == 0) {
		twice(open_and_close, count);
		return;
	}
	while (count-- > 0)
		if (strcmp(kind, "futex") == 0)
			once_in_memory();
		else
			once_in_kernel(strcmp(kind, "mutex") == 0 ? wait_in_pipe : wait_to_write);
}

int main(int argc, char **argv)
{
	struct uffdio_api api = {.api = UFFD_API};
	struct uffdio_register range = {.mode = UFFDIO_REGISTER_MODE_MISSING};

	missing = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	faults = syscall(SYS_userfaultfd, 0);
	need(faults >= 0, "userfaultfd");
	need(ioctl(faults, UFFDIO_API, &api) == 0, "UFFDIO_API");
	range.range.start = (unsigned long)missing;
	range.range.len = 4096;
	need(ioctl(faults, UFFDIO_REGISTER, &range) == 0, "UFFDIO_REGISTER");
	for (int i = 1; i + 2 < argc; i += 3) {
		pause_us = atol(argv[i + 2]) * 1000;
		contend(argv[i], atol(argv[i + 1]));
	}
	return 0;
}
