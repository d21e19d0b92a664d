#include "report/quantity.h"

#include <math.h>
#include <string.h>

#include "report/phrase.h"

enum {
	GROUP = 3,
	PLACES = 6, /* behind the point, of figures for programs */
};

const char *quantity_text(struct quantity quantity, unsigned decimals, struct arena *arena)
{
	const char *value = decimal_text(quantity.value, decimals, arena);
	const char *low = decimal_text(quantity.low, decimals, arena);
	const char *high = decimal_text(quantity.high, decimals, arena);

	return strcmp(low, high) == 0 ? value : arena_format(arena, "%s [%s-%s]", value, low, high);
}

const char *quantity_percent_text(struct quantity quantity, struct arena *arena)
{
	struct quantity percent = { 100 * quantity.value, 100 * quantity.low, 100 * quantity.high };
	const char *text = quantity_text(percent, 0, arena);
	const char *rest = strchr(text, ' ');
	size_t head = rest ? (size_t)(rest - text) : strlen(text);

	return arena_format(arena, "%.*s%%%s", (int)head, text, rest ? rest : "");
}

const char *whole_text(double value, struct arena *arena)
{
	if (!isfinite(value))
		return "-";

	const char *digits = decimal_text(fabs(value), 0, arena);
	size_t count = strlen(digits);
	SCOPED_TEXT(text);

	if (value < 0 && strcmp(digits, "0") != 0)
		text_add_char(&text, '-');
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && (count - i) % GROUP == 0)
			text_add_char(&text, ',');
		text_add_char(&text, digits[i]);
	}
	return arena_string(arena, text_span(&text));
}

void json_pair_quantity(struct json_writer *writer, const char *key, struct quantity quantity,
			unsigned decimals)
{
	json_key(writer, key);
	json_open_object(writer);
	json_pair_decimal(writer, "value", quantity.value, decimals);
	json_pair_decimal(writer, "low", quantity.low, decimals);
	json_pair_decimal(writer, "high", quantity.high, decimals);
	json_close_object(writer);
}

const struct column figure_columns[] = {
	{ .title = "part" },  { .title = "name" }, { .title = "unit" },
	{ .title = "value" }, { .title = "low" },  { .title = "high" },
};

static const char *figure_text(double value, struct arena *arena)
{
	return isfinite(value) ? decimal_text(value, PLACES, arena) : "";
}

void figure_add(struct table *table, struct figure figure)
{
	struct arena *arena = table->arena;
	bool range = quantity_is_range(figure.value);

	table_cell(table, figure.part);
	table_cell(table, figure.name);
	table_cell(table, figure.unit);
	table_cell(table, figure_text(figure.value.value, arena));
	table_cell(table, range ? figure_text(figure.value.low, arena) : "");
	table_cell(table, range ? figure_text(figure.value.high, arena) : "");
}
