#include <string.h>

#include "report/active.h"
#include "report/figure.h"
#include "report/phrase.h"
#include "report/wrap.h"

#define NS_PER_S 1000000000ll

enum {
	INDENT = 4,
	UNKNOWN_SHOWN = 160, /* bytes of a reason */
};

static const enum tint end_tints[] = {
	[ACTIVE_DONE] = TINT_GOOD,    [ACTIVE_NOT_RUN] = TINT_DIM, [ACTIVE_CUT] = TINT_WARN,
	[ACTIVE_STOPPED] = TINT_WARN, [ACTIVE_TOO_HOT] = TINT_BAD, [ACTIVE_FAILED] = TINT_BAD,
};

static const char *const end_words[] = {
	[ACTIVE_DONE] = "done",
	[ACTIVE_NOT_RUN] = "not run",
	[ACTIVE_CUT] = "cut short by its limit",
	[ACTIVE_STOPPED] = "stopped",
	[ACTIVE_TOO_HOT] = "stopped, too hot",
	[ACTIVE_FAILED] = "could not be carried out",
};

struct writing {
	const struct active_report *report;
	const struct report_style *style;
	struct arena *arena;
	struct text *into;
};

static void add_line(const struct writing *write, enum tint tint, const char *text)
{
	wrapped_add(write->into, write->style, tint, INDENT, INDENT + 4, span_of(text));
}

static void add_title(const struct writing *write, const struct active_step *step)
{
	tinted_add(write->into, write->style, TINT_STRONG, span_of(step->test->name));
	text_format(write->into, "  %s\n", step->test->title);
}

/* "1 min 30 s". */
static const char *time_text(int64_t ns, struct arena *arena)
{
	long long s = (ns + NS_PER_S / 2) / NS_PER_S;

	if (s >= 3600)
		return arena_format(arena, "%lld h %lld min", s / 3600, s % 3600 / 60);
	if (s >= 60)
		return arena_format(arena, "%lld min %lld s", s / 60, s % 60);
	return arena_format(arena, "%lld s", s);
}

static void add_plan_of(const struct writing *write, const struct active_step *step)
{
	struct arena *arena = write->arena;

	add_title(write, step);
	if (step->cannot) {
		add_line(write, TINT_DIM,
			 arena_format(arena, "cannot be run here: %s", step->cannot));
		return;
	}
	add_line(write, TINT_NONE,
		 arena_format(arena, "loads   %s", step->loads ? step->loads : "nothing"));
	add_line(write, TINT_NONE,
		 arena_format(arena, "writes  %s", step->writes ? step->writes : "nothing"));
	add_line(write, TINT_NONE,
		 arena_format(arena, "takes   about %s; needs --consent %s",
			      time_text(step->needed_ns, arena), consent_names[step->consent]));
}

static const char *label_of(const struct writing *write, const struct record *record)
{
	const char *device = record->subject.parts[SUBJECT_DEVICE];

	return device ? device_label(write->report->found.checkup->machine, device, write->arena)
		      : "the node";
}

/* "gemm" of "node.test.gemm". */
static const char *short_name(enum measure measure)
{
	const char *name = measures[measure].name;

	return name + (strncmp(name, "node.test.", 10) == 0 ? 10 : strlen("node."));
}

static void add_group(const struct writing *write, const struct figure_group *group)
{
	struct arena *arena = write->arena;
	const char *unit = measures[group->measure].unit;
	const char *head = arena_format(arena, "%-24s %s", short_name(group->measure),
					group->role ? group->role : "");

	if (group->count == 1)
		add_line(
			write, TINT_NONE,
			arena_format(arena, "%s: %s", head, figure_text(group->most, unit, arena)));
	else if (group->count > 1)
		add_line(write, TINT_NONE,
			 arena_format(arena, "%s: %s to %s, the middle %s of %zu; least %s", head,
				      figure_text(group->least, unit, arena),
				      figure_text(group->most, unit, arena),
				      figure_text(group->middle, unit, arena), group->count,
				      label_of(write, group->lowest)));
	if (group->other_count > 0)
		add_line(write, TINT_NONE,
			 arena_format(arena, "%s: %s%s", head, record_text(group->other, arena),
				      group->other_count > 1
					      ? arena_format(arena, " (and %zu more)",
							     group->other_count - 1)
					      : ""));
	if (group->unknown_count > 0)
		add_line(write, TINT_WARN,
			 arena_format(arena, "%s: not known of %zu: %.*s", head,
				      group->unknown_count, UNKNOWN_SHOWN, group->unknown->text));
}

