/*
 * Locks, a bell that one thread rings and another waits for, and threads that live as long as a
 * server. For a loop over items base/parallel.h is simpler.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>

/* `struct lock l = LOCK_READY;` is free. */
struct lock {
	pthread_mutex_t mutex;
};

#define LOCK_READY                        \
	{                                 \
		PTHREAD_MUTEX_INITIALIZER \
	}

void lock_take(struct lock *lock);
void lock_give(struct lock *lock);

/* Rung or not; waiting takes the ring away. `struct bell b = BELL_READY;` is silent. */
struct bell {
	pthread_mutex_t mutex;
	pthread_cond_t condition;
	bool rung;
};

#define BELL_READY                                                         \
	{                                                                  \
		PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false \
	}

void bell_ring(struct bell *bell);
void bell_wait(struct bell *bell);

struct thread {
	pthread_t id;
	bool started;
	void (*work)(void *context);
	void *context;
};

/* False when the system gives none. `thread` stays in place until it was joined. */
bool thread_start(struct thread *thread, void (*work)(void *context), void *context);

/* Waits for its end; one that was not started is fine. */
void thread_join(struct thread *thread);
