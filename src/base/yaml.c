#include "base/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/grow.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* A list or a map whose end is still to come. */
struct frame {
	enum node_kind kind;
	uint32_t line;
	uint32_t column;
	size_t first; /* where its nodes start in `pending` */
};

struct reading {
	const char *file;
	struct arena *arena;   /* of the tree */
	struct arena *scratch; /* of what ends with the reading */
	struct error *err;
	struct node root;
	struct node *pending; /* finished nodes of open frames; in a map key and value by turns */
	size_t count;
	size_t room;
	size_t nodes; /* seen so far */
	struct frame frames[YAML_DEPTH_MAXIMUM];
	size_t depth;
	size_t documents;
};

static struct node place_of_mark(yaml_mark_t mark)
{
	return (struct node){ .line = (uint32_t)mark.line + 1,
			      .column = (uint32_t)mark.column + 1 };
}

static struct node place_of_offset(struct span text, size_t offset)
{
	struct node place = { .line = 1, .column = 1 };
	struct span before = { .at = text.at, .length = offset };

	while (before.length > 0) {
		size_t length = span_character(before, NULL);

		if (length == 0)
			length = 1;
		place.column++;
		if (before.at[0] == '\n') {
			place.line++;
			place.column = 1;
		}
		before.at += length;
		before.length -= length;
	}
	return place;
}

static const struct advice {
	const char *problem; /* in libyaml's words */
	const char *advice;
} advices[] = {
	{ "found character that cannot start any token",
	  "put the text in quotes, and indent with blanks, not tabs" },
	{ "mapping values are not allowed in this context",
	  "put text with ': ' in quotes, or check the indentation" },
	{ "could not find expected ':'", "write 'key: value', or check the indentation" },
	{ "did not find expected key", "check the indentation and the quotes" },
	{ "did not find expected ',' or ']'", "close the list with ']'" },
	{ "did not find expected ',' or '}'", "close the map with '}'" },
	{ "found unexpected end of stream", "close the quotes" },
	{ "found unknown escape character", "write the backslash twice, or use single quotes" },
	{ "control characters are not allowed", "remove the character" },
};

static const char *advice_for(const char *problem)
{
	for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++) {
		if (strcmp(problem, advices[i].problem) == 0)
			return advices[i].advice;
	}
	return "check the YAML syntax here";
}

static bool fail_syntax(const yaml_parser_t *parser, struct span text, const char *file,
			struct error *err)
{
	const char *problem = parser->problem ? parser->problem : "not YAML";
	const char *advice = advice_for(problem);
	struct node place = place_of_mark(parser->problem_mark);

	if (parser->error == YAML_MEMORY_ERROR)
		memory_exhausted(text.length);
	if (parser->error == YAML_READER_ERROR)
		place = place_of_offset(text, parser->problem_offset);
	if (parser->context)
		return node_fail(&place, file, err, ERROR_PARSE, "%s %s; %s", problem,
				 parser->context, advice);
	return node_fail(&place, file, err, ERROR_PARSE, "%s; %s", problem, advice);
}

/* In an open frame. */
static bool is_key_due(const struct reading *reading)
{
	const struct frame *frame = &reading->frames[reading->depth - 1];

	return frame->kind == NODE_MAP && (reading->count - frame->first) % 2 == 0;
}

/* Takes a finished node: as the root, or as the next of the frame that is open. */
static bool push(struct reading *reading, const struct node *node)
{
	if (++reading->nodes > YAML_NODES_MAXIMUM)
		return node_fail(node, reading->file, reading->err, ERROR_LIMIT,
				 "more than %d values; split the file", YAML_NODES_MAXIMUM);
	if (reading->depth == 0) {
		reading->root = *node;
		return true;
	}
	ARENA_GROW(reading->scratch, reading->pending, reading->count, reading->room);
	reading->pending[reading->count++] = *node;
	return true;
}

static bool refuse_properties(const struct reading *reading, const struct node *place,
			      const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor)
		return node_fail(place, reading->file, reading->err, ERROR_UNSUPPORTED,
				 "anchors are not allowed; remove '&%s'", (const char *)anchor);
	if (tag)
		return node_fail(place, reading->file, reading->err, ERROR_UNSUPPORTED,
				 "tags are not allowed; remove '%s'", (const char *)tag);
	return true;
}

