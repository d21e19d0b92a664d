#include "check/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const verdict_names[] = {
	[VERDICT_PASS] = "pass",
	[VERDICT_WARN] = "warn",
	[VERDICT_FAIL] = "fail",
	[VERDICT_UNKNOWN] = "unknown",
	[VERDICT_NOT_APPLICABLE] = "not_applicable",
	[VERDICT_STALE] = "stale",
};

struct finding *findings_add(struct findings *found, enum verdict verdict, const char *about,
			     const char *format, ...)
{
	char text[400];
	va_list args;

	if (found->count == found->room) {
		size_t room = found->room ? 2 * found->room : 8;
		struct finding *grown = ARENA_ARRAY(found->arena, struct finding, room);

		if (found->count > 0)
			memcpy(grown, found->items, found->count * sizeof(*grown));
		found->items = grown;
		found->room = room;
	}
	va_start(args, format);
	if (vsnprintf(text, sizeof(text), format, args) < 0)
		text[0] = '\0';
	va_end(args);
	found->items[found->count] = (struct finding){
		.verdict = verdict,
		.about = about,
		.text = arena_string(found->arena, span_of(text)),
		.observed = DATE_NONE,
	};
	return &found->items[found->count++];
}

static int compare_name(const void *name, const void *entry)
{
	return strcmp(name, ((const struct check_entry *)entry)->name);
}

/* tools/make-catalogue sees to the order. */
const struct check_entry *check_find(const char *name)
{
	return bsearch(name, check_catalogue, check_catalogue_count, sizeof(check_catalogue[0]),
		       compare_name);
}

struct finding *finding_rests_on(struct finding *finding, const struct record *record)
{
	enum { ROOM = sizeof(finding->evidence) / sizeof(finding->evidence[0]) };
	unsigned i = 0;

	if (!record)
		return finding;
	while (i < ROOM && finding->evidence[i])
		i++;
	if (i == 0 || record->strength < finding->strength)
		finding->strength = record->strength;
	if (i == 0 || record->observed > finding->observed)
		finding->observed = record->observed;
	if (i < ROOM)
		finding->evidence[i] = record;
	return finding;
}

struct finding *findings_add_unknown(struct findings *found, const struct machine *machine,
				     enum measure measure, const char *device)
{
	struct finding *finding = findings_add(
		found, VERDICT_UNKNOWN, device, "%.*s is not known: %s",
		SPAN_ARGS(measure_title(measure)), machine_why_unknown(machine, measure, device));

	return finding_rests_on(finding, machine_find(machine, measure, device));
}

void check_prepare(struct check_input *seen, struct arena *arena)
{
	struct machine *machines;

	machines_make(seen->records, seen->count, seen->handbook, arena, &machines,
		      &seen->machine_count);
	seen->machines = machines;
}

static bool has_needs(const struct check *check, const struct check_input *seen)
{
	const struct record *const *records = seen->records;
	size_t count = seen->count;

	if (seen->machine) {
		records = seen->machine->records;
		count = seen->machine->count;
	}
	for (size_t i = 0; i < count; i++)
		if (strncmp(records[i]->what, check->needs, strlen(check->needs)) == 0)
			return true;
	return false;
}

/* Adds NOT_APPLICABLE and returns false when the machine lacks a part that the check is about. */
static bool applies(const struct check *check, const struct machine *machine,
		    struct findings *found)
{
	for (unsigned part = 1; part <= check->parts; part <<= 1) {
		const char *reason;

		if ((check->parts & part) &&
		    machine_has(machine, (enum machine_part)part, &reason) == PRESENCE_ABSENT) {
			findings_add(found, VERDICT_NOT_APPLICABLE, NULL, "%s", reason)->observed =
				machine->observed;
			return false;
		}
	}
	return true;
}

static void run_one(const struct check_entry *entry, const struct check_input *seen,
		    struct findings *found)
{
	size_t before = found->count;

	if (seen->machine && !applies(entry->check, seen->machine, found))
		return;
	if (has_needs(entry->check, seen))
		entry->check->judge(seen, found);
	if (found->count == before)
		findings_add(found, VERDICT_UNKNOWN, NULL, "no evidence of '%s…' to judge",
			     entry->check->needs);
}

void check_run(const struct check_entry *entry, const struct check_input *seen,
	       struct findings *found)
{
	size_t before = found->count;

	if (entry->check->scope == SCOPE_UNIT || seen->machine) {
		run_one(entry, seen, found);
		return;
	}
	for (size_t i = 0; i < seen->machine_count; i++) {
		struct check_input one = *seen;

		if (seen->machines[i].observed < seen->not_before)
			continue;
		one.machine = &seen->machines[i];
		run_one(entry, &one, found);
	}
	if (found->count == before && seen->machine_count > 0)
		findings_add(found, VERDICT_STALE, NULL,
			     "the last look at a node is older than is asked; look again");
	else if (found->count == before)
		findings_add(found, VERDICT_UNKNOWN, NULL, "no node was looked at");
}
