#include <stdlib.h>
#include <string.h>

#include "rating/rule.h"

/* Step 7: the cheapest set of changes. Forced steps are those that gates demand; the rest is an
 * exact search by effort: within each category a knapsack, over the categories another. */

enum {
	EFFORT_FIRST = 32, /* most paths cost less; the search widens when none is found */
	EFFORT_LIMIT = 512,
};

struct search {
	const struct standard *standard;
	const struct unit *unit;
	struct arena *arena;
	enum grade target;
	bool *chosen;   /* criterion */
	double weights; /* of the categories that apply */
	unsigned limit; /* of effort, in the search at hand */
	bool bound;     /* a category's own threshold took part in the search */
};

/* What a step brings, in weighted two-hundredths: to the score, and of it what remains when the
 * overall threshold has risen with what becomes known. */
struct gain {
	int64_t score, net;
};

/* One category's knapsack: the most for each effort. */
struct knapsack {
	uint32_t *items;
	uint32_t item_count;
	struct gain *best; /* [i * (limit + 1) + e]: of the first i items, effort of at most e */
	int64_t sum, needs, whole; /* of the category: points, points needed, all points */
	int64_t known;             /* weighted two-hundredths that are known */
	unsigned limit;
	bool binding; /* its own threshold is not met yet: score counts before net */
};

static bool is_open(const struct search *search, uint32_t i)
{
	enum state state = search->unit->settlements[i].state;

	return state_applies(state) && !search->chosen[i] &&
	       (search->unit->settlements[i].point < WORTH_ONE || !state_is_settled(state));
}

/* Unsettled, so that it is presumed to be like its headline. */
static bool follows(const struct search *search, uint32_t i)
{
	enum state state = search->unit->settlements[i].state;

	return state == STATE_UNSETTLED || state == STATE_STALE;
}

/* What the criterion is worth once the chosen steps are done. */
static int64_t point_of(const struct search *search, uint32_t i)
{
	int32_t parent = search->standard->criteria[i].parent;

	if (search->chosen[i] || (parent >= 0 && search->chosen[parent] && follows(search, i)))
		return WORTH_ONE;
	return search->unit->settlements[i].point;
}

/* Thousandths by which the overall threshold rises from nothing known to all known. */
static int64_t rise_of(const struct search *search)
{
	const struct grade_bar *bar = &search->standard->bars[search->target];

	return bar->overall_to - bar->overall_from;
}

/* Of the step, with the details that follow it. */
static struct gain gain_of(const struct search *search, uint32_t i)
{
	const struct criterion *criteria = search->standard->criteria;
	const struct category *category = &search->standard->categories[criteria[i].category];
	int64_t score = criteria[i].weight * (WORTH_ONE - point_of(search, i)), known = 0;

	if (!is_known(search->standard, search->unit, i))
		known += criteria[i].weight;
	for (uint32_t k = category->criteria_first;
	     k < category->criteria_first + category->criteria_count; k++) {
		if (criteria[k].parent != (int32_t)i || !follows(search, k) || search->chosen[k])
			continue;
		score += criteria[k].weight * (WORTH_ONE - point_of(search, k));
		if (!is_known(search->standard, search->unit, k))
			known += criteria[k].weight;
	}
	return (struct gain){ score, score - known * WORTH_ONE * rise_of(search) / 1000 };
}

/* A detail is not a step of its own while its headline can be improved. */
static bool is_step(const struct search *search, uint32_t i)
{
	int32_t parent = search->standard->criteria[i].parent;

	if (!is_open(search, i) || gain_of(search, i).net <= 0)
		return false;
	return parent < 0 || !follows(search, i) || !is_open(search, (uint32_t)parent);
}

/* Known once the chosen steps are done. */
static bool will_be_known(const struct search *search, uint32_t i)
{
	int32_t parent = search->standard->criteria[i].parent;

	return search->chosen[i] || is_known(search->standard, search->unit, i) ||
	       (parent >= 0 && search->chosen[parent]);
}

static struct knapsack list_items(const struct search *search, uint32_t c)
{
	const struct category *category = &search->standard->categories[c];
	const struct criterion *criteria = search->standard->criteria;
	uint32_t first = category->criteria_first, last = first + category->criteria_count;
	struct knapsack sack = { .items = ARENA_ARRAY(search->arena, uint32_t,
						      category->criteria_count) };

