#include "market/series.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "evidence/record.h"

static const char schema[] = "assay/series/v1";
static const char mark[] = ",\"hash\":\"";

static_assert(sizeof(((struct series *)NULL)->last) == RECORD_HASH_TEXT, "a hash as text");

enum {
	VALUE_DECIMALS = 6,
	/* The end of a line: the mark, a hash, a quote and a brace. */
	TAIL_LENGTH = sizeof(mark) - 1 + RECORD_HASH_TEXT - 1 + 2,
};

static void hash_text(struct span bytes, char into[static RECORD_HASH_TEXT])
{
	uint8_t hash[RECORD_HASH_BYTES];

	hash_bytes(bytes, hash);
	(void)hash_format(hash, into);
}

struct reading {
	const char *file;
	uint64_t line;
	const struct node *root;
	struct series *series;
};

static const char *field(const struct reading *reading, const char *name)
{
	const struct node *node = node_find(reading->root, name);

	if (!node || node->kind != NODE_SCALAR)
		return NULL;
	return arena_string(reading->series->arena, node->text);
}

static bool fail_line(const struct reading *reading, const char *what, struct error *err)
{
	return fail(err, ERROR_INVALID, "%s, line %llu: %s", reading->file,
		    (unsigned long long)reading->line, what);
}

/* The line's own hash, over what stands before it. */
static bool check_hash(const struct reading *reading, struct span line,
		       char ret_hash[static RECORD_HASH_TEXT], struct error *err)
{
	struct span before = { .at = line.at };
	const char *tail;

	if (line.length < TAIL_LENGTH)
		return fail_line(reading, "no line of a series: it has no hash at its end", err);
	before.length = line.length - TAIL_LENGTH;
	tail = line.at + before.length;
	hash_text(before, ret_hash);
	if (memcmp(tail, mark, sizeof(mark) - 1) != 0)
		return fail_line(reading, "no line of a series: it has no hash at its end", err);
	if (memcmp(tail + sizeof(mark) - 1, ret_hash, RECORD_HASH_TEXT - 1) != 0)
		return fail_line(reading, "its hash does not fit: the line was altered", err);
	return true;
}

static bool read_numbers(const struct reading *reading, struct series_entry *entry,
			 uint64_t *ret_restates, struct error *err)
{
	const char *number = field(reading, "number");
	const char *window = field(reading, "window_days");
	const char *restates = field(reading, "restates");

	if (!number || !window || !restates || !span_to_u64(span_of(number), &entry->number) ||
	    !span_to_u64(span_of(window), &entry->window_days))
		return fail_line(reading, "no line of a series: a number is missing", err);
	if (strcmp(restates, "null") != 0 &&
	    (!span_to_u64(span_of(restates), ret_restates) || *ret_restates == 0 ||
	     *ret_restates > reading->series->count))
		return fail_line(reading, "it restates a line that does not stand before it", err);
	if (entry->number != reading->series->count + 1)
		return fail_line(reading, "its number is not one more than that before it", err);
	return true;
}

static bool read_entry(const struct reading *reading, struct series_entry *ret_entry,
		       uint64_t *ret_restates, struct error *err)
{
	const char *says = field(reading, "schema");
	struct series_entry entry = {
		.method = field(reading, "method"),
		.key = field(reading, "key"),
		.scope = field(reading, "scope"),
		.day = field(reading, "day"),
		.value = field(reading, "value"),
		.input = field(reading, "input"),
	};

	if (!says || strcmp(says, schema) != 0)
		return fail_line(reading, "it is not of schema assay/series/v1", err);
	if (!entry.method || !entry.key || !entry.scope || !entry.day || !entry.value ||
	    !entry.input)
		return fail_line(reading, "no line of a series: a field is missing", err);
	if (!read_numbers(reading, &entry, ret_restates, err))
		return false;
	*ret_entry = entry;
	return true;
}

static void append(struct series *series, const struct series_entry *entry)
{
	if (series->count == series->room) {
		size_t room = 2 * series->room + 64;
		struct series_entry *grown = ARENA_ARRAY(series->arena, struct series_entry, room);

		if (series->count > 0)
			memcpy(grown, series->entries, series->count * sizeof(*grown));
		series->entries = grown;
		series->room = room;
	}
	series->entries[series->count++] = *entry;
}

