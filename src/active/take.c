#include <stdio.h>
#include <string.h>

#include "active/active.h"

#define NODE "node."
#define OURS "test."

enum {
	QUOTED = 60,
};

struct line {
	char kind;
	struct span device, words;
	enum measure measure;
};

/* "v gpu:0000:19:00.0/bf16 test.gemm 7.3e14" */
static bool read_line(struct span text, struct line *ret_line)
{
	struct span kind, name;
	struct line line;
	char full[80];

	if (!span_cut(&text, ' ', &kind) || kind.length != 1 ||
	    !span_cut(&text, ' ', &line.device) || line.device.length == 0 ||
	    line.device.length > RECORD_DEVICE_MAXIMUM || !span_cut(&text, ' ', &name) ||
	    text.length == 0 || name.length > QUOTED || !span_starts(name, OURS))
		return false;
	(void)snprintf(full, sizeof(full), NODE "%.*s", SPAN_ARGS(name));
	if (!measure_find(full, &line.measure) || !say_fits(kind.at[0], line.measure))
		return false;
	line.kind = kind.at[0];
	line.words = text;
	*ret_line = line;
	return true;
}

static bool add(struct active_run *run, const struct line *line)
{
	const char *device =
		span_is(line->device, "-") ? NULL : arena_string(run->arena, line->device);
	double value;

	switch (line->kind) {
	case 'v':
		if (!span_to_double(line->words, &value))
			return false;
		(void)saw_value(run->sightings, line->measure, device, value);
		return true;
	case 's':
		(void)saw_state(run->sightings, line->measure, device,
				arena_string(run->arena, line->words));
		return true;
	case 't':
		(void)saw_text(run->sightings, line->measure, device, line->words);
		return true;
	default:
		(void)saw_unknown(run->sightings, line->measure, device, "%.*s",
				  SPAN_ARGS(line->words));
		return true;
	}
}

void active_take(struct active_run *run, const struct worker_result *result)
{
	const struct span *strange = NULL;
	size_t strange_count = 0;
	char device[80];

	sightings_again(run->sightings, run->request->host);
	for (size_t i = 0; i < result->answer_count; i++) {
		struct line line;

		if (read_line(result->answers[i], &line) && add(run, &line))
			continue;
		strange = &result->answers[i];
		strange_count++;
	}
	if (strange_count == 0)
		return;
	(void)snprintf(device, sizeof(device), "test:%s", run->step->test->name);
	(void)saw_unknown(run->sightings, NODE_TEST_ANSWERS, device,
			  "%zu lines are no facts, the last '%.*s'", strange_count,
			  (int)(strange->length < QUOTED ? strange->length : QUOTED), strange->at);
}

size_t active_devices(const struct active_request *request, enum measure measure,
		      struct arena *arena, const char *const **ret_devices)
{
	const struct sightings *seen = request->seen;
	const char **devices = ARENA_ARRAY(arena, const char *, seen->count + 1);
	size_t count = 0;

	for (size_t i = 0; i < seen->count; i++) {
		const char *device = seen->items[i].subject.parts[SUBJECT_DEVICE];
		size_t at = 0;

		if (!device || strcmp(seen->items[i].what, measures[measure].name) != 0 ||
		    seen->items[i].says == SAYS_UNKNOWN)
			continue;
		while (at < count && strcmp(devices[at], device) < 0)
			at++;
		if (at < count && strcmp(devices[at], device) == 0)
			continue;
		memmove(&devices[at + 1], &devices[at], (count - at) * sizeof(*devices));
		devices[at] = device;
		count++;
	}
	*ret_devices = devices;
	return count;
}

const struct record *active_seen(const struct active_request *request, enum measure measure,
				 const char *device)
{
	const struct sightings *seen = request->seen;
	const struct record *found = NULL;

	for (size_t i = 0; i < seen->count; i++) {
		const struct record *one = &seen->items[i];
		const char *about = one->subject.parts[SUBJECT_DEVICE];

		if (strcmp(one->what, measures[measure].name) == 0 && (!device) == (!about) &&
		    (!device || strcmp(device, about) == 0))
			found = one;
	}
	return found && found->says != SAYS_UNKNOWN ? found : NULL;
}
