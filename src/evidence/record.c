#include "evidence/record.h"

#include <string.h>

const char *const evidence_kind_names[] = {
	[KIND_MEASUREMENT] = "measurement", [KIND_DOCUMENT] = "document", [KIND_ANSWER] = "answer",
	[KIND_STATEMENT] = "statement",     [KIND_PRICE] = "price",
};

const char *const strength_names[] = {
	[STRENGTH_E0] = "E0", [STRENGTH_E1] = "E1", [STRENGTH_E2] = "E2",
	[STRENGTH_E3] = "E3", [STRENGTH_E4] = "E4",
};

static const struct node_field record_fields[] = {
	{ "id", NODE_SCALAR, false },       { "subject", NODE_MAP, false },
	{ "what", NODE_SCALAR, false },     { "answer", NODE_SCALAR, false },
	{ "value", NODE_SCALAR, false },    { "unit", NODE_SCALAR, false },
	{ "withheld", NODE_SCALAR, false }, { "not_applicable", NODE_SCALAR, false },
	{ "text", NODE_SCALAR, false },     { "kind", NODE_SCALAR, false },
	{ "strength", NODE_SCALAR, false }, { "observed", NODE_SCALAR, false },
	{ "expires", NODE_SCALAR, false },  { "due", NODE_SCALAR, false },
	{ "source", NODE_MAP, false },      { "excerpt", NODE_SCALAR, false },
	{ "schema", NODE_SCALAR, false },   { "hash", NODE_SCALAR, false },
	{ "state", NODE_SCALAR, false },    { "unknown", NODE_SCALAR, false },
	{ "time", NODE_SCALAR, false },
};

static const struct node_field subject_fields[] = {
	{ "provider", NODE_SCALAR, true }, { "product", NODE_SCALAR, false },
	{ "region", NODE_SCALAR, false },  { "gpu", NODE_SCALAR, false },
	{ "cluster", NODE_SCALAR, false }, { "node", NODE_SCALAR, false },
	{ "device", NODE_SCALAR, false },
};

static const struct node_field source_fields[] = {
	{ "name", NODE_SCALAR, true },     { "publisher", NODE_SCALAR, false },
	{ "url", NODE_SCALAR, false },     { "tool", NODE_SCALAR, false },
	{ "version", NODE_SCALAR, false },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What a record is read from: its own map, the file's defaults, and where text goes. */
struct reading {
	const struct node *map, *defaults;
	const char *file;
	struct arena *arena;
	struct error *err;
};

bool strength_parse(struct span text, enum strength *ret_strength)
{
	for (unsigned i = 0; i < STRENGTH_COUNT; i++) {
		if (span_is(text, strength_names[i])) {
			*ret_strength = (enum strength)i;
			return true;
		}
	}
	return false;
}

/* As node_expect; null, which elsewhere says that a field is absent, is no text here. */
static bool expect(const struct node *map, const char *file, const struct node_field *fields,
		   size_t field_count, struct error *err)
{
	if (!node_expect(map, file, fields, field_count, err))
		return false;
	for (uint32_t i = 0; i < map->count; i++) {
		const struct node *item = &map->items[i];

		if (item->kind == NODE_SCALAR && !item->quoted && span_is(item->text, "null"))
			return node_fail(
				item, file, err, ERROR_INVALID,
				"'%.*s' is null; leave it out, or write the word in quotes",
				SPAN_ARGS(map->keys[i].text));
	}
	return true;
}

static const struct node *find(const struct reading *from, const char *field)
{
	const struct node *own = node_find(from->map, field);

	return own || !from->defaults ? own : node_find(from->defaults, field);
}

/* Lower-case letters, digits and the few signs that file names and addresses carry unquoted. */
static bool is_name(struct span text, const char *signs)
{
	if (text.length == 0 || text.length > 120)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		char c = text.at[i];

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			continue;
		if (c == '\0' || !strchr(signs, c) || (i == 0 && c != '_'))
			return false;
	}
	return true;
}

