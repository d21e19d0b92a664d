#include "check/gpu/rates.h"

#include <string.h>

#include "check/gpu/spread.h"
#include "check/gpu/walk.h"

enum {
	FIGURES_MAXIMUM = 8192,
	NEIGHBOURS_LEAST = 3, /* of two that differ neither is the odd one */
};

/* Equal GPUs of one node differ by 1 to 3 %; gpu-fryer fails one that is 10 % below the best, and
 * SuperBench's rules warn at 5 % below what is usual. */
static const double neighbours_fail = 0.90;
static const double neighbours_warn = 0.95;

struct figure {
	const struct record *record;
	struct gpu_rate_kind kind;
	struct reference reference;
	double usual; /* median of its group; 0: not known */
};

struct bench {
	struct tally *tally;
	const struct check_input *seen;
	struct figure *figures;
	size_t count;
};

const char *gpu_rate_part(const char *device)
{
	const char *slash = device ? strchr(device, '/') : NULL;

	return slash ? slash + 1 : "";
}

bool gpu_is_tested(const struct record *vendor)
{
	return vendor->says == SAYS_STATE &&
	       (strcmp(vendor->text, "nvidia") == 0 || strcmp(vendor->text, "amd") == 0);
}

static bool is_of_group(const struct figure *one, const char *group)
{
	return one->kind.group && strcmp(one->kind.group, group) == 0;
}

static void find_usual(struct bench *bench, struct figure *one)
{
	double *values = ARENA_ARRAY(bench->tally->found->arena, double, bench->count);
	size_t count = 0;

	for (size_t i = 0; one->kind.group && i < bench->count; i++)
		if (is_of_group(&bench->figures[i], one->kind.group))
			values[count++] = bench->figures[i].record->value;
	one->usual = count >= NEIGHBOURS_LEAST ? spread_of(values, count).median : 0;
}

static void take(struct bench *bench, enum measure measure, gpu_rate_tell *tell)
{
	struct tally *tally = bench->tally;
	struct arena *arena = tally->found->arena;
	const struct record *one;
	size_t at = 0;

	bench->figures = ARENA_ARRAY(arena, struct figure, FIGURES_MAXIMUM);
	while ((one = machine_next(tally->machine, measure, &at)) &&
	       bench->count < FIGURES_MAXIMUM) {
		struct figure *figure = &bench->figures[bench->count];
		const char *device = record_device(one);

		if (!device)
			continue;
		if (one->says != SAYS_VALUE) {
			(void)tally_need(tally, measure, device);
			continue;
		}
		*figure = (struct figure){ .record = one };
		tell(tally->machine, device, arena, &figure->kind);
		if (!figure->kind.is_left_out)
			bench->count++;
	}
	for (size_t i = 0; i < bench->count; i++)
		find_usual(bench, &bench->figures[i]);
}

static bool has_reference(const struct reference *reference)
{
	return reference->verdict != VERDICT_UNKNOWN;
}

/* True when the neighbours condemn it, and nothing else has to be said. */
static bool judge_by_neighbours(struct bench *bench, const struct figure *one)
{
	const struct record *record = one->record;
	double share = one->usual > 0 ? record->value / one->usual : 1;
	struct arena *arena = bench->tally->found->arena;
	struct finding *finding;

	if (share >= neighbours_warn)
		return false;
	finding = tally_say(bench->tally, share < neighbours_fail ? VERDICT_FAIL : VERDICT_WARN,
			    record_device(record), record, "%s: %s, %.1f %% of its neighbours' %s",
			    one->kind.query.title, amount_text(record->value, record->unit, arena),
			    100 * share, amount_text(one->usual, record->unit, arena));
	finding->bar = share < neighbours_fail ? "90 % of the median of the node"
					       : "95 % of the median of the node";
	finding->action = one->kind.query.action;
	return true;
}

static void judge_one(struct bench *bench, struct figure *one, size_t *dark)
{
	struct tally *tally = bench->tally;
	const struct measured measured =
		measured_of(one->record, machine_find(tally->machine, NODE_TEST_GPU_SPREAD,
						      record_device(one->record)));

	reference_find(bench->seen, &one->kind.query, &measured, tally->found->arena,
		       &one->reference);
	if (one->reference.verdict != VERDICT_FAIL && judge_by_neighbours(bench, one))
		return;
	if (one->kind.is_relative && !has_reference(&one->reference))
		return;
	if (!has_reference(&one->reference))
		(*dark)++;
	else if (one->reference.verdict == VERDICT_PASS)
		tally_well(tally, one->record);
	else
		(void)reference_judge(bench->seen, &one->kind.query, &measured, tally->found);
}

/* Figures that nothing is known to hold against: the lowest and the highest, once. */
static void say_dark(struct bench *bench, size_t dark)
{
	struct arena *arena = bench->tally->found->arena;
	const struct record *low = NULL;
	const struct record *high = NULL;

	for (size_t i = 0; i < bench->count; i++) {
		const struct figure *one = &bench->figures[i];

		if (has_reference(&one->reference) || one->kind.is_relative)
			continue;
		low = !low || one->record->value < low->value ? one->record : low;
		high = !high || one->record->value > high->value ? one->record : high;
	}
	if (dark == 0 || !low || !high)
		return;
	tally_say(bench->tally, VERDICT_UNKNOWN, NULL, low,
		  "%zu figures from %s to %s, and no reference for this model", dark,
		  amount_text(low->value, low->unit, arena),
		  amount_text(high->value, high->unit, arena));
}

void gpu_rates_judge(struct tally *tally, const struct check_input *seen, enum measure measure,
		     gpu_rate_tell *tell)
{
	struct bench bench = { .tally = tally, .seen = seen };
	size_t dark = 0;

	take(&bench, measure, tell);
	for (size_t i = 0; i < bench.count; i++)
		judge_one(&bench, &bench.figures[i], &dark);
	say_dark(&bench, dark);
}

static bool is_about(const char *device, const char *gpu)
{
	size_t length = strlen(gpu);

	return device && strncmp(device, gpu, length) == 0 &&
	       (device[length] == '\0' || device[length] == '/');
}

void gpu_rates_missing(struct tally *tally, enum measure measure)
{
	const struct machine *machine = tally->machine;
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(machine, NODE_GPU_VENDOR, &at))) {
		const char *gpu = record_device(one);
		const struct record *figure;
		size_t next = 0;

		if (!gpu || !gpu_is_tested(one))
			continue;
		do {
			figure = machine_next(machine, measure, &next);
		} while (figure && !is_about(record_device(figure), gpu));
		if (!figure)
			tally_say(tally, VERDICT_UNKNOWN, gpu, NULL, "it was not measured");
	}
}

void gpu_rates_wrong(struct tally *tally, const char *const *parts)
{
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(tally->machine, NODE_TEST_GPU_PATTERN_ERRORS, &at))) {
		const char *device = record_device(one);
		struct finding *finding;
		size_t which = 0;

		if (!device || one->says != SAYS_VALUE || one->value < 0.5)
			continue;
		while (parts[which] &&
		       strncmp(gpu_rate_part(device), parts[which], strlen(parts[which])) != 0)
			which++;
		if (!parts[which])
			continue;
		finding = tally_say(tally, VERDICT_FAIL, device, one,
				    "%.0f words that were copied were not what had been sent",
				    one->value);
		finding->bar = "none may be wrong";
		finding->action = "drain; it corrupts data: test memory and links";
	}
}
