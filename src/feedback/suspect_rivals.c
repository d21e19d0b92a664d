#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "feedback/crowd.h"

/* Ties: what somebody declared, and an origin that praises one provider and damns its rivals. */

/* What one origin, or one tenant, says of one provider. */
struct view {
	const char *origin;
	uint32_t person;
	double mean;
	uint32_t answers;
};

static int compare_views(const void *a, const void *b)
{
	const struct view *left = a, *right = b;
	int order = strcmp(left->origin, right->origin);

	return order ? order : (left->person > right->person) - (left->person < right->person);
}

static double worth_of(const struct criterion *criterion, const struct given_answer *answer)
{
	struct record record = { .says = answer->says,
				 .text = answer->text,
				 .value = answer->value,
				 .unit = criterion->unit };
	uint16_t worth = 0;

	if (!criterion_worth(criterion, &record, &worth))
		return NAN;
	return (double)worth / WORTH_ONE;
}

static struct view view_of(const struct crowd *crowd, uint32_t index)
{
	const struct person *person = &crowd->people[index];
	const char *origin = person->said[person->count - 1]->origin;
	struct view view = { .person = index };

	view.origin = origin && origin[0] != '\0' ? origin : person_tenant(person);
	for (uint32_t i = 0; i < person->sheet_count; i++) {
		double worth = worth_of(&crowd->standard->criteria[person->sheet[i]->criterion],
					person->sheet[i]);

		if (isnan(worth))
			continue;
		view.mean += worth;
		view.answers++;
	}
	view.mean = view.answers > 0 ? view.mean / view.answers : 0.5;
	return view;
}

/* Means of one origin by provider: how many it praises, damns, and leaves between. */
struct tally {
	uint32_t praised, damned, between;
};

static struct tally tally_of(const struct crowd *crowd, const struct view *views, uint32_t count)
{
	struct tally tally = { 0 };

	for (uint32_t i = 0, next; i < count; i = next) {
		double sum = 0;
		uint32_t answers = 0;

		for (next = i;
		     next < count && strcmp(person_provider(&crowd->people[views[next].person]),
					    person_provider(&crowd->people[views[i].person])) == 0;
		     next++) {
			sum += views[next].mean * views[next].answers;
			answers += views[next].answers;
		}
		if (answers >= RIVAL_ANSWERS && sum >= PRAISE_FROM * answers)
			tally.praised++;
		else if (answers >= RIVAL_ANSWERS && sum <= DAMN_UNTIL * answers)
			tally.damned++;
		else
			tally.between++;
	}
	return tally;
}

void suspect_rivals(struct crowd *crowd)
{
	struct view *views = ARENA_ARRAY(crowd->arena, struct view, crowd->count);

	for (uint32_t i = 0; i < crowd->count; i++)
		views[i] = view_of(crowd, i);
	qsort(views, crowd->count, sizeof(*views), compare_views);
	for (uint32_t i = 0, next; i < crowd->count; i = next) {
		struct tally tally;
		const char *reason;

		for (next = i + 1;
		     next < crowd->count && strcmp(views[next].origin, views[i].origin) == 0;)
			next++;
		tally = tally_of(crowd, &views[i], next - i);
		if (tally.praised != 1 || tally.between > 0 || tally.damned + 1 < RIVAL_PROVIDERS)
			continue;
		reason = arena_format(crowd->arena,
				      "its origin praises one provider and damns %u others",
				      tally.damned);
		for (uint32_t k = i; k < next; k++)
			crowd->people[views[k].person].reasons[SUSPICION_RIVAL] = reason;
	}
}

/* ---- what was declared ---- */

static char plain(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80 ? c
											    : '\0';
}

/* Whether the two are the same letters and digits: "Crusoe" and "crusoe". */
static bool same_name(const char *a, const char *b)
{
	while (*a || *b) {
		if (*a && plain(*a) == '\0')
			a++;
		else if (*b && plain(*b) == '\0')
			b++;
		else if (plain(*a) != plain(*b))
			return false;
		else
			a++, b++;
	}
	return true;
}

/* Those about whom somebody answered. */
struct providers {
	const char **names;
	uint32_t count;
};

static bool is_provider(const struct providers *providers, const char *name)
{
	for (uint32_t i = 0; i < providers->count; i++)
		if (same_name(providers->names[i], name))
			return true;
	return false;
}

static void suspect_one(const struct providers *providers, struct person *person,
			const struct submission *said)
{
	if (said->paid_for)
		person->reasons[SUSPICION_PAID] = "declared: got something for answering";
	if (said->competes)
		person->reasons[SUSPICION_RIVAL] = "declared: works for a competitor";
	if (!said->employer)
		return;
	if (same_name(said->employer, person_provider(person)))
		person->reasons[SUSPICION_INSIDER] = "declared: works for the provider";
	else if (is_provider(providers, said->employer))
		person->reasons[SUSPICION_RIVAL] = "declared: works for another provider";
}

void suspect_declared(struct crowd *crowd)
{
	struct providers providers = { .names = ARENA_ARRAY(crowd->arena, const char *,
							    crowd->count) };

	for (uint32_t i = 0; i < crowd->count; i = crowd_end(crowd, i))
		providers.names[providers.count++] = person_provider(&crowd->people[i]);
	for (uint32_t i = 0; i < crowd->count; i++) {
		struct person *person = &crowd->people[i];

		for (uint32_t k = 0; k < person->count; k++)
			suspect_one(&providers, person, person->said[k]);
	}
}