static bool take_scalar(struct reading *reading, const yaml_event_t *event)
{
	struct span text = { (const char *)event->data.scalar.value, event->data.scalar.length };
	struct node node = place_of_mark(event->start_mark);

	if (!refuse_properties(reading, &node, event->data.scalar.anchor, event->data.scalar.tag))
		return false;
	if (text.length > 0 && memchr(text.at, '\0', text.length))
		return node_fail(&node, reading->file, reading->err, ERROR_UNSUPPORTED,
				 "text with a NUL in it; remove the '\\0'");

	node.kind = NODE_SCALAR;
	text.at = arena_string(reading->arena, text);
	node.text = text;
	/* A block scalar is as deliberately text as one in quotes. */
	node.quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;

	/* A document with nothing in it is an empty scalar; the root stays an empty map. */
	if (reading->depth == 0 && !node.quoted && text.length == 0)
		return true;
	return push(reading, &node);
}

static bool open_frame(struct reading *reading, enum node_kind kind, struct node place,
		       const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (!refuse_properties(reading, &place, anchor, tag))
		return false;
	if (reading->depth > 0 && is_key_due(reading))
		return node_fail(&place, reading->file, reading->err, ERROR_UNSUPPORTED,
				 "a key that is a list or a map; use plain text as key");
	if (reading->depth == YAML_DEPTH_MAXIMUM)
		return node_fail(&place, reading->file, reading->err, ERROR_LIMIT,
				 "nested deeper than %d levels; flatten it", YAML_DEPTH_MAXIMUM);

	reading->frames[reading->depth++] = (struct frame){
		.kind = kind,
		.line = place.line,
		.column = place.column,
		.first = reading->count,
	};
	return true;
}

static bool is_before(const struct node *a, const struct node *b)
{
	return a->line < b->line || (a->line == b->line && a->column < b->column);
}

static int compare_keys(const void *left, const void *right)
{
	const struct node *a = *(const struct node *const *)left;
	const struct node *b = *(const struct node *const *)right;
	int order = span_compare(a->text, b->text);

	if (order != 0)
		return order;
	return is_before(a, b) ? -1 : is_before(b, a);
}

/* Sorts, because comparing each with each takes minutes on a large map of a hostile file. */
static bool refuse_duplicates(const struct reading *reading, const struct node *map)
{
	const struct node **sorted = ARENA_ARRAY(reading->scratch, const struct node *, map->count);
	const struct node *first = NULL;
	const struct node *again = NULL;

	for (uint32_t i = 0; i < map->count; i++)
		sorted[i] = &map->keys[i];
	qsort(sorted, map->count, sizeof(const struct node *), compare_keys);
	for (uint32_t i = 1; i < map->count; i++) {
		if (!span_equal(sorted[i - 1]->text, sorted[i]->text))
			continue;
		if (!again || is_before(sorted[i], again)) {
			first = sorted[i - 1];
			again = sorted[i];
		}
	}
	if (!again)
		return true;
	return node_fail(again, reading->file, reading->err, ERROR_CONFLICT,
			 "key '%.*s' is on line %u already; remove one", SPAN_ARGS(again->text),
			 first->line);
}

static bool close_frame(struct reading *reading)
{
	const struct frame *frame = &reading->frames[--reading->depth];
	size_t next = frame->first;
	bool is_map = frame->kind == NODE_MAP;
	size_t count = (reading->count - frame->first) / (is_map ? 2 : 1);
	struct node *keys = is_map ? ARENA_ARRAY(reading->arena, struct node, count) : NULL;
	struct node *items = ARENA_ARRAY(reading->arena, struct node, count);

	for (size_t i = 0; i < count; i++) {
		if (keys)
			keys[i] = reading->pending[next++];
		items[i] = reading->pending[next++];
	}
	reading->count = frame->first;

	struct node node = {
		.kind = frame->kind,
		.line = frame->line,
		.column = frame->column,
		.count = (uint32_t)count,
		.items = items,
		.keys = keys,
	};
	if (is_map && !refuse_duplicates(reading, &node))
		return false;
	return push(reading, &node);
}