static bool read_line(struct reading *reading, struct span line, struct error *err)
{
	struct series *series = reading->series;
	char hash[RECORD_HASH_TEXT];
	struct series_entry entry;
	uint64_t restates = 0;
	const char *previous;

	if (!check_hash(reading, line, hash, err) ||
	    !json_read(line, reading->file, (uint32_t)reading->line, series->arena, &reading->root,
		       err))
		return false;
	if (reading->root->kind != NODE_MAP)
		return fail_line(reading, "no line of a series", err);
	previous = field(reading, "previous");
	if (!previous || strcmp(previous, series->last) != 0)
		return fail_line(reading,
				 "it does not follow the line before it: lines were taken out, "
				 "put in or changed",
				 err);
	if (!read_entry(reading, &entry, &restates, err))
		return false;
	if (restates > 0)
		series->entries[restates - 1].replaced = true;
	append(series, &entry);
	memcpy(series->last, hash, sizeof(series->last));
	return true;
}

bool series_read(struct span text, const char *file, struct arena *arena, struct series *ret_series,
		 struct error *err)
{
	struct series series = { .arena = arena };
	struct reading reading = { .file = file, .series = &series };
	struct span rest = text, line;

	hash_text((struct span){ .at = "" }, series.last);
	if (text.length > 0 && text.at[text.length - 1] != '\n')
		return fail(err, ERROR_INVALID, "%s: its last line has no end: it is half a file",
			    file);
	while (span_cut(&rest, '\n', &line)) {
		reading.line++;
		if (reading.line > SERIES_LINES_MAXIMUM)
			return fail(err, ERROR_LIMIT, "%s: a series has at most %d lines", file,
				    SERIES_LINES_MAXIMUM);
		if (!read_line(&reading, line, err))
			return false;
	}
	*ret_series = series;
	return true;
}

static void add_part(bool given, const char *name, struct span text, struct text *into)
{
	if (!given)
		return;
	text_format(into, "%s%s=%.*s", into->length > 0 ? " " : "", name, SPAN_ARGS(text));
}

void series_scope(const struct key_filter *filter, const struct names *names, struct text *into)
{
	add_part(filter->by_provider, "provider", names_text(names, filter->provider), into);
	add_part(filter->by_product, "product", names_text(names, filter->product), into);
	add_part(filter->by_region, "region", names_text(names, filter->region), into);
}

static void write_flags(struct json_writer *writer, unsigned flags)
{
	json_key(writer, "flags");
	json_open_array(writer);
	for (unsigned i = 0; i < INDEX_FLAG_COUNT; i++)
		if (flags & (1u << i))
			json_put_string(writer, index_flag_names[i]);
	json_close_array(writer);
}

static void write_value(struct json_writer *writer, const struct index_value *value,
			const struct series_entry *entry)
{
	char day[DATE_TEXT_SIZE];

	json_pair_string(writer, "method", entry->method);
	json_pair_integer(writer, "window_days", value->window_days);
	json_pair_string(writer, "key", entry->key);
	json_pair_string(writer, "scope", entry->scope);
	json_pair_string(writer, "day", entry->day);
	json_pair_decimal(writer, "value", value->usd, VALUE_DECIMALS);
	json_pair_decimal(writer, "low", value->interval.low, VALUE_DECIMALS);
	json_pair_decimal(writer, "high", value->interval.high, VALUE_DECIMALS);
	json_pair_string(writer, "value_day",
			 value->value_day == DATE_NONE ? NULL : date_format(value->value_day, day));
	json_pair_integer(writer, "providers", (int64_t)value->votes.count);
	json_pair_integer(writer, "machines", value->votes.machines);
	json_pair_integer(writer, "quotes", value->votes.quotes);
	write_flags(writer, value->flags);
	json_pair_string(writer, "input", entry->input);
}

