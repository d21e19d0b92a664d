#include "check/fabric/told.h"

#include <string.h>

static bool is_same(const char *one, const char *other)
{
	return one == other || (one && other && strcmp(one, other) == 0);
}

static bool is_about_the_same(const struct record *one, const struct record *other)
{
	for (unsigned i = 0; i < SUBJECT_PART_COUNT; i++)
		if (!is_same(one->subject.parts[i], other->subject.parts[i]))
			return false;
	return strcmp(one->what, other->what) == 0;
}

static bool is_newer(const struct record *one, const struct record *other)
{
	if (one->observed != other->observed)
		return one->observed > other->observed;
	if (one->time != other->time)
		return one->time > other->time;
	return strcmp(one->id, other->id) > 0;
}

static bool is_newest(const struct check_input *seen, const struct record *record)
{
	for (size_t i = 0; i < seen->count; i++)
		if (is_about_the_same(seen->records[i], record) &&
		    is_newer(seen->records[i], record))
			return false;
	return true;
}

const struct record *fabric_next(const struct check_input *seen, enum fabric_measure measure,
				 size_t *at)
{
	while (*at < seen->count) {
		const struct record *record = seen->records[(*at)++];

		if (strcmp(record->what, fabric_measures[measure].name) == 0 &&
		    is_newest(seen, record))
			return record;
	}
	return NULL;
}

bool fabric_value(const struct check_input *seen, enum fabric_measure measure,
		  const struct record *like, double *ret_value)
{
	struct record wanted = *like;
	const struct record *record;
	size_t at = 0;

	wanted.what = fabric_measures[measure].name;
	while ((record = fabric_next(seen, measure, &at))) {
		if (!is_about_the_same(record, &wanted))
			continue;
		if (record->says != SAYS_VALUE)
			return false;
		*ret_value = record->value;
		return true;
	}
	return false;
}

const char *fabric_place_name(const struct record *record, struct arena *arena)
{
	const char *cluster = record->subject.parts[SUBJECT_CLUSTER];
	const char *device = record->subject.parts[SUBJECT_DEVICE];

	return arena_format(arena, "%s%s%s", cluster ? cluster : "", cluster && device ? "/" : "",
			    device ? device : "");
}
