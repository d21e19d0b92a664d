#include "advise/candidate.h"

#include <assert.h>
#include <math.h>
#include <string.h>

const char *const obstacle_names[] = {
	[OBSTACLE_NONE] = "none",
	[OBSTACLE_SERVERLESS] = "serverless",
	[OBSTACLE_GPU] = "gpu",
	[OBSTACLE_STALE] = "stale",
	[OBSTACLE_STOCK] = "stock",
	[OBSTACLE_FORM] = "form",
	[OBSTACLE_MEMORY] = "memory",
	[OBSTACLE_REGION] = "region",
	[OBSTACLE_NODE] = "node",
	[OBSTACLE_FEW] = "few",
	[OBSTACLE_TAKEN] = "interruption",
	[OBSTACLE_GRADE] = "grade",
	[OBSTACLE_COMPLIANCE] = "compliance",
	[OBSTACLE_STANDSTILL] = "standstill",
	[OBSTACLE_DEADLINE] = "deadline",
	[OBSTACLE_BUDGET] = "budget",
	[OBSTACLE_RATIO] = "performance-unknown",
	[OBSTACLE_FORM_UNKNOWN] = "form-unknown",
	[OBSTACLE_MEMORY_UNKNOWN] = "memory-unknown",
	[OBSTACLE_REGION_UNKNOWN] = "region-unknown",
	[OBSTACLE_NETWORK_UNKNOWN] = "network-unknown",
	[OBSTACLE_NOT_RATED] = "not-rated",
	[OBSTACLE_COMPLIANCE_UNKNOWN] = "compliance-unknown",
	[OBSTACLE_WAITLIST] = "waitlist",
};
static_assert(sizeof(obstacle_names) / sizeof(obstacle_names[0]) == OBSTACLE_COUNT,
	      "a name for each obstacle");

const char *const obstacle_titles[] = {
	[OBSTACLE_NONE] = "nothing stands in its way",
	[OBSTACLE_SERVERLESS] = "billed while a function runs: not for a job of hours",
	[OBSTACLE_GPU] = "another GPU than the need accepts",
	[OBSTACLE_STALE] = "the price is too old",
	[OBSTACLE_STOCK] = "listed, and not to be had",
	[OBSTACLE_FORM] = "another form than the need accepts",
	[OBSTACLE_MEMORY] = "less memory than the need asks for",
	[OBSTACLE_REGION] = "outside the regions of the need",
	[OBSTACLE_NODE] = "machines too small for a job within one node",
	[OBSTACLE_FEW] = "fewer GPUs are listed than the need asks for",
	[OBSTACLE_TAKEN] = "can be taken away, and the need does not say that it may",
	[OBSTACLE_GRADE] = "a lower grade than the need asks for",
	[OBSTACLE_COMPLIANCE] = "known not to comply",
	[OBSTACLE_STANDSTILL] = "interrupted so often that the work does not get on",
	[OBSTACLE_DEADLINE] = "too likely to miss the deadline",
	[OBSTACLE_BUDGET] = "expected to cost more than the budget",
	[OBSTACLE_RATIO] = "its performance against the first GPU is not known",
	[OBSTACLE_FORM_UNKNOWN] = "its form is not known",
	[OBSTACLE_MEMORY_UNKNOWN] = "its memory is not known",
	[OBSTACLE_REGION_UNKNOWN] = "its region is not known",
	[OBSTACLE_NETWORK_UNKNOWN] = "no network between its machines is named",
	[OBSTACLE_NOT_RATED] = "its provider is not rated",
	[OBSTACLE_COMPLIANCE_UNKNOWN] = "nothing shows that it complies",
	[OBSTACLE_WAITLIST] = "there is a waiting list",
};
static_assert(sizeof(obstacle_titles) / sizeof(obstacle_titles[0]) == OBSTACLE_COUNT,
	      "a title for each obstacle");

/* One candidate while it is judged. */
struct judging {
	const struct bench *bench;
	struct candidate *candidate;
	struct arena *arena;
};

/* ---- regions ---- */

