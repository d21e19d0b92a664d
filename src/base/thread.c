#include "base/thread.h"

#include <assert.h>

void lock_take(struct lock *lock)
{
	int refused = pthread_mutex_lock(&lock->mutex);

	assert(refused == 0);
	(void)refused;
}

void lock_give(struct lock *lock)
{
	int refused = pthread_mutex_unlock(&lock->mutex);

	assert(refused == 0);
	(void)refused;
}

void bell_ring(struct bell *bell)
{
	(void)pthread_mutex_lock(&bell->mutex);
	bell->rung = true;
	(void)pthread_cond_signal(&bell->condition);
	(void)pthread_mutex_unlock(&bell->mutex);
}

void bell_wait(struct bell *bell)
{
	(void)pthread_mutex_lock(&bell->mutex);
	while (!bell->rung)
		(void)pthread_cond_wait(&bell->condition, &bell->mutex);
	bell->rung = false;
	(void)pthread_mutex_unlock(&bell->mutex);
}

static void *run(void *argument)
{
	struct thread *thread = argument;

	thread->work(thread->context);
	return NULL;
}

bool thread_start(struct thread *thread, void (*work)(void *context), void *context)
{
	thread->work = work;
	thread->context = context;
	thread->started = pthread_create(&thread->id, NULL, run, thread) == 0;
	return thread->started;
}

void thread_join(struct thread *thread)
{
	if (thread->started)
		(void)pthread_join(thread->id, NULL);
	thread->started = false;
}