	sack.whole = (int64_t)search->unit->categories[c].weight_sum * WORTH_ONE;
	/* Rounded up: the threshold holds from there on. */
	sack.needs =
		(sack.whole * search->standard->bars[search->target].category_permille[c] + 999) /
		1000;
	for (uint32_t i = first; i < last; i++) {
		if (!state_applies(search->unit->settlements[i].state))
			continue;
		sack.sum += criteria[i].weight * point_of(search, i);
		sack.known += will_be_known(search, i) ? criteria[i].weight * WORTH_ONE : 0;
		if (is_step(search, i))
			sack.items[sack.item_count++] = i;
	}
	sack.binding = sack.sum < sack.needs;
	return sack;
}

/* The row of the first n items. */
static struct gain *best_of(const struct knapsack *sack, uint32_t n)
{
	return sack->best + (size_t)n * (sack->limit + 1);
}

static bool is_more(const struct knapsack *sack, struct gain a, struct gain b)
{
	return sack->binding ? a.score > b.score : a.net > b.net;
}

static void add_item(struct knapsack *sack, uint32_t n, unsigned effort, struct gain gain)
{
	const struct gain *before = best_of(sack, n);
	struct gain *after = best_of(sack, n + 1);

	for (unsigned e = 0; e <= sack->limit; e++) {
		struct gain with = before[e >= effort ? e - effort : e];

		if (e >= effort) {
			with.score += gain.score;
			with.net += gain.net;
		}
		after[e] = is_more(sack, with, before[e]) ? with : before[e];
	}
}

static struct knapsack fill_knapsack(const struct search *search, uint32_t c)
{
	struct knapsack sack = list_items(search, c);

	sack.limit = search->limit;
	sack.best = ARENA_ARRAY(search->arena, struct gain,
				(sack.item_count + 1) * (size_t)(sack.limit + 1));
	for (uint32_t n = 0; n < sack.item_count; n++)
		add_item(&sack, n, search->standard->criteria[sack.items[n]].effort,
			 gain_of(search, sack.items[n]));
	return sack;
}

static bool same_gain(struct gain a, struct gain b)
{
	return a.score == b.score && a.net == b.net;
}

static void take_items(struct search *search, const struct knapsack *sack, unsigned effort)
{
	for (uint32_t n = sack->item_count; n > 0; n--) {
		if (same_gain(best_of(sack, n)[effort], best_of(sack, n - 1)[effort]))
			continue;
		search->chosen[sack->items[n - 1]] = true;
		effort -= search->standard->criteria[sack->items[n - 1]].effort;
	}
}

/* Over the categories: best[c * (limit + 1) + k] is the most by which the first c categories bring
 * the overall score above what the threshold rises by, with k effort, while each holds its own
 * threshold; spent tells how much of k the last of them gets. */
struct spread {
	double *best;
	uint16_t *spent;
};

static const double impossible = -1e9;

/* What the category adds to the score at each effort; `impossible` where its threshold fails.
 * Returns the effort from which on more changes nothing. */
static unsigned score_category(const struct search *search, const struct knapsack *sack, uint32_t c,
			       double *scores)
{
	const struct gain *gains = best_of(sack, sack->item_count);
	double rise = (double)rise_of(search) / 1000.0;
	double weight = search->standard->categories[c].weight / search->weights;
	unsigned most = 0;

	while (most < sack->limit && !same_gain(gains[most], gains[sack->limit]))
		most++;
	for (unsigned e = 0; e <= most; e++) {
		double net = (double)(sack->sum + gains[e].net) - rise * (double)sack->known;

		scores[e] = sack->sum + gains[e].score < sack->needs
				    ? impossible
				    : weight * net / (double)sack->whole;
	}
	return most;
}

static void spread_category(const struct search *search, const struct knapsack *sack, uint32_t c,
			    struct spread *spread)
{
	unsigned width = search->limit + 1;
	double *scores = ARENA_ARRAY(search->arena, double, width);
	unsigned most = score_category(search, sack, c, scores);
	const double *before = spread->best + (size_t)c * width;
	double *after = spread->best + (size_t)(c + 1) * width;

