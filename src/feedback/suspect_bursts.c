#include <stdlib.h>

#include "feedback/crowd.h"

/*
 * Many new voices of one class within three days. Proofs that the provider does not give out are
 * left alone: nobody conjures up invoices in a burst, and after an outage many customers do speak
 * at once.
 */

struct arrival {
	int64_t time;
	uint32_t person;
};

static int compare_arrivals(const void *a, const void *b)
{
	const struct arrival *left = a, *right = b;

	if (left->time != right->time)
		return left->time < right->time ? -1 : 1;
	return (left->person > right->person) - (left->person < right->person);
}

/* How many are likely within the window, by all that came outside of it. */
static double likely(const struct arrival *arrivals, uint32_t count, uint32_t inside)
{
	const double day = 86400;
	double span = (double)(arrivals[count - 1].time - arrivals[0].time) - BURST_SECONDS;

	if (span < BURST_HISTORY_DAYS * day)
		span = BURST_HISTORY_DAYS * day;
	return (count - inside + 1.0) * BURST_SECONDS / span;
}

static void suspect(struct crowd *crowd, const struct arrival *arrivals, uint32_t count)
{
	uint32_t said = 0; /* those before it have a reason already, or need none */

	for (uint32_t first = 0, end = 0; first < count; first++) {
		double expected;
		const char *reason;

		while (end < count && arrivals[end].time - arrivals[first].time <= BURST_SECONDS)
			end++;
		if (end <= said)
			continue;
		expected = likely(arrivals, count, end - first);
		if (end - first < BURST_VOICES || end - first <= BURST_TIMES * expected)
			continue;
		reason = arena_format(crowd->arena,
				      "%u tenants whose proof costs nothing came within 3 days, "
				      "where %.1f were likely",
				      end - first, expected);
		for (said = said > first ? said : first; said < end; said++)
			crowd->people[arrivals[said].person].reasons[SUSPICION_BURST] = reason;
	}
}

void suspect_bursts(struct crowd *crowd)
{
	struct arrival *arrivals = ARENA_ARRAY(crowd->arena, struct arrival, crowd->count);

	for (uint32_t first = 0, end; first < crowd->count; first = end) {
		end = crowd_end(crowd, first);
		for (unsigned class = CLASS_UNPROVEN; class < CLASS_INDEPENDENT; class ++) {
			uint32_t count = 0;

			for (uint32_t i = first; i < end; i++)
				if (crowd->people[i].class == class)
					arrivals[count++] =
						(struct arrival){ crowd->people[i].since, i };
			qsort(arrivals, count, sizeof(*arrivals), compare_arrivals);
			suspect(crowd, arrivals, count);
		}
	}
}
