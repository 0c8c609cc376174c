/*
 * mallocs COUNT SIZE : COUNT times malloc(SIZE), one write into it, free.
 */
#include <stdlib.h>

int main(int argc, char **argv)
{
	long count = argc > 2 ? atol(argv[1]) : 0, size = argc > 2 ? atol(argv[2]) : 0;

	for (long i = 0; i < count; i++) {
		volatile char *block = malloc(size);
		if (!block)
			return 1;
		block[0] = 1;
		free((void *)block);
	}
	return 0;
}
