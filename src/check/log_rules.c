#include "check/log_rules.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check/gpu/reach.h"
#include "check/tally.h"

/* A line with the rule that it falls under. */
struct event {
	const struct record *record;
	const struct log_rule *rule;
};

static bool has_word(const char *line, const char *word)
{
	size_t length = strlen(word);

	if (length == 0)
		return true;
	for (; *line; line++)
		if (strncasecmp(line, word, length) == 0)
			return true;
	return false;
}

const struct log_rule *log_rules_find(const struct log_rules *rules, const char *line)
{
	for (size_t i = 0; i < rules->count; i++)
		if (has_word(line, rules->items[i].word) &&
		    (!rules->items[i].too || has_word(line, rules->items[i].too)))
			return &rules->items[i];
	return NULL;
}

static const char *device_of(const struct event *event)
{
	const char *device = event->record->subject.parts[SUBJECT_DEVICE];

	return device ? device : "";
}

/* By device, rule and time; the text makes the order total. */
static int compare_events(const void *left, const void *right)
{
	const struct event *a = left, *b = right;
	int order = strcmp(device_of(a), device_of(b));

	if (order)
		return order;
	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	if (a->record->time != b->record->time)
		return a->record->time < b->record->time ? -1 : 1;
	return strcmp(a->record->text, b->record->text);
}

/* Events of one device and one rule. */
static void say(struct tally *tally, const struct event *events, size_t count)
{
	const struct event *newest = &events[count - 1];
	struct finding *finding;

	finding = tally_say(tally, newest->rule->verdict,
			    newest->record->subject.parts[SUBJECT_DEVICE], newest->record,
			    "%s (%zu line%s): \"%.160s\"", newest->rule->meaning, count,
			    plural(count), newest->record->text);
	finding->bar = "no such line of the kernel log";
	finding->action = newest->rule->action;
	finding->clears = "the next start of the kernel";
}

size_t log_rules_judge_lines(const struct log_rules *rules, const struct check_input *seen,
			     struct findings *found)
{
	struct event *events =
		ARENA_ARRAY(found->arena, struct event, seen->machine->by[rules->topic].count);
	const struct record *one;
	size_t count = 0, at = 0, first = 0;
	struct tally tally;

	tally_start(&tally, seen, found);
	while ((one = machine_next(seen->machine, rules->topic, &at))) {
		const struct log_rule *rule =
			one->says == SAYS_TEXT ? log_rules_find(rules, one->text) : NULL;

		if (rule && rule->verdict != VERDICT_PASS)
			events[count++] = (struct event){ one, rule };
	}
	if (count > 0)
		qsort(events, count, sizeof(*events), compare_events);
	for (size_t i = 1; i <= count; i++) {
		if (i < count && events[i].rule == events[first].rule &&
		    strcmp(device_of(&events[i]), device_of(&events[first])) == 0)
			continue;
		say(&tally, events + first, i - first);
		first = i;
	}
	return count;
}

void log_rules_judge(const struct log_rules *rules, const struct check_input *seen,
		     struct findings *found)
{
	const struct machine *machine = seen->machine;
	size_t count = log_rules_judge_lines(rules, seen, found);
	struct log_reach reach;

	if (!log_reach(machine, rules->topic, found->arena, &reach)) {
		log_add_unknown(machine, rules->topic, found);
		return;
	}
	if (count == 0)
		log_rests_on(machine, findings_add(found, VERDICT_PASS, NULL,
						   "%s in %.0f lines of the kernel log, %s",
						   rules->well, reach.lines, reach.words));
}