/* A part of a node, named as the system names it: "gpu:0000:19:00.0/link:3", "mount:/home". */
static bool is_device(struct span text)
{
	if (text.length == 0 || text.length > RECORD_DEVICE_MAXIMUM)
		return false;
	for (size_t i = 0; i < text.length; i++)
		if (text.at[i] <= ' ' || text.at[i] > '~')
			return false;
	return true;
}

static bool take_text(const struct reading *from, const struct node *node, const char *field,
		      size_t maximum, const char **ret_text)
{
	if (node->text.length == 0)
		return node_fail(node, from->file, from->err, ERROR_INVALID,
				 "'%s' is empty; give it a text or leave it out", field);
	if (node->text.length > maximum)
		return node_fail(node, from->file, from->err, ERROR_LIMIT,
				 "'%s' has %zu bytes; the limit is %zu", field, node->text.length,
				 maximum);
	*ret_text = arena_string(from->arena, node->text);
	return true;
}

static bool take_optional(const struct reading *from, const struct node *map, const char *field,
			  size_t maximum, const char **ret_text)
{
	const struct node *node = node_find(map, field);

	return !node || take_text(from, node, field, maximum, ret_text);
}

static bool need(const struct reading *from, const char *field, const struct node **ret_node)
{
	*ret_node = find(from, field);
	if (*ret_node)
		return true;
	return node_fail(from->map, from->file, from->err, ERROR_INVALID,
			 "the record has no '%s'; add it", field);
}

static bool take_subject(const struct reading *from, struct record *record)
{
	const struct node *subject;

	if (!need(from, "subject", &subject) ||
	    !expect(subject, from->file, subject_fields, COUNT(subject_fields), from->err))
		return false;
	for (unsigned i = 0; i < SUBJECT_PART_COUNT; i++) {
		const struct node *part = node_find(subject, subject_part_names[i]);

		if (!part)
			continue;
		if (i == SUBJECT_DEVICE && is_device(part->text)) {
			record->subject.parts[i] = arena_string(from->arena, part->text);
			continue;
		}
		if (!is_name(part->text, "-._+") || span_is(part->text, "..") ||
		    span_is(part->text, "."))
			return node_fail(part, from->file, from->err, ERROR_INVALID,
					 "%s '%.*s' is not a name; use lower-case letters, "
					 "digits and '-' '.' '_' '+'",
					 subject_part_names[i], SPAN_ARGS(part->text));
		record->subject.parts[i] = arena_string(from->arena, part->text);
	}
	return true;
}

static bool take_source(const struct reading *from, struct record *record)
{
	const struct node *source;
	struct source *into = &record->source;

	if (!need(from, "source", &source) ||
	    !expect(source, from->file, source_fields, COUNT(source_fields), from->err))
		return false;
	return take_text(from, node_find(source, "name"), "name", 200, &into->name) &&
	       take_optional(from, source, "publisher", 200, &into->publisher) &&
	       take_optional(from, source, "url", 500, &into->url) &&
	       take_optional(from, source, "tool", 200, &into->tool) &&
	       take_optional(from, source, "version", 200, &into->version);
}

static bool take_date(const struct reading *from, const struct node *node, const char *field,
		      date_t *ret_date)
{
	if (date_parse(node->text, ret_date))
		return true;
	return node_fail(node, from->file, from->err, ERROR_INVALID,
			 "'%s' is '%.*s', not a day; write YYYY-MM-DD", field,
			 SPAN_ARGS(node->text));
}

static bool take_time(const struct reading *from, struct record *record)
{
	const struct node *time = find(from, "time");

	if (!time)
		return true;
	if (!time_parse(time->text, &record->time))
		return node_fail(time, from->file, from->err, ERROR_INVALID,
				 "'time' is '%.*s', not a moment; write YYYY-MM-DDTHH:MM:SSZ",
				 SPAN_ARGS(time->text));
	/* A line of the kernel log may be older than the look that found it. */
	if (date_from_unix(record->time) > record->observed)
		return node_fail(time, from->file, from->err, ERROR_INVALID,
				 "'time' is after the day of 'observed'; correct one of them");
	return true;
}

