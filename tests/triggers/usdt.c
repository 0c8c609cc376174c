/*
 * usdt COUNT [wait] [fork] [stay] [report] : fires each static probe of provider trial COUNT times (i from 0), with arguments known in advance:
 *
 *     in fire():    tick-tock (int i, "tick N")      plain ()      guarded (int i), only while somebody traces it
 *     in shapes():  sizes (-1 and the largest unsigned one of 1, 2, 4 and 8 bytes)
 *                   places (a global: 1000 + i, a local: 2000 + i, an element of an array: 3000 + i % 4, the constant 7)
 *     in twice():   spot (i in a register), and spot (-5, a constant)
 *
 * `fork`: a child does all this too, and is waited for.   `wait`: before that, waits until a byte can be read from standard input.
 * `stay`: does nothing more once it has fired, until it is killed.
 * `report`: prints how often guarded fired and its semaphore in the end: "guarded N semaphore N".
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* A note as <sys/sdt.h> writes it; ARGUMENTS is its text, whose operands follow. */
#define PROBE(NAME, SEMAPHORE, ARGUMENTS, ...)                                                                                   \
	__asm__ volatile("990:	nop\n"                                                                                           \
			 ".pushsection .note.stapsdt,\"\",\"note\"\n"                                                            \
			 ".balign 4\n"                                                                                           \
			 ".4byte 992f-991f, 994f-993f, 3\n"                                                                      \
			 "991:	.asciz \"stapsdt\"\n"                                                                            \
			 "992:	.balign 4\n"                                                                                     \
			 "993:	.8byte 990b, _.stapsdt.base, " SEMAPHORE "\n"                                                    \
			 ".asciz \"trial\", \"" NAME "\", \"" ARGUMENTS "\"\n"                                                   \
			 "994:	.balign 4\n"                                                                                     \
			 ".popsection" : : __VA_ARGS__)

__asm__(".pushsection .stapsdt.base,\"a\",\"progbits\"\n"
	"_.stapsdt.base: .space 1\n"
	".popsection\n");

__attribute__((section(".probes"))) volatile uint16_t trial_guarded_semaphore;
volatile int counter = 1000;
static volatile long array[] = {3000, 3001, 3002, 3003};
static long guarded;

/* The sizes are those of the C types, negative for the signed ones, as the note has them. */
__attribute__((noipa, noinline)) static void shapes(long i)
{
	volatile int8_t s1 = -1;
	volatile int16_t s2 = -1;
	volatile int64_t local = 2000 + i;
	int32_t s4 = -1;
	int64_t s8 = -1;
	uint8_t u1 = 0xff;

	counter = 1000 + i;
	PROBE("sizes", "0", "-1@%[s1] 1@%[u1] -2@%[s2] 2@%[u2] -4@%[s4] 4@%[u4] -8@%[s8] 8@%[u8]", [s1] "m"(s1), [u1] "r"(u1),
	      [s2] "m"(s2), [u2] "i"(0xffff), [s4] "r"(s4), [u4] "i"(-1), [s8] "r"(s8), [u8] "i"(-1));
	PROBE("places", "0", "-4@%[global] -8@%[local] -8@%[element] -4@%[constant]", [global] "m"(counter), [local] "m"(local),
	      [element] "m"(array[i % 4]), [constant] "i"(7));
}

__attribute__((noipa, noinline)) static void twice(int i)
{
	PROBE("spot", "0", "-4@%[i]", [i] "r"(i));
	PROBE("spot", "0", "-4@%[i]", [i] "i"(-5));
}

__attribute__((noipa, noinline)) static void fire(int i)
{
	char text[32];

	snprintf(text, sizeof(text), "tick %d", i);
	PROBE("tick__tock", "0", "-4@%[i] 8@%[text]", [i] "r"(i), [text] "r"(text), "m"(text));
	PROBE("plain", "0", "", "r"(0));
	if (trial_guarded_semaphore) {
		guarded++;
		PROBE("guarded", "trial_guarded_semaphore", "-4@%[i]", [i] "r"(i));
	}
}

static void fire_all(long count)
{
	for (long i = 0; i < count; i++) {
		fire(i);
		shapes(i);
		twice(i);
	}
}

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 1;

	for (int at = 2; at < argc; at++) {
		if (strcmp(argv[at], "wait") == 0 && getchar() == EOF)
			return 1;
		if (strcmp(argv[at], "fork") == 0 && fork() == 0) {
			fire_all(count);
			_exit(0);
		}
	}
	fire_all(count);
	while (wait(NULL) > 0)
		continue;
	if (strcmp(argv[argc - 1], "stay") == 0)
		pause();
	if (strcmp(argv[argc - 1], "report") == 0)
		printf("guarded %ld semaphore %d\n", guarded, trial_guarded_semaphore);
	return 0;
}
