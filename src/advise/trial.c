#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "advise/advice.h"

/* What could be tested of an offer, and the criterion that holds the answer. The last is of the
 * range that one model of GPU shows between clouds. */
static const struct {
	enum assumption assumption;
	const char *title, *criterion;
} trials[] = {
	{ ASSUMES_MTBF, "how often jobs fail", "reliability.failure-interval" },
	{ ASSUMES_RECLAIM, "how often spot nodes are taken away", "pricing.reclaim-notice" },
	{ ASSUMES_WAIT, "how long another spot node takes", "pricing.preemptible" },
	{ ASSUMES_DETECT, "how soon a failure is noticed", "reliability.detection-time" },
	{ ASSUMES_NETWORK, "the network between nodes", "networking.collectives" },
	{ ASSUMES_STORAGE, "the price of storage", "pricing.charges-visible" },
	{ ASSUMES_EGRESS, "the price of egress", "lifecycle.egress-price" },
	{ ASSUMES_SETUP, "how long set-up takes", "lifecycle.cluster-ready" },
	{ ASSUMES_COUNT, "how fast its GPUs are", "performance.gemm" },
};

enum {
	TRIAL_COUNT = sizeof(trials) / sizeof(trials[0]),
};

/* The expected cost with one assumption at one of its ends. */
static double usd_with(const struct bench *bench, const struct candidate *first,
		       enum assumption assumption, enum corner corner)
{
	struct parameters assumptions = *bench->assumptions;
	struct situation situation = candidate_situation(bench, first);
	bool more_is_dear = assumption != ASSUMES_MTBF && assumption != ASSUMES_NETWORK;
	double end = quantity_at(assumptions.values[assumption], corner, more_is_dear);
	struct pace pace;

	assumptions.values[assumption] = (struct quantity){ .value = end, .low = end, .high = end };
	situation.assumptions = &assumptions;
	pace = pace_of(&situation, CORNER_VALUE);
	return bill_of(&situation, &pace, first->estimate.price.value, bench->need->hours,
		       CORNER_VALUE)
		.total;
}

static double at_stake(const struct bench *bench, const struct candidate *first,
		       enum assumption assumption)
{
	/* GPUs of one model differ by up to 34.5 % between clouds: Silicon Data, 6,800 runs on 11
	 * clouds, 2026. */
	static const double slowest = 0.655;

	if (assumption == ASSUMES_COUNT)
		return (first->estimate.lines[BILL_GPU].value +
			first->estimate.lines[BILL_GOODPUT].value) *
		       (1 / slowest - 1);
	return usd_with(bench, first, assumption, CORNER_DEAR) -
	       usd_with(bench, first, assumption, CORNER_CHEAP);
}

static const char *command_of(const struct standard *standard, int32_t criterion)
{
	const struct criterion *row;

	if (criterion < 0)
		return NULL;
	row = &standard->criteria[criterion];
	for (uint32_t i = 0; i < row->way_count; i++) {
		if (row->ways[i].way == SETTLED_BY_CHECK)
			return "assay check --profile full --bundle run.json";
	}
	return NULL;
}

/* An assumption that the offer itself makes needless: it tells its price or network. */
static bool is_told(const struct candidate *first, enum assumption assumption)
{
	const struct offer *offer = first->offer;
	unsigned unknown = first->estimate.unknown;

	if (assumption == ASSUMES_STORAGE)
		return !(unknown & 1u << BILL_STORAGE);
	if (assumption == ASSUMES_EGRESS)
		return !(unknown & 1u << BILL_NETWORK);
	return assumption == ASSUMES_NETWORK && offer->gbit_per_s > 0;
}

static int compare_trials(const void *left, const void *right)
{
	const struct trial *a = left, *b = right;

	if (a->usd > b->usd || a->usd < b->usd)
		return a->usd > b->usd ? -1 : 1;
	return strcmp(a->title, b->title);
}

void trials_make(const struct bench *bench, const struct candidate *first, struct arena *arena,
		 struct trial **ret_trials, size_t *ret_count)
{
	struct trial *items = ARENA_ARRAY(arena, struct trial, TRIAL_COUNT);
	size_t count = 0;

	for (unsigned i = 0; i < TRIAL_COUNT; i++) {
		double usd = at_stake(bench, first, trials[i].assumption);
		int32_t index = -1;
		const struct settlement *settlement = rated_settlement(
			&first->rated, bench->standard, trials[i].criterion, &index);
		bool settled = settlement && settlement->state == STATE_SETTLED;

		if (!(usd > 0) || is_told(first, trials[i].assumption))
			continue;
		items[count++] = (struct trial){
			.assumption = trials[i].assumption,
			.title = trials[i].title,
			.usd = usd,
			.criterion = index,
			.settled = settled,
			.command = command_of(bench->standard, index),
		};
	}
	qsort(items, count, sizeof(*items), compare_trials);
	*ret_trials = items;
	*ret_count = count;
}
