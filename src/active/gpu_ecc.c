#include "active/gpu_ecc.h"

#include <string.h>

#include "probe/probe.h"

void gpu_ecc_look(struct active_run *run, struct gpu_ecc *ret_ecc)
{
	const struct active_request *request = run->request;
	const struct probe_request look = {
		.host = request->host,
		.shares = PROBE_QUICK | PROBE_FULL | PROBE_COUNTERS,
		.call_limit_ns = request->call_limit_ns,
		.total_limit_ns = active_left_ns(run) > 0 ? active_left_ns(run) : 1,
	};

	ret_ecc->seen = ARENA_ARRAY(run->arena, struct sightings, 1);
	sightings_start(ret_ecc->seen, &run->sightings->subject, request->host, run->arena);
	probe_nvidia.look(&look, ret_ecc->seen);
	probe_amd.look(&look, ret_ecc->seen);
}

/* NULL when nothing was said. */
static const struct record *find(const struct gpu_ecc *ecc, enum measure measure, const char *gpu)
{
	const struct record *found = NULL;

	for (size_t i = 0; i < ecc->seen->count; i++) {
		const struct record *one = &ecc->seen->items[i];
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		if (strcmp(one->what, measures[measure].name) == 0 && device &&
		    strcmp(device, gpu) == 0)
			found = one;
	}
	return found;
}

static void say(struct active_run *run, const struct record *before, const struct record *after,
		enum measure into, const char *gpu)
{
	const bool is_known =
		before && after && before->says == SAYS_VALUE && after->says == SAYS_VALUE;
	const struct record *dark = !before || before->says != SAYS_VALUE ? before : after;

	if (!is_known)
		(void)saw_unknown(run->sightings, into, gpu, "%.200s",
				  dark && dark->says == SAYS_UNKNOWN && dark->text
					  ? dark->text
					  : "the library does not tell the counter");
	else if (after->value < before->value)
		(void)saw_unknown(run->sightings, into, gpu,
				  "the counter fell: the driver was started anew");
	else
		(void)saw_value(run->sightings, into, gpu, after->value - before->value);
}

void gpu_ecc_say(struct active_run *run, const struct gpu_ecc *before, const struct gpu_ecc *after,
		 const char *const *gpus, size_t count)
{
	static const struct {
		enum measure from, into;
	} pairs[] = {
		{ NODE_GPU_ECC_CORRECTED, NODE_TEST_GPU_ECC_CORRECTED },
		{ NODE_GPU_ECC_UNCORRECTED, NODE_TEST_GPU_ECC_UNCORRECTED },
	};

	sightings_again(run->sightings, run->request->host);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < sizeof(pairs) / sizeof(pairs[0]); k++)
			say(run, find(before, pairs[k].from, gpus[i]),
			    find(after, pairs[k].from, gpus[i]), pairs[k].into, gpus[i]);
}