static bool take_dates(const struct reading *from, struct record *record)
{
	const struct node *observed, *expires = find(from, "expires"), *due = find(from, "due");

	if (!need(from, "observed", &observed) ||
	    !take_date(from, observed, "observed", &record->observed) || !take_time(from, record))
		return false;
	if (expires && !take_date(from, expires, "expires", &record->expires))
		return false;
	if (record->expires != DATE_NONE && record->expires < record->observed)
		return node_fail(expires, from->file, from->err, ERROR_INVALID,
				 "'expires' is before 'observed'; check the two days");
	record->announced = due != NULL;
	if (!due || span_is(due->text, "unknown"))
		return true;
	if (!take_date(from, due, "due", &record->due))
		return false;
	if (record->due < record->observed)
		return node_fail(
			due, from->file, from->err, ERROR_INVALID,
			"'due' is before 'observed'; leave it out for what is true already");
	return true;
}

static bool take_number(const struct reading *from, const struct node *node, struct record *record)
{
	const struct node *unit;

	record->says = SAYS_VALUE;
	if (!span_to_double(node->text, &record->value))
		return node_fail(node, from->file, from->err, ERROR_INVALID,
				 "'value' is '%.*s', not a number; write a plain decimal of at "
				 "most 15 digits",
				 SPAN_ARGS(node->text));
	if (!need(from, "unit", &unit))
		return false;
	return take_text(from, unit, "unit", 40, &record->unit);
}

static bool take_says(const struct reading *from, struct record *record)
{
	static const struct {
		const char *field;
		enum record_says says;
	} ways[] = {
		{ "answer", SAYS_ANSWER },     { "value", SAYS_VALUE },
		{ "withheld", SAYS_WITHHELD }, { "not_applicable", SAYS_NOT_APPLICABLE },
		{ "text", SAYS_TEXT },         { "state", SAYS_STATE },
		{ "unknown", SAYS_UNKNOWN },
	};
	const struct node *said = NULL, *unit = node_find(from->map, "unit");
	unsigned way = 0;

	for (unsigned i = 0; i < COUNT(ways); i++) {
		const struct node *node = node_find(from->map, ways[i].field);

		if (node && said)
			return node_fail(node, from->file, from->err, ERROR_INVALID,
					 "'%s' and '%s' exclude each other; make two records",
					 ways[way].field, ways[i].field);
		if (node) {
			said = node;
			way = i;
		}
	}
	if (!said)
		return node_fail(from->map, from->file, from->err, ERROR_INVALID,
				 "the record says nothing; add 'answer', 'value', 'withheld', "
				 "'not_applicable', 'text', 'state' or 'unknown'");
	if (ways[way].says == SAYS_VALUE)
		return take_number(from, said, record);
	if (unit)
		return node_fail(unit, from->file, from->err, ERROR_INVALID,
				 "'unit' goes with 'value' and not with '%s'; remove it",
				 ways[way].field);
	record->says = ways[way].says;
	return take_text(from, said, ways[way].field, RECORD_EXCERPT_MAXIMUM, &record->text);
}

static bool take_class(const struct reading *from, struct record *record)
{
	const struct node *kind, *strength;
	unsigned i = 0;

	if (!need(from, "kind", &kind) || !need(from, "strength", &strength))
		return false;
	while (i < KIND_COUNT && !span_is(kind->text, evidence_kind_names[i]))
		i++;
	if (i == KIND_COUNT)
		return node_fail(kind, from->file, from->err, ERROR_INVALID,
				 "unknown kind '%.*s'; it is measurement, document, answer, "
				 "statement or price",
				 SPAN_ARGS(kind->text));
	record->kind = (enum evidence_kind)i;
	if (!strength_parse(strength->text, &record->strength))
		return node_fail(strength, from->file, from->err, ERROR_INVALID,
				 "unknown strength '%.*s'; it is E0, E1, E2, E3 or E4",
				 SPAN_ARGS(strength->text));
	return true;
}

