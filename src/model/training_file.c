#include "model/training_file.h"

#include "base/yaml.h"

/* What reading carries along. */
struct reading {
	const char *file;
	struct arena *arena;
	struct error *err;
};

#define COUNT_OF(fields) (sizeof(fields) / sizeof((fields)[0]))

/* A name, or a map of `preset` and `set`. */
static bool read_choice(const struct reading *reading, const struct node *node,
			struct training_choice *ret_choice)
{
	static const struct node_field fields[] = {
		{ .name = "preset", .kind = NODE_SCALAR },
		{ .name = "set", .kind = NODE_MAP },
	};
	const struct node *name = node;

	if (node->kind != NODE_SCALAR) {
		if (!node_expect(node, reading->file, fields, COUNT_OF(fields), reading->err))
			return false;
		name = node_find(node, "preset");
	}
	if (name && name->text.length == 0)
		return node_fail(name, reading->file, reading->err, ERROR_INVALID,
				 "a preset has an empty name");
	*ret_choice = (struct training_choice){
		.preset = name ? arena_string(reading->arena, name->text) : NULL,
		.set = node_find(node, "set"),
	};
	return true;
}

static bool read_case(const struct reading *reading, const struct node *node,
		      struct training_case *ret_case)
{
	static const struct node_field fields[] = {
		{ .name = "model", .kind = NODE_ANY, .required = true },
		{ .name = "a", .kind = NODE_ANY, .required = true },
		{ .name = "b", .kind = NODE_ANY, .required = true },
	};

	return node_expect(node, reading->file, fields, COUNT_OF(fields), reading->err) &&
	       read_choice(reading, node_find(node, "model"), &ret_case->model) &&
	       read_choice(reading, node_find(node, "a"), &ret_case->a) &&
	       read_choice(reading, node_find(node, "b"), &ret_case->b);
}

/* [bytes, microseconds] */
static bool read_timing(const struct reading *reading, const struct node *node,
			struct timing *ret_timing)
{
	double *const places[] = { &ret_timing->bytes, &ret_timing->time_us };

	if (node->kind != NODE_LIST || node->count != 2)
		return node_fail(node, reading->file, reading->err, ERROR_INVALID,
				 "a point is [bytes, microseconds]");
	for (int i = 0; i < 2; i++) {
		const struct node *number = &node->items[i];

		if (number->kind != NODE_SCALAR || !span_to_double(number->text, places[i]))
			return node_fail(number, reading->file, reading->err, ERROR_INVALID,
					 "a point is two numbers, [bytes, microseconds]");
	}
	return true;
}

static bool read_timings(const struct reading *reading, const struct node *list,
			 struct training_curve *curve)
{
	struct timing *timings = ARENA_ARRAY(reading->arena, struct timing, list->count);

	if (list->count > TIMINGS_MAXIMUM)
		return node_fail(list, reading->file, reading->err, ERROR_LIMIT,
				 "%u points; %d at most", list->count, TIMINGS_MAXIMUM);
	for (uint32_t i = 0; i < list->count; i++) {
		if (!read_timing(reading, &list->items[i], &timings[i]))
			return false;
	}
	curve->timings = timings;
	curve->timing_count = list->count;
	return true;
}

static bool read_curve(const struct reading *reading, const struct node *node,
		       struct training_curve *ret_curve)
{
	static const struct node_field fields[] = {
		{ .name = "title", .kind = NODE_SCALAR, .required = true },
		{ .name = "network", .kind = NODE_ANY, .required = true },
		{ .name = "collective", .kind = NODE_SCALAR, .required = true },
		{ .name = "gpus", .kind = NODE_SCALAR, .required = true },
		{ .name = "points", .kind = NODE_LIST, .required = true },
	};
	uint64_t gpus = 0;

	if (!node_expect(node, reading->file, fields, COUNT_OF(fields), reading->err) ||
	    !read_choice(reading, node_find(node, "network"), &ret_curve->network))
		return false;

	const struct node *name = node_find(node, "collective");
	const struct node *number = node_find(node, "gpus");
	if (!collective_find(name->text, &ret_curve->collective))
		return node_fail(name, reading->file, reading->err, ERROR_INVALID,
				 "'%.*s' is no collective; write all-reduce, all-gather, "
				 "reduce-scatter, all-to-all, broadcast or send-receive",
				 SPAN_ARGS(name->text));
	if (!span_to_u64(number->text, &gpus) || gpus < 2 || gpus > 1000000)
		return node_fail(number, reading->file, reading->err, ERROR_INVALID,
				 "gpus '%.*s': give a whole number from 2 to 1000000",
				 SPAN_ARGS(number->text));
	ret_curve->title = arena_string(reading->arena, node_find(node, "title")->text);
	ret_curve->gpus = (unsigned)gpus;
	return read_timings(reading, node_find(node, "points"), ret_curve);
}

static bool read_cases(const struct reading *reading, const struct node *list,
		       struct training_file *file)
{
	uint32_t count = list ? list->count : 0;
	struct training_case *cases = ARENA_ARRAY(reading->arena, struct training_case, count);

	if (count > TRAINING_CASES_MAXIMUM)
		return node_fail(list, reading->file, reading->err, ERROR_LIMIT,
				 "%u cases; %d at most", count, TRAINING_CASES_MAXIMUM);
	for (uint32_t i = 0; i < count; i++) {
		if (!read_case(reading, &list->items[i], &cases[i]))
			return false;
	}
	file->cases = cases;
	file->case_count = count;
	return true;
}

static bool read_curves(const struct reading *reading, const struct node *list,
			struct training_file *file)
{
	uint32_t count = list ? list->count : 0;
	struct training_curve *curves = ARENA_ARRAY(reading->arena, struct training_curve, count);

	if (count > TRAINING_CURVES_MAXIMUM)
		return node_fail(list, reading->file, reading->err, ERROR_LIMIT,
				 "%u measured curves; %d at most", count, TRAINING_CURVES_MAXIMUM);
	for (uint32_t i = 0; i < count; i++) {
		if (!read_curve(reading, &list->items[i], &curves[i]))
			return false;
	}
	file->curves = curves;
	file->curve_count = count;
	return true;
}

bool training_file_read(struct span text, const char *file, struct arena *arena,
			struct training_file *ret_file, struct error *err)
{
	static const struct node_field fields[] = {
		{ .name = "schema", .kind = NODE_SCALAR, .required = true },
		{ .name = "cases", .kind = NODE_LIST },
		{ .name = "measured", .kind = NODE_LIST },
	};
	const struct reading reading = { .file = file, .arena = arena, .err = err };
	const struct node *root = NULL;

	if (!yaml_read(text, file, arena, &root, err))
		return false;

	const struct node *schema = node_find(root, "schema");
	if (schema && schema->kind == NODE_SCALAR && !span_is(schema->text, TRAINING_SCHEMA))
		return node_fail(schema, file, err, ERROR_UNSUPPORTED,
				 "schema '%.*s' is not " TRAINING_SCHEMA, SPAN_ARGS(schema->text));
	*ret_file = (struct training_file){ .name = file };
	if (!node_expect(root, file, fields, COUNT_OF(fields), err) ||
	    !read_cases(&reading, node_find(root, "cases"), ret_file) ||
	    !read_curves(&reading, node_find(root, "measured"), ret_file))
		return false;
	if (ret_file->case_count + ret_file->curve_count > 0)
		return true;
	return fail(err, ERROR_INVALID, "%s: it has neither cases nor measured curves", file);
}
