#include "market/quote_line.h"

#include <assert.h>
#include <string.h>

#include "base/json.h"
#include "market/book_write.h"
#include "market/import.h"
#include "market/plain.h"

enum {
	FIELD_NAME_SIZE = 32,
};

static bool is_number(enum plain_field field)
{
	return field == PLAIN_MEMORY || field == PLAIN_GPUS || field == PLAIN_TERM ||
	       field == PLAIN_GBIT || field == PLAIN_RELIABILITY || field == PLAIN_PERFORMANCE ||
	       field == PLAIN_MINIMUM_GPUS || field == PLAIN_BOOT || field == PLAIN_LISTINGS;
}

/* Amounts of money stay texts, which name exactly what was asked. */
static void put_field(struct json_writer *writer, enum plain_field field, struct span cell)
{
	struct span own = plain_name(field);
	char name[FIELD_NAME_SIZE];

	assert(own.length < sizeof(name));
	memcpy(name, own.at, own.length);
	name[own.length] = '\0';
	json_key(writer, name);
	if (is_number(field))
		json_put_document(writer, cell);
	else if (field == PLAIN_NVLINK)
		json_put_bool(writer, span_is(cell, "yes"));
	else
		json_put_span(writer, cell);
}

/* The columns with something in them, by name. */
static unsigned sort_fields(const struct csv_row *row, enum plain_field fields[PLAIN_WRITTEN])
{
	unsigned count = 0;

	for (unsigned i = 0; i < PLAIN_WRITTEN; i++) {
		unsigned at = count;

		if (row->cells[i].length == 0)
			continue;
		for (; at > 0 && span_compare(plain_name((enum plain_field)i),
					      plain_name(fields[at - 1])) < 0;
		     at--)
			fields[at] = fields[at - 1];
		fields[at] = (enum plain_field)i;
		count++;
	}
	return count;
}

void quote_line_write(struct text *into, const struct catalogue *catalogue,
		      const struct names *names, const struct quote *quote)
{
	struct json_writer writer = { .into = into };
	enum plain_field fields[PLAIN_WRITTEN];
	struct csv_row row;
	SCOPED_TEXT(written);
	bool said_schema = false;
	unsigned count;

	/* The row of CSV is what reads back to the same quote; here it is only said in other words.
	 */
	quote_write(&written, catalogue, names, quote);
	(void)csv_cut((struct span){ written.at, written.length - 1 }, ',', &row);
	count = sort_fields(&row, fields);
	json_open_object(&writer);
	for (unsigned i = 0; i < count; i++) {
		if (!said_schema && span_compare(plain_name(fields[i]), SPAN("schema")) > 0) {
			json_pair_string(&writer, "schema", QUOTE_LINE_SCHEMA);
			said_schema = true;
		}
		put_field(&writer, fields[i], row.cells[fields[i]]);
	}
	if (!said_schema)
		json_pair_string(&writer, "schema", QUOTE_LINE_SCHEMA);
	json_close_object(&writer);
}

bool quote_line_take(const struct node *root, const char *file, uint64_t number,
		     struct draft *ret_draft, struct error *err)
{
	const struct node *schema = root->kind == NODE_MAP ? node_find(root, "schema") : NULL;

	if (!schema || schema->kind != NODE_SCALAR || !span_is(schema->text, QUOTE_LINE_SCHEMA))
		return node_fail(root, file, err, ERROR_PARSE, "it is no quote of schema %s",
				 QUOTE_LINE_SCHEMA);
	draft_init(ret_draft);
	ret_draft->line = number;
	for (uint32_t i = 0; i < root->count; i++) {
		enum plain_field field;
		enum refusal why;

		if (&root->items[i] == schema)
			continue;
		if (!plain_find(root->keys[i].text, &field) || root->items[i].kind != NODE_SCALAR)
			return node_fail(&root->keys[i], file, err, ERROR_PARSE,
					 "'%.*s' is no field of a quote with one value",
					 SPAN_ARGS(root->keys[i].text));
		why = plain_read(field, span_trim(root->items[i].text), ret_draft);
		if (ret_draft->refused == REFUSAL_NONE)
			ret_draft->refused = why;
	}
	return true;
}

bool quote_line_read(struct span line, const char *file, uint32_t number, struct arena *arena,
		     struct draft *ret_draft, struct error *err)
{
	const struct node *root;

	return json_read(line, file, number, arena, &root, err) &&
	       quote_line_take(root, file, number, ret_draft, err);
}
