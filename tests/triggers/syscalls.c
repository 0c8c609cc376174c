/*
 * syscalls [-c COMM] KIND COUNT [KIND COUNT]... : exactly COUNT system calls of each KIND, in that order.
 *
 * Succeeding: getppid, getuid, nanosleep (1 us), stat (newfstatat of /dev/null), openat and open (/dev/null; each with one
 * close), read (1 byte of /dev/zero), lseek (of /dev/zero), write (1 byte to /dev/null), close (of a new dup). The last four
 * make one openat more, each time they are named. mmap (64 KB of memory; each with one munmap), touch (the same of one
 * page, which is written once: a page fault), poll (for 1 ms), futex (waits 1 ms: ETIMEDOUT), fork and vfork (of children that
 * end at once; each with one wait4), semop (of a semaphore of its own; each naming makes one semget and one semctl), msg (sends a
 * message and receives it: msgsnd, msgrcv; each naming makes one msgget and one msgctl).
 * Failing: badread, badwrite, badclose (EBADF), badopenat (/nonexistent/file: ENOENT), badnumber (number 9999: ENOSYS).
 *
 * Static, so that no loader adds reads, opens or closes. -c sets the process name first.
 */
/* cc: -static */
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char byte;
static struct stat status;
static const struct timespec microsecond = {0, 1000}, millisecond = {0, 1000000};
static int word;

static void map(long size, int touch)
{
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (touch)
		*(volatile char *)memory = 1;
	munmap(memory, size);
}

static void child(int pid)
{
	if (pid == 0)
		_exit(0);
	waitpid(pid, NULL, 0);
}

static void count_up(long count)
{
	struct sembuf more = {.sem_op = 1};
	int set = semget(IPC_PRIVATE, 1, 0600);

	for (long i = 0; i < count; i++)
		syscall(SYS_semop, set, &more, 1);
	semctl(set, 0, IPC_RMID);
}

static void pass(long count)
{
	struct { long type; char text[1]; } message = {1, "x"};
	int queue = msgget(IPC_PRIVATE, 0600);

	for (long i = 0; i < count; i++) {
		msgsnd(queue, &message, 1, 0);
		msgrcv(queue, &message, 1, 0, 0);
	}
	msgctl(queue, IPC_RMID, NULL);
}

static void make(const char *kind, long count)
{
	long fd;

#define KIND(name, call) \
	if (strcmp(kind, name) == 0) { \
		for (long i = 0; i < count; i++) { call; } \
		return; \
	}
#define KIND_ON(name, device, call) \
	if (strcmp(kind, name) == 0) { \
		long on = syscall(SYS_openat, AT_FDCWD, device, O_RDWR); \
		KIND(name, call) \
	}
	KIND("getppid", syscall(SYS_getppid))
	KIND("getuid", syscall(SYS_getuid))
	KIND_ON("read", "/dev/zero", syscall(SYS_read, on, &byte, 1))
	KIND_ON("write", "/dev/null", syscall(SYS_write, on, &byte, 1))
	KIND("openat", fd = syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY); syscall(SYS_close, fd))
#ifdef SYS_open
	KIND("open", fd = syscall(SYS_open, "/dev/null", O_RDONLY); syscall(SYS_close, fd))
#endif
	KIND_ON("close", "/dev/null", fd = dup(on); syscall(SYS_close, fd))
	KIND_ON("lseek", "/dev/zero", syscall(SYS_lseek, on, 0, SEEK_SET))
	KIND("nanosleep", syscall(SYS_nanosleep, &microsecond, NULL))
	KIND("stat", syscall(SYS_newfstatat, AT_FDCWD, "/dev/null", &status, 0))
	KIND("mmap", map(65536, 0))
	KIND("touch", map(4096, 1))
	KIND("poll", poll(NULL, 0, 1))
	KIND("futex", syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &millisecond))
	KIND("fork", child(fork()))
	KIND("vfork", child(vfork()))
	KIND("semop", count_up(count); break)
	KIND("msg", pass(count); break)
	KIND("badread", syscall(SYS_read, -1, &byte, 1))
	KIND("badwrite", syscall(SYS_write, -1, &byte, 1))
	KIND("badclose", syscall(SYS_close, -1))
	KIND("badopenat", syscall(SYS_openat, AT_FDCWD, "/nonexistent/file", O_RDONLY))
	KIND("badnumber", syscall(9999))
	fprintf(stderr, "syscalls: unknown kind %s\n", kind);
	exit(2);
}

int main(int argc, char **argv)
{
	int at = 1;

	if (argc > 2 && strcmp(argv[1], "-c") == 0) {
		prctl(PR_SET_NAME, argv[2]);
		at = 3;
	}
	for (; at + 1 < argc; at += 2)
		make(argv[at], atol(argv[at + 1]));
	return 0;
}
