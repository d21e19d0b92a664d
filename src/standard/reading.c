#include "standard/reading.h"

#include <math.h>
#include <string.h>

enum {
	NAME_MAXIMUM = 40,
};

bool reading_text(const struct reading *from, const struct node *map, const char *field,
		  const char **ret_text)
{
	const struct node *node = node_find(map, field);

	if (!node)
		return node_fail(map, from->file, from->err, ERROR_INVALID,
				 "'%s' is missing; add it", field);
	if (span_trim(node->text).length == 0 || node->text.length > 2000)
		return node_fail(node, from->file, from->err, ERROR_INVALID,
				 "'%s' has %zu bytes; write 1 to 2000", field, node->text.length);
	*ret_text = arena_string(from->arena, node->text);
	return true;
}

bool reading_name(const struct reading *from, const struct node *map, const char *field,
		  const char **ret_name)
{
	const struct node *node = node_find(map, field);
	const char *name;

	if (!reading_text(from, map, field, &name))
		return false;
	if (node->text.length > NAME_MAXIMUM ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != node->text.length)
		return node_fail(node, from->file, from->err, ERROR_INVALID,
				 "'%s' is '%.*s'; write at most %d lower-case letters, digits and "
				 "'-'",
				 field, SPAN_ARGS(node->text), NAME_MAXIMUM);
	*ret_name = name;
	return true;
}

bool reading_whole(const struct reading *from, const struct node *map, const char *field,
		   uint32_t low, uint32_t high, uint32_t *ret_value)
{
	const struct node *node = node_find(map, field);
	uint64_t value;

	if (!node)
		return node_fail(map, from->file, from->err, ERROR_INVALID,
				 "'%s' is missing; add it", field);
	if (!span_to_u64(node->text, &value) || value < low || value > high)
		return node_fail(node, from->file, from->err, ERROR_INVALID,
				 "'%s' is '%.*s'; write a whole number from %u to %u", field,
				 SPAN_ARGS(node->text), low, high);
	*ret_value = (uint32_t)value;
	return true;
}

bool reading_share(const struct reading *from, const struct node *node, const char *field,
		   uint32_t parts, uint16_t *ret_value)
{
	double value, scaled;

	if (!span_to_double(node->text, &value) || value < 0.0 || value > 1.0)
		return node_fail(node, from->file, from->err, ERROR_INVALID,
				 "'%s' is '%.*s'; write a number from 0 to 1", field,
				 SPAN_ARGS(node->text));
	scaled = round(value * parts);
	if (fabs(scaled - value * parts) > 1e-6)
		return node_fail(node, from->file, from->err, ERROR_INVALID,
				 "'%s' is '%.*s'; it is kept in steps of 1/%u", field,
				 SPAN_ARGS(node->text), parts);
	*ret_value = (uint16_t)scaled;
	return true;
}
