/*
 * signals NUMBER COUNT      : sends itself COUNT signals NUMBER, each one handled before the next is sent
 * signals -k NUMBER COUNT   : forks COUNT children one after another, and ends each by signal NUMBER
 * signals -w NUMBER COUNT   : as the first, but blocks the signal and takes each by sigwaitinfo
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void handled(int number)
{
	(void)number;
}

int main(int argc, char **argv)
{
	int killing = argc > 1 && strcmp(argv[1], "-k") == 0, waiting = argc > 1 && strcmp(argv[1], "-w") == 0;
	int flags = killing || waiting;
	int number = argc > 2 ? atoi(argv[1 + flags]) : 0, count = argc > 2 ? atoi(argv[2 + flags]) : 0;
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	if (waiting)
		sigprocmask(SIG_BLOCK, &set, NULL);
	else if (!killing)
		signal(number, handled);
	for (int i = 0; i < count; i++) {
		if (!killing) {
			kill(getpid(), number);
			if (waiting)
				sigwaitinfo(&set, &info);
			continue;
		}
		pid_t pid = fork();
		if (pid == 0)
			for (;;)
				pause();
		kill(pid, number);
		waitpid(pid, NULL, 0);
	}
	return 0;
}
