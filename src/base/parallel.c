#include "base/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

enum {
	THREADS_MAXIMUM = 64,
};

struct loop {
	atomic_size_t next;
	size_t count;
	void (*work)(void *context, size_t item, unsigned worker);
	void *context;
};

struct worker {
	struct loop *loop;
	unsigned number;
	pthread_t thread;
};

static void *run(void *argument)
{
	struct worker *worker = argument;
	struct loop *loop = worker->loop;

	/* `next` passes `count` by at most one for each worker: counts near SIZE_MAX cannot be. */
	for (;;) {
		size_t item = atomic_fetch_add_explicit(&loop->next, 1, memory_order_relaxed);

		if (item >= loop->count)
			return NULL;
		loop->work(loop->context, item, worker->number);
	}
}

void parallel_for(size_t count, unsigned threads,
		  void (*work)(void *context, size_t item, unsigned worker), void *context)
{
	struct loop loop = { .count = count, .work = work, .context = context };
	struct worker workers[THREADS_MAXIMUM];
	unsigned started = 1; /* the caller's own thread is worker 0 */

	if (threads > THREADS_MAXIMUM)
		threads = THREADS_MAXIMUM;
	while (started < threads && started < count) {
		struct worker *worker = &workers[started];

		*worker = (struct worker){ .loop = &loop, .number = started };
		if (pthread_create(&worker->thread, NULL, run, worker) != 0)
			break;
		started++;
	}

	workers[0] = (struct worker){ .loop = &loop, .number = 0 };
	(void)run(&workers[0]);
	for (unsigned i = 1; i < started; i++)
		(void)pthread_join(workers[i].thread, NULL);
}
