/*
 * blocks SIZE COUNT : writes COUNT blocks of SIZE bytes to a loop device of its own, from its beginning on, and reads them back, past
 * the page cache: exactly COUNT writes and COUNT reads of that device, whatever file systems do. SIZE is a multiple of 4096, and small
 * enough for one request. The device goes away with the program; what is behind it is a file in the working directory, removed at once.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void need(int good, const char *what)
{
	if (!good) {
		perror(what);
		exit(1);
	}
}

static int loop_device(int backing)
{
	struct loop_config config = {.fd = backing, .block_size = 512, .info.lo_flags = LO_FLAGS_AUTOCLEAR};
	int control = open("/dev/loop-control", O_RDWR), number, fd;
	char path[32];

	need(control >= 0, "/dev/loop-control");
	do {
		need((number = ioctl(control, LOOP_CTL_GET_FREE)) >= 0, "LOOP_CTL_GET_FREE");
		snprintf(path, sizeof(path), "/dev/loop%d", number);
		need((fd = open(path, O_RDWR | O_DIRECT)) >= 0, path);
	} while (ioctl(fd, LOOP_CONFIGURE, &config) && close(fd) == 0); /* somebody else may have taken it */
	return fd;
}

int main(int argc, char **argv)
{
	long size = argc > 2 ? atol(argv[1]) : 0, count = argc > 2 ? atol(argv[2]) : 0;
	int backing = open("blocks.backing", O_RDWR | O_CREAT | O_TRUNC, 0600);
	void *block;

	need(size > 0 && posix_memalign(&block, 4096, size) == 0, "usage: blocks SIZE COUNT");
	need(backing >= 0 && unlink("blocks.backing") == 0 && ftruncate(backing, size * count) == 0, "blocks.backing");
	int fd = loop_device(backing);
	for (long i = 0; i < count; i++)
		need(pwrite(fd, block, size, i * size) == size, "write");
	for (long i = 0; i < count; i++)
		need(pread(fd, block, size, i * size) == size, "read");
	return 0;
}
