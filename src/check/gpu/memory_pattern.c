#include <string.h>

#include "check/gpu/rates.h"
#include "check/gpu/walk.h"

/* A driver keeps up to 7 % of what a GPU is sold with (error correction, page tables): shape.tsv.
 */
static const double sold_share = 0.93;

/* With less than this much of it tested, most of what could be wrong was not looked at. */
static const double tested_share = 0.85;

static const double gib = 1073741824;

/* What was wrong, from the first remark about it. */
static const char *first_fault(const struct machine *machine, const char *gpu)
{
	const struct record *fault = machine_find(machine, NODE_TEST_GPU_PATTERN_FAULT, gpu);

	return fault && fault->says == SAYS_TEXT ? fault->text : "no place was told";
}

static bool is_copy(const char *part)
{
	static const char *const copies[] = { "copy", "transfer", "host:", "to:", NULL };

	for (size_t i = 0; copies[i]; i++)
		if (strncmp(part, copies[i], strlen(copies[i])) == 0)
			return true;
	return false;
}

/* Sums the errors of the patterns; false when none was told of this GPU, and says so. */
static bool sum_errors(struct tally *tally, const char *gpu, double *ret_errors,
		       const struct record **ret_record)
{
	const struct record *one;
	bool is_told = false;
	size_t at = 0;

	*ret_errors = 0;
	while ((one = machine_next(tally->machine, NODE_TEST_GPU_PATTERN_ERRORS, &at))) {
		const char *device = record_device(one);

		if (!device || !span_is(device_whole(device), gpu) ||
		    is_copy(gpu_rate_part(device)))
			continue;
		if (one->says != SAYS_VALUE) {
			(void)tally_need(tally, NODE_TEST_GPU_PATTERN_ERRORS, device);
			return false;
		}
		is_told = true;
		*ret_errors += one->value;
		*ret_record = one;
	}
	if (!is_told)
		tally_say(tally, VERDICT_UNKNOWN, gpu, NULL, "its memory was not tested");
	return is_told;
}

static bool judge_words(struct tally *tally, const char *gpu)
{
	const struct record *record = NULL;
	struct finding *finding;
	double errors;

	if (!sum_errors(tally, gpu, &errors, &record))
		return false;
	if (errors < 0.5)
		return true;
	finding = tally_say(tally, VERDICT_FAIL, gpu, record,
			    "%.0f words were not what was written: %.200s", errors,
			    first_fault(tally->machine, gpu));
	finding->bar = "none may be wrong: error correction mends or reports what flips";
	finding->action = "drain; reset the GPU and test again, replace it when errors return";
	return false;
}

static bool judge_counters(struct tally *tally, const char *gpu)
{
	const struct record *bad = tally_need(tally, NODE_TEST_GPU_ECC_UNCORRECTED, gpu);
	const struct record *mended =
		machine_find(tally->machine, NODE_TEST_GPU_ECC_CORRECTED, gpu);
	struct finding *finding;

	if (!bad)
		return false;
	if (bad->value > 0.5) {
		finding =
			tally_say(tally, VERDICT_FAIL, gpu, bad,
				  "%.0f uncorrected memory errors while patterns ran", bad->value);
		finding->bar = "none";
		finding->action = "drain; reset the GPU so that the row is remapped";
		return false;
	}
	if (!mended || mended->says != SAYS_VALUE || mended->value < 0.5)
		return true;
	finding = tally_say(tally, VERDICT_WARN, gpu, mended,
			    "%.0f corrected memory errors while patterns ran", mended->value);
	finding->bar = "none in so short a time";
	finding->action = "watch the rate (gpu-ecc-rate)";
	return false;
}

/* Less than it was sold with, or memory that is somewhere else. */
static bool judge_size(struct tally *tally, const char *gpu)
{
	const struct shape_row *shape = tally->machine->shape;
	const struct record *named = tally_need(tally, NODE_TEST_GPU_MEMORY_NAMED, gpu);
	const struct record *tested = tally_need(tally, NODE_TEST_GPU_PATTERN_TESTED, gpu);
	const struct record *there = tally_need(tally, NODE_TEST_GPU_MEMORY_RESIDENT, gpu);
	struct finding *finding;

	if (!named || !tested || !there)
		return false;
	if (there->value < tested->value * (1 - 1e-9)) {
		finding = tally_say(tally, VERDICT_FAIL, gpu, there,
				    "of %.1f GiB that it gave, %.1f GiB are there: the rest is the "
				    "same memory twice, or far slower",
				    tested->value / gib, there->value / gib);
		finding->bar = "all that the driver gives out is on the board";
		finding->action = "ask which card this is and who shares it";
		return false;
	}
	if (shape && shape->memory_bytes > 0 && named->value < shape->memory_bytes * sold_share) {
		finding = tally_say(tally, VERDICT_FAIL, gpu, named,
				    "%.1f GiB, the model has %.0f GiB", named->value / gib,
				    shape->memory_bytes / gib);
		finding->bar =
			arena_format(tally->found->arena, "93 %% of %.0f GiB: shape.tsv %s (%s)",
				     shape->memory_bytes / gib, shape->model, shape->source);
		finding->action = "ask which card this is and who shares it";
		return false;
	}
	if (tested->value < named->value * tested_share) {
		tally_say(tally, VERDICT_UNKNOWN, gpu, tested,
			  "only %.1f of %.1f GiB could be tested: others use the rest",
			  tested->value / gib, named->value / gib);
		return false;
	}
	return true;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct tally tally;
	const struct record *one;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while ((one = machine_next(tally.machine, NODE_GPU_VENDOR, &at))) {
		const char *gpu = record_device(one);

		if (!gpu || !gpu_is_tested(one))
			continue;
		if (judge_words(&tally, gpu) && judge_counters(&tally, gpu) &&
		    judge_size(&tally, gpu))
			tally_well(&tally,
				   machine_find(tally.machine, NODE_TEST_GPU_PATTERN_TESTED, gpu));
	}
	(void)tally_pass(&tally, "%zu GPU%s: every word held what was written, all memory is there",
			 tally.well, plural(tally.well));
}

CHECK(gpu_memory_pattern) = {
	.title = "The memory of each GPU holds what is written, and all of it is there",
	.since = "0.1",
	.needs = "node.test.gpu.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.parts = PART_GPU,
	.required = true,
	.judge = judge,
};
