#include "probe/vendor_say.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "probe/probe.h"

/* Names of measures of a node begin so; lines leave it out. */
#define NODE "node."

static const struct vendor_status *find_status(const struct vendor_statuses *statuses,
					       uint32_t status)
{
	for (size_t i = 0; i < statuses->count; i++)
		if (statuses->rows[i].status == status)
			return &statuses->rows[i];
	return NULL;
}

struct vendor_words vendor_words(const struct vendor_statuses *statuses, uint32_t status)
{
	const struct vendor_status *row = find_status(statuses, status);
	struct vendor_words words;

	(void)snprintf(words.at, sizeof(words.at), "%s (%u)", row ? row->words : "unknown status",
		       status);
	return words;
}

enum vendor_heard vendor_heard(const struct vendor_statuses *statuses, uint32_t status)
{
	const struct vendor_status *row = find_status(statuses, status);

	return row ? row->heard : HEARD_REFUSED;
}

static bool add_share(struct span word, unsigned *shares)
{
	static const struct {
		const char *word;
		enum probe_share share;
	} words[] = {
		{ "quick", PROBE_QUICK },
		{ "full", PROBE_FULL },
		{ "counters", PROBE_COUNTERS },
		{ "heat", PROBE_HEAT },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!span_is(word, words[i].word))
			continue;
		*shares |= words[i].share;
		return true;
	}
	return false;
}

bool vendor_request_read(const char *request, struct vendor_request *ret_request)
{
	struct span rest = span_of(request), word = SPAN(""), share;
	struct vendor_request read = { .shares = 0 };

	if (!span_cut(&rest, ' ', &word) || !span_is(word, "sweep") || !span_cut(&rest, ' ', &word))
		return false;
	while (span_cut(&word, '+', &share))
		if (!add_share(share, &read.shares))
			return false;
	if (rest.length > 0) {
		if (!span_starts(rest, "skip="))
			return false;
		read.skip = (struct span){ rest.at + 5, rest.length - 5 };
	}
	*ret_request = read;
	return read.shares != 0;
}

bool vendor_request_skips(const struct vendor_request *request, const char *name)
{
	struct span rest = request->skip, one;

	while (span_cut(&rest, ',', &one))
		if (span_is(one, name))
			return true;
	return false;
}

bool gpu_ask_begin(struct vendor_gpu *gpu, const char *call)
{
	if (!call || gpu->is_gone)
		return false;
	gpu->call = call;
	worker_calls(gpu->port, "%s %s", call, gpu->part);
	return true;
}

uint32_t gpu_ask_end(struct vendor_gpu *gpu, uint32_t status)
{
	enum vendor_heard heard = vendor_heard(gpu->statuses, status);

	if (heard == HEARD_REFUSED)
		gpu->status = status;
	else
		gpu->has_told = true;
	if (heard != HEARD_LOST && heard != HEARD_RESET)
		return status;
	gpu->is_gone = true;
	say_state(gpu->port, gpu->name, NODE_GPU_ANSWERS,
		  heard == HEARD_LOST ? "lost" : "reset-required");
	say_text(gpu->port, gpu->name, NODE_GPU_CALL, "%s: %s", gpu->call,
		 vendor_words(gpu->statuses, status).at);
	return status;
}

bool gpu_told(struct vendor_gpu *gpu, uint32_t status, enum measure measure)
{
	switch (vendor_heard(gpu->statuses, status)) {
	case HEARD_VALUE:
		return true;
	case HEARD_NOTHING:
	case HEARD_LOST:
	case HEARD_RESET:
		return false;
	case HEARD_REFUSED:
		break;
	}
	say_unknown(gpu->port, gpu->part, measure, "%s: %s", gpu->call,
		    vendor_words(gpu->statuses, status).at);
	return false;
}

void gpu_end(struct vendor_gpu *gpu)
{
	if (gpu->is_gone)
		return;
	say_state(gpu->port, gpu->name, NODE_GPU_ANSWERS, gpu->has_told ? "ok" : "error");
	if (!gpu->has_told)
		say_text(gpu->port, gpu->name, NODE_GPU_CALL,
			 "every call was refused, the last: %s: %s", gpu->call ? gpu->call : "none",
			 vendor_words(gpu->statuses, gpu->status).at);
}

