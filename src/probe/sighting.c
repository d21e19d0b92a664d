#include "probe/sighting.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "host/file.h"

static const struct source tool = {
	.name = "assay check",
	.tool = "assay",
	.version = ASSAY_VERSION,
};

void sightings_start(struct sightings *sightings, const struct subject *subject,
		     const struct host *host, struct arena *arena)
{
	char day[DATE_TEXT_SIZE];

	*sightings = (struct sightings){
		.arena = arena,
		.subject = *subject,
		.time = host_unix_time(host),
		.strength = STRENGTH_E1,
		.source = tool,
	};
	sightings->observed = date_from_unix(sightings->time);
	/* An identifier has 120 bytes at most, as the name of a node has. */
	sightings->run =
		arena_format(arena, "%.80s-%s-%lld", subject->parts[SUBJECT_NODE],
			     date_format(sightings->observed, day), (long long)sightings->time);
}

void sightings_again(struct sightings *sightings, const struct host *host)
{
	sightings->time = host_unix_time(host);
	sightings->observed = date_from_unix(sightings->time);
}

static const char *copy_device(struct sightings *sightings, const char *device)
{
	char name[RECORD_DEVICE_MAXIMUM + 1];
	size_t length = 0;

	if (!device)
		return NULL;
	for (; device[length] && length < RECORD_DEVICE_MAXIMUM; length++)
		name[length] = device[length] > ' ' && device[length] <= '~' ? device[length] : '_';
	if (length == 0)
		name[length++] = '_';
	return arena_string(sightings->arena, (struct span){ name, length });
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct span trim(struct span text)
{
	while (text.length > 0 && is_blank(text.at[0])) {
		text.at++;
		text.length--;
	}
	while (text.length > 0 && is_blank(text.at[text.length - 1]))
		text.length--;
	return text;
}

/* At most RECORD_EXCERPT_MAXIMUM bytes, without a piece of a character at the end. */
static struct span cut(struct span text)
{
	if (text.length <= RECORD_EXCERPT_MAXIMUM)
		return text;
	text.length = RECORD_EXCERPT_MAXIMUM;
	for (size_t i = 1; i < 4; i++) {
		struct span last = { text.at + text.length - i, i };
		unsigned char first = (unsigned char)last.at[0];

		if ((first & 0xc0) == 0x80)
			continue;
		if (first >= 0xc0 && span_character(last, NULL) == 0)
			text.length -= i;
		break;
	}
	return text;
}

/* Strict UTF-8 without control characters, cut at a character. */
static const char *clean(struct sightings *sightings, struct span text)
{
	char *into;
	size_t length = 0;

	text = cut(trim(text));
	into = arena_take(sightings->arena, text.length + 1);
	while (text.length > 0) {
		uint32_t code = 0;
		size_t bytes = span_character(text, &code);
		bool fits = bytes > 0 && code >= ' ' && (code < 0x7f || code > 0x9f);

		if (fits)
			memcpy(into + length, text.at, bytes);
		else
			into[length] = '?';
		length += fits ? bytes : 1;
		bytes = bytes > 0 ? bytes : 1;
		text.at += bytes;
		text.length -= bytes;
	}
	into[length] = '\0';
	return into;
}

struct record *sightings_add(struct sightings *sightings, const char *what, const char *device,
			     enum record_says says)
{
	struct record *record;

	if (sightings->count == sightings->room) {
		size_t room = sightings->room ? 2 * sightings->room : 512;
		struct record *grown = ARENA_ARRAY(sightings->arena, struct record, room);

		if (sightings->count > 0)
			memcpy(grown, sightings->items, sightings->count * sizeof(*grown));
		sightings->items = grown;
		sightings->room = room;
	}
	record = &sightings->items[sightings->count];
	*record = (struct record){
		.id = arena_format(sightings->arena, "%s.%zu", sightings->run, sightings->count),
		.subject = sightings->subject,
		.what = what,
		.says = says,
		.kind = KIND_MEASUREMENT,
		.strength = sightings->strength,
		.observed = sightings->observed,
		.time = sightings->time,
		.expires = DATE_NONE,
		.due = DATE_NONE,
		.source = sightings->source,
	};
	record->subject.parts[SUBJECT_DEVICE] = copy_device(sightings, device);
	sightings->count++;
	return record;
}

static struct record *add(struct sightings *sightings, enum measure measure, const char *device,
			  enum record_says says)
{
	return sightings_add(sightings, measures[measure].name, device, says);
}

struct record *saw_value(struct sightings *sightings, enum measure measure, const char *device,
			 double value)
{
	struct record *record;

	assert(measures[measure].kind == MEASURE_VALUE ||
	       measures[measure].kind == MEASURE_COUNTER);
	if (!isfinite(value))
		return saw_unknown(sightings, measure, device, "the value is not a number");
	record = add(sightings, measure, device, SAYS_VALUE);
	record->value = value;
	record->unit = measures[measure].unit;
	return record;
}

struct record *saw_state(struct sightings *sightings, enum measure measure, const char *device,
			 const char *state)
{
	const char *text = clean(sightings, span_of(state));
	struct record *record;

	assert(measures[measure].kind == MEASURE_STATE);
	if (*text == '\0')
		return saw_unknown(sightings, measure, device, "what was read is empty");
	record = add(sightings, measure, device, SAYS_STATE);
	record->text = text;
	return record;
}

struct record *saw_text(struct sightings *sightings, enum measure measure, const char *device,
			struct span text)
{
	const char *cleaned = clean(sightings, text);
	struct record *record;

	assert(measures[measure].kind == MEASURE_TEXT);
	if (*cleaned == '\0')
		return saw_unknown(sightings, measure, device, "what was read is empty");
	record = add(sightings, measure, device, SAYS_TEXT);
	record->text = cleaned;
	return record;
}

struct record *saw_unknown(struct sightings *sightings, enum measure measure, const char *device,
			   const char *format, ...)
{
	char reason[400];
	struct record *record = add(sightings, measure, device, SAYS_UNKNOWN);
	va_list args;

	va_start(args, format);
	if (vsnprintf(reason, sizeof(reason), format, args) < 0)
		reason[0] = '\0';
	va_end(args);
	record->text = clean(sightings, span_of(reason[0] ? reason : "no reason is known"));
	return record;
}
