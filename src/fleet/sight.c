#include "fleet/sight.h"

#include <assert.h>
#include <string.h>
#include <uv.h>

/* The kernel's log is read by the agent itself: /dev/kmsg never hangs, and its news are urgent. */
static bool is_left_out(const struct sight_order *order, size_t which)
{
	return probes[which] == &probe_kernel_log ||
	       !(probes[which]->shares & order->request->shares) ||
	       (which < 64 && order->left_out >> which & 1);
}

/* "17 1 1764126000 4615063718147915776 gpu:0000:19:00.0 ", "18 5 1764126000 0 - up": which measure,
 * what it says, when, the bits of the value, the device, the text. Both ends are one program:
 * nothing of it has to be stable. */
const char *sight_write(const struct record *record, struct arena *arena)
{
	const char *device = record->subject.parts[SUBJECT_DEVICE];
	enum measure measure;
	uint64_t bits;

	static_assert(sizeof(bits) == sizeof(record->value), "a value fits");
	memcpy(&bits, &record->value, sizeof(bits));
	if (!measure_find(record->what, &measure))
		return NULL;
	return arena_format(arena, "%u %u %lld %llu %s %s", measure, record->says,
			    (long long)record->time, (unsigned long long)bits,
			    device ? device : "-", record->text ? record->text : "");
}

/* Sends as many records as fit into one answer, with a tab between two: none has one inside. A
 * thousand answers would be a thousand turns of the loop. */
static void send_records(struct worker_port *port, const struct record *records, size_t count)
{
	SCOPED_ARENA(scratch);
	SCOPED_TEXT(answer);

	for (size_t i = 0; i < count; i++) {
		const char *line = sight_write(&records[i], &scratch);

		if (!line)
			continue;
		if (answer.length > 0 && answer.length + 1 + strlen(line) > WORKER_LINE_MAXIMUM) {
			worker_answers(port, "%s", text_string(&answer));
			text_clear(&answer);
		}
		if (answer.length > 0)
			text_add_char(&answer, '\t');
		text_add(&answer, line);
	}
	if (answer.length > 0)
		worker_answers(port, "%s", text_string(&answer));
}

static void look_in_child(struct worker_port *port, const char *request, void **state,
			  const void *context)
{
	const struct sight_order *order = context;
	struct sightings *seen = order->sightings;

	(void)request;
	(void)state;
	/* The loop's library closes its descriptors in each child. Here they are closed already,
	 * and in a child of this one, which asks mounts, they would be those of others. */
	uv_library_shutdown();
	for (size_t i = order->first; i < probe_count; i++) {
		size_t from = seen->count;

		if (is_left_out(order, i))
			continue;
		worker_calls(port, "%s", probes[i]->name);
		probes[i]->look(order->request, seen);
		send_records(port, seen->items + from, seen->count - from);
	}
}

void sight_worker(const struct sight_order *order, struct worker *ret_worker)
{
	/* A probe asks mounts and drives itself and has its own limit for all of them. */
	int64_t limit_ns = order->request->total_limit_ns + 2 * order->request->call_limit_ns;

	*ret_worker = (struct worker){
		.function = look_in_child,
		.context = order,
		.call_limit_ns = limit_ns,
		.total_limit_ns = 3 * limit_ns,
		.name = "look",
		.is_for_once = true,
	};
}

/* What a line says, cut into its parts. */
struct line {
	enum measure measure;
	uint64_t says;
	const char *device;
	double value;
	struct span text;
};

/* NULL when the measure is not of this kind. */
static struct record *add(struct sightings *into, const struct line *line)
{
	enum measure_kind kind = measures[line->measure].kind;
	bool is_number = kind == MEASURE_VALUE || kind == MEASURE_COUNTER;

	SCOPED_ARENA(scratch);
	if (line->says == SAYS_UNKNOWN && line->text.length > 0)
		return saw_unknown(into, line->measure, line->device, "%.*s",
				   SPAN_ARGS(line->text));
	if (line->says == SAYS_VALUE && is_number)
		return saw_value(into, line->measure, line->device, line->value);
	if (line->says == SAYS_STATE && kind == MEASURE_STATE)
		return saw_state(into, line->measure, line->device,
				 arena_string(&scratch, line->text));
	if (line->says == SAYS_TEXT && kind == MEASURE_TEXT)
		return saw_text(into, line->measure, line->device, line->text);
	return NULL;
}

bool sight_read(struct span line, struct sightings *into)
{
	struct span field[5];
	struct line parts = { .text = SPAN("") };
	struct record *record;
	uint64_t measure, time, bits;

	SCOPED_ARENA(scratch);
	for (unsigned i = 0; i < 5; i++)
		if (!span_cut(&line, ' ', &field[i]))
			return false;
	if (!span_to_u64(field[0], &measure) || measure >= MEASURE_COUNT ||
	    !span_to_u64(field[1], &parts.says) || !span_to_u64(field[2], &time) ||
	    time > (uint64_t)into->time || !span_to_u64(field[3], &bits) || field[4].length == 0)
		return false;
	parts.measure = (enum measure)measure;
	memcpy(&parts.value, &bits, sizeof(parts.value));
	if (!span_is(field[4], "-"))
		parts.device = arena_string(&scratch, field[4]);
	parts.text = line;
	record = add(into, &parts);
	if (!record)
		return false;
	record->time = (int64_t)time;
	return true;
}

size_t sight_take(const struct worker_result *result, struct sightings *into)
{
	size_t bad = 0;

	for (size_t i = 0; i < result->answer_count; i++) {
		struct span rest = result->answers[i], line;

		while (span_cut(&rest, '\t', &line))
			bad += !sight_read(line, into);
	}
	return bad;
}
