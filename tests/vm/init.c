/*
 * The first process of the virtual machine (tests/vm/machine.py): loads drivers, puts the host's root file system, which it can
 * only read, under a file system in memory, goes there, runs one command and says how it ended.
 *
 * In the initial file system: /modules/NN.ko in the order in which they are loaded, /command, the text of a shell script, and
 * /settings: the folder with the kernel's own modules, where they belong, and whether type information is to be hidden.
 * The machine's first port takes what the command writes, its second the exit status.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LEFT_OVER_MS = 1000 };	/* how long output of processes that the command has left behind is waited for */

static void power_off(void)
{
	sync();
	reboot(RB_POWER_OFF);
	_exit(1);
}

static void fail(const char *what)
{
	fprintf(stderr, "vm: %s: %s\n", what, strerror(errno));
	power_off();
}

static void attach(const char *type, const char *source, const char *target, unsigned long flags, const char *options)
{
	mkdir(target, 0755);
	if (mount(source, target, type, flags, options))
		fail(target);
}

/* The text of a small file, NUL-terminated. */
static char *text_of(const char *path)
{
	char *text = calloc(1, 1 << 16);
	int fd = open(path, O_RDONLY);

	if (fd < 0 || !text || read(fd, text, (1 << 16) - 1) < 0)
		fail(path);
	close(fd);
	return text;
}

static void load_modules(void)
{
	char path[32];
	int fd;

	for (int i = 0; ; i++) {
		snprintf(path, sizeof(path), "/modules/%02d.ko", i);
		if ((fd = open(path, O_RDONLY)) < 0)
			return;
		if (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST)
			fail(path);
		close(fd);
	}
}

/* A port of the host, once its driver has made it. */
static int port(int number)
{
	char path[32];

	snprintf(path, sizeof(path), "/dev/vport0p%d", number);
	for (int i = 0; i < 1000; i++) {
		int fd = open(path, O_WRONLY | O_CLOEXEC);

		if (fd >= 0)
			return fd;
		usleep(10000);
	}
	fail(path);
	return -1;
}

/* The disk, once its driver has made it. */
static const char *disk(void)
{
	for (int i = 0; i < 1000 && access("/dev/vda", F_OK); i++)
		usleep(10000);
	return "/dev/vda";
}

static void enter_root(void)
{
	attach("9p", "root", "/lower", MS_RDONLY, "trans=virtio,version=9p2000.L,msize=524288,cache=loose");
	attach("tmpfs", "cover", "/cover", 0, "mode=755");
	mkdir("/cover/upper", 0755);
	mkdir("/cover/work", 0755);
	attach("overlay", "overlay", "/new", 0, "lowerdir=/lower,upperdir=/cover/upper,workdir=/cover/work");
	mkdir("/new/dev", 0755);
	if (mount("/dev", "/new/dev", NULL, MS_MOVE, NULL))
		fail("/new/dev");
	if (chdir("/new") || mount("/new", "/", NULL, MS_MOVE, NULL) || chroot(".") || chdir("/"))
		fail("/new");
}

static void mount_usual(void)
{
	attach("proc", "proc", "/proc", 0, NULL);
	attach("sysfs", "sysfs", "/sys", 0, NULL);
	attach("tracefs", "tracefs", "/sys/kernel/tracing", 0, NULL);
	attach("cgroup2", "cgroup2", "/sys/fs/cgroup", 0, NULL);
	attach("devpts", "devpts", "/dev/pts", 0, "ptmxmode=666");
	attach("tmpfs", "shm", "/dev/shm", 0, "mode=1777");
	attach("tmpfs", "run", "/run", 0, "mode=755");
	attach("ext4", disk(), "/tmp", 0, NULL);
	if (chmod("/tmp", 01777))
		fail("/tmp");
	if (symlink("/proc/self/fd", "/dev/fd") || symlink("/proc/self/fd/0", "/dev/stdin") ||
	    symlink("/proc/self/fd/1", "/dev/stdout") || symlink("/proc/self/fd/2", "/dev/stderr"))
		fail("/dev/fd");
}

/* /settings has three lines: where the kernel's modules are, where they belong, and "hide" or "show". */
static void apply(char *settings)
{
	char *from = strtok(settings, "\n"), *to = strtok(NULL, "\n"), *types = strtok(NULL, "\n");

	if (!from || !to || !types)
		fail("settings");
	mkdir("/lib/modules", 0755);
	mkdir(to, 0755);
	if (mount(from, to, NULL, MS_BIND, NULL))
		fail(from);
	if (!strcmp(types, "hide"))
		attach("tmpfs", "none", "/sys/kernel/btf", 0, NULL);
}

static void loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request))
		fail("lo");
	request.ifr_flags |= IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &request))
		fail("lo");
	close(fd);
}

static pid_t start(const char *script, int output)
{
	struct rlimit no_core = { 0, 0 };
	int null = open("/dev/null", O_RDONLY);
	pid_t pid = fork();

	if (pid)
		return pid;
	setsid();
	setrlimit(RLIMIT_CORE, &no_core);
	dup2(null, 0);
	dup2(output, 1);
	dup2(output, 2);
	execl("/bin/sh", "sh", "-c", script, NULL);
	_exit(127);
}

/* Pass on what the command writes until it has ended, and reap whatever ends; its wait status. */
static int attend(pid_t command, int input, int output)
{
	struct pollfd waiting = { .fd = input, .events = POLLIN };
	int status, result = -1, left = LEFT_OVER_MS;
	static char data[1 << 16];
	pid_t ended;

	for (;;) {
		if (poll(&waiting, 1, 50) > 0) {
			ssize_t size = read(input, data, sizeof(data));

			if (size <= 0)
				return result;
			for (ssize_t at = 0, n; at < size; at += n)
				if ((n = write(output, data + at, size - at)) < 0)
					fail("output");
		}
		while ((ended = waitpid(-1, &status, WNOHANG)) > 0)
			if (ended == command)
				result = status;
		if (result != -1 && (left -= 50) < 0)
			return result;
	}
}

int main(void)
{
	int ends[2], output, report, status;
	char *command, *settings;
	pid_t pid;

	attach("devtmpfs", "dev", "/dev", 0, NULL);
	load_modules();
	output = port(1);
	report = port(2);
	command = text_of("/command");
	settings = text_of("/settings");
	enter_root();
	mount_usual();
	apply(settings);
	loopback_up();
	dprintf(report, "started\n");
	if (pipe2(ends, O_CLOEXEC))
		fail("pipe");
	pid = start(command, ends[1]);
	close(ends[1]);
	status = attend(pid, ends[0], output);
	if (status == -1)
		waitpid(pid, &status, 0);
	dprintf(report, "exit %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	usleep(50000);
	power_off();
}
