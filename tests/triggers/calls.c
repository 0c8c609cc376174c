/*
 * calls COUNT [fork] [wait] : calls its functions COUNT times each, with arguments that can be told in advance:
 *
 *     many(1, 2, ... 8) = 36     text("query N") = N     twice(N) = 2 N, by way of once(N)     factorial(5), recursively
 *
 * `fork`: a child calls them too, and is waited for.   `wait`: before that, waits for SIGUSR1.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEPT __attribute__((noipa, noinline))

static volatile long sink;

KEPT long many(long a, long b, long c, long d, long e, long f, long g, long h)
{
	return a + b + c + d + e + f + g + h;
}

KEPT long text(const char *query)
{
	return atol(strchr(query, ' ') + 1);
}

KEPT static long once(long n)
{
	return sink = n;
}

KEPT long twice(long n)
{
	return once(n) + n;
}

KEPT long factorial(long n)
{
	if (n < 2)
		return 1;
	sink = factorial(n - 1); /* volatile: no loop is made of it */
	return sink * n;
}

#if defined(__x86_64__)
/* Never called: the kernel does not probe instructions with this prefix. */
__asm__(".globl locked_factorial\n.type locked_factorial, @function\nlocked_factorial: lock decl (%rdi)\nret\n"
	".size locked_factorial, . - locked_factorial\n");
#endif

/* Another name for the same place. */
long thrice_less_one(long n) __attribute__((alias("twice")));

static void call(long count)
{
	char query[32];

	for (long i = 0; i < count; i++) {
		sink = many(1, 2, 3, 4, 5, 6, 7, 8);
		snprintf(query, sizeof(query), "query %ld", i);
		sink = text(query);
		sink = twice(i);
		sink = factorial(5);
	}
}

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 1;
	int number;
	sigset_t usr1;

	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, NULL); /* so that it may come too early */
	for (int i = 2; i < argc; i++) {
		if (strcmp(argv[i], "wait") == 0)
			sigwait(&usr1, &number);
		if (strcmp(argv[i], "fork") == 0 && fork() == 0) {
			call(count);
			_exit(0);
		}
	}
	call(count);
	while (wait(NULL) > 0)
		continue;
	return 0;
}
