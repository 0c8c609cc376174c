/*
 * modern : each call that took the place of an old one, once, as libraries make it today; its paths begin with "old.".
 *
 * In order: openat openat2 newfstatat (as stat, lstat and fstat) statx (as stat) faccessat fchmodat fchownat (as chown, lchown)
 * mkdirat unlinkat (as rmdir) linkat symlinkat readlinkat renameat2 unlinkat (three times) execveat (fails) pipe2 dup3
 * pselect6 ppoll getdents64 clock_nanosleep prlimit64 (get, set) eventfd2 epoll_create1 pread64 pwrite64
 */
/* cc: -static */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/openat2.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define MADE(good) do { if (!(good)) return __LINE__ % 200 + 1; } while (0)

int main(void)
{
	struct open_how how = {.flags = O_RDONLY};
	struct timespec moment = {0, 1000}, left[2] = {moment, moment}; /* select and poll change theirs */
	struct rlimit limit;
	struct statx extended;
	struct stat status;
	char text[100], *none[] = {NULL};
	int ends[2];

	long fd = syscall(SYS_openat, AT_FDCWD, "old.open", O_RDWR | O_CREAT, 0640);
	MADE(fd >= 0);
	MADE(syscall(SYS_openat2, AT_FDCWD, "old.open2", &how, sizeof(how)) < 0);
	MADE(syscall(SYS_newfstatat, AT_FDCWD, "old.open", &status, 0) == 0);
	MADE(syscall(SYS_newfstatat, AT_FDCWD, "old.open", &status, AT_SYMLINK_NOFOLLOW) == 0);
	MADE(syscall(SYS_newfstatat, fd, "", &status, AT_EMPTY_PATH) == 0);
	MADE(syscall(SYS_statx, AT_FDCWD, "old.open", 0, STATX_BASIC_STATS, &extended) == 0);
	MADE(syscall(SYS_faccessat, AT_FDCWD, "old.open", R_OK) == 0);
	MADE(syscall(SYS_fchmodat, AT_FDCWD, "old.open", 0600) == 0);
	MADE(syscall(SYS_fchownat, AT_FDCWD, "old.open", -1, -1, 0) == 0);
	MADE(syscall(SYS_fchownat, AT_FDCWD, "old.open", -1, -1, AT_SYMLINK_NOFOLLOW) == 0);
	MADE(syscall(SYS_mkdirat, AT_FDCWD, "old.dir", 0750) == 0);
	MADE(syscall(SYS_unlinkat, AT_FDCWD, "old.dir", AT_REMOVEDIR) == 0);
	MADE(syscall(SYS_linkat, AT_FDCWD, "old.open", AT_FDCWD, "old.link", 0) == 0);
	MADE(syscall(SYS_symlinkat, "old.open", AT_FDCWD, "old.symlink") == 0);
	MADE(syscall(SYS_readlinkat, AT_FDCWD, "old.symlink", text, sizeof(text)) == 8);
	MADE(syscall(SYS_renameat2, AT_FDCWD, "old.link", AT_FDCWD, "old.renamed", 0) == 0);
	MADE(syscall(SYS_unlinkat, AT_FDCWD, "old.renamed", 0) == 0);
	MADE(syscall(SYS_unlinkat, AT_FDCWD, "old.symlink", 0) == 0);
	MADE(syscall(SYS_unlinkat, AT_FDCWD, "old.open", 0) == 0);
	MADE(syscall(SYS_execveat, AT_FDCWD, "old.program", none, none, 0) < 0);
	MADE(syscall(SYS_pipe2, ends, 0) == 0);
	MADE(syscall(SYS_dup3, fd, 77, 0) == 77);
	MADE(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &left[0], NULL) == 0);
	MADE(syscall(SYS_ppoll, NULL, 0, &left[1], NULL, 0) == 0);
	MADE(syscall(SYS_getdents64, fd, text, sizeof(text)) < 0);
	MADE(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &moment, NULL) == 0);
	MADE(syscall(SYS_prlimit64, 0, RLIMIT_CORE, NULL, &limit) == 0);
	MADE(syscall(SYS_prlimit64, 0, RLIMIT_CORE, &limit, NULL) == 0);
	MADE(syscall(SYS_eventfd2, 5, 0) >= 0);
	MADE(syscall(SYS_epoll_create1, 0) >= 0);
	MADE(syscall(SYS_pwrite64, fd, "x", 1, 9) == 1);
	MADE(syscall(SYS_pread64, fd, text, 1, 9) == 1);
	return 0;
}
