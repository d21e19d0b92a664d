#include "evidence/measure.h"

#include <assert.h>
#include <string.h>

#define MEASURE_ROW(symbol, name, kind, unit, meaning) \
	[NODE_##symbol] = { name, kind, unit, meaning },
const struct measure_row measures[] = { NODE_MEASURES(MEASURE_ROW) };
#undef MEASURE_ROW

static_assert(sizeof(measures) / sizeof(measures[0]) == MEASURE_COUNT, "one row a measure");

static const enum record_says says_of_kind[] = {
	[MEASURE_VALUE] = SAYS_VALUE,
	[MEASURE_COUNTER] = SAYS_VALUE,
	[MEASURE_STATE] = SAYS_STATE,
	[MEASURE_TEXT] = SAYS_TEXT,
};

enum record_says measure_says(enum measure measure)
{
	return says_of_kind[measures[measure].kind];
}

struct span measure_title(enum measure measure)
{
	const char *meaning = measures[measure].meaning;

	return (struct span){ meaning, strcspn(meaning, ":;") };
}

bool measure_find(const char *name, enum measure *ret_measure)
{
	unsigned low = 0, high = MEASURE_COUNT;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		int order = strcmp(measures[middle].name, name);

		if (order == 0) {
			*ret_measure = (enum measure)middle;
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

bool measure_row_fits(const struct measure_row *row, const struct record *record, struct error *err)
{
	if (record->kind != KIND_MEASUREMENT)
		return fail(err, ERROR_INVALID, "a measure is of kind measurement");
	if (record->says == SAYS_UNKNOWN)
		return true;
	if (record->says != says_of_kind[row->kind])
		return fail(err, ERROR_INVALID, "'%s' has a '%s', or 'unknown' with the reason",
			    row->name, record_says_names[says_of_kind[row->kind]]);
	if (row->unit && strcmp(row->unit, record->unit) != 0)
		return fail(err, ERROR_INVALID, "unit '%s' is wrong; '%s' is measured in %s",
			    record->unit, row->name, row->unit);
	return true;
}

bool measure_fits(enum measure measure, const struct record *record, struct error *err)
{
	if (!record->subject.parts[SUBJECT_NODE])
		return fail(err, ERROR_INVALID, "a measure of a node needs a subject with 'node'");
	return measure_row_fits(&measures[measure], record, err);
}
