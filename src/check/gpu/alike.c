#include <string.h>

#include "check/gpu/majority.h"
#include "check/gpu/walk.h"

enum {
	GPUS_MAXIMUM = 64,
};

/* What has to be the same on all GPUs of a node. */
static const struct {
	const char *what;
	enum measure measure;
	bool is_hardware; /* another part than its neighbours, and not another setting */
} facts[] = {
	{ "model", NODE_GPU_NAME, true },
	{ "memory", NODE_GPU_MEMORY_TOTAL, true },
	{ "firmware", NODE_GPU_VBIOS, false },
	{ "InfoROM", NODE_GPU_INFOROM, false },
	{ "error correction", NODE_GPU_ECC_MODE, false },
	{ "persistence", NODE_GPU_PERSISTENCE, false },
	{ "power limit", NODE_GPU_POWER_LIMIT, false },
	{ "partition", NODE_GPU_PARTITION, false },
	{ "compute mode", NODE_GPU_COMPUTE_MODE, false },
	{ "confidential computing", NODE_GPU_CONFIDENTIAL, false },
};

enum {
	FACTS = sizeof(facts) / sizeof(facts[0]),
};

/* What is odd about one GPU. */
struct oddity {
	const char *gpu;
	const char *text; /* NULL: nothing */
	const char *dark; /* what is not known of it and is of its neighbours; NULL: nothing */
	bool is_hardware;
	const struct record *record;
};

struct group {
	struct gpu_walk walk;
	struct oddity gpus[GPUS_MAXIMUM];
	size_t count;
	size_t compared; /* facts that could be compared */
};

static void note(struct arena *arena, const char **into, const char *text)
{
	*into = *into ? arena_format(arena, "%s; %s", *into, text) : text;
}

static void compare_fact(struct group *group, size_t fact)
{
	struct arena *arena = group->walk.found->arena;
	const char *texts[GPUS_MAXIMUM], *usual;
	size_t said;

	for (size_t i = 0; i < group->count; i++)
		texts[i] = record_words(
			machine_find(group->walk.machine, facts[fact].measure, group->gpus[i].gpu),
			arena);
	usual = majority_of(texts, group->count, &said);
	if (said == 0)
		return;
	group->compared++;
	if (!usual) {
		findings_add(group->walk.found,
			     facts[fact].is_hardware ? VERDICT_FAIL : VERDICT_WARN,
			     measures[facts[fact].measure].name,
			     "the GPUs differ in %s, and no value has a majority", facts[fact].what)
			->action = "make them alike";
		return;
	}
	for (size_t i = 0; i < group->count; i++) {
		struct oddity *one = &group->gpus[i];

		if (!texts[i])
			note(arena, &one->dark, facts[fact].what);
		if (!texts[i] || strcmp(texts[i], usual) == 0)
			continue;
		note(arena, &one->text,
		     arena_format(arena, "%s '%.60s', the others have '%.60s'", facts[fact].what,
				  texts[i], usual));
		one->is_hardware |= facts[fact].is_hardware;
		one->record = machine_find(group->walk.machine, facts[fact].measure, one->gpu);
	}
}

static void say(struct group *group, const struct oddity *one)
{
	struct finding *finding;

	if (one->text) {
		finding = gpu_walk_say(&group->walk, one->is_hardware ? VERDICT_FAIL : VERDICT_WARN,
				       one->gpu, one->record, "%s", one->text);
		finding->bar = "what most GPUs of the node have";
		finding->action = one->is_hardware ? "ask why another part is in this place"
						   : "set it, or flash it, as the others are";
	} else if (one->dark) {
		gpu_walk_say(&group->walk, VERDICT_UNKNOWN, one->gpu, NULL,
			     "not known of it, and known of others: %s", one->dark);
	} else {
		gpu_walk_well(&group->walk,
			      machine_find(group->walk.machine, NODE_GPU_NAME, one->gpu));
	}
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct group group = { .count = 0 };
	const char *gpu;

	gpu_walk_start(&group.walk, seen, found, NULL);
	while (group.count < GPUS_MAXIMUM && (gpu = gpu_walk_next(&group.walk)))
		group.gpus[group.count++].gpu = gpu;
	if (group.count == 1) {
		findings_add(found, VERDICT_NOT_APPLICABLE, NULL,
			     "one GPU has no neighbour to be like")
			->observed = seen->machine->observed;
		return;
	}
	for (size_t i = 0; i < FACTS; i++)
		compare_fact(&group, i);
	if (group.compared == 0)
		return;
	for (size_t i = 0; i < group.count; i++)
		say(&group, &group.gpus[i]);
	gpu_walk_end(&group.walk,
		     arena_format(found->arena, "alike in %zu ways (model, firmware, settings …)",
				  group.compared));
}

CHECK(gpu_alike) = {
	.title = "All GPUs of the node are alike",
	.since = "0.1",
	.needs = "node.gpu.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.parts = PART_GPU,
	.judge = judge,
};
