#include <stdio.h>

#include "active/object_errand.h"

static bool put_small(struct errand *errand)
{
	size_t count = errand->task->small;
	struct object_request *requests =
		errand_small(errand, OBJECT_PUT, count, OBJECT_ANSWER_MAXIMUM);
	bool good;

	for (unsigned i = 0; i < count; i++)
		requests[i].body = errand_small_body(errand, i);
	good = errand_does(errand, "put", requests, count);
	requests_release(requests, count);
	return good;
}

static void get_small(struct errand *errand)
{
	const struct object_task *task = errand->task;
	size_t most = task->small_bytes > OBJECT_ANSWER_MAXIMUM ? task->small_bytes
								: OBJECT_ANSWER_MAXIMUM;
	struct object_request *requests = errand_small(errand, OBJECT_GET, task->small, most);

	(void)errand_does(errand, "get", requests, task->small);
	for (unsigned i = 0; i < task->small; i++)
		if (object_succeeded(&requests[i]) &&
		    !answer_is_pattern(&requests[i], i + 1, 0, task->small_bytes))
			errand->corrupt++;
	requests_release(requests, task->small);
}

/* Lists several times: one request says nothing of a tail. */
static void list_small(struct errand *errand)
{
	enum { TIMES = 10 };
	struct object_request requests[TIMES];

	errand->what = "list";
	for (unsigned i = 0; i < TIMES; i++) {
		long count = errand_lists(errand, &requests[i], errand_passes, NULL);

		if (count >= 0 && count < errand->task->small && requests[i].error[0] == '\0')
			(void)snprintf(requests[i].error, OBJECT_WORDS,
				       "%ld of %u objects are listed", count, errand->task->small);
	}
	errand_says_times(errand, requests, TIMES, 0);
	(void)errand_says_errors(errand, requests, TIMES);
	requests_release(requests, TIMES);
}

static void delete_small(struct errand *errand)
{
	struct object_request *requests =
		errand_small(errand, OBJECT_DELETE, errand->task->small, OBJECT_ANSWER_MAXIMUM);

	(void)errand_does(errand, "delete", requests, errand->task->small);
	requests_release(requests, errand->task->small);
}

bool errand_tests_small(struct errand *errand)
{
	if (!put_small(errand))
		return false;
	get_small(errand);
	list_small(errand);
	delete_small(errand);
	return true;
}
