#include "check/checkup.h"

#include <string.h>

const char *const check_profile_names[] = { "quick", "full", "security", "active", NULL };

bool check_profile_parse(struct span name, enum check_profile *ret_profile)
{
	for (unsigned i = 0; check_profile_names[i]; i++) {
		if (span_is(name, check_profile_names[i])) {
			*ret_profile = (enum check_profile)(1u << i);
			return true;
		}
	}
	return false;
}

const char *check_profile_name(enum check_profile profile)
{
	unsigned i = 0;

	while (profile >> (i + 1))
		i++;
	return check_profile_names[i];
}

enum verdict verdict_worse(enum verdict a, enum verdict b)
{
	static const unsigned rank[] = {
		[VERDICT_NOT_APPLICABLE] = 0, [VERDICT_PASS] = 1,    [VERDICT_WARN] = 2,
		[VERDICT_STALE] = 3,          [VERDICT_UNKNOWN] = 4, [VERDICT_FAIL] = 5,
	};

	return rank[a] >= rank[b] ? a : b;
}

static bool is_chosen(const struct check_entry *entry, enum check_profile profile,
		      const char *const *only)
{
	if (entry->check->scope != SCOPE_NODE)
		return false;
	if (!only)
		return entry->check->profiles & profile;
	while (*only && strcmp(*only, entry->name) != 0)
		only++;
	return *only != NULL;
}

static enum verdict worst_of(const struct checkup_line *line)
{
	enum verdict worst = line->count > 0 ? VERDICT_NOT_APPLICABLE : VERDICT_UNKNOWN;

	for (size_t i = 0; i < line->count; i++)
		worst = verdict_worse(worst, line->findings[i].verdict);
	return worst;
}

static void judge_gate(struct checkup *checkup)
{
	size_t told = checkup->checks[VERDICT_PASS] + checkup->checks[VERDICT_WARN];
	bool unsure = told == 0;

	for (size_t i = 0; i < checkup->line_count; i++) {
		const struct checkup_line *line = &checkup->lines[i];

		unsure = unsure ||
			 (line->entry->check->required &&
			  (line->worst == VERDICT_UNKNOWN || line->worst == VERDICT_STALE));
	}
	if (checkup->checks[VERDICT_FAIL] > 0)
		checkup->gate = VERDICT_FAIL;
	else if (unsure)
		checkup->gate = VERDICT_UNKNOWN;
	else if (checkup->checks[VERDICT_WARN] > 0)
		checkup->gate = VERDICT_WARN;
	else
		checkup->gate = VERDICT_PASS;
}

void checkup_judge(struct checkup *checkup)
{
	memset(checkup->checks, 0, sizeof(checkup->checks));
	memset(checkup->findings, 0, sizeof(checkup->findings));
	for (size_t i = 0; i < checkup->line_count; i++) {
		struct checkup_line *line = &checkup->lines[i];

		line->worst = worst_of(line);
		checkup->checks[line->worst]++;
		for (size_t k = 0; k < line->count; k++)
			checkup->findings[line->findings[k].verdict]++;
	}
	judge_gate(checkup);
}

void checkup_run(const struct check_input *seen, enum check_profile profile,
		 const char *const *only, struct arena *arena, struct checkup *ret_checkup)
{
	struct checkup checkup = {
		.machine = seen->machine,
		.profile = profile,
		.lines = ARENA_ARRAY(arena, struct checkup_line, check_catalogue_count),
	};

	for (size_t i = 0; i < check_catalogue_count; i++) {
		struct checkup_line *line = &checkup.lines[checkup.line_count];
		struct findings found = { .arena = arena };

		if (!is_chosen(&check_catalogue[i], profile, only))
			continue;
		check_run(&check_catalogue[i], seen, &found);
		*line = (struct checkup_line){
			.entry = &check_catalogue[i],
			.findings = found.items,
			.count = found.count,
		};
		checkup.line_count++;
	}
	checkup_judge(&checkup);
	*ret_checkup = checkup;
}

size_t checkup_unseen_gpus(const struct checkup *checkup)
{
	static const unsigned parts =
		PART_GPU | PART_NVIDIA | PART_AMD | PART_LINKS | PART_SWITCHES;
	const char *reason;
	size_t count = 0;

	if (machine_has(checkup->machine, PART_GPU, &reason) != PRESENCE_ABSENT)
		return 0;
	for (size_t i = 0; i < checkup->line_count; i++) {
		const struct checkup_line *line = &checkup->lines[i];

		if (line->worst == VERDICT_NOT_APPLICABLE && (line->entry->check->parts & parts))
			count++;
	}
	return count;
}
