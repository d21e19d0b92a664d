#include "check/check.h"

#include <stdarg.h>
#include <stdio.h>
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

const struct check_entry *check_find(const char *name)
{
	for (size_t i = 0; i < check_catalogue_count; i++)
		if (strcmp(check_catalogue[i].name, name) == 0)
			return &check_catalogue[i];
	return NULL;
}

static bool has_needs(const struct check *check, const struct check_input *seen)
{
	for (size_t i = 0; i < seen->count; i++)
		if (strncmp(seen->records[i]->what, check->needs, strlen(check->needs)) == 0)
			return true;
	return false;
}

void check_run(const struct check_entry *entry, const struct check_input *seen,
	       struct findings *found)
{
	size_t before = found->count;

	if (has_needs(entry->check, seen))
		entry->check->judge(seen, found);
	if (found->count == before)
		findings_add(found, VERDICT_UNKNOWN, entry->name, "no evidence of '%s…' to judge",
			     entry->check->needs);
}
