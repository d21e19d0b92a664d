#include "model/causes.h"

static bool read_number(const struct node *map, const char *field, double otherwise,
			const char *file, double *ret_value, struct error *err)
{
	const struct node *node = node_find(map, field);

	*ret_value = otherwise;
	if (!node)
		return true;
	if (!span_to_double(node->text, ret_value) || *ret_value < 0 || *ret_value > NODES_MAXIMUM)
		return node_fail(node, file, err, ERROR_INVALID,
				 "%s '%.*s' is not a number from 0 to %d", field,
				 SPAN_ARGS(node->text), NODES_MAXIMUM);
	return true;
}

static bool read_one(const struct node *map, const char *file, struct arena *arena,
		     struct failure_cause *ret_cause, struct error *err)
{
	static const struct node_field fields[] = {
		{ .name = "cause", .kind = NODE_SCALAR, .required = true },
		{ .name = "count", .kind = NODE_SCALAR, .required = true },
		{ .name = "nodes", .kind = NODE_SCALAR },
	};
	double nodes;

	if (!node_expect(map, file, fields, sizeof(fields) / sizeof(fields[0]), err) ||
	    !read_number(map, "count", 0, file, &ret_cause->share, err) ||
	    !read_number(map, "nodes", 1, file, &nodes, err))
		return false;
	ret_cause->name = arena_string(arena, node_find(map, "cause")->text);
	ret_cause->nodes = (uint32_t)nodes;
	return true;
}

bool causes_read(const struct node *list, const char *file, struct arena *arena,
		 const struct failure_cause **ret_causes, unsigned *ret_count, struct error *err)
{
	struct failure_cause *causes = ARENA_ARRAY(arena, struct failure_cause, list->count);
	double sum = 0;

	if (list->count == 0 || list->count > CAUSES_MAXIMUM)
		return node_fail(list, file, err, ERROR_LIMIT, "give 1 to %d causes, not %u",
				 CAUSES_MAXIMUM, list->count);
	for (uint32_t i = 0; i < list->count; i++) {
		if (!read_one(&list->items[i], file, arena, &causes[i], err))
			return false;
		sum += causes[i].share;
	}
	if (!(sum > 0))
		return node_fail(list, file, err, ERROR_INVALID, "no cause has a count above 0");
	for (uint32_t i = 0; i < list->count; i++)
		causes[i].share /= sum;
	*ret_causes = causes;
	*ret_count = list->count;
	return true;
}

double causes_mean_nodes(const struct failure_cause *causes, unsigned count)
{
	double mean = causes ? 0 : 1;

	for (unsigned i = 0; i < count && causes; i++)
		mean += causes[i].share * causes[i].nodes;
	return mean;
}
