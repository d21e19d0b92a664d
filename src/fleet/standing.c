#include "fleet/standing.h"

#include <stdlib.h>
#include <string.h>

static char *copy(const char *text)
{
	char *copied = strdup(text ? text : "");

	if (!copied)
		memory_exhausted(text ? strlen(text) : 1);
	return copied;
}

bool standing_reads_log(const struct check *check)
{
	return strncmp(check->needs, "node.log.", 9) == 0;
}

static void replace(char **place, const char *text)
{
	if (*place && strcmp(*place, text ? text : "") == 0)
		return;
	free(*place);
	*place = copy(text);
}

static void release(struct standing *one)
{
	free(one->about);
	free(one->text);
	free(one->action);
	free(one->pending_text);
	free(one->pending_action);
}

void standings_release(struct standings *standings)
{
	for (size_t i = 0; i < standings->count; i++)
		release(&standings->items[i]);
	free(standings->items);
	*standings = (struct standings){ 0 };
}

static struct standing *find(struct standings *standings, const char *check, const char *about)
{
	for (size_t i = 0; i < standings->count; i++)
		if (strcmp(standings->items[i].check, check) == 0 &&
		    strcmp(standings->items[i].about, about) == 0)
			return &standings->items[i];
	return NULL;
}

/* A new one that stands at PASS; NULL when there are too many. */
static struct standing *add(struct standings *standings, const char *check, const char *about,
			    int64_t now)
{
	if (standings->count == STANDINGS_MAXIMUM) {
		standings->left_out++;
		return NULL;
	}
	if (standings->count == standings->room) {
		size_t room = standings->room ? 2 * standings->room : 64;
		struct standing *grown =
			reallocarray(standings->items, room, sizeof(*standings->items));

		if (!grown)
			memory_exhausted(room * sizeof(*standings->items));
		standings->items = grown;
		standings->room = room;
	}
	standings->items[standings->count] = (struct standing){
		.check = check,
		.about = copy(about),
		.text = copy(""),
		.action = copy(""),
		.pending_text = copy(""),
		.pending_action = copy(""),
		.verdict = VERDICT_PASS,
		.pending = VERDICT_PASS,
		.since = now,
	};
	return &standings->items[standings->count++];
}

static void drop(struct standings *standings, size_t at)
{
	release(&standings->items[at]);
	standings->items[at] = standings->items[--standings->count];
}

void standings_restore(struct standings *standings, const struct standing_past *past)
{
	const struct check_entry *entry = check_find(past->check);
	struct standing *one;

	/* A check of another version, which this one does not have, can never be cleared: forget
	 * it. */
	if (!entry || find(standings, past->check, past->about))
		return;
	one = add(standings, entry->name, past->about, past->since);
	if (!one)
		return;
	one->verdict = one->pending = past->verdict;
	one->sticky = past->sticky;
	replace(&one->text, past->text);
	replace(&one->action, past->action);
}

static bool is_quiet(enum verdict verdict)
{
	return verdict == VERDICT_PASS || verdict == VERDICT_NOT_APPLICABLE;
}

/* How long a verdict of the check has to hold: bad news as the check says, good news as long again,
 * so that what flutters around a bar does not fill a log. */
static int64_t settle_time(const struct standing *one)
{
	const struct check_entry *entry = check_find(one->check);

	return entry ? (int64_t)entry->check->settle_s : 0;
}

static void settle(struct standing *one, int64_t now,
		   void (*settled)(void *context, const struct transition *transition),
		   void *context)
{
	enum verdict before = one->verdict;

	if (one->pending == one->verdict || now - one->pending_since < settle_time(one))
		return;
	one->verdict = one->pending;
	one->since = now;
	replace(&one->text, one->pending_text);
	replace(&one->action, one->pending_action);
	if (is_quiet(before) && is_quiet(one->verdict))
		return;
	const struct transition transition = {
		.check = one->check,
		.about = one->about,
		.text = one->text,
		.action = one->action,
		.before = before,
		.after = one->verdict,
		.is_sticky = one->sticky,
	};
	settled(context, &transition);
}

