#include <stdlib.h>
#include <string.h>

#include "feedback/crowd.h"

/* Many tenants behind one origin, and one proof behind many tenants. */

struct key {
	const char *text;
	uint32_t person;
};

static int compare_keys(const void *a, const void *b)
{
	const struct key *left = a, *right = b;
	int order = strcmp(left->text, right->text);

	return order ? order : (left->person > right->person) - (left->person < right->person);
}

static const char *origin_of(const struct submission *submission)
{
	return submission->origin;
}

static const char *mark_of(const struct submission *submission)
{
	return submission->proof_mark;
}

/* What is looked for in one field. */
struct pattern {
	const char *(*field)(const struct submission *submission);
	uint32_t tenants; /* so many have it in common */
	const char *reason;
};

/* The values of the field, each person's once, by value. */
static uint32_t list_keys(const struct crowd *crowd, uint32_t first, uint32_t end,
			  const struct pattern *pattern, struct key *keys)
{
	uint32_t count = 0, kept = 0;

	for (uint32_t i = first; i < end; i++) {
		for (uint32_t k = 0; k < crowd->people[i].count; k++) {
			const char *text = pattern->field(crowd->people[i].said[k]);

			if (text && text[0] != '\0')
				keys[count++] = (struct key){ text, i };
		}
	}
	qsort(keys, count, sizeof(*keys), compare_keys);
	for (uint32_t i = 0; i < count; i++)
		if (kept == 0 || compare_keys(&keys[kept - 1], &keys[i]) != 0)
			keys[kept++] = keys[i];
	return kept;
}

static void suspect(struct crowd *crowd, uint32_t first, uint32_t end,
		    const struct pattern *pattern)
{
	struct key *keys;
	uint32_t count = 0;

	for (uint32_t i = first; i < end; i++)
		count += crowd->people[i].count;
	keys = ARENA_ARRAY(crowd->arena, struct key, count);
	count = list_keys(crowd, first, end, pattern, keys);
	for (uint32_t i = 0, next; i < count; i = next) {
		const char *reason;

		for (next = i + 1; next < count && strcmp(keys[next].text, keys[i].text) == 0;)
			next++;
		if (next - i < pattern->tenants)
			continue;
		reason = arena_format(crowd->arena, "%u tenants %s", next - i, pattern->reason);
		for (uint32_t k = i; k < next; k++) {
			struct person *person = &crowd->people[keys[k].person];

			crowd_join(crowd, keys[i].person, keys[k].person);
			if (!person->reasons[SUSPICION_SYBIL])
				person->reasons[SUSPICION_SYBIL] = reason;
		}
	}
}

void suspect_origins(struct crowd *crowd)
{
	static const struct pattern proofs = { mark_of, 2, "show the same proof" };
	static const struct pattern origins = { origin_of, SYBIL_TENANTS,
						"answer from one origin" };

	for (uint32_t first = 0, end; first < crowd->count; first = end) {
		end = crowd_end(crowd, first);
		suspect(crowd, first, end, &proofs);
		suspect(crowd, first, end, &origins);
	}
}
