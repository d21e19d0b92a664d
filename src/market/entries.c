#include "market/entries.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* A NUL is in no set, though strchr finds one at the end of each. */
static bool is_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c);
}

static size_t skip_blanks(struct span text, size_t at)
{
	while (at < text.length && is_blank(text.at[at]))
		at++;
	return at;
}

/* Behind the string that starts at `at`; beyond the end of the text when it does not end. */
static size_t skip_string(struct span text, size_t at)
{
	for (at++; at < text.length; at++) {
		if (text.at[at] == '\\')
			at++;
		else if (text.at[at] == '"')
			return at + 1;
	}
	return text.length + 1;
}

static size_t skip_scalar(struct span text, size_t at)
{
	while (at < text.length && !is_blank(text.at[at]) && !is_of(text.at[at], ",:[]{}\""))
		at++;
	return at;
}

/* Behind the value that starts at `at`, whatever it is; beyond the end of the text when it does not
 * end. Brackets are counted, not matched: whoever reads the value sees to that. */
static size_t skip_value(struct span text, size_t at)
{
	size_t depth = 0;

	if (at < text.length && text.at[at] == '"')
		return skip_string(text, at);
	if (at >= text.length || !is_of(text.at[at], "[{"))
		return skip_scalar(text, at);
	while (at < text.length) {
		char c = text.at[at];

		if (c == '"') {
			at = skip_string(text, at);
			continue;
		}
		at++;
		if (c == '[' || c == '{')
			depth++;
		else if ((c == ']' || c == '}') && --depth == 0)
			return at;
	}
	return text.length + 1;
}

/* Cuts `"key" :` off and moves *at to the value; false when no key stands there. */
static bool cut_key(struct span text, size_t *at, struct span *ret_key)
{
	size_t end;

	if (*at >= text.length || text.at[*at] != '"')
		return false;
	end = skip_string(text, *at);
	if (end > text.length)
		return false;
	*ret_key = (struct span){ .at = text.at + *at + 1, .length = end - *at - 2 };
	end = skip_blanks(text, end);
	if (end >= text.length || text.at[end] != ':')
		return false;
	*at = skip_blanks(text, end + 1);
	return true;
}

/* Moves *at to the value of one of the places; false when the outermost map has none of them. */
static bool find_place(struct span text, const struct entry_place *places, unsigned place_count,
		       size_t *at, unsigned *ret_lists)
{
	struct span key;

	for (*at = skip_blanks(text, *at + 1); cut_key(text, at, &key);) {
		for (unsigned i = 0; i < place_count; i++) {
			if (!span_is(key, places[i].key))
				continue;
			*ret_lists = places[i].lists;
			return *at < text.length && is_of(text.at[*at], "[{");
		}
		*at = skip_blanks(text, skip_value(text, *at));
		if (*at < text.length && text.at[*at] == ',')
			*at = skip_blanks(text, *at + 1);
	}
	return false;
}

/* Reads what stands around the entries, from `start` up to `end`, which is beyond the text when the
 * document ends early. */
static bool read_head(struct entry_reader *reader, size_t start, size_t end, struct error *err)
{
	const struct import *import = reader->import;
	struct span text = reader->text;
	bool early = end > text.length;
	SCOPED_TEXT(head);

	if (start + (early ? 0 : text.length - end) > ENTRY_BYTES_MAXIMUM)
		return fail(err, ERROR_LIMIT,
			    "%s: more than %d bytes stand around the entries; leave them out",
			    import->file, ENTRY_BYTES_MAXIMUM);
	text_add_span(&head, (struct span){ .at = text.at, .length = start });
	text_add(&head, "null");
	if (early)
		text_add_char(&head, '}');
	else
		text_add_span(&head,
			      (struct span){ .at = text.at + end, .length = text.length - end });
	return json_read(text_span(&head), import->file, 1, import->arena, &reader->head, err);
}

/* What is wrong with a document that has no place for entries. */
static bool fail_place(const struct entry_reader *reader, const struct entry_place *places,
		       struct error *err)
{
	const struct node *root;

	if (reader->text.length <= ENTRY_BYTES_MAXIMUM &&
	    !json_read(reader->text, reader->import->file, 1, reader->import->arena, &root, err))
		return false;
	return fail(err, ERROR_INVALID, "%s: there is no list '%s' in the outermost map",
		    reader->import->file, places[0].key);
}

static bool open_document(struct entry_reader *reader, const struct entry_place *places,
			  unsigned place_count, struct error *err)
{
	struct span text = reader->text;
	size_t at = skip_blanks(text, 0);

	for (unsigned i = 0; i < place_count; i++) {
		if (places[i].key[0] == '\0' && at < text.length && text.at[at] == '[')
			reader->lists = places[i].lists;
	}
	if (reader->lists == 0) {
		if (at >= text.length || text.at[at] != '{' ||
		    !find_place(text, places, place_count, &at, &reader->lists))
			return fail_place(reader, places, err);
		if (!read_head(reader, at, skip_value(text, at), err))
			return false;
	}
	assert(reader->lists <= ENTRY_PLACES_MAXIMUM);
	reader->open[0] = text.at[at];
	reader->depth = 1;
	reader->at = at + 1;
	return true;
}

