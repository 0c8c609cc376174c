/*
 * files PATH SIZE COUNT [direct] [fsync] [keep] : creates PATH, writes COUNT blocks of SIZE bytes, reads them back, removes it.
 *
 * Exactly: 1 open(O_CREAT|O_TRUNC), COUNT writes, 1 fsync if asked, 1 lseek, COUNT reads, 1 close, 1 unlink unless `keep`.
 * `direct` opens with O_DIRECT (SIZE must be a multiple of 4096). Ends with status 1 if any of them fails or is short.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void need(int good, const char *what)
{
	if (!good) {
		perror(what);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	int flags = O_RDWR | O_CREAT | O_TRUNC, sync = 0, keep = 0;
	long size = argc > 3 ? atol(argv[2]) : 0, count = argc > 3 ? atol(argv[3]) : 0;
	void *block;

	for (int i = 4; i < argc; i++) {
		flags |= strcmp(argv[i], "direct") == 0 ? O_DIRECT : 0;
		sync |= strcmp(argv[i], "fsync") == 0;
		keep |= strcmp(argv[i], "keep") == 0;
	}
	need(size > 0 && posix_memalign(&block, 4096, size) == 0, "usage: files PATH SIZE COUNT");
	memset(block, 'x', size);

	int fd = open(argv[1], flags, 0644);
	need(fd >= 0, "open");
	for (long i = 0; i < count; i++)
		need(write(fd, block, size) == size, "write");
	if (sync)
		need(fsync(fd) == 0, "fsync");
	need(lseek(fd, 0, SEEK_SET) == 0, "lseek");
	for (long i = 0; i < count; i++)
		need(read(fd, block, size) == size, "read");
	close(fd);
	if (!keep)
		need(unlink(argv[1]) == 0, "unlink");
	return 0;
}
