/*
 * pages KIND COUNT [PATH] : exactly COUNT pages of 4096 bytes are come to in this way, between a call of getppid and one of getuid:
 *
 * zero   written, each for the first time: memory of zeros
 * read   read, each for the first time
 * cow    written, after a fork whose child has them as well
 * guard  written while they may only be read; the handler of SIGSEGV permits it
 * file   read from memory that is a file that is not cached; the file PATH is made before and removed after
 * sync   written to the file PATH by one write(2), and synced
 * input  read from the file PATH, which is not cached, by COUNT calls of read(2)
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIZE = 4096 };

static volatile char *memory;
static char block[SIZE];
static volatile char seen;

static void need(int good, const char *what)
{
	if (!good) {
		perror(what);
		exit(1);
	}
}

static void permit(int signal, siginfo_t *info, void *context)
{
	(void)signal, (void)context;
	mprotect((void *)((unsigned long)info->si_addr & -SIZE), SIZE, PROT_READ | PROT_WRITE);
}

static void map(long count, int fd)
{
	int flags = fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
	void *at = mmap(NULL, count * SIZE, PROT_READ | (fd < 0 ? PROT_WRITE : 0), flags, fd, 0);

	need(at != MAP_FAILED, "mmap");
	need(madvise(at, count * SIZE, fd < 0 ? MADV_NOHUGEPAGE : MADV_RANDOM) == 0, "madvise");
	memory = at;
}

static void write_pages(long count)
{
	for (long i = 0; i < count; i++)
		memory[i * SIZE] = 'x';
}

static void read_pages(long count)
{
	for (long i = 0; i < count; i++)
		seen = memory[i * SIZE];
}

static int make_file(const char *path, long count)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);

	need(fd >= 0, path);
	for (long i = 0; i < count; i++)
		need(write(fd, block, SIZE) == SIZE, "write");
	need(fsync(fd) == 0, "fsync");
	need(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0, "posix_fadvise");
	need(posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM) == 0, "posix_fadvise");
	need(lseek(fd, 0, SEEK_SET) == 0, "lseek");
	return fd;
}

static int share(void)
{
	int ends[2];

	need(pipe(ends) == 0, "pipe");
	if (fork() == 0) {
		close(ends[1]);
		need(read(ends[0], block, 1) == 0, "read");
		_exit(0);
	}
	close(ends[0]);
	return ends[1];
}

int main(int argc, char **argv)
{
	const char *kind = argc > 2 ? argv[1] : "", *path = argc > 3 ? argv[3] : NULL;
	long count = argc > 2 ? atol(argv[2]) : 0;
	int fd = -1, child = -1;
	char *much = NULL;

	memset(block, 'x', SIZE);
	seen = 0;
	if (strcmp(kind, "file") == 0 || strcmp(kind, "input") == 0)
		fd = make_file(path, count);
	if (strcmp(kind, "sync") == 0) {
		need((fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644)) >= 0, path);
		much = malloc(count * SIZE);
		memset(much, 'y', count * SIZE);
	} else {
		map(count, strcmp(kind, "file") == 0 ? fd : -1);
	}
	if (strcmp(kind, "cow") == 0) {
		write_pages(count);
		child = share();
	}
	if (strcmp(kind, "guard") == 0) {
		struct sigaction action = {.sa_sigaction = permit, .sa_flags = SA_SIGINFO};

		sigaction(SIGSEGV, &action, NULL);
		write_pages(count);
		mprotect((void *)memory, SIZE, PROT_READ);
		write_pages(1);	/* so that the handler and its stack have been there */
		mprotect((void *)memory, count * SIZE, PROT_READ);
	}
	/* The kernel writes to this page when the thread is interrupted. */
	volatile char *flags = (char *)__builtin_thread_pointer() + __rseq_offset + offsetof(struct rseq, flags);

	*flags = *flags;
	seen = 1;
	syscall(SYS_getuid);
	syscall(SYS_getppid);
	if (strcmp(kind, "zero") == 0 || strcmp(kind, "cow") == 0 || strcmp(kind, "guard") == 0)
		write_pages(count);
	else if (strcmp(kind, "read") == 0 || strcmp(kind, "file") == 0)
		read_pages(count);
	else if (strcmp(kind, "input") == 0)
		for (long i = 0; i < count; i++)
			need(read(fd, block, SIZE) == SIZE, "read");
	else if (strcmp(kind, "sync") == 0)
		need(write(fd, much, count * SIZE) == count * SIZE && fsync(fd) == 0, "write");
	syscall(SYS_getuid);
	if (child >= 0) {
		close(child);
		wait(NULL);
	}
	if (path)
		need(unlink(path) == 0, "unlink");
	return 0;
}