static bool take_schema(const struct reading *from, bool required)
{
	const struct node *schema = node_find(from->map, "schema");

	if (!schema && !required)
		return true;
	if (!schema)
		return node_fail(from->map, from->file, from->err, ERROR_INVALID,
				 "the record has no 'schema'; it is assay/evidence/v1");
	if (span_is(schema->text, "assay/evidence/v1"))
		return true;
	return node_fail(schema, from->file, from->err, ERROR_UNSUPPORTED,
			 "schema '%.*s' is not known here; this version reads assay/evidence/v1",
			 SPAN_ARGS(schema->text));
}

static bool take_hash(const struct reading *from, struct record *record, bool *ret_has_hash)
{
	const struct node *hash = node_find(from->map, "hash");

	*ret_has_hash = hash != NULL;
	if (!hash || hash_parse(hash->text, record->hash))
		return true;
	return node_fail(hash, from->file, from->err, ERROR_INVALID,
			 "'hash' is not sha256: and 64 hexadecimal digits");
}

static bool take_names(const struct reading *from, struct record *record)
{
	const struct node *id = node_find(from->map, "id"), *what;

	if (!id)
		return node_fail(from->map, from->file, from->err, ERROR_INVALID,
				 "the record has no 'id'; add one that is unique");
	if (!is_name(id->text, "-._"))
		return node_fail(id, from->file, from->err, ERROR_INVALID,
				 "id '%.*s' is not a name; use lower-case letters, digits and "
				 "'-' '.' '_'",
				 SPAN_ARGS(id->text));
	record->id = arena_string(from->arena, id->text);
	return need(from, "what", &what) && take_text(from, what, "what", 120, &record->what);
}

bool record_check_defaults(const struct node *defaults, const char *file, struct error *err)
{
	static const char *const own[] = { "id",       "answer",         "value",
					   "withheld", "not_applicable", "text",
					   "state",    "unknown",        "hash",
					   "schema" };

	for (size_t i = 0; i < COUNT(own); i++) {
		const struct node *field = node_find(defaults, own[i]);

		if (field)
			return node_fail(field, file, err, ERROR_INVALID,
					 "'%s' belongs to each record, not to the defaults",
					 own[i]);
	}
	return expect(defaults, file, record_fields, COUNT(record_fields), err);
}

bool record_read(const struct node *map, const struct record_reading *how,
		 struct record *ret_record, bool *ret_has_hash, struct error *err)
{
	const struct reading from = { map, how->defaults, how->file, how->arena, err };
	struct record record = { .expires = DATE_NONE, .due = DATE_NONE, .file = how->file };
	const struct node *excerpt;
	bool has_hash;

	if (!expect(map, how->file, record_fields, COUNT(record_fields), err) ||
	    !take_schema(&from, how->schema_required) || !take_names(&from, &record) ||
	    !take_subject(&from, &record) || !take_says(&from, &record) ||
	    !take_class(&from, &record) || !take_dates(&from, &record) ||
	    !take_source(&from, &record) || !take_hash(&from, &record, &has_hash))
		return false;
	excerpt = find(&from, "excerpt");
	if (excerpt &&
	    !take_text(&from, excerpt, "excerpt", RECORD_EXCERPT_MAXIMUM, &record.excerpt))
		return false;
	record.line = map->line;
	*ret_record = record;
	*ret_has_hash = has_hash;
	return true;
}

bool record_read_sealed(const struct node *map, const struct record_reading *how,
			struct text *scratch, struct record *ret_record, struct error *err)
{
	uint8_t claimed[RECORD_HASH_BYTES];
	struct record record;
	bool has_hash;

	if (!record_read(map, how, &record, &has_hash, err))
		return false;
	memcpy(claimed, record.hash, sizeof(claimed));
	record_seal(&record, scratch);
	if (has_hash && memcmp(claimed, record.hash, sizeof(claimed)) != 0)
		return node_fail(map, how->file, err, ERROR_CONFLICT,
				 "the hash of record '%s' does not fit its content; it was changed "
				 "after it was sealed: get it again from its source",
				 record.id);
	*ret_record = record;
	return true;
}
