#include <stdlib.h>
#include <string.h>

#include "check/gpu/reach.h"
#include "evidence/kernel_line.h"

/* Corrected errors of one switch within an hour from which they are worth a look. NVIDIA gives no
 * number ("rate only"); this one is ours: it is far above what a sound switch shows. */
static const double corrected_per_hour = 10.0;

enum {
	HOUR_S = 3600,
};

struct switch_event {
	const struct record *record;
	struct sxid_line line;
};

struct opinion {
	enum verdict verdict;
	const char *why, *bar, *action;
};

static int compare_events(const void *left, const void *right)
{
	const struct switch_event *a = left, *b = right;
	int order = strcmp(a->line.pci, b->line.pci);

	if (order)
		return order;
	if (a->line.code != b->line.code)
		return a->line.code < b->line.code ? -1 : 1;
	/* The line with the severity first: those behind it are details of the same error. */
	if (a->line.fatal != b->line.fatal)
		return a->line.fatal ? -1 : 1;
	if (a->line.non_fatal != b->line.non_fatal)
		return a->line.non_fatal ? -1 : 1;
	return strcmp(a->record->text, b->record->text);
}

static size_t read_events(const struct machine *machine, struct arena *arena,
			  struct switch_event **ret_events)
{
	size_t count = 0, at = 0;
	const struct record *one;
	struct switch_event *events =
		ARENA_ARRAY(arena, struct switch_event, machine->by[NODE_LOG_SXID].count);

	while ((one = machine_next(machine, NODE_LOG_SXID, &at))) {
		if (one->says != SAYS_TEXT || !sxid_parse(span_of(one->text), &events[count].line))
			continue;
		events[count++].record = one;
	}
	if (count > 0)
		qsort(events, count, sizeof(*events), compare_events);
	*ret_events = events;
	return count;
}

/* Errors among lines of one code on one switch: those with a severity, or all when none has one. */
static size_t count_errors(const struct switch_event *events, size_t count)
{
	size_t errors = 0;

	for (size_t i = 0; i < count; i++)
		errors += events[i].line.fatal || events[i].line.non_fatal;
	return errors > 0 ? errors : count;
}

/* Most errors within an hour that begins with one of them. Where a time is not known, the mean of
 * the log: when even that reaches a bar, some hour does. The events with a severity come first. */
static double errors_per_hour(const struct switch_event *events, size_t count, double span_h,
			      const struct record *look)
{
	size_t errors = count_errors(events, count), most = 0;

	for (size_t i = 0; i < errors; i++) {
		int64_t start = events[i].record->time;
		size_t near = 0;

		if (start == 0 || !look || start == look->time)
			return (double)errors / (span_h < 1.0 ? 1.0 : span_h);
		for (size_t k = 0; k < errors; k++)
			near += events[k].record->time >= start &&
				events[k].record->time < start + HOUR_S;
		most = near > most ? near : most;
	}
	return (double)most;
}

static struct opinion judge_corrected(double per_hour, struct opinion opinion)
{
	opinion.verdict = per_hour >= corrected_per_hour ? VERDICT_WARN : VERDICT_PASS;
	opinion.why = "corrected by the switch";
	opinion.action = NULL;
	if (opinion.verdict == VERDICT_WARN) {
		opinion.why = "corrected by the switch, but 10 or more in an hour";
		opinion.action = "open a ticket; look at the switch at the next idle moment";
	}
	return opinion;
}

/* Judges the events of one code on one switch. What the message says of itself may make it worse
 * than the row, never better. */
static struct opinion judge_code(const struct handbook *handbook, const struct switch_event *events,
				 size_t count, double span_h, const struct record *look,
				 struct arena *arena)
{
	const struct sxid_line *line = &events[0].line;
	const struct fault_row *row = handbook_sxid(handbook, line->code);
	struct opinion opinion = {
		.verdict = line->fatal ? VERDICT_FAIL : VERDICT_WARN,
		.why = line->fatal ? "not in the table, and it calls itself fatal"
				   : "not in the table",
		.bar = "sxid.tsv has no such row",
		.action = line->fatal ? "drain; reset all GPUs and switches"
				      : "keep the line and ask the vendor",
	};

	if (!row)
		return opinion;
	opinion.bar = arena_format(arena, "sxid.tsv %u: %s, %s (%s)", row->code, row->severity,
				   fault_class_names[row->class], row->source);
	opinion.why = row->meaning;
	opinion.action = row->action;
	if (row->class == FAULT_FATAL || row->class == FAULT_DEGRADED)
		opinion.verdict = VERDICT_FAIL;
	else if (row->class == FAULT_INFO && !line->fatal)
		return judge_corrected(errors_per_hour(events, count, span_h, look), opinion);
	if (line->fatal && row->class != FAULT_FATAL) {
		opinion.why = arena_format(arena, "%s; it calls itself fatal", row->meaning);
		opinion.action = "drain; reset all GPUs and switches";
	}
	return opinion;
}

