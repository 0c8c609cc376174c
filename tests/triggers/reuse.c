/*
 * reuse COUNT getppid : COUNT processes, one after another, that all have the same process number; each makes one getppid.
 * Prints nothing; status 3 if the kernel does not give a number out on demand.
 */
#define _GNU_SOURCE
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 1;
	pid_t number = getpid() > 20000 ? getpid() - 10000 : getpid() + 10000;

	for (long i = 0; i < count; i++) {
		struct clone_args args = {.exit_signal = SIGCHLD, .set_tid = (uintptr_t)&number, .set_tid_size = 1};
		pid_t child = syscall(SYS_clone3, &args, sizeof(args));

		if (child < 0)
			return 3;
		if (child == 0) {
			syscall(SYS_getppid);
			_exit(0);
		}
		waitpid(child, NULL, 0);
		usleep(200000);	/* the kernel forgets a thread after a grace period */
	}
	return 0;
}
