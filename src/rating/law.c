#include "rating/rule.h"

/* Step 6: how one criterion varies in the draws. */

static void step(struct law *law, uint32_t at, int32_t value)
{
	int32_t now = law->start;

	for (uint16_t i = 0; i < law->step_count; i++)
		now += law->delta[i];
	if (value == now || at > UINT16_MAX)
		return;
	if (at == 0) {
		law->start = (int16_t)value;
		law->step_count = 0;
		return;
	}
	law->at[law->step_count] = (uint16_t)at;
	law->delta[law->step_count++] = (int16_t)(value - now);
}

static void make_room(struct law *law, uint32_t steps, struct arena *arena)
{
	law->at = ARENA_ARRAY(arena, uint16_t, steps);
	law->delta = ARENA_ARRAY(arena, int16_t, steps);
}

/* The distinct worths that fresh evidence holds, ascending. */
static uint32_t held_worths(const struct criterion *criterion, const struct settlement *settlement,
			    uint16_t held[static WORTH_ONE + 1])
{
	uint32_t count = 0;

	if (settlement->state == STATE_SETTLED) {
		held[0] = settlement->point;
		return 1;
	}
	/* Two-hundredths are few: walk them in order rather than sort. */
	for (uint16_t worth = settlement->low; worth <= settlement->high; worth++) {
		bool found = worth == settlement->low || worth == settlement->high;

		for (uint32_t i = 0; i < settlement->record_count && !found; i++) {
			uint16_t says;

			found = criterion_worth(criterion, settlement->records[i], &says) &&
				says == worth;
		}
		if (found)
			held[count++] = worth;
	}
	return count;
}

static bool holds(const uint16_t *held, uint32_t count, uint16_t worth)
{
	for (uint32_t i = 0; i < count; i++)
		if (held[i] == worth)
			return true;
	return false;
}

static uint32_t other_worths(const struct criterion *criterion, const uint16_t *held,
			     uint32_t held_count, uint16_t others[static ANSWERS_MAXIMUM])
{
	static const uint16_t quarters[] = { 0, 50, 100, 150, 200 };
	uint32_t count = 0;

	for (uint32_t i = 0; i < criterion->answer_count; i++)
		if (!holds(held, held_count, criterion->answers[i].worth))
			others[count++] = criterion->answers[i].worth;
	for (uint32_t i = 0; criterion->unit && i < 5; i++)
		if (!holds(held, held_count, quarters[i]))
			others[count++] = quarters[i];
	return count;
}

static void make_settled(const struct standard *standard, const struct criterion *criterion,
			 const struct settlement *settlement, struct arena *arena, struct law *law)
{
	uint16_t held[WORTH_ONE + 1], others[ANSWERS_MAXIMUM];
	uint32_t held_count = held_worths(criterion, settlement, held);
	uint32_t other_count = other_worths(criterion, held, held_count, others);
	uint32_t wrong = standard->strengths[settlement->strength].error_permille * 65536u / 1000u;

	if (other_count == 0)
		wrong = 0;
	make_room(law, other_count + held_count, arena);
	for (uint32_t k = 0; k < other_count; k++)
		step(law, k * wrong / other_count, others[k]);
	for (uint32_t j = 0; j < held_count; j++)
		step(law, wrong + j * (65536u - wrong) / held_count, held[j]);
}

void law_of(const struct standard *standard, uint32_t criterion,
	    const struct settlement *settlement, struct arena *arena, struct law *ret_law)
{
	*ret_law = (struct law){ 0 };
	switch (settlement->state) {
	case STATE_SETTLED:
	case STATE_CONFLICT:
		make_settled(standard, &standard->criteria[criterion], settlement, arena, ret_law);
		break;
	case STATE_UNSETTLED:
	case STATE_STALE:
		make_room(ret_law, 2, arena);
		step(ret_law, 0, WORTH_ONE);
		step(ret_law, settlement->point * 65536u / WORTH_ONE, 0);
		break;
	case STATE_WITHHELD:
	case STATE_NOT_APPLICABLE:
	case STATE_OUT_OF_PROFILE:
	case STATE_COUNT:
		break;
	}
}
