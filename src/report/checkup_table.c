#include "report/checkup.h"

#include <string.h>

#include "report/phrase.h"
#include "report/wrap.h"

enum {
	UNKNOWN_SHOWN = 2, /* findings of one check */
};

static const enum tint verdict_tints[] = {
	[VERDICT_PASS] = TINT_GOOD,          [VERDICT_WARN] = TINT_WARN,
	[VERDICT_FAIL] = TINT_BAD,           [VERDICT_UNKNOWN] = TINT_WARN,
	[VERDICT_NOT_APPLICABLE] = TINT_DIM, [VERDICT_STALE] = TINT_WARN,
};

static const char *const verdict_words[] = {
	[VERDICT_PASS] = "pass",
	[VERDICT_WARN] = "WARN",
	[VERDICT_FAIL] = "FAIL",
	[VERDICT_UNKNOWN] = "UNKNOWN",
	[VERDICT_NOT_APPLICABLE] = "does not apply",
	[VERDICT_STALE] = "STALE",
};

/* What `add_*` writes with. */
struct writing {
	const struct checkup_report *report;
	const struct report_style *style;
	struct arena *arena;
	struct text *into;
};

static void add_part(const struct writing *write, const char *title, const char *text)
{
	if (text)
		wrapped_add(write->into, write->style, TINT_NONE, 10, 19,
			    span_of(arena_format(write->arena, "%-9s%s", title, text)));
}

/* With the part that it was seen of, unless that is what the finding is about. */
static void add_evidence(const struct writing *write, const struct finding *finding,
			 const struct record *record)
{
	const char *device = record->subject.parts[SUBJECT_DEVICE];
	bool is_same = !device || (finding->about && strcmp(device, finding->about) == 0);

	wrapped_add(write->into, write->style, TINT_DIM, 10, 19,
		    span_of(arena_format(write->arena, "%-9s%s%s%s: %s", "seen",
					 record->what + strlen("node."), is_same ? "" : ", ",
					 is_same ? ""
						 : device_label(write->report->checkup->machine,
								device, write->arena),
					 record_text(record, write->arena))));
}

static void add_finding(const struct writing *write, const struct checkup_line *line,
			const struct finding *finding)
{
	struct text *into = write->into;

	tinted_add(into, write->style, verdict_tints[finding->verdict],
		   span_of(arena_format(write->arena, "%-8s", verdict_words[finding->verdict])));
	text_add(into, "  ");
	tinted_add(into, write->style, TINT_STRONG, span_of(line->entry->name));
	if (finding->about)
		text_format(into, "  %s",
			    device_label(write->report->checkup->machine, finding->about,
					 write->arena));
	text_add(into, "\n");
	wrapped_add(into, write->style, TINT_NONE, 10, 10, span_of(finding->text));
	if (finding->attested)
		add_part(write, "attested", "stated by somebody and measured by nobody");
	add_part(write, "bar", finding->bar);
	add_part(write, "do", finding->action);
	add_part(write, "clears", finding->clears);
	for (unsigned i = 0; i < 4 && finding->evidence[i]; i++)
		add_evidence(write, finding, finding->evidence[i]);
}

/* What could not be told is told of the first devices; the rest is usually the same eight times. */
static void add_all_of_line(const struct writing *write, const struct checkup_line *line,
			    enum verdict verdict)
{
	size_t shown = 0, left = 0;

	for (size_t i = 0; i < line->count; i++) {
		if (line->findings[i].verdict != verdict)
			continue;
		if (verdict == VERDICT_UNKNOWN && shown == UNKNOWN_SHOWN && !write->report->all) {
			left++;
			continue;
		}
		add_finding(write, line, &line->findings[i]);
		shown++;
	}
	if (left > 0)
		text_format(write->into, "          and %zu more of %s; --all shows them\n", left,
			    line->entry->name);
}

static void add_all_of(const struct writing *write, enum verdict verdict)
{
	const struct checkup *checkup = write->report->checkup;

	for (size_t i = 0; i < checkup->line_count; i++)
		add_all_of_line(write, &checkup->lines[i], verdict);
}

