#include "model/observed.h"

#include <math.h>
#include <string.h>

#include "model/goodput_study.h"

static const struct told {
	const char *what, *unit;
	enum goodput_parameter parameter;
} told[] = {
	{ "reliability.failure-interval", "GPU-hours", GOODPUT_MTBF },
	{ "reliability.detection-time", "min", GOODPUT_DETECT },
	{ "reliability.return-time", "min", GOODPUT_REPLACE },
};

static bool counts(const struct record *record, date_t as_of)
{
	if (record->says != SAYS_VALUE || record->announced || record->observed > as_of)
		return false;
	return record->expires == DATE_NONE || record->expires >= as_of;
}

/* Ids of the records, "a, b, c", which outlive the set. */
static const char *join(const char *before, const char *id, struct arena *arena)
{
	return arena_format(arena, "%s%s%s", before ? before : "", before ? ", " : "", id);
}

struct gathered {
	struct quantity value;
	unsigned count;
	const char *ids;
};

static void gather(const struct record *record, struct arena *arena, struct gathered *gathered)
{
	struct quantity *value = &gathered->value;

	if (gathered->count == 0)
		*value = (struct quantity){ .low = record->value, .high = record->value };
	value->low = fmin(value->low, record->value);
	value->high = fmax(value->high, record->value);
	value->value += log(fmax(record->value, 1e-9));
	gathered->count++;
	gathered->ids = join(gathered->ids, record->id, arena);
}

static bool set_told(const struct told *one, const struct gathered *gathered,
		     struct parameters *parameters, struct error *err)
{
	const struct parameter_row *row = &parameters->table->rows[one->parameter];
	struct quantity value = gathered->value;

	if (gathered->count == 0 || parameters->origins[one->parameter] > ORIGIN_EVIDENCE)
		return true;
	if (value.low < row->minimum || value.high > row->maximum)
		return fail(err, ERROR_INVALID, "evidence %s: %s is out of the bounds of %s",
			    gathered->ids, one->what, row->name);
	value.value = exp(value.value / gathered->count);
	value.value = fmin(fmax(value.value, value.low), value.high);
	parameters->values[one->parameter] = value;
	parameters->origins[one->parameter] = ORIGIN_EVIDENCE;
	parameters->sources[one->parameter] = gathered->ids;
	return true;
}

bool observed_apply(const struct evidence_set *set, date_t as_of, struct arena *arena,
		    struct parameters *parameters, struct error *err)
{
	struct gathered gathered[sizeof(told) / sizeof(told[0])] = { 0 };
	const char *provider = NULL;

	for (size_t i = 0; i < set->count; i++) {
		const struct record *record = &set->records[i];

		for (size_t j = 0; j < sizeof(told) / sizeof(told[0]); j++) {
			if (strcmp(record->what, told[j].what) != 0 || !counts(record, as_of))
				continue;
			if (provider && strcmp(provider, record->subject.parts[0]) != 0)
				return fail(err, ERROR_INVALID,
					    "the evidence is of %s and of %s; give files of one "
					    "provider",
					    provider, record->subject.parts[0]);
			provider = record->subject.parts[0];
			gather(record, arena, &gathered[j]);
		}
	}
	if (!provider)
		return fail(err, ERROR_MISSING,
			    "the evidence says nothing of failure-interval, detection-time or "
			    "return-time");
	for (size_t j = 0; j < sizeof(told) / sizeof(told[0]); j++) {
		if (!set_told(&told[j], &gathered[j], parameters, err))
			return false;
	}
	return true;
}