	for (unsigned k = 0; k < width; k++) {
		after[k] = 2 * impossible;
		for (unsigned e = 0; e <= k && e <= most; e++) {
			double score = before[k - e] + scores[e];

			if (score <= after[k] + 1e-12)
				continue;
			after[k] = score;
			spread->spent[(size_t)(c + 1) * width + k] = (uint16_t)e;
		}
	}
}

static void take_steps(struct search *search, const struct knapsack *sacks,
		       const struct spread *spread, unsigned k)
{
	for (uint32_t c = search->standard->category_count; c > 0; c--) {
		unsigned spent = spread->spent[(size_t)c * (search->limit + 1) + k];

		if (!search->unit->categories[c - 1].applies)
			continue;
		take_items(search, &sacks[c - 1], spent);
		k -= spent;
	}
}

/* Chooses the steps that the scores still need, of no more effort in all than the limit; false
 * when no such set does. */
static bool search_within(struct search *search)
{
	const struct standard *standard = search->standard;
	double bar = standard->bars[search->target].overall_from / 1000.0;
	uint32_t count = standard->category_count;
	unsigned width = search->limit + 1, k = 0;
	struct knapsack *sacks = ARENA_ARRAY(search->arena, struct knapsack, count);
	struct spread spread = {
		ARENA_ARRAY(search->arena, double, (count + 1) * (size_t)width),
		ARENA_ARRAY(search->arena, uint16_t, (count + 1) * (size_t)width),
	};

	for (uint32_t c = 0; c < count; c++) {
		if (!search->unit->categories[c].applies) {
			memcpy(spread.best + (size_t)(c + 1) * width,
			       spread.best + (size_t)c * width, width * sizeof(double));
			continue;
		}
		sacks[c] = fill_knapsack(search, c);
		search->bound = search->bound || sacks[c].binding;
		spread_category(search, &sacks[c], c, &spread);
	}
	while (k < width && spread.best[(size_t)count * width + k] < bar - 1e-12)
		k++;
	if (k == width)
		return false;
	take_steps(search, sacks, &spread, k);
	return true;
}

static bool search_scores(struct search *search)
{
	for (search->limit = EFFORT_FIRST; search->limit <= EFFORT_LIMIT; search->limit *= 2)
		if (search_within(search))
			return true;
	return false;
}

/* The unit as it would be: the chosen settled at their best, details following. */
static struct unit apply(const struct search *search)
{
	struct unit after = *search->unit;
	uint32_t count = search->standard->criterion_count;
	enum strength strength = search->standard->bars[search->target].strength;

	after.settlements = ARENA_ARRAY(search->arena, struct settlement, count);
	for (uint32_t i = 0; i < count; i++) {
		struct settlement *one = &after.settlements[i];

		*one = search->unit->settlements[i];
		if (!state_applies(one->state))
			continue;
		one->point = (uint16_t)point_of(search, i);
		if (!search->chosen[i])
			continue;
		one->state = STATE_SETTLED;
		one->low = one->high = WORTH_ONE;
		if (one->strength < strength)
			one->strength = strength;
		if (one->strength < search->standard->criteria[i].strength)
			one->strength = search->standard->criteria[i].strength;
	}
	after.overall = after.low = after.high = after.coverage = after.depth = 0.0;
	memset(after.strength_share, 0, sizeof(after.strength_share));
	score_unit(search->standard, &after);
	return after;
}

static bool reaches(const struct search *search)
{
	SCOPED_ARENA(scratch);
	struct search copy = *search;

	copy.arena = &scratch;
	return apply(&copy).grade >= search->target;
}

/* Unsettled, or settled by evidence that is too weak to count for the target. */
static bool lacks_evidence(const struct search *search, uint32_t i)
{
	const struct settlement *one = &search->unit->settlements[i];

	return is_open(search, i) &&
	       (!state_is_settled(one->state) ||
		one->strength < search->standard->bars[search->target].strength);
}

/* The criterion without evidence that brings the most weight for its effort; -1 when none is
 * left. */