void gpu_say_value(struct vendor_gpu *gpu, enum measure measure, double value)
{
	say_value(gpu->port, gpu->part, measure, value);
}

void gpu_say_u32(struct vendor_gpu *gpu, enum measure measure, uint32_t value, double scale)
{
	if (value == UINT32_MAX)
		gpu_say_rubbish(gpu, measure, value);
	else
		gpu_say_value(gpu, measure, value * scale);
}

void gpu_say_u64(struct vendor_gpu *gpu, enum measure measure, uint64_t value, double scale)
{
	if (value == UINT64_MAX || value == UINT32_MAX)
		gpu_say_rubbish(gpu, measure, value);
	else
		gpu_say_value(gpu, measure, (double)value * scale);
}

void gpu_say_state(struct vendor_gpu *gpu, enum measure measure, const char *state)
{
	say_state(gpu->port, gpu->part, measure, state);
}

void gpu_say_buffer(struct vendor_gpu *gpu, enum measure measure, const char *buffer, size_t size)
{
	say_buffer(gpu->port, gpu->part, measure, buffer, size);
}

void gpu_say_rubbish(struct vendor_gpu *gpu, enum measure measure, uint64_t value)
{
	say_unknown(gpu->port, gpu->part, measure, "rubbish: %s answered %llu",
		    gpu->call ? gpu->call : "the library", (unsigned long long)value);
}

void gpu_say_word(struct vendor_gpu *gpu, enum measure measure, uint64_t value,
		  const char *const *words, size_t count)
{
	if (value < count && words[value])
		gpu_say_state(gpu, measure, words[value]);
	else
		gpu_say_rubbish(gpu, measure, value);
}

static const char *name_of(enum measure measure)
{
	return measures[measure].name + strlen(NODE);
}

void say_value(struct worker_port *port, const char *device, enum measure measure, double value)
{
	/* Counters are whole and may have more digits than a fraction is written with, but no more
	 * than span_to_double takes. */
	if (fabs(value) < 1e15 && fabs(value - nearbyint(value)) <= 0.0)
		worker_answers(port, "v %s %s %.0f", device, name_of(measure), value);
	else
		worker_answers(port, "v %s %s %.12g", device, name_of(measure), value);
}

void say_state(struct worker_port *port, const char *device, enum measure measure,
	       const char *state)
{
	worker_answers(port, "s %s %s %s", device, name_of(measure), state);
}

static void say_line(struct worker_port *port, char kind, const char *device, enum measure measure,
		     const char *words)
{
	worker_answers(port, "%c %s %s %s", kind, device, name_of(measure), words);
}

void say_text(struct worker_port *port, const char *device, enum measure measure,
	      const char *format, ...)
{
	char words[512];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	say_line(port, 't', device, measure, words);
}

void say_unknown(struct worker_port *port, const char *device, enum measure measure,
		 const char *format, ...)
{
	char words[512];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	say_line(port, 'u', device, measure, words);
}

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

void say_buffer(struct worker_port *port, const char *device, enum measure measure,
		const char *buffer, size_t size)
{
	if (!memchr(buffer, '\0', size))
		say_unknown(port, device, measure, "rubbish: a text without an end");
	else if (!is_printable(buffer))
		say_unknown(port, device, measure, "rubbish: bytes that are no text");
	else if (buffer[strspn(buffer, " ")] == '\0')
		say_unknown(port, device, measure, "the library answered with an empty text");
	else
		say_state(port, device, measure, buffer);
}

bool say_fits(char kind, enum measure measure)
{
	switch (measures[measure].kind) {
	case MEASURE_VALUE:
	case MEASURE_COUNTER:
		return kind == 'v' || kind == 'u';
	case MEASURE_STATE:
		return kind == 's' || kind == 'u';
	case MEASURE_TEXT:
		return kind == 't' || kind == 'u';
	}
	return false;
}