/* Opens the object and leaves it so: the hash, over all of it, is put behind by hand. */
static void write_line(const struct series *series, const struct index_value *value,
		       const struct series_entry *entry, uint64_t restates, const char *reason,
		       struct text *into)
{
	struct json_writer writer = { .into = into };

	json_open_object(&writer);
	json_pair_string(&writer, "schema", schema);
	json_pair_integer(&writer, "number", (int64_t)entry->number);
	json_pair_string(&writer, "previous", series->last);
	write_value(&writer, value, entry);
	json_key(&writer, "restates");
	if (restates > 0)
		json_put_integer(&writer, (int64_t)restates);
	else
		json_put_null(&writer);
	json_pair_string(&writer, "reason", restates > 0 ? reason : NULL);
}

/* As a reader of the line sees it: without the zeros at its end. */
static const char *value_text(double usd, struct arena *arena)
{
	SCOPED_TEXT(text);
	struct json_writer writer = { .into = &text };
	char shortest[32];
	double rounded = 0;

	json_put_decimal(&writer, usd, VALUE_DECIMALS);
	if (!span_to_double(text_span(&text), &rounded))
		return arena_string(arena, text_span(&text));
	return arena_string(arena, span_of(number_format(rounded, shortest)));
}

static struct series_entry entry_of(const struct series *series, const struct series_news *news)
{
	const struct index_value *value = news->value;
	char hash[RECORD_HASH_TEXT];
	char day[DATE_TEXT_SIZE];
	SCOPED_TEXT(key);

	key_format(&value->key, news->catalogue, &key);
	return (struct series_entry){
		.number = series->count + 1,
		.method = index_methods[value->method].version,
		.window_days = value->window_days,
		.key = arena_string(series->arena, text_span(&key)),
		.scope = arena_string(series->arena, span_of(news->scope)),
		.day = arena_string(series->arena, span_of(date_format(value->day, day))),
		.value = value_text(value->usd, series->arena),
		.input = arena_string(series->arena, span_of(hash_format(value->input, hash))),
	};
}

static bool is_same_place(const struct series_entry *a, const struct series_entry *b)
{
	return a->window_days == b->window_days && strcmp(a->day, b->day) == 0 &&
	       strcmp(a->key, b->key) == 0 && strcmp(a->method, b->method) == 0 &&
	       strcmp(a->scope, b->scope) == 0;
}

static struct series_entry *standing(const struct series *series, const struct series_entry *entry)
{
	for (size_t i = series->count; i-- > 0;)
		if (!series->entries[i].replaced && is_same_place(&series->entries[i], entry))
			return &series->entries[i];
	return NULL;
}

static bool is_reason(const char *reason, struct error *err)
{
	if (strlen(reason) > SERIES_REASON_MAXIMUM)
		return fail(err, ERROR_LIMIT, "a reason has at most %d bytes",
			    SERIES_REASON_MAXIMUM);
	if (!span_is_utf8(span_of(reason), NULL))
		return fail(err, ERROR_INVALID, "the reason is not UTF-8");
	return true;
}

bool series_add(struct series *series, const struct series_news *news, struct text *into,
		struct error *err)
{
	struct series_entry entry = entry_of(series, news);
	struct series_entry *old = standing(series, &entry);
	char hash[RECORD_HASH_TEXT];
	SCOPED_TEXT(line);

	if (old && strcmp(old->value, entry.value) == 0 && strcmp(old->input, entry.input) == 0)
		return true;
	if (old && !news->reason)
		return fail(err, ERROR_CONFLICT,
			    "%s of %s on %s stands at %s (line %llu), now it would be %s: give "
			    "--restate REASON to put it on record beside",
			    entry.method, entry.key, entry.day, old->value,
			    (unsigned long long)old->number, entry.value);
	if (old && !is_reason(news->reason, err))
		return false;
	write_line(series, news->value, &entry, old ? old->number : 0, news->reason, &line);
	hash_text(text_span(&line), hash);
	text_add_span(into, text_span(&line));
	text_format(into, "%s%s\"}\n", mark, hash);
	if (old)
		old->replaced = true;
	append(series, &entry);
	memcpy(series->last, hash, sizeof(series->last));
	return true;
}