bool entries_open(struct entry_reader *reader, const struct import *import,
		  const struct entry_place *places, unsigned place_count, struct error *err)
{
	*reader = (struct entry_reader){ .import = import, .line = 1 };
	return source_read_all(import->source, import->file, IMPORT_DOCUMENT_MAXIMUM, import->arena,
			       &reader->text, err) &&
	       open_document(reader, places, place_count, err);
}

void entries_close(struct entry_reader *reader)
{
	arena_release(&reader->arena);
}

static void count_lines(struct entry_reader *reader)
{
	for (; reader->counted < reader->at; reader->counted++)
		reader->line += reader->text.at[reader->counted] == '\n';
}

static bool refuse(struct entry_reader *reader, enum refusal why, struct span about,
		   struct error *err)
{
	const struct import *import = reader->import;

	count_lines(reader);
	return book_refuse(import->book, import->file, reader->line, why, about, err);
}

enum part {
	PART_RECORD, /* a value in the place of an entry, at reader->at */
	PART_NONE,   /* the next step has to look again */
	PART_END,
	PART_BROKEN,
};

/* Looks at what comes next inside the lists: opens and closes them. */
static enum part next_part(struct entry_reader *reader)
{
	struct span text = reader->text, key;

	reader->at = skip_blanks(text, reader->at);
	if (reader->at < text.length && text.at[reader->at] == ',')
		reader->at = skip_blanks(text, reader->at + 1);
	if (reader->at >= text.length)
		return PART_BROKEN;
	if (is_of(text.at[reader->at], "]}")) {
		reader->at++;
		return --reader->depth == 0 ? PART_END : PART_NONE;
	}
	if (reader->open[reader->depth - 1] == '{' && !cut_key(text, &reader->at, &key))
		return PART_BROKEN;
	if (reader->depth == reader->lists)
		return PART_RECORD;
	if (reader->at >= text.length || !is_of(text.at[reader->at], "[{")) {
		size_t end = skip_value(text, reader->at);
		bool moved = end > reader->at;

		reader->at = end;
		return moved ? PART_NONE : PART_BROKEN;
	}
	reader->open[reader->depth++] = text.at[reader->at++];
	return PART_NONE;
}

/* The entry at reader->at, which is left behind. */
static enum entry_step read_entry(struct entry_reader *reader, const struct node **ret_entry,
				  struct error *err)
{
	size_t end = skip_value(reader->text, reader->at);
	struct span text = { .at = reader->text.at + reader->at, .length = end - reader->at };
	enum refusal why = REFUSAL_MALFORMED;

	count_lines(reader);
	if (end > reader->text.length || text.length == 0) {
		reader->at_end = true;
		return refuse(reader, why, SPAN("the document ends early"), err) ? ENTRY_END
										 : ENTRY_FAULT;
	}
	reader->at = end;
	arena_clear(&reader->arena);
	if (text.length > ENTRY_BYTES_MAXIMUM)
		why = REFUSAL_TOO_LONG;
	else if (json_read(text, reader->import->file, (uint32_t)reader->line, &reader->arena,
			   ret_entry, NULL) &&
		 (*ret_entry)->kind == NODE_MAP)
		return ENTRY_READ;

	const uint64_t line = reader->line;
	text.length = text.length < 80 ? text.length : 80;
	if (!book_refuse(reader->import->book, reader->import->file, line, why, text, err))
		return ENTRY_FAULT;
	return ENTRY_END;
}

enum entry_step entries_next(struct entry_reader *reader, const struct node **ret_entry,
			     struct error *err)
{
	enum entry_step step;

	while (!reader->at_end) {
		switch (next_part(reader)) {
		case PART_RECORD:
			step = read_entry(reader, ret_entry, err);
			if (step != ENTRY_END)
				return step;
			break;
		case PART_NONE:
			break;
		case PART_END:
			reader->at_end = true;
			break;
		case PART_BROKEN:
			reader->at_end = true;
			if (!refuse(reader, REFUSAL_MALFORMED, SPAN("the document ends early"),
				    err))
				return ENTRY_FAULT;
			break;
		}
	}
	return ENTRY_END;
}

bool entries_rest(struct entry_reader *reader,
		  bool (*take)(const struct entry_reader *reader, const struct node *entry,
			       struct error *err),
		  struct error *err)
{
	const struct node *entry = NULL;
	enum entry_step step;

	while ((step = entries_next(reader, &entry, err)) == ENTRY_READ) {
		if (!take(reader, entry, err))
			return false;
	}
	return step == ENTRY_END;
}

bool entries_each(const struct import *import, const struct entry_place *places,
		  unsigned place_count,
		  bool (*take)(const struct entry_reader *reader, const struct node *entry,
			       struct error *err),
		  struct error *err)
{
	struct entry_reader reader;
	bool fine = entries_open(&reader, import, places, place_count, err) &&
		    entries_rest(&reader, take, err);

	entries_close(&reader);
	return fine;
}

struct span entry_text(const struct node *entry, const char *key)
{
	const struct node *field = node_find(entry, key);

	if (!field || field->kind != NODE_SCALAR ||
	    (!field->quoted && span_is(field->text, "null")))
		return (struct span){ 0 };
	return field->text;
}

double entry_number(const struct node *entry, const char *key)
{
	double value;

	return span_to_double(entry_text(entry, key), &value) ? value : (double)NAN;
}

bool entry_is_true(const struct node *entry, const char *key)
{
	return span_is(entry_text(entry, key), "true");
}

bool entry_is_false(const struct node *entry, const char *key)
{
	return span_is(entry_text(entry, key), "false");
}
