#include <string.h>

#include "check/gpu/walk.h"

/* What came during the burn-in, worst first. Corrected errors and packets sent again are what these
 * mechanisms are for: told, and judged by their rates elsewhere (gpu-ecc-rate, gpu-link-errors). */
static const struct {
	const char *word, *what;
	enum verdict verdict;
	const char *action;
} kinds[] = {
	{ "lost", "it answers no longer", VERDICT_FAIL, "drain; reset or replace the GPU" },
	{ "xid", "messages of the kernel about it (Xid)", VERDICT_FAIL,
	  "drain; look up the Xid (gpu-error-log)" },
	{ "ecc-uncorrected", "uncorrected errors of its memory", VERDICT_FAIL,
	  "drain; reset the GPU" },
	{ "sram-uncorrected", "uncorrected errors of its on-chip memory", VERDICT_FAIL,
	  "drain; replace the GPU" },
	{ "rows-replaced", "rows of its memory that were replaced", VERDICT_FAIL,
	  "drain; reset the GPU" },
	{ "link-recoveries", "recoveries of its links", VERDICT_FAIL,
	  "drain; look at the links (gpu-link-errors)" },
	{ "ecc-corrected", "corrected errors of its memory", VERDICT_WARN, "watch their rate" },
	{ "link-crc", "packets of its links with a wrong checksum", VERDICT_WARN,
	  "watch their rate" },
	{ "link-replays", "packets of its links that were sent again", VERDICT_WARN,
	  "watch their rate" },
	{ "pcie-replays", "PCIe packets that were sent again", VERDICT_WARN, "watch their rate" },
};

/* The ones without which nothing was looked at. */
static const char *const needed[] = { "lost", "ecc-uncorrected" };

static const char *why_ended(const struct machine *machine, const char *gpu)
{
	const struct record *why = machine_find(machine, NODE_TEST_REASON, gpu);

	return why && why->says == SAYS_TEXT ? why->text : "no reason was told";
}

static const struct record *count_of(const struct gpu_walk *walk, const char *gpu, const char *word)
{
	return machine_find(walk->machine, NODE_TEST_BURN_COUNT,
			    arena_format(walk->found->arena, "%s/%s", gpu, word));
}

static void say_uncounted(struct gpu_walk *walk, const char *gpu, const struct record *first,
			  unsigned uncounted)
{
	struct finding *finding = gpu_walk_say(walk, VERDICT_UNKNOWN, gpu, first,
					       "%u kinds of errors are not known: %s", uncounted,
					       first ? first->text : "they were not counted");

	finding->action = "burn again, to the end";
}

static void say_count(struct gpu_walk *walk, const char *gpu, const struct record *one, size_t kind)
{
	struct finding *finding = gpu_walk_say(walk, kinds[kind].verdict, gpu, one,
					       "%s came during the burn-in: %.0f, none expected",
					       kinds[kind].what, one->value);

	finding->bar = "no error in a burn-in: criterion reliability.burn-in";
	finding->action = kinds[kind].action;
}

static void judge_counts(struct gpu_walk *walk, const char *gpu)
{
	const struct record *first = NULL;
	unsigned uncounted = 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct record *one = count_of(walk, gpu, kinds[i].word);

		if (one && one->says == SAYS_VALUE) {
			if (one->value > 0)
				say_count(walk, gpu, one, i);
		} else if (one) {
			uncounted++;
			first = first ? first : one;
		}
	}
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		uncounted += !count_of(walk, gpu, needed[i]);
	if (uncounted > 0)
		say_uncounted(walk, gpu, first, uncounted);
}

static void judge_gpu(struct gpu_walk *walk, const char *gpu)
{
	const struct record *end = gpu_walk_need(walk, NODE_TEST_BURN_END, gpu);
	size_t before = walk->found->count;
	struct finding *finding;

	if (!end)
		return;
	if (strcmp(end->text, "wrong") == 0) {
		finding = gpu_walk_say(walk, VERDICT_FAIL, gpu, end,
				       "the same product had different results (%s): it computes "
				       "wrongly without an error",
				       why_ended(walk->machine, gpu));
		finding->action = "drain; replace the GPU";
	} else if (strcmp(end->text, "ok") != 0) {
		finding = gpu_walk_say(walk, VERDICT_FAIL, gpu, end,
				       "it did not hold out: the load on it %s (%s)", end->text,
				       why_ended(walk->machine, gpu));
		finding->action = "drain; look at the kernel log, reset the GPU";
	}
	judge_counts(walk, gpu);
	if (walk->found->count == before)
		gpu_walk_well(walk, end);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct gpu_walk walk;
	const char *gpu;

	gpu_walk_start(&walk, seen, found, NULL);
	while ((gpu = gpu_walk_next(&walk)))
		judge_gpu(&walk, gpu);
	gpu_walk_end(&walk, "none came, and all results were the same");
}

CHECK(burn_errors) = {
	.title = "The burn-in brought no error to light",
	.since = "0.1",
	.needs = "node.test.burn.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.parts = PART_GPU,
	.judge = judge,
};
