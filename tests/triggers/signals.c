/*
 * signals NUMBER COUNT      : sends itself COUNT signals NUMBER, each one handled before the next is sent
 * signals -k NUMBER COUNT   : forks COUNT children one after another, and ends each by signal NUMBER
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
	int killing = argc > 1 && strcmp(argv[1], "-k") == 0;
	int number = argc > 2 ? atoi(argv[1 + killing]) : 0, count = argc > 2 ? atoi(argv[2 + killing]) : 0;

	if (!killing)
		signal(number, handled);
	for (int i = 0; i < count; i++) {
		if (!killing) {
			kill(getpid(), number);
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