static int rank(enum verdict verdict)
{
	return verdict == VERDICT_FAIL ? 2 : verdict == VERDICT_WARN;
}

/* One finding about one switch; its events stand together by code. */
static enum verdict judge_switch(const struct check_input *seen, const struct switch_event *events,
				 size_t count, struct findings *found)
{
	const char *about = events[0].line.pci[0]
				    ? arena_format(found->arena, "pci:%s", events[0].line.pci)
				    : "node.log.sxid";
	struct opinion worst = { .verdict = VERDICT_PASS, .why = "" };
	const struct switch_event *shown = events;
	struct log_reach reach = { 0 };
	struct finding *finding;
	SCOPED_TEXT(codes);
	size_t first = 0;

	(void)log_reach(seen->machine, NODE_LOG_SXID, found->arena, &reach);
	for (size_t i = 1; i <= count; i++) {
		struct opinion opinion;

		if (i < count && events[i].line.code == events[first].line.code)
			continue;
		opinion =
			judge_code(seen->handbook, events + first, i - first, reach.span_h,
				   machine_find(seen->machine, NODE_LOG_LINES, NULL), found->arena);
		if (first == 0 || rank(opinion.verdict) > rank(worst.verdict)) {
			worst = opinion;
			shown = &events[first];
		}
		text_format(&codes, "%sSXid %u (%zu times)", first > 0 ? ", " : "",
			    events[first].line.code, count_errors(events + first, i - first));
		first = i;
	}
	finding = findings_add(
		found, worst.verdict, about, "NVSwitch %u (%s): %.150s; worst: %u, %s",
		events[0].line.switch_number, device_label(seen->machine, about, found->arena),
		text_string(&codes), shown->line.code, worst.why);
	finding->bar = worst.bar;
	finding->action = worst.action;
	if (worst.verdict != VERDICT_PASS)
		finding->clears = "a reset of the fabric and a reboot: the log of the new boot no "
				  "longer has it";
	finding_rests_on(finding, shown->record);
	finding_rests_on(finding, machine_find(seen->machine, NODE_LOG_LINES, NULL));
	return worst.verdict;
}

static size_t count_unread(const struct machine *machine, const struct record **ret_first)
{
	const struct record *one;
	struct sxid_line line;
	size_t at = 0, count = 0;

	while ((one = machine_next(machine, NODE_LOG_SXID, &at))) {
		if (one->says != SAYS_TEXT || sxid_parse(span_of(one->text), &line))
			continue;
		if (count++ == 0 || strcmp(one->text, (*ret_first)->text) < 0)
			*ret_first = one;
	}
	return count;
}

static bool judge_lines(const struct check_input *seen, struct findings *found)
{
	const struct record *unread = NULL;
	struct switch_event *events;
	size_t count = read_events(seen->machine, found->arena, &events), first = 0;
	size_t unread_count = count_unread(seen->machine, &unread);
	bool all_well = unread_count == 0;

	for (size_t i = 1; i <= count; i++) {
		if (i < count && strcmp(events[i].line.pci, events[first].line.pci) == 0)
			continue;
		if (judge_switch(seen, events + first, i - first, found) != VERDICT_PASS)
			all_well = false;
		first = i;
	}
	if (unread_count > 0)
		finding_rests_on(
			findings_add(found, VERDICT_WARN, "node.log.sxid",
				     "%zu lines speak of an SXid in a form that is not known: "
				     "\"%.120s\"",
				     unread_count, unread->text),
			unread);
	return all_well;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const char *reason;
	struct log_reach reach;
	bool all_well;

	if (machine->by[NODE_LOG_SXID].count == 0 &&
	    machine_has(machine, PART_SWITCHES, &reason) == PRESENCE_ABSENT) {
		findings_add(found, VERDICT_NOT_APPLICABLE, NULL, "%s", reason)->observed =
			machine->observed;
		return;
	}
	if (machine->by[NODE_LOG_SXID].count > 0 && !seen->handbook) {
		findings_add(found, VERDICT_UNKNOWN, NULL,
			     "lines with an SXid, and no reference for what they mean");
		return;
	}
	all_well = judge_lines(seen, found);
	if (!log_reach(machine, NODE_LOG_SXID, found->arena, &reach))
		log_add_unknown(machine, NODE_LOG_SXID, found);
	else if (all_well)
		log_rests_on(machine,
			     findings_add(found, VERDICT_PASS, NULL,
					  "no SXid that asks for anything in %.0f lines of the "
					  "kernel log, %s",
					  reach.lines, reach.words));
}

CHECK(gpu_switch_log) = {
	.title = "The kernel log has no SXid that takes NVLink out of service",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_QUICK | PROFILE_FULL,
	.required = true,
	.judge = judge,
};
