#include <stdlib.h>
#include <string.h>

#include "check/gpu/reach.h"
#include "check/gpu/xid.h"

enum {
	CODES_NAMED = 6, /* in one finding; of more the number is said */
	RECOVERY = 154,
};

/* The probe gives a message the time at which it was written, where that is known, and else that of
 * the look. */
static void set_time(const struct machine *machine, struct xid_event *event)
{
	const struct record *look = machine_find(machine, NODE_LOG_LINES, NULL);

	event->timed = event->record->time != 0 && look && look->time != event->record->time;
	event->at_s = (double)event->record->time;
}

static bool read_event(const struct machine *machine, enum measure measure,
		       const struct record *record, struct xid_event *ret_event)
{
	struct xid_event event = { .record = record };
	struct span text = span_of(record->text);

	if (record->says != SAYS_TEXT || log_is_told_twice(machine, measure, record))
		return false;
	if (measure == NODE_LOG_XID) {
		if (!xid_parse(text, &event.line))
			return false;
	} else {
		event.line.code = measure == NODE_LOG_GPU_LOST ? XID_LOST : XID_PROBE;
		if (!kernel_line_pci(text, event.line.pci))
			event.line.pci[0] = '\0';
	}
	set_time(machine, &event);
	*ret_event = event;
	return true;
}

static int compare_events(const void *left, const void *right)
{
	const struct xid_event *a = left, *b = right;
	int order = strcmp(a->line.pci, b->line.pci);

	if (order)
		return order;
	if (a->line.code != b->line.code)
		return a->line.code < b->line.code ? -1 : 1;
	if (a->timed != b->timed)
		return a->timed ? 1 : -1;
	if (a->timed && (a->at_s < b->at_s || a->at_s > b->at_s))
		return a->at_s < b->at_s ? -1 : 1;
	return strcmp(a->record->text, b->record->text);
}

/* A later 154 of the same GPU that says "none" tells that the driver considers it recovered. */
static void settle(struct xid_event *events, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < count && events[i].timed; k++)
			if (events[k].line.code == RECOVERY &&
			    events[k].line.recovery == XID_RECOVERY_NONE && events[k].timed &&
			    events[k].at_s > events[i].at_s &&
			    strcmp(events[i].line.pci, events[k].line.pci) == 0)
				events[i].settled = true;
	}
}

static const enum measure sources[] = { NODE_LOG_XID, NODE_LOG_GPU_LOST, NODE_LOG_GPU_PROBE };

enum {
	SOURCES = sizeof(sources) / sizeof(sources[0]),
};

static void make_log(const struct check_input *seen, struct arena *arena, struct xid_log *log)
{
	const struct machine *machine = seen->machine;
	const char *driver = machine_state(machine, NODE_NVIDIA_DRIVER, NULL);
	const struct record *one;
	struct xid_event *events;
	struct log_reach reach;
	size_t room = 0, count = 0;
	struct span rest = span_of(driver), major;
	uint64_t number;

	for (unsigned i = 0; i < SOURCES; i++)
		room += machine->by[sources[i]].count;
	events = ARENA_ARRAY(arena, struct xid_event, room);
	for (unsigned i = 0; i < SOURCES; i++) {
		size_t at = 0;

		while ((one = machine_next(machine, sources[i], &at)))
			count += read_event(machine, sources[i], one, &events[count]);
	}
	if (count > 0)
		qsort(events, count, sizeof(*events), compare_events);
	settle(events, count);
	*log = (struct xid_log){ .seen = seen, .arena = arena, .events = events, .count = count };
	if (span_cut(&rest, '.', &major) && span_to_u64(major, &number) && number < UINT32_MAX)
		log->driver_major = (uint32_t)number;
	if (log_reach(machine, NODE_LOG_XID, arena, &reach))
		log->span_h = reach.span_h;
}

static int rank(enum verdict verdict)
{
	return verdict == VERDICT_FAIL ? 2 : verdict == VERDICT_WARN;
}

static void name_code(struct text *list, uint32_t code, size_t count)
{
	text_add(list, list->length > 0 ? ", " : "");
	if (code == XID_PROBE)
		text_add(list, "not taken up");
	else
		text_format(list, "Xid %u", code);
	if (count > 1)
		text_format(list, " (%zu times)", count);
}

