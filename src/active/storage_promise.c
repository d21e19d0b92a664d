#include "active/storage_promise.h"

#include <errno.h>
#include <string.h>

#include "active/storage_keeper.h"
#include "host/raw.h"

void keeper_fails(struct keeper *keeper, const char *what)
{
	crowd_says_error(keeper->port, what, errno);
	keeper->sum.errors++;
}

/* What stands behind the word in the request. */
static const char *behind(const char *request, const char *word)
{
	size_t length = strlen(word);

	return strncmp(request, word, length) == 0 ? request + length : NULL;
}

static void do_request(struct keeper *keeper, const char *request)
{
	static const struct {
		const char *word;
		void (*work)(struct keeper *keeper);
	} works[] = {
		{ "append", keep_append }, { "appended", keep_appended },
		{ "fsync", keep_sync },    { "write", keep_write },
		{ "verify", keep_verify }, { "replace", keep_replace },
		{ "look", keep_look },
	};
	const char *kind;

	if ((kind = behind(request, "lock ")))
		keep_lock(keeper, kind);
	else if ((kind = behind(request, "locks-counted ")))
		keep_locks_counted(keeper, kind);
	if (strcmp(request, "rename") == 0)
		request = keeper->task->number + keeper->task->rank == 0 ? "replace" : "look";
	for (size_t i = 0; i < sizeof(works) / sizeof(works[0]); i++)
		if (strcmp(request, works[i].word) == 0)
			works[i].work(keeper);
}

void promise_work(struct worker_port *port, const char *request, void **state, const void *context)
{
	const struct crowd_task *task = context;
	struct keeper keeper = { .port = port, .task = task };

	(void)state;
	worker_calls(port, "opening %.60s", task->mark);
	keeper.folder = raw_open_folder(task->path);
	if (keeper.folder < 0) {
		keeper_fails(&keeper, "opening the folder");
	} else {
		crowd_await(task);
		do_request(&keeper, request);
	}
	crowd_says_sum(port, &keeper.sum);
}
