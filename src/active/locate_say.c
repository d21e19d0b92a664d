#include "active/locate_say.h"

static void say_one(const struct locate_finding *finding, const char *why, const char *device,
		    struct sightings *sightings)
{
	switch (finding->verdict) {
	case LOCATE_SOUND:
		(void)saw_state(sightings, NODE_TEST_LOCATE_VERDICT, device, "sound");
		break;
	case LOCATE_FAULTY:
		(void)saw_state(sightings, NODE_TEST_LOCATE_VERDICT, device,
				locate_symptom_names[finding->symptom]);
		break;
	case LOCATE_OPEN:
		(void)saw_unknown(sightings, NODE_TEST_LOCATE_VERDICT, device,
				  "%u measurements did not suffice", finding->tests);
		break;
	case LOCATE_UNTESTED:
	case LOCATE_VERDICT_COUNT:
		(void)saw_unknown(sightings, NODE_TEST_LOCATE_VERDICT, device, "%s",
				  why ? why : "it never had a partner");
		break;
	}
	if (finding->partners > 0)
		(void)saw_value(sightings, NODE_TEST_LOCATE_LACKS, device, 100 * finding->lacks);
}

static void say_stage(const struct locate_run *run, enum locate_stage stage,
		      struct sightings *sightings)
{
	const struct locate *locate = &run->of[stage];
	const struct locate_hosts *hosts = run->plan->hosts;
	unsigned rails = locate->options.rails;

	for (uint32_t i = 0; i < locate->count; i++)
		for (unsigned rail = 0; rail < rails; rail++)
			say_one(&locate->findings[(size_t)i * rails + rail],
				stage == LOCATE_HOSTS ? run->whys[i] : NULL,
				arena_format(run->arena, "%s:%s/rail:%u",
					     stage == LOCATE_HOSTS ? "host" : "leaf",
					     stage == LOCATE_HOSTS ? hosts->hosts[i].name
								   : hosts->leaves[i],
					     rail),
				sightings);
}

void locate_say(const struct locate_run *run, struct sightings *sightings)
{
	say_stage(run, LOCATE_HOSTS, sightings);
	if (run->has_leaves)
		say_stage(run, LOCATE_LEAVES, sightings);
}
