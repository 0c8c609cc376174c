/*
 * spawn [-n TIMES] CHILD... : children one after another, each waited for before the next begins; all of it TIMES times.
 *
 * A CHILD is one of
 *   exit=STATUS          forks a child that exits with STATUS
 *   signal=NUMBER        forks a child that ends itself by that signal
 *   exec=PATH,ARG,...    forks a child that executes PATH with the arguments ARG... (argv[0] is PATH)
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 32 };

static void become(char *what)
{
	char *value = strchr(what, '=') + 1, *words[MOST + 1];
	int count = 0;

	if (strncmp(what, "exit=", 5) == 0)
		_exit(atoi(value));
	if (strncmp(what, "signal=", 7) == 0) {
		raise(atoi(value));
		_exit(99);
	}
	for (char *word = strtok(value, ","); word && count < MOST; word = strtok(NULL, ","))
		words[count++] = word;
	words[count] = NULL;
	execv(words[0], words);
	_exit(127);
}

int main(int argc, char **argv)
{
	int times = 1, first = 1;

	if (argc > 2 && strcmp(argv[1], "-n") == 0) {
		times = atoi(argv[2]);
		first = 3;
	}
	while (times-- > 0)
		for (int i = first; i < argc; i++) {
			pid_t pid = fork();
			if (pid == 0)
				become(argv[i]);
			waitpid(pid, NULL, 0);
		}
	return 0;
}
