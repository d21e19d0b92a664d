#include "report/parameters.h"

#include "report/table.h"

static void add_row(struct table *table, const struct parameters *parameters, unsigned index)
{
	const struct parameter_row *row = &parameters->table->rows[index];
	const char *source = parameters->sources[index];
	char value[100];

	table_cell(table, row->name);
	table_cell(table,
		   arena_string(table->arena, span_of(parameter_format(parameters, index, value))));
	table_cell(table, row->unit);
	table_cell(table, parameter_origin_names[parameters->origins[index]]);
	table_cell(table, source ? source : row->meaning);
}

void parameters_show(const struct parameters *parameters, bool all, enum report_format format,
		     const struct report_style *style, struct text *into)
{
	static const struct column columns[] = {
		{ .title = "parameter" }, { .title = "value", .right = true },
		{ .title = "unit" },      { .title = "from" },
		{ .title = "source" },
	};
	SCOPED_ARENA(arena);
	TABLE(table, columns, &arena);

	for (unsigned i = 0; i < parameters->table->count; i++) {
		if (parameters->origins[i] != ORIGIN_DEFAULT)
			add_row(&table, parameters, i);
	}
	for (unsigned i = 0; all && i < parameters->table->count; i++) {
		if (parameters->origins[i] == ORIGIN_DEFAULT)
			add_row(&table, parameters, i);
	}
	if (table.count > 0)
		table_write(&table, format, style, into);
}

void parameters_pair(struct json_writer *writer, const struct parameters *parameters)
{
	json_key(writer, "parameters");
	json_open_array(writer);
	for (unsigned i = 0; i < parameters->table->count; i++) {
		const struct parameter_row *row = &parameters->table->rows[i];
		const char *source = parameters->sources[i];

		json_open_object(writer);
		json_pair_string(writer, "name", row->name);
		json_key(writer, "value");
		json_put_number(writer, parameters->values[i].value);
		json_key(writer, "low");
		json_put_number(writer, parameters->values[i].low);
		json_key(writer, "high");
		json_put_number(writer, parameters->values[i].high);
		json_pair_string(writer, "unit", row->unit);
		json_pair_string(writer, "origin", parameter_origin_names[parameters->origins[i]]);
		json_pair_string(writer, "source", source ? source : row->source);
		json_close_object(writer);
	}
	json_close_array(writer);
}
