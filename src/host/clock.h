/*
 * The clock that deadlines of this process are kept by, private to this room.
 */
#pragma once

#include <stdint.h>
#include <time.h>

#define NS_PER_S 1000000000ll
#define NS_PER_MS 1000000ll

/* CLOCK_MONOTONIC. */
static inline int64_t clock_now_ns(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* May end early, on a signal. */
static inline void clock_sleep_ns(int64_t ns)
{
	const struct timespec pause = { .tv_sec = ns / NS_PER_S, .tv_nsec = ns % NS_PER_S };

	(void)nanosleep(&pause, NULL);
}

/* What poll waits, rounded up so that there is no busy loop, and a tenth of a second at most: a
 * deadline may come nearer while it waits. */
static inline int clock_poll_ms(int64_t left_ns)
{
	if (left_ns <= 0)
		return 0;
	return left_ns >= 100 * NS_PER_MS ? 100 : (int)((left_ns + NS_PER_MS - 1) / NS_PER_MS);
}