/* What passed or does not apply: one line each. */
static void add_short(const struct writing *write, enum verdict verdict)
{
	const struct checkup *checkup = write->report->checkup;

	for (size_t i = 0; i < checkup->line_count; i++) {
		const struct checkup_line *line = &checkup->lines[i];

		if (line->worst != verdict || line->count == 0)
			continue;
		wrapped_add(write->into, write->style,
			    verdict == VERDICT_PASS ? TINT_NONE : TINT_DIM, 0, 10,
			    span_of(arena_format(write->arena, "%-8s  %s: %s",
						 verdict == VERDICT_PASS ? "pass" : "-",
						 line->entry->name, line->findings[0].text)));
	}
}

/* That nothing was found to judge reads like a pass. */
static void add_unseen(const struct writing *write)
{
	size_t count = checkup_unseen_gpus(write->report->checkup);

	if (count > 0)
		wrapped_add(write->into, write->style, TINT_WARN, 0, 0,
			    span_of(arena_format(
				    write->arena,
				    "No data centre GPU on the PCI bus; checks that do not "
				    "apply for it: %zu. On a node that was rented "
				    "with GPUs that is a fault.",
				    count)));
}

static void add_gate(const struct writing *write)
{
	static const enum verdict order[] = {
		VERDICT_FAIL, VERDICT_UNKNOWN, VERDICT_STALE,
		VERDICT_WARN, VERDICT_PASS,    VERDICT_NOT_APPLICABLE
	};
	static const char *const said[] = {
		[VERDICT_PASS] = "passes",
		[VERDICT_WARN] = "passes with warnings",
		[VERDICT_FAIL] = "fails",
		[VERDICT_UNKNOWN] = "could not be told, and unknown is no pass",
		[VERDICT_NOT_APPLICABLE] = "",
		[VERDICT_STALE] = "",
	};
	const struct checkup *checkup = write->report->checkup;
	const size_t open = checkup->checks[VERDICT_UNKNOWN] + checkup->checks[VERDICT_STALE];
	struct text *into = write->into;
	bool first = true;

	text_format(into, "%s, profile %s: ", checkup->machine->name,
		    check_profile_name(checkup->profile));
	tinted_add(into, write->style, verdict_tints[checkup->gate], span_of(said[checkup->gate]));
	if (checkup->gate != VERDICT_UNKNOWN && checkup->gate != VERDICT_FAIL && open > 0)
		text_format(into, ", but for %zu check%s that could not tell", open,
			    open == 1 ? "" : "s");
	if (checkup->gate == VERDICT_UNKNOWN)
		text_add(into, checkup->checks[VERDICT_PASS] + checkup->checks[VERDICT_WARN] > 0
				       ? ": a required check could not tell"
				       : ": no check could tell");
	text_format(into, "\n%zu check%s%s", checkup->line_count,
		    checkup->line_count == 1 ? "" : "s", checkup->line_count > 0 ? ": " : "");
	for (unsigned i = 0; i < VERDICT_COUNT; i++) {
		if (checkup->checks[order[i]] == 0)
			continue;
		text_format(into, "%s%zu %s", first ? "" : ", ", checkup->checks[order[i]],
			    order[i] == VERDICT_NOT_APPLICABLE ? "not applicable"
							       : verdict_names[order[i]]);
		first = false;
	}
	text_add(into, "\n");
	add_unseen(write);
}

void checkup_write_table(const struct checkup_report *report, const struct report_style *style,
			 struct text *into)
{
	static const enum verdict told[] = { VERDICT_FAIL, VERDICT_UNKNOWN, VERDICT_STALE,
					     VERDICT_WARN };
	SCOPED_ARENA(arena);
	const struct writing write = { report, style, &arena, into };
	size_t before = into->length;

	for (unsigned i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		add_all_of(&write, told[i]);
	if (report->all) {
		add_short(&write, VERDICT_PASS);
		add_short(&write, VERDICT_NOT_APPLICABLE);
	}
	if (into->length > before)
		text_add(into, "\n");
	add_gate(&write);
}
