#include <stdlib.h>
#include <string.h>

#include "rating/rule.h"

/* Only the parts that make a unit. */
static struct subject unit_part(const struct subject *subject)
{
	struct subject part = { 0 };

	memcpy(part.parts, subject->parts, SUBJECT_UNIT_PARTS * sizeof(part.parts[0]));
	return part;
}

static bool same_unit(const struct subject *a, const struct subject *b)
{
	return subject_covers(a, b, SUBJECT_UNIT_PARTS) && subject_covers(b, a, SUBJECT_UNIT_PARTS);
}

static uint32_t collect_subjects(const struct rating_request *request, const struct folder *folder,
				 struct subject *subjects)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < folder->count; i++) {
		const struct filed *filed = &folder->filed[i];
		struct subject part = unit_part(&filed->record->subject);
		uint32_t k = 0;

		if (filed->topic == TOPIC_PRICE || !record_counts(request, filed->record))
			continue;
		while (k < count && !same_unit(&subjects[k], &part))
			k++;
		if (k == count)
			subjects[count++] = part;
	}
	return count;
}

static bool is_refined(const struct subject *subjects, uint32_t count, uint32_t one)
{
	for (uint32_t i = 0; i < count; i++)
		if (i != one && subject_covers(&subjects[one], &subjects[i], SUBJECT_UNIT_PARTS))
			return true;
	return false;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct unit *)a)->name, ((const struct unit *)b)->name);
}

static void gather_records(const struct folder *folder, struct arena *arena, struct unit *unit)
{
	const struct record **records = ARENA_ARRAY(arena, const struct record *, folder->count);

	for (uint32_t i = 0; i < folder->count; i++) {
		const struct record *record = folder->filed[i].record;

		if (subject_covers(&record->subject, &unit->subject, SUBJECT_UNIT_PARTS))
			records[unit->record_count++] = record;
	}
	unit->records = records;
}

void make_units(const struct rating_request *request, const struct folder *folder,
		struct arena *arena, struct unit **ret_units, uint32_t *ret_count)
{
	struct subject *subjects = ARENA_ARRAY(arena, struct subject, folder->count);
	uint32_t count = collect_subjects(request, folder, subjects), made = 0;
	struct unit *units = ARENA_ARRAY(arena, struct unit, count);

	for (uint32_t i = 0; i < count; i++) {
		if (is_refined(subjects, count, i))
			continue;
		units[made].subject = subjects[i];
		units[made].name = subject_name(&subjects[i], SUBJECT_UNIT_PARTS, arena);
		gather_records(folder, arena, &units[made]);
		made++;
	}
	if (made > 0)
		qsort(units, made, sizeof(*units), compare_names);
	*ret_units = units;
	*ret_count = made;
}