static bool start_document(struct reading *reading, const yaml_event_t *event)
{
	struct node place = place_of_mark(event->start_mark);

	if (++reading->documents > 1)
		return node_fail(&place, reading->file, reading->err, ERROR_UNSUPPORTED,
				 "a second document; give it a file of its own");
	return true;
}

static bool take_event(struct reading *reading, const yaml_event_t *event)
{
	struct node place = place_of_mark(event->start_mark);

	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return start_document(reading, event);
	case YAML_ALIAS_EVENT:
		return node_fail(&place, reading->file, reading->err, ERROR_UNSUPPORTED,
				 "aliases are not allowed; write the value out instead of '*%s'",
				 (const char *)event->data.alias.anchor);
	case YAML_SCALAR_EVENT:
		return take_scalar(reading, event);
	case YAML_SEQUENCE_START_EVENT:
		return open_frame(reading, NODE_LIST, place, event->data.sequence_start.anchor,
				  event->data.sequence_start.tag);
	case YAML_MAPPING_START_EVENT:
		return open_frame(reading, NODE_MAP, place, event->data.mapping_start.anchor,
				  event->data.mapping_start.tag);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return close_frame(reading);
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		break;
	}
	return true;
}

static bool read_events(struct reading *reading, struct span text)
{
	yaml_parser_t parser __attribute__((cleanup(yaml_parser_delete)));
	bool good = true;
	bool done = false;

	if (!yaml_parser_initialize(&parser))
		memory_exhausted(text.length);
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.at, text.length);

	while (good && !done) {
		yaml_event_t event;

		if (!yaml_parser_parse(&parser, &event))
			return fail_syntax(&parser, text, reading->file, reading->err);
		done = event.type == YAML_STREAM_END_EVENT;
		good = take_event(reading, &event);
		yaml_event_delete(&event);
	}
	return good;
}

static bool ends_line(struct span before)
{
	static const char *const breaks[] = { "\n", "\r", "\xc2\x85", "\xe2\x80\xa8",
					      "\xe2\x80\xa9" };

	for (size_t i = 0; i < sizeof(breaks) / sizeof(breaks[0]); i++) {
		size_t length = strlen(breaks[i]);

		if (before.length >= length &&
		    memcmp(before.at + before.length - length, breaks[i], length) == 0)
			return true;
	}
	return before.length == 0;
}

/* Before libyaml sees them: it compares each %TAG with all others, for minutes in a large file. */
static bool refuse_directives(struct span text, const char *file, struct error *err)
{
	struct span before = { .at = text.at };
	struct span rest = text;
	struct span piece;

	while (span_cut(&rest, '%', &piece)) {
		before.length += piece.length;
		if (before.length < text.length && ends_line(before)) {
			struct node place = place_of_offset(text, before.length);

			return node_fail(&place, file, err, ERROR_UNSUPPORTED,
					 "a line that starts with %% is a directive, which is not "
					 "allowed; remove or indent it");
		}
		before.length++;
	}
	return true;
}

static bool check_text(struct span text, const char *file, struct error *err)
{
	size_t at;

	if (text.length > YAML_BYTES_MAXIMUM)
		return fail(err, ERROR_LIMIT, "%s: %zu bytes; the limit is %d: split the file",
			    file, text.length, YAML_BYTES_MAXIMUM);
	if (span_is_utf8(text, &at))
		return refuse_directives(text, file, err);

	struct node place = place_of_offset(text, at);
	return node_fail(&place, file, err, ERROR_PARSE,
			 "byte 0x%02x is not UTF-8 text; save the file as UTF-8",
			 (unsigned char)text.at[at]);
}

bool yaml_read(struct span text, const char *file, struct arena *arena,
	       const struct node **ret_root, struct error *err)
{
	SCOPED_ARENA(scratch);
	struct reading reading = {
		.file = file,
		.arena = arena,
		.scratch = &scratch,
		.err = err,
		.root = { .kind = NODE_MAP, .line = 1, .column = 1 },
	};

	if (span_starts(text, BYTE_ORDER_MARK)) {
		text.at += strlen(BYTE_ORDER_MARK);
		text.length -= strlen(BYTE_ORDER_MARK);
	}
	if (!check_text(text, file, err))
		return false;
	if (!read_events(&reading, text))
		return false;

	struct node *root = ARENA_NEW(arena, struct node);
	*root = reading.root;
	*ret_root = root;
	return true;
}
