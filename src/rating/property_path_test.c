#include "rating/rule.h"
#include "test/cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* docs/rating.md, section 7: the path is the cheapest, held against all sets of steps. */

enum {
	OPEN_MAXIMUM = 11, /* criteria that can be improved: all their sets are tried */
};

/* What to improve is a set of bits, one for each criterion. */
static bool has(uint32_t set, int32_t criterion)
{
	return criterion >= 0 && (set >> criterion & 1) != 0;
}

static bool is_unknown(const struct unit *unit, uint32_t i)
{
	return unit->settlements[i].state == STATE_UNSETTLED ||
	       unit->settlements[i].state == STATE_STALE;
}

/* True when a step can be taken on it: it is not settled at its best. */
static bool is_open(const struct unit *unit, uint32_t i)
{
	const struct settlement *one = &unit->settlements[i];

	return state_applies(one->state) &&
	       (one->point < WORTH_ONE || !state_is_settled(one->state));
}

/* The unit with the criteria of the set settled at their best, by evidence as strong as the
 * target and the criterion demand, and with what is presumed after them. */
static struct unit improve(const struct standard *standard, const struct unit *unit, uint32_t set,
			   enum grade target, struct arena *arena)
{
	struct unit after = { .name = unit->name };

	after.settlements = ARENA_ARRAY(arena, struct settlement, standard->criterion_count);
	for (uint32_t i = 0; i < standard->criterion_count; i++) {
		struct settlement *one = &after.settlements[i];
		enum strength floor = standard->bars[target].strength;

		*one = unit->settlements[i];
		if (floor < standard->criteria[i].strength)
			floor = standard->criteria[i].strength;
		if (has(set, (int32_t)i)) {
			one->state = STATE_SETTLED;
			one->point = one->low = one->high = WORTH_ONE;
			one->strength = one->strength < floor ? floor : one->strength;
		} else if (is_unknown(unit, i) && has(set, standard->criteria[i].parent)) {
			one->point = WORTH_ONE;
		}
	}
	score_unit(standard, &after);
	return after;
}

static bool reaches(const struct standard *standard, const struct unit *unit, uint32_t set,
		    enum grade target)
{
	SCOPED_ARENA(scratch);

	return improve(standard, unit, set, target, &scratch).grade >= target;
}

/* Points of the overall score above what the target demands then. */
static double margin_of(const struct standard *standard, const struct unit *unit, uint32_t set,
			enum grade target)
{
	SCOPED_ARENA(scratch);
	struct unit after = improve(standard, unit, set, target, &scratch);

	return after.overall - grade_overall(&standard->bars[target], after.depth);
}

static uint32_t steps_of(const struct path *path)
{
	uint32_t set = 0;

	for (uint32_t i = 0; i < path->step_count; i++)
		set |= 1u << path->steps[i].criterion;
	return set;
}

static uint32_t effort_of(const struct standard *standard, uint32_t set)
{
	uint32_t effort = 0;

	for (uint32_t i = 0; i < standard->criterion_count; i++)
		effort += has(set, (int32_t)i) ? standard->criteria[i].effort : 0;
	return effort;
}

static uint32_t open_of(const struct standard *standard, const struct unit *unit)
{
	uint32_t set = 0;

	for (uint32_t i = 0; i < standard->criterion_count; i++)
		set |= is_open(unit, i) ? 1u << i : 0;
	return set;
}

/* What the gates that failed, or that ask for what nothing shows, demand below the target. */
static uint32_t forced_of(const struct standard *standard, const struct unit *unit,
			  enum grade target)
{
	uint32_t set = 0;

	for (uint32_t g = 0; g < standard->gate_count; g++)
		if ((unit->gates[g] == GATE_FAILED || unit->gates[g] == GATE_SILENT) &&
		    standard->gates[g].cap < target)
			set |= 1u << standard->gates[g].criterion;
	return set;
}

/* True when the set has no detail that nothing settles while its headline could be improved;
 * those are no steps, but where a gate demands them. */
static bool are_steps(const struct standard *standard, const struct unit *unit, uint32_t set,
		      uint32_t forced)
{
	for (uint32_t i = 0; i < standard->criterion_count; i++) {
		int32_t parent = standard->criteria[i].parent;

		if (has(set & ~forced, (int32_t)i) && parent >= 0 && is_unknown(unit, i) &&
		    is_open(unit, (uint32_t)parent))
			return false;
	}
	return true;
}

static uint32_t bits_of(uint32_t set)
{
	uint32_t count = 0;

	for (; set; set &= set - 1)
		count++;
	return count;
}

/* No set of steps costs less than the path, and none of the same effort gains more. */
static void expect_cheapest(const struct standard *standard, const struct unit *unit,
			    const struct path *path, uint32_t seed)
{
	uint32_t open = open_of(standard, unit), mine = steps_of(path), set = open + 1;
	uint32_t forced = forced_of(standard, unit, path->target);
	double margin = margin_of(standard, unit, mine, path->target) + 1e-9;

	do {
		uint32_t effort;

		set = (set - 1) & open;
		effort = effort_of(standard, set);
		if (effort > path->effort || !are_steps(standard, unit, set, forced) ||
		    !reaches(standard, unit, set, path->target))
			continue;
		if (effort < path->effort || margin_of(standard, unit, set, path->target) > margin)
			fail_msg("seed %u, %s: set %x is better than the path %x", seed, unit->name,
				 set, mine);
	} while (set != 0);
}

struct tried {
	uint32_t exact, completed, forced;
};

static void expect_path(const struct standard *standard, const struct unit *unit, enum grade target,
			uint32_t seed, struct tried *tried)
{
	SCOPED_ARENA(arena);
	uint32_t open = open_of(standard, unit), forced = forced_of(standard, unit, target);
	struct path path;

	path_to(standard, unit, target, &arena, &path);
	assert_int_equal(path.target, target);
	if (path.reachable != reaches(standard, unit, open, target))
		fail_msg("seed %u, %s to %s: reachable is %d", seed, unit->name,
			 grade_names[target], path.reachable);
	if (!path.reachable) {
		assert_false(path.exact);
		assert_int_equal(path.step_count, 0);
		return;
	}
	assert_true(reaches(standard, unit, steps_of(&path), target));
	assert_int_equal(bits_of(steps_of(&path)), path.step_count);
	assert_int_equal(steps_of(&path) & ~open, 0);
	assert_int_equal(steps_of(&path) & forced, forced);
	assert_int_equal(effort_of(standard, steps_of(&path)), path.effort);
	tried->forced += forced != 0;
	if (path.exact) {
		expect_cheapest(standard, unit, &path, seed);
		tried->exact++;
	} else {
		tried->completed++;
	}
}

static void no_cheaper_set_reaches_the_target(void **state)
{
	struct tried tried = { 0 };

	(void)state;
	for (uint32_t seed = 0; seed < CASES; seed++) {
		SCOPED_INVENTED(one);

		invented_make(seed, 0, &one);
		for (uint32_t u = 0; u < one.before.rating.unit_count; u++) {
			const struct unit *unit = &one.before.rating.units[u];
			enum grade target =
				(enum grade)dice_between(&one.dice, GRADE_BRONZE, GRADE_PLATINUM);

			if (bits_of(open_of(&one.standard, unit)) <= OPEN_MAXIMUM)
				expect_path(&one.standard, unit, target, seed, &tried);
		}
	}
	assert_true(tried.exact >= CASES_ENOUGH);
	assert_true(tried.completed >= 50);
	assert_true(tried.forced >= 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_cheaper_set_reaches_the_target),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