static int64_t find_cheapest(const struct search *search)
{
	int64_t best = -1;
	double best_rate = 0.0;

	for (uint32_t i = 0; i < search->standard->criterion_count; i++) {
		double rate = criterion_leverage(search->standard, search->unit, i) /
			      search->standard->criteria[i].effort;

		if (lacks_evidence(search, i) && rate > best_rate) {
			best = i;
			best_rate = rate;
		}
	}
	return best;
}

/* Takes out what is not needed, the dearest first. */
static void prune(struct search *search)
{
	for (int effort = EFFORT_MAXIMUM; effort > 0; effort--) {
		for (uint32_t i = 0; i < search->standard->criterion_count; i++) {
			if (!search->chosen[i] || search->standard->criteria[i].effort != effort)
				continue;
			search->chosen[i] = false;
			search->chosen[i] = !reaches(search);
		}
	}
}

/* Coverage or strength binds: adds the cheapest criteria that lack evidence one by one. */
static bool complete_coverage(struct search *search)
{
	while (!reaches(search)) {
		int64_t cheapest = find_cheapest(search);

		if (cheapest < 0)
			return false;
		search->chosen[cheapest] = true;
	}
	prune(search);
	return true;
}

static void force_gates(struct search *search)
{
	for (uint32_t i = 0; i < search->standard->gate_count; i++) {
		const struct gate *gate = &search->standard->gates[i];

		if ((search->unit->gates[i] == GATE_FAILED ||
		     search->unit->gates[i] == GATE_SILENT) &&
		    gate->cap < search->target)
			search->chosen[gate->criterion] = true;
	}
}

/* Most points for the effort first; equal ones in the order of the standard. */
static int compare_steps(const void *a, const void *b)
{
	const struct step *left = a, *right = b;
	double rate = left->gain / left->effort, other = right->gain / right->effort;

	if (rate > other)
		return -1;
	if (rate < other)
		return 1;
	return (left->criterion > right->criterion) - (left->criterion < right->criterion);
}

static void list_steps(struct search *search, struct arena *arena, struct path *path)
{
	const struct standard *standard = search->standard;
	bool *chosen = search->chosen;
	uint32_t chosen_count = 0;

	for (uint32_t i = 0; i < standard->criterion_count; i++)
		chosen_count += chosen[i];
	path->steps = ARENA_ARRAY(arena, struct step, chosen_count);
	/* Gains are told against today, one step at a time. */
	search->chosen = ARENA_ARRAY(search->arena, bool, standard->criterion_count);
	for (uint32_t i = 0; i < standard->criterion_count; i++) {
		const struct category *category =
			&standard->categories[standard->criteria[i].category];
		double whole = (double)search->unit->categories[standard->criteria[i].category]
				       .weight_sum *
			       WORTH_ONE;

		if (!chosen[i])
			continue;
		path->steps[path->step_count++] = (struct step){
			.criterion = i,
			.effort = standard->criteria[i].effort,
			.gain = 100.0 * category->weight / search->weights *
				(double)gain_of(search, i).score / whole,
			.shows = !state_is_settled(search->unit->settlements[i].state),
		};
		path->effort += standard->criteria[i].effort;
	}
	qsort(path->steps, path->step_count, sizeof(*path->steps), compare_steps);
}

void path_to(const struct standard *standard, const struct unit *unit, enum grade target,
	     struct arena *arena, struct path *ret_path)
{
	SCOPED_ARENA(scratch);
	struct search search = {
		.standard = standard,
		.unit = unit,
		.arena = &scratch,
		.target = target,
	};
	struct path path = { .target = target };

	search.chosen = ARENA_ARRAY(&scratch, bool, standard->criterion_count);
	for (uint32_t c = 0; c < standard->category_count; c++)
		if (unit->categories[c].applies)
			search.weights += standard->categories[c].weight;
	force_gates(&search);
	path.reachable = search.weights > 0.0 && search_scores(&search);
	path.exact = path.reachable && reaches(&search);
	if (path.reachable && !path.exact)
		path.reachable = complete_coverage(&search);
	path.exact = path.exact && !search.bound;
	if (path.reachable)
		list_steps(&search, arena, &path);
	*ret_path = path;
}
