#include "model/parameter.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"

const char *const parameter_origin_names[] = {
	[ORIGIN_DEFAULT] = "default",   [ORIGIN_PRESET] = "preset", [ORIGIN_FILE] = "file",
	[ORIGIN_EVIDENCE] = "evidence", [ORIGIN_OPTION] = "option",
};
static_assert(sizeof(parameter_origin_names) / sizeof(parameter_origin_names[0]) == ORIGIN_COUNT,
	      "a name for each origin");

void parameters_init(struct parameters *parameters, const struct parameter_table *table)
{
	assert(table->count <= PARAMETERS_MAXIMUM);
	*parameters = (struct parameters){ .table = table };
	for (unsigned i = 0; i < table->count; i++)
		parameters->values[i] = quantity_of(table->rows[i].value);
}

/* The word at a place of "cold|hot|tolerant"; false behind the last. */
static bool word_at(const struct parameter_row *row, unsigned place, struct span *ret_word)
{
	struct span rest = span_of(row->unit);
	struct span word;

	for (unsigned i = 0; span_cut(&rest, '|', &word); i++) {
		if (i == place) {
			*ret_word = word;
			return true;
		}
	}
	return false;
}

static bool is_word(const struct parameter_row *row)
{
	return strchr(row->unit, '|');
}

/* Six digits, as many as people read. */
static double rounded(double value)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%.5e", value);
	return span_to_double(span_of(text), &value) ? value : (double)NAN;
}

const char *parameter_format(const struct parameters *parameters, unsigned index,
			     char into[static QUANTITY_TEXT_SIZE])
{
	const struct parameter_row *row = &parameters->table->rows[index];
	const struct quantity *value = &parameters->values[index];
	struct span word;

	if (isnan(value->value))
		(void)snprintf(into, QUANTITY_TEXT_SIZE, "-");
	else if (is_word(row) && word_at(row, (unsigned)value->value, &word))
		(void)snprintf(into, QUANTITY_TEXT_SIZE, "%.*s", SPAN_ARGS(word));
	else
		quantity_format((struct quantity){ .value = rounded(value->value),
						   .low = rounded(value->low),
						   .high = rounded(value->high) },
				into);
	return into;
}

static bool parse_word(const struct parameter_row *row, struct span text,
		       struct quantity *ret_quantity)
{
	struct span word;

	for (unsigned place = 0; word_at(row, place, &word); place++) {
		if (span_equal(word, text)) {
			*ret_quantity =
				(struct quantity){ .value = place, .low = place, .high = place };
			return true;
		}
	}
	return false;
}

static bool find(const struct parameter_table *table, struct span name, unsigned *ret_index,
		 struct error *err)
{
	unsigned nearest = 0;

	for (unsigned i = 0; i < table->count; i++) {
		const char *known = table->rows[i].name;

		if (span_is(name, known)) {
			*ret_index = i;
			return true;
		}
		if (span_distance(name, span_of(known)) <
		    span_distance(name, span_of(table->rows[nearest].name)))
			nearest = i;
	}
	return fail(err, ERROR_INVALID, "'%.*s' is no parameter of %s; the nearest is '%s'",
		    SPAN_ARGS(name), table->name, table->rows[nearest].name);
}

bool parameters_set(struct parameters *parameters, struct span name, struct span value,
		    enum parameter_origin origin, struct error *err)
{
	struct quantity quantity = { 0 };
	unsigned index = 0;
	char low[32];
	char high[32];

	if (!find(parameters->table, name, &index, err))
		return false;

	const struct parameter_row *row = &parameters->table->rows[index];
	if (!(is_word(row) ? parse_word(row, value, &quantity) : quantity_parse(value, &quantity)))
		return fail(
			err, ERROR_INVALID, "%s '%.*s': write %s%s", row->name, SPAN_ARGS(value),
			is_word(row) ? "one of " : "a number, or a range as 10..15 or 10..12..15",
			is_word(row) ? row->unit : "");
	if (quantity.low < row->minimum || quantity.high > row->maximum)
		return fail(err, ERROR_INVALID, "%s '%.*s': it is from %s to %s%s%s", row->name,
			    SPAN_ARGS(value), number_format(row->minimum, low),
			    number_format(row->maximum, high), row->unit[0] != '\0' ? " " : "",
			    row->unit);
	parameters->values[index] = quantity;
	parameters->origins[index] = origin;
	parameters->sources[index] = NULL;
	return true;
}

bool parameters_assign(struct parameters *parameters, const char *assignment, struct error *err)
{
	struct span rest = span_of(assignment);
	struct span name = { 0 };

	if (!span_cut(&rest, '=', &name) || !rest.at || rest.length == 0)
		return fail(err, ERROR_INVALID, "'%s': write NAME=VALUE", assignment);
	return parameters_set(parameters, name, rest, ORIGIN_OPTION, err);
}

/* What is read, and for whom. */
struct reading {
	struct parameters *parameters;
	const char *file;
	enum parameter_origin origin;
	struct arena *arena;
};

static bool read_one(const struct reading *reading, const struct node *key,
		     const struct node *value, struct error *err)
{
	static const struct node_field fields[] = {
		{ .name = "value", .kind = NODE_SCALAR, .required = true },
		{ .name = "source", .kind = NODE_SCALAR },
	};
	const struct node *source = NULL;
	const struct node *number = value;
	struct error why = { 0 };
	unsigned index = 0;

	if (value->kind == NODE_MAP) {
		if (!node_expect(value, reading->file, fields, sizeof(fields) / sizeof(fields[0]),
				 err))
			return false;
		number = node_find(value, "value");
		source = node_find(value, "source");
	}
	if (number->kind != NODE_SCALAR)
		return node_fail(value, reading->file, err, ERROR_INVALID,
				 "'%.*s' wants a number, a range or a map with value and source",
				 SPAN_ARGS(key->text));
	if (!parameters_set(reading->parameters, key->text, number->text, reading->origin, &why))
		return node_fail(key, reading->file, err, why.code, "%s", why.text);
	if (source && find(reading->parameters->table, key->text, &index, &why))
		reading->parameters->sources[index] = arena_string(reading->arena, source->text);
	return true;
}

bool parameters_read(struct parameters *parameters, const struct node *map, const char *file,
		     enum parameter_origin origin, struct arena *arena, struct error *err)
{
	const struct reading reading = { parameters, file, origin, arena };

	if (map->kind != NODE_MAP)
		return node_fail(map, file, err, ERROR_INVALID,
				 "parameters are a map of names and values");
	for (uint32_t i = 0; i < map->count; i++) {
		if (!read_one(&reading, &map->keys[i], &map->items[i], err))
			return false;
	}
	return true;
}

bool parameters_complete(const struct parameters *parameters, struct error *err)
{
	const struct parameter_table *table = parameters->table;
	struct text missing = { .maximum = 300 };

	for (unsigned i = 0; i < table->count; i++) {
		if (isnan(parameters->values[i].value))
			text_format(&missing, "%s%s", missing.length > 0 ? ", " : "",
				    table->rows[i].name);
	}

	bool complete = missing.length == 0;
	if (!complete)
		(void)fail(err, ERROR_MISSING, "%s needs a value for: %s; give it with --set",
			   table->name, text_string(&missing));
	text_release(&missing);
	return complete;
}