static void say(struct standing *one, const struct finding *finding, int64_t now)
{
	const struct check_entry *entry = check_find(one->check);

	one->touched = true;
	if (one->pending != finding->verdict) {
		one->pending = finding->verdict;
		one->pending_since = now;
	}
	one->sticky = finding->clears && !is_quiet(finding->verdict) && entry &&
		      standing_reads_log(entry->check);
	replace(&one->pending_text, finding->text);
	replace(&one->pending_action, finding->action);
	/* What stands may have got worse by numbers alone. */
	if (finding->verdict == one->verdict) {
		replace(&one->text, finding->text);
		replace(&one->action, finding->action);
	}
}

static void take_line(struct standings *standings, const struct checkup_line *line, int64_t now)
{
	for (size_t i = 0; i < line->count; i++) {
		const struct finding *finding = &line->findings[i];
		const char *about = finding->about ? finding->about : "";
		struct standing *one = find(standings, line->entry->name, about);

		if (!one && is_quiet(finding->verdict))
			continue;
		if (!one)
			one = add(standings, line->entry->name, about, now);
		/* Several findings of one check about one device: the worst stands. */
		if (one && one->touched &&
		    verdict_worse(one->pending, finding->verdict) == one->pending)
			continue;
		if (one)
			say(one, finding, now);
	}
}

static bool holds(const struct checkup *checkup, const char *check)
{
	for (size_t i = 0; i < checkup->line_count; i++)
		if (checkup->lines[i].entry->name == check)
			return true;
	return false;
}

/* What the check no longer names is well again, unless it is of the kind that only a new start
 * ends. */
static void take_silence(struct standing *one, int64_t now)
{
	if (one->sticky && !is_quiet(one->verdict)) {
		one->pending = one->verdict;
		return;
	}
	if (is_quiet(one->pending))
		return;
	one->sticky = false;
	one->pending = VERDICT_PASS;
	one->pending_since = now;
	replace(&one->pending_text, "it is not found any more");
	replace(&one->pending_action, "");
}

void standings_take(struct standings *standings, const struct checkup *checkup, int64_t now,
		    void (*settled)(void *context, const struct transition *transition),
		    void *context)
{
	for (size_t i = 0; i < standings->count; i++)
		standings->items[i].touched = false;
	for (size_t i = 0; i < checkup->line_count; i++)
		take_line(standings, &checkup->lines[i], now);
	for (size_t i = standings->count; i-- > 0;) {
		struct standing *one = &standings->items[i];

		if (!one->touched && holds(checkup, one->check))
			take_silence(one, now);
		settle(one, now, settled, context);
		if (is_quiet(one->verdict) && is_quiet(one->pending))
			drop(standings, i);
	}
}

enum verdict standings_gate(const struct standings *standings)
{
	enum verdict gate = VERDICT_PASS;

	for (size_t i = 0; i < standings->count; i++) {
		const struct standing *one = &standings->items[i];
		const struct check_entry *entry = check_find(one->check);

		if (is_quiet(one->verdict) ||
		    ((one->verdict == VERDICT_UNKNOWN || one->verdict == VERDICT_STALE) &&
		     !(entry && entry->check->required)))
			continue;
		gate = verdict_worse(gate, one->verdict);
	}
	return gate == VERDICT_STALE ? VERDICT_UNKNOWN : gate;
}

int64_t standings_next(const struct standings *standings)
{
	int64_t next = 0;

	for (size_t i = 0; i < standings->count; i++) {
		const struct standing *one = &standings->items[i];
		int64_t due = one->pending_since + settle_time(one);

		if (one->pending != one->verdict && (next == 0 || due < next))
			next = due;
	}
	return next;
}
