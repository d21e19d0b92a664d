#include <string.h>

#include "rating/rule.h"

/* Steps 3 and 4: sums, gates and grades. */

const char *const gate_state_names[] = {
	[GATE_PASSED] = "passed", [GATE_OPEN] = "open", [GATE_FAILED] = "failed",
	[GATE_SILENT] = "silent", [GATE_AWAY] = "away",
};

/* Integer sums of one category: exact, whatever the order. */
struct sums {
	uint64_t weight, point, low, high, settled, known;
	uint64_t strong[STRENGTH_COUNT];
};

bool is_known(const struct standard *standard, const struct unit *unit, uint32_t criterion)
{
	enum state state = unit->settlements[criterion].state;
	int32_t parent = standard->criteria[criterion].parent;

	if (state == STATE_WITHHELD || state_is_settled(state))
		return true;
	if (!state_applies(state) || parent < 0)
		return false;
	return unit->settlements[parent].state == STATE_WITHHELD ||
	       state_is_settled(unit->settlements[parent].state);
}

static struct sums sum_category(const struct standard *standard, const struct unit *unit,
				const struct category *category)
{
	struct sums sums = { 0 };

	for (uint32_t k = 0; k < category->criteria_count; k++) {
		uint32_t i = category->criteria_first + k;
		const struct settlement *one = &unit->settlements[i];
		uint64_t weight = standard->criteria[i].weight;

		if (!state_applies(one->state))
			continue;
		sums.weight += weight;
		sums.point += weight * one->point;
		sums.low += weight * one->low;
		sums.high += weight * one->high;
		sums.known += is_known(standard, unit, i) ? weight : 0;
		if (!state_is_settled(one->state))
			continue;
		sums.settled += weight;
		for (unsigned s = 0; s <= (unsigned)one->strength; s++)
			sums.strong[s] += weight;
	}
	return sums;
}

static double share(uint64_t part, uint64_t whole)
{
	return (double)part / (double)whole;
}

static void score_categories(const struct standard *standard, struct unit *unit)
{
	double weights = 0.0;

	for (uint32_t c = 0; c < standard->category_count; c++) {
		const struct category *category = &standard->categories[c];
		struct sums sums = sum_category(standard, unit, category);
		struct category_score *into = &unit->categories[c];

		*into = (struct category_score){ .applies = sums.weight > 0 };
		if (!into->applies)
			continue;
		into->weight_sum = (uint32_t)sums.weight;
		into->point = share(sums.point, sums.weight * WORTH_ONE);
		into->low = share(sums.low, sums.weight * WORTH_ONE);
		into->high = share(sums.high, sums.weight * WORTH_ONE);
		into->coverage = share(sums.settled, sums.weight);
		unit->overall += category->weight * into->point;
		unit->low += category->weight * into->low;
		unit->high += category->weight * into->high;
		unit->coverage += category->weight * into->coverage;
		unit->quality_coverage +=
			category->beside ? 0.0 : category->weight * into->coverage;
		unit->depth += category->weight * share(sums.known, sums.weight);
		for (unsigned s = 0; s < STRENGTH_COUNT; s++)
			unit->strength_share[s] +=
				category->weight * share(sums.strong[s], sums.weight);
		weights += category->weight;
	}
	if (weights == 0.0)
		return;
	unit->overall /= weights;
	unit->low /= weights;
	unit->high /= weights;
	unit->coverage /= weights;
	unit->quality_coverage /= weights;
	unit->depth /= weights;
	for (unsigned s = 0; s < STRENGTH_COUNT; s++)
		unit->strength_share[s] /= weights;
}

enum gate_state gate_state_of(const struct gate *gate, const struct settlement *settlement)
{
	switch (settlement->state) {
	case STATE_SETTLED:
	case STATE_CONFLICT:
		return settlement->point < gate->below ? GATE_FAILED : GATE_PASSED;
	case STATE_WITHHELD:
		return GATE_FAILED;
	case STATE_UNSETTLED:
	case STATE_STALE:
		return gate->silence == SILENCE_CAPS ? GATE_SILENT : GATE_OPEN;
	case STATE_NOT_APPLICABLE:
	case STATE_OUT_OF_PROFILE:
	case STATE_COUNT:
		break;
	}
	return GATE_AWAY;
}

double grade_overall(const struct grade_bar *bar, double depth)
{
	return bar->overall_from / 1000.0 + (bar->overall_to - bar->overall_from) / 1000.0 * depth;
}

enum grade grade_by_thresholds(const struct standard *standard, const struct unit *unit)
{
	for (int g = GRADE_COUNT - 1; g > 0; g--) {
		const struct grade_bar *bar = &standard->bars[g];
		bool holds = unit->overall >= grade_overall(bar, unit->depth) &&
			     unit->coverage >= bar->coverage_permille / 1000.0 &&
			     unit->strength_share[bar->strength] >= bar->strength_permille / 1000.0;

		for (uint32_t c = 0; c < standard->category_count && holds; c++)
			holds = !unit->categories[c].applies ||
				unit->categories[c].point >= bar->category_permille[c] / 1000.0;
		if (holds)
			return (enum grade)g;
	}
	return GRADE_UNDERPERFORM;
}

void score_unit(const struct standard *standard, struct unit *unit)
{
	bool failed = false;

	score_categories(standard, unit);
	unit->uncapped = grade_by_thresholds(standard, unit);
	unit->grade = unit->uncapped;
	for (uint32_t i = 0; i < standard->gate_count; i++) {
		const struct gate *gate = &standard->gates[i];
		enum gate_state state = gate_state_of(gate, &unit->settlements[gate->criterion]);

		unit->gates[i] = state;
		failed = failed || state == GATE_FAILED;
		if ((state == GATE_FAILED || state == GATE_SILENT) && gate->cap < unit->grade)
			unit->grade = gate->cap;
	}
	unit->rated = failed || (unit->quality_coverage > 0.0 &&
				 unit->quality_coverage >=
					 standard->bars[GRADE_BRONZE].coverage_permille / 1000.0);
	if (!unit->rated)
		unit->grade = unit->uncapped = GRADE_UNDERPERFORM;
}

double criterion_leverage(const struct standard *standard, const struct unit *unit,
			  uint32_t criterion)
{
	const struct criterion *one = &standard->criteria[criterion];
	const struct category *category = &standard->categories[one->category];
	double weights = 0.0;

	if (!state_applies(unit->settlements[criterion].state))
		return 0.0;
	for (uint32_t c = 0; c < standard->category_count; c++)
		if (unit->categories[c].applies)
			weights += standard->categories[c].weight;
	return 100.0 * category->weight / weights * one->weight /
	       ((double)unit->categories[one->category].weight_sum * WORTH_ONE);
}