static bool is_part(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Letters and digits of both, in small letters; whatever stands between parts is alike. */
static bool begins_with(const char *text, const char *wanted)
{
	for (; *wanted != '\0'; text++, wanted++) {
		if (*text == '\0' || is_part(*text) != is_part(*wanted) ||
		    (is_part(*text) && small(*text) != small(*wanted)))
			return false;
	}
	return !is_part(*text) || !is_part(wanted[-1]);
}

bool region_matches(const char *region, const char *wanted)
{
	bool starts = true;

	for (; *region != '\0'; region++) {
		if (starts && begins_with(region, wanted))
			return true;
		starts = !is_part(*region);
	}
	return false;
}

/* ---- obstacles: each true when it is in the way, and then says why ---- */

static bool blocked(const struct judging *judging, const char *why)
{
	judging->candidate->why = why;
	return true;
}

static bool is_serverless(const struct judging *judging)
{
	return judging->candidate->offer->rental == RENTAL_SERVERLESS ||
	       judging->candidate->offer->rental == RENTAL_UNKNOWN;
}

static bool is_other_gpu(const struct judging *judging)
{
	return !judging->candidate->gpu;
}

static bool is_stale(const struct judging *judging)
{
	double maximum = judging->bench->assumptions->values[ASSUMES_PRICE_AGE].value;
	date_t observed = judging->candidate->offer->observed;
	char day[DATE_TEXT_SIZE];

	if (judging->bench->today - observed <= maximum)
		return false;
	return blocked(judging,
		       arena_format(judging->arena, "its price is of %s, %d days ago",
				    date_format(observed, day), judging->bench->today - observed));
}

static bool is_out_of_stock(const struct judging *judging)
{
	return judging->candidate->offer->stock == STOCK_NO;
}

static bool is_other_form(const struct judging *judging)
{
	const struct offer *offer = judging->candidate->offer;
	unsigned forms = judging->bench->need->forms;

	return forms != 0 && offer->form != FORM_UNKNOWN && !(forms & (1u << offer->form)) &&
	       blocked(judging, arena_format(judging->arena, "it is %s", form_names[offer->form]));
}

static bool is_form_unknown(const struct judging *judging)
{
	return judging->bench->need->forms != 0 && judging->candidate->offer->form == FORM_UNKNOWN;
}

static bool is_small_memory(const struct judging *judging)
{
	const struct offer *offer = judging->candidate->offer;

	return offer->memory_gb > 0 && offer->memory_gb < judging->bench->need->memory_gb &&
	       blocked(judging, arena_format(judging->arena, "it has %u GB", offer->memory_gb));
}

static bool is_memory_unknown(const struct judging *judging)
{
	return judging->bench->need->memory_gb > 0 && judging->candidate->offer->memory_gb == 0;
}

static bool is_other_region(const struct judging *judging)
{
	const struct need *need = judging->bench->need;
	const char *region = judging->candidate->offer->region;

	if (need->region_count == 0 || region[0] == '\0')
		return false;
	for (unsigned i = 0; i < need->region_count; i++) {
		if (region_matches(region, need->regions[i]))
			return false;
	}
	return blocked(judging, arena_format(judging->arena, "it is in %s", region));
}

static bool is_region_unknown(const struct judging *judging)
{
	return judging->bench->need->region_count > 0 &&
	       judging->candidate->offer->region[0] == '\0';
}

static bool is_small_node(const struct judging *judging)
{
	const struct need *need = judging->bench->need;
	const struct offer *offer = judging->candidate->offer;

	return need->traffic == TRAFFIC_NODE && offer->size_known && offer->size < need->gpus &&
	       blocked(judging, arena_format(judging->arena, "a machine of it has %u GPU%s",
					     offer->size, offer->size == 1 ? "" : "s"));
}

static bool are_few(const struct judging *judging)
{
	const struct offer *offer = judging->candidate->offer;
	double listed = 0;

	if (judging->candidate->estimated || offer->listing_count == 0 ||
	    isnan(judging->candidate->gpu->performance.value))
		return false;
	for (uint32_t i = 0; i < offer->listing_count; i++)
		listed += offer->listings[i].gpus;
	return blocked(judging, arena_format(judging->arena, "%.0f GPUs are listed", listed));
}

static bool can_be_taken(const struct judging *judging)
{
	return judging->candidate->offer->rental == RENTAL_SPOT &&
	       judging->bench->need->tolerance == TOLERATES_NOTHING;
}

static bool is_low_grade(const struct judging *judging)
{
	const struct need *need = judging->bench->need;
	const struct rated *rated = &judging->candidate->rated;

	return need->grade_wanted && rated_holds(rated, need->minimum_grade) == SHOWN_NO &&
	       blocked(judging, arena_format(judging->arena, "it holds %s",
					     grade_names[rated->unit->grade]));
}

static bool is_not_rated(const struct judging *judging)
{
	const struct need *need = judging->bench->need;

	return need->grade_wanted &&
	       rated_holds(&judging->candidate->rated, need->minimum_grade) == SHOWN_NOT;
}

static bool complies(const struct judging *judging, enum shown wanted)
{
	const struct bench *bench = judging->bench;
	enum compliance word = COMPLIANCE_COUNT;
	enum shown shown = rated_complies(&judging->candidate->rated, bench->standard,
					  bench->need->compliance, &word);

	return shown == wanted && blocked(judging, compliance_names[word]);
}

static bool is_known_not_to_comply(const struct judging *judging)
{
	return complies(judging, SHOWN_NO);
}

static bool is_compliance_unknown(const struct judging *judging)
{
	return complies(judging, SHOWN_NOT);
}

static bool stands_still(const struct judging *judging)
{
	return judging->candidate->estimated && !isfinite(judging->candidate->estimate.usd.value);
}

static bool misses_deadline(const struct judging *judging)
{
	const struct need *need = judging->bench->need;
	const struct estimate *estimate = &judging->candidate->estimate;

	return judging->candidate->estimated && isfinite(need->deadline_h) &&
	       estimate->in_time < need->confidence &&
	       blocked(judging, arena_format(judging->arena, "takes %.0f h, in time with %.0f%%",
					     estimate->hours.value, 100 * estimate->in_time));
}

static bool is_over_budget(const struct judging *judging)
{
	const struct estimate *estimate = &judging->candidate->estimate;

	return judging->candidate->estimated &&
	       estimate->usd.value > judging->bench->need->budget_usd &&
	       blocked(judging,
		       arena_format(judging->arena, "costs %.0f USD", estimate->usd.value));
}

static bool is_ratio_unknown(const struct judging *judging)
{
	return judging->candidate->gpu && isnan(judging->candidate->gpu->performance.value);
}

static bool is_network_unknown(const struct judging *judging)
{
	const struct offer *offer = judging->candidate->offer;

	return need_leaves_node(judging->bench->need) && !(offer->gbit_per_s > 0) &&
	       (offer->tier == TIER_MARKETPLACE || offer->listing_count > 0);
}

static bool is_waitlist(const struct judging *judging)
{
	return judging->candidate->offer->stock == STOCK_WAITLIST;
}

static_assert(OBSTACLE_COUNT <= 32, "a bit for each obstacle");

static bool (*const obstacles[])(const struct judging *judging) = {
	[OBSTACLE_SERVERLESS] = is_serverless,
	[OBSTACLE_GPU] = is_other_gpu,
	[OBSTACLE_STALE] = is_stale,
	[OBSTACLE_STOCK] = is_out_of_stock,
	[OBSTACLE_FORM] = is_other_form,
	[OBSTACLE_MEMORY] = is_small_memory,
	[OBSTACLE_REGION] = is_other_region,
	[OBSTACLE_NODE] = is_small_node,
	[OBSTACLE_FEW] = are_few,
	[OBSTACLE_TAKEN] = can_be_taken,
	[OBSTACLE_GRADE] = is_low_grade,
	[OBSTACLE_COMPLIANCE] = is_known_not_to_comply,
	[OBSTACLE_STANDSTILL] = stands_still,
	[OBSTACLE_DEADLINE] = misses_deadline,
	[OBSTACLE_BUDGET] = is_over_budget,
	[OBSTACLE_RATIO] = is_ratio_unknown,
	[OBSTACLE_FORM_UNKNOWN] = is_form_unknown,
	[OBSTACLE_MEMORY_UNKNOWN] = is_memory_unknown,
	[OBSTACLE_REGION_UNKNOWN] = is_region_unknown,
	[OBSTACLE_NETWORK_UNKNOWN] = is_network_unknown,
	[OBSTACLE_NOT_RATED] = is_not_rated,
	[OBSTACLE_COMPLIANCE_UNKNOWN] = is_compliance_unknown,
	[OBSTACLE_WAITLIST] = is_waitlist,
};
static_assert(sizeof(obstacles) / sizeof(obstacles[0]) == OBSTACLE_COUNT, "a judge for each");

static const struct need_gpu *find_gpu(const struct need *need, uint16_t gpu)
{
	for (unsigned i = 0; i < need->accept_count; i++) {
		if (need->accepts[i].gpu == gpu)
			return &need->accepts[i];
	}
	return NULL;
}

struct situation candidate_situation(const struct bench *bench, const struct candidate *candidate)
{
	return (struct situation){
		.need = bench->need,
		.gpu = candidate->gpu,
		.offer = candidate->offer,
		.assumptions = bench->assumptions,
	};
}

static void judge_all(const struct judging *judging)
{
	struct candidate *candidate = judging->candidate;
	const char *why = "";

	for (unsigned i = OBSTACLE_NONE + 1; i < OBSTACLE_COUNT; i++) {
		if (!obstacles[i](judging))
			continue;
		if (candidate->obstacle == OBSTACLE_NONE) {
			candidate->obstacle = (enum obstacle)i;
			why = candidate->why;
		}
		candidate->obstacles |= 1u << i;
		if (i <= OBSTACLE_GPU)
			break;
	}
	candidate->why = why;
}

void candidate_judge(const struct bench *bench, const struct offer *offer, struct arena *arena,
		     struct candidate *ret_candidate)
{
	const struct judging judging = { .bench = bench,
					 .candidate = ret_candidate,
					 .arena = arena };

	*ret_candidate = (struct candidate){ .offer = offer,
					     .gpu = find_gpu(bench->need, offer->gpu),
					     .why = "" };
	if (ret_candidate->gpu) {
		const struct situation situation = candidate_situation(bench, ret_candidate);

		ret_candidate->rated = rated_find(bench->rating, bench->catalogue, offer);
		ret_candidate->estimated = !is_serverless(&judging) &&
					   !isnan(ret_candidate->gpu->performance.value) &&
					   estimate_make(&situation, &ret_candidate->estimate);
	}
	judge_all(&judging);
}