/* The codes of the events with their numbers, which stand together by code. */
static const char *list_codes(const struct xid_event *events, size_t count, struct arena *arena)
{
	SCOPED_TEXT(list);
	size_t named = 0, first = 0;

	for (size_t i = 1; i <= count; i++) {
		if (i < count && events[i].line.code == events[first].line.code)
			continue;
		if (named++ < CODES_NAMED)
			name_code(&list, events[first].line.code, i - first);
		first = i;
	}
	if (named > CODES_NAMED)
		text_format(&list, " and %zu more", named - CODES_NAMED);
	return arena_string(arena, text_span(&list));
}

/* One finding about one GPU: the worst of its events decides. */
static enum verdict judge_gpu(const struct xid_log *log, const struct xid_event *events,
			      size_t count, struct findings *found)
{
	const char *pci = events[0].line.pci;
	const char *about = *pci ? arena_format(log->arena, "gpu:%s", pci) : events[0].record->what;
	const struct xid_event *worst = &events[0];
	struct xid_opinion opinion = xid_judge(log, worst);
	struct finding *finding;

	for (size_t i = 1; i < count; i++) {
		struct xid_opinion other = xid_judge(log, &events[i]);

		if (rank(other.verdict) <= rank(opinion.verdict))
			continue;
		opinion = other;
		worst = &events[i];
	}
	finding = findings_add(found, opinion.verdict, about, "%s: %s; worst: %s, %s",
			       *pci ? device_label(log->seen->machine, about, log->arena)
				    : "a GPU that the message does not name",
			       list_codes(events, count, log->arena),
			       worst->line.code == XID_PROBE
				       ? "not taken up"
				       : arena_format(log->arena, "%u", worst->line.code),
			       opinion.why);
	finding->bar = opinion.bar;
	finding->action = opinion.action;
	if (opinion.verdict != VERDICT_PASS)
		finding->clears =
			"a reset or reboot after it: the log of the new boot no longer has it";
	finding_rests_on(finding, worst->record);
	/* The look is what makes it news; the message is as old as it is. */
	finding_rests_on(finding, machine_find(log->seen->machine, NODE_LOG_LINES, NULL));
	for (size_t i = 0; i < count; i++)
		if (&events[i] != worst)
			finding_rests_on(finding, events[i].record);
	return opinion.verdict;
}

/* Lines that call themselves an Xid and that are none: kept, not understood. */
static bool add_unread(const struct check_input *seen, struct findings *found)
{
	const struct record *one, *first = NULL;
	struct xid_line line;
	size_t at = 0, count = 0;
	struct finding *finding;

	while ((one = machine_next(seen->machine, NODE_LOG_XID, &at))) {
		if (one->says != SAYS_TEXT || xid_parse(span_of(one->text), &line))
			continue;
		if (count++ == 0 || strcmp(one->text, first->text) < 0)
			first = one;
	}
	if (count == 0)
		return false;
	finding = findings_add(found, VERDICT_WARN, "node.log.xid",
			       "%zu lines speak of an Xid in a form that is not known: \"%.120s\"",
			       count, first->text);
	finding->action = "keep the lines and report them";
	finding_rests_on(finding, first);
	return true;
}

static void judge_node(const struct xid_log *log, bool all_well, struct findings *found)
{
	const struct machine *machine = log->seen->machine;
	struct log_reach reach;

	for (unsigned i = 0; i < SOURCES; i++) {
		if (log_reach(machine, sources[i], log->arena, &reach))
			continue;
		log_add_unknown(machine, sources[i], found);
		return;
	}
	if (all_well)
		log_rests_on(
			machine,
			findings_add(found, VERDICT_PASS, NULL,
				     "no Xid that asks for anything in %.0f lines of the kernel "
				     "log, %s",
				     reach.lines, reach.words));
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct xid_log log;
	size_t first = 0;
	bool all_well = true;

	make_log(seen, found->arena, &log);
	if (log.count > 0 && !seen->handbook) {
		findings_add(found, VERDICT_UNKNOWN, NULL,
			     "%zu lines with an Xid, and no reference for what they mean",
			     log.count);
		return;
	}
	for (size_t i = 1; i <= log.count; i++) {
		if (i < log.count &&
		    strcmp(log.events[i].line.pci, log.events[first].line.pci) == 0)
			continue;
		if (judge_gpu(&log, log.events + first, i - first, found) != VERDICT_PASS)
			all_well = false;
		first = i;
	}
	if (add_unread(seen, found))
		all_well = false;
	judge_node(&log, all_well, found);
}

CHECK(gpu_error_log) = {
	.title = "The kernel log has no Xid that takes a GPU out of service",
	.since = "0.1",
	.needs = "node.log.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_QUICK | PROFILE_FULL,
	.parts = PART_NVIDIA,
	.required = true,
	.judge = judge,
};
