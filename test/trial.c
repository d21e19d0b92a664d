#include "test/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "host/system.h"
#include <cmocka.h>

static bool is_stopped(void *context)
{
	struct trial_run *trial = context;

	return trial->stop_after > 0 && trial->asked++ >= trial->stop_after;
}

static void show(void *context, const char *test, const char *what, double share, int64_t left_ns)
{
	struct trial_run *trial = context;

	assert_non_null(test);
	assert_non_null(what);
	assert_true(share <= 1);
	assert_true(left_ns >= 0);
	trial->shown++;
}

void trial_run_start(struct trial_run *trial)
{
	struct subject subject = { .parts = { [SUBJECT_PROVIDER] = "p", [SUBJECT_NODE] = "n1" } };

	sightings_start(&trial->seen, &subject, &trial->host, &trial->arena);
	sightings_start(&trial->sightings, &subject, &trial->host, &trial->arena);
	trial->request = (struct active_request){
		.host = &trial->host,
		.here = &trial->host,
		.consent = CONSENT_LOAD,
		.limit_ns = 3600000000000ll,
		.call_limit_ns = 1000000000ll,
		.seen = &trial->seen,
		.targets = &trial->targets,
		.is_stopped = is_stopped,
		.show = show,
		.context = trial,
	};
}

void trial_run_release(struct trial_run *trial)
{
	arena_release(&trial->arena);
}

struct active_run trial_run_make(struct trial_run *trial, const struct active_step *step,
				 int64_t limit_ns)
{
	int64_t now_ns = host_boot_ns(&trial->host);

	return (struct active_run){
		.request = &trial->request,
		.step = step,
		.sightings = &trial->sightings,
		.arena = &trial->arena,
		.started_ns = now_ns,
		.deadline_ns = now_ns + limit_ns,
		.all_deadline_ns = now_ns + limit_ns,
	};
}

const struct record *trial_run_find(const struct trial_run *trial, enum measure measure,
				    const char *device)
{
	for (size_t i = trial->sightings.count; i > 0; i--) {
		const struct record *one = &trial->sightings.items[i - 1];
		const char *about = one->subject.parts[SUBJECT_DEVICE];

		if (strcmp(one->what, measures[measure].name) == 0 && (!device) == (!about) &&
		    (!device || strcmp(device, about) == 0))
			return one;
	}
	fail_msg("no record of %s about %s", measures[measure].name, device ? device : "the node");
	return NULL;
}
