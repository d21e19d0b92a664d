#include "test/outcome.h"

#include <string.h>

static size_t count_of_check(const struct said *said)
{
	size_t count = 0;

	while (said[count].check && strcmp(said[count].check, said[0].check) == 0)
		count++;
	return count;
}

static void add_line(struct outcome *outcome, const struct said *said, size_t count)
{
	struct arena *arena = &outcome->arena;
	struct checkup_line *line = &outcome->checkup.lines[outcome->checkup.line_count++];
	struct finding *findings = ARENA_ARRAY(arena, struct finding, count);
	struct check_entry *entry = ARENA_NEW(arena, struct check_entry);
	struct check *check = ARENA_NEW(arena, struct check);

	check->title = "A title of <checks> & \"more\"";
	check->required = said->required;
	check->cmax = "a.b c.d";
	*entry = (struct check_entry){ said->check, "", check };
	for (size_t i = 0; i < count; i++)
		findings[i] = (struct finding){
			.verdict = said[i].verdict,
			.about = said[i].about,
			.text = said[i].text,
			.action = said[i].action,
			.attested = said[i].attested,
			.observed = DATE_NONE,
		};
	*line = (struct checkup_line){ .entry = entry, .findings = findings, .count = count };
}

void outcome_make(struct outcome *outcome, const struct said *said)
{
	size_t count = 0;

	outcome_release(outcome);
	while (said[count].check)
		count++;
	outcome->machine.name = "node7";
	outcome->checkup.machine = &outcome->machine;
	outcome->checkup.profile = PROFILE_FULL;
	outcome->checkup.lines = ARENA_ARRAY(&outcome->arena, struct checkup_line, count);
	for (; said->check; said += count) {
		count = count_of_check(said);
		add_line(outcome, said, count);
	}
	checkup_judge(&outcome->checkup);
}

void outcome_release(struct outcome *outcome)
{
	arena_release(&outcome->arena);
	*outcome = (struct outcome){ 0 };
}
