/* Tests let a stand-in play a few lines. */
#pragma once

#include <stdbool.h>
#include <string.h>

/* Opens "libnvidia-ml.so.1" or the like in the folder $ASSAY_VENDOR; fails the test if it cannot.
 */
void *play_open(const char *library);

/* The scenario that is loaded at the next init, as if it had begun some seconds ago. */
void play(const char *text, double seconds_ago);

/* Moves the clock of what is played; heard at the next init only. */
void play_from(double seconds_ago);

/* NULL when the library has no such symbol. */
void *play_symbol(void *library, const char *name);

/* A function under the type that its declaration gives it; has to be there. */
#define PLAY_FUNCTION(library, name)                             \
	__extension__({                                          \
		void *play_at = play_symbol(library, #name);     \
		__typeof__(&(name)) play_call;                   \
		assert_non_null(play_at);                        \
		memcpy(&play_call, &play_at, sizeof(play_call)); \
		play_call;                                       \
	})

/* How a child ended that was given half a second. */
enum play_end {
	PLAY_RETURNED,
	PLAY_STALLED,
	PLAY_CRASHED,
};

/* Calls the function in a child. */
enum play_end play_in_child(void (*function)(void));

/* Asserts that the library has every function, beginning with `prefix`, that a header declares. */
void play_expect_all(void *library, const char *header, const char *prefix);