static void add_record(const struct writing *write, const struct record *record,
		       enum measure measure)
{
	struct arena *arena = write->arena;

	add_line(write, record->says == SAYS_UNKNOWN ? TINT_WARN : TINT_NONE,
		 arena_format(arena, "%-24s %s: %s", short_name(measure), label_of(write, record),
			      record->says == SAYS_VALUE
				      ? figure_text(record->value, record->unit, arena)
				      : record_text(record, arena)));
}

/* How a test ended is said beside its name. */
static bool is_of_the_run(enum measure measure)
{
	return measure == NODE_TEST_RUN || measure == NODE_TEST_DURATION ||
	       measure == NODE_TEST_REASON;
}

static void add_measured(const struct writing *write, const struct active_outcome *outcome)
{
	const struct record *records = write->report->sightings->items + outcome->first;
	struct figure_group *groups;
	enum measure measure;

	if (write->report->found.all) {
		for (size_t i = 0; i < outcome->count; i++)
			if (measure_find(records[i].what, &measure) && !is_of_the_run(measure))
				add_record(write, &records[i], measure);
		return;
	}
	size_t count = figure_groups(records, outcome->count, write->arena, &groups);
	for (size_t i = 0; i < count; i++)
		if (!is_of_the_run(groups[i].measure))
			add_group(write, &groups[i]);
}

static void add_outcome(const struct writing *write, size_t which)
{
	const struct active_outcome *outcome = &write->report->outcomes[which];
	const char *reason = outcome->reason;

	add_title(write, &write->report->plan->steps[which]);
	add_line(
		write, end_tints[outcome->end],
		arena_format(write->arena, "%s%s%s%s", end_words[outcome->end],
			     outcome->end == ACTIVE_NOT_RUN
				     ? ""
				     : arena_format(write->arena, " after %.1f s", outcome->took_s),
			     reason ? ": " : "", reason ? reason : ""));
	add_measured(write, outcome);
}

static bool says_the_same(const struct active_step *a, const struct active_step *b)
{
	return a->is_absent && b->is_absent && a->cannot && b->cannot &&
	       strcmp(a->cannot, b->cannot) == 0;
}

/* True when an earlier step has said it. */
static bool is_said(const struct active_plan *plan, size_t which)
{
	for (size_t i = 0; i < which; i++)
		if (says_the_same(&plan->steps[i], &plan->steps[which]))
			return true;
	return false;
}

/* Tests that had nothing to test: each reason once. */
static void add_absent(const struct writing *write)
{
	const struct active_plan *plan = write->report->plan;

	for (size_t i = 0; i < plan->count; i++) {
		SCOPED_TEXT(names);

		if (!plan->steps[i].is_absent || is_said(plan, i))
			continue;
		for (size_t k = i; k < plan->count; k++)
			if (says_the_same(&plan->steps[i], &plan->steps[k]))
				text_format(&names, "%s%s", names.length > 0 ? ", " : "",
					    plan->steps[k].test->name);
		wrapped_add(write->into, write->style, TINT_DIM, 0, INDENT,
			    span_of(arena_format(write->arena, "%s: not run: %s",
						 plan->steps[i].cannot, text_string(&names))));
	}
}

static void add_plan(const struct writing *write)
{
	const struct active_report *report = write->report;
	const struct active_plan *plan = report->plan;
	size_t runnable = 0;

	for (size_t i = 0; i < plan->count; i++) {
		runnable += !plan->steps[i].cannot;
		if (!plan->steps[i].is_absent)
			add_plan_of(write, &plan->steps[i]);
	}
	add_absent(write);
	text_format(write->into,
		    "\n%s, about %s, never longer than %s. Nothing was run: the plan is "
		    "carried out with --consent load, or destructive where it says so.\n",
		    count_text(runnable, "test", write->arena),
		    time_text(plan->needed_ns, write->arena),
		    time_text(report->request->limit_ns, write->arena));
}

void active_write_table(const struct active_report *report, const struct report_style *style,
			struct text *into)
{
	SCOPED_ARENA(arena);
	const struct writing write = { report, style, &arena, into };

	if (!report->outcomes) {
		add_plan(&write);
		return;
	}
	for (size_t i = 0; i < report->plan->count; i++)
		if (!report->plan->steps[i].is_absent)
			add_outcome(&write, i);
	add_absent(&write);
	text_add(into, "\n");
	checkup_write_table(&report->found, style, into);
}
