#include <string.h>

#include "standard/reading.h"

/* One file of criteria: the questions of one category. */

/* Beyond it the difference of two points may be infinite, and what lies between them no number. */
static const double POINT_MAXIMUM = 1e15;

const char *const settlement_way_names[] = {
	[SETTLED_BY_DOCUMENT] = "document",
	[SETTLED_BY_ANSWER] = "answer",
	[SETTLED_BY_CHECK] = "check",
	[SETTLED_BY_PRICE] = "price",
	[SETTLED_BY_MEASUREMENT] = "measurement",
};

static bool read_measurement(const struct reading *from, const struct node *map,
			     struct settlement_source *into)
{
	static const struct node_field fields[] = {
		{ "name", NODE_SCALAR, true },
		{ "from", NODE_SCALAR, true },
	};

	return node_expect(map, from->file, fields, LENGTH(fields), from->err) &&
	       reading_text(from, map, "name", &into->name) &&
	       reading_text(from, map, "from", &into->text);
}

/* A name alone, or with what of its findings settles: a node without a fault does not show that its
 * provider watches for it, a node with one shows that it does not. */
static bool read_check(const struct reading *from, const struct node *map,
		       struct settlement_source *into)
{
	static const struct node_field fields[] = {
		{ "name", NODE_SCALAR, true },
		{ "settles", NODE_SCALAR, true },
	};
	const struct node *check = &map->items[0], *settles;

	if (check->kind != NODE_MAP)
		return reading_text(from, map, "check", &into->name);
	if (!node_expect(check, from->file, fields, LENGTH(fields), from->err))
		return false;
	settles = node_find(check, "settles");
	if (!span_is(settles->text, "faults"))
		return node_fail(
			settles, from->file, from->err, ERROR_INVALID,
			"'settles' is '%.*s'; it is 'faults', or the check's name stands alone",
			SPAN_ARGS(settles->text));
	into->faults_only = true;
	into->text = "only its faults; a pass does not show what the provider watches";
	return reading_text(from, check, "name", &into->name);
}

static bool read_way(const struct reading *from, const struct node *map,
		     struct settlement_source *into)
{
	unsigned way = 0;

	if (map->kind != NODE_MAP || map->count != 1)
		return node_fail(map, from->file, from->err, ERROR_INVALID,
				 "each item of 'settled_by' is one pair such as 'document: …'");
	while (way < SETTLED_BY_COUNT && !span_is(map->keys[0].text, settlement_way_names[way]))
		way++;
	if (way == SETTLED_BY_COUNT)
		return node_fail(&map->keys[0], from->file, from->err, ERROR_INVALID,
				 "unknown way '%.*s'; it is document, answer, check, price or "
				 "measurement",
				 SPAN_ARGS(map->keys[0].text));
	into->way = (enum settlement_way)way;
	if (way == SETTLED_BY_MEASUREMENT)
		return read_measurement(from, &map->items[0], into);
	if (way == SETTLED_BY_CHECK)
		return read_check(from, map, into);
	return reading_text(from, map, settlement_way_names[way], &into->text);
}

static bool read_ways(const struct reading *from, const struct node *list, struct criterion *into)
{
	struct settlement_source *ways =
		ARENA_ARRAY(from->arena, struct settlement_source, list->count);

	if (list->count == 0)
		return node_fail(
			list, from->file, from->err, ERROR_INVALID,
			"criterion '%s' is settled by nothing; name a document, an answer, "
			"a check, a price or a measurement",
			into->id);
	for (uint32_t i = 0; i < list->count; i++)
		if (!read_way(from, &list->items[i], &ways[i]))
			return false;
	into->ways = ways;
	into->way_count = list->count;
	return true;
}

static bool read_answer(const struct reading *from, const struct node *map, struct answer *into)
{
	static const struct node_field fields[] = {
		{ "answer", NODE_SCALAR, true },
		{ "worth", NODE_SCALAR, true },
		{ "means", NODE_SCALAR, true },
	};

	return node_expect(map, from->file, fields, LENGTH(fields), from->err) &&
	       reading_text(from, map, "answer", &into->name) &&
	       reading_text(from, map, "means", &into->means) &&
	       reading_share(from, node_find(map, "worth"), "worth", WORTH_ONE, &into->worth);
}

static bool read_answers(const struct reading *from, const struct node *list,
			 struct criterion *into)
{
	struct answer *answers = ARENA_ARRAY(from->arena, struct answer, list->count);

	if (list->count < 2 || list->count > ANSWERS_MAXIMUM)
		return node_fail(list, from->file, from->err, ERROR_INVALID,
				 "criterion '%s' has %u answers; there are 2 to %d", into->id,
				 list->count, ANSWERS_MAXIMUM);
	for (uint32_t i = 0; i < list->count; i++) {
		if (!read_answer(from, &list->items[i], &answers[i]))
			return false;
		if (i > 0 && answers[i].worth <= answers[i - 1].worth)
			return node_fail(&list->items[i], from->file, from->err, ERROR_INVALID,
					 "answer '%s' is not worth more than the one before; list "
					 "them from worst to best",
					 answers[i].name);
		for (uint32_t k = 0; k < i; k++)
			if (strcmp(answers[k].name, answers[i].name) == 0)
				return node_fail(&list->items[i], from->file, from->err,
						 ERROR_CONFLICT, "answer '%s' is there twice",
						 answers[i].name);
	}
	if (answers[0].worth != 0 || answers[list->count - 1].worth != WORTH_ONE)
		return node_fail(list, from->file, from->err, ERROR_INVALID,
				 "the worst answer is worth 0 and the best 1");
	into->answers = answers;
	into->answer_count = list->count;
	return true;
}

static bool read_point(const struct reading *from, const struct node *map,
		       struct measure_point *into)
{
	static const struct node_field fields[] = {
		{ "at", NODE_SCALAR, true },
		{ "worth", NODE_SCALAR, true },
	};

	if (!node_expect(map, from->file, fields, LENGTH(fields), from->err))
		return false;
	if (!span_to_double(node_find(map, "at")->text, &into->at) || into->at < -POINT_MAXIMUM ||
	    into->at > POINT_MAXIMUM)
		return node_fail(map, from->file, from->err, ERROR_INVALID,
				 "'at' is not a number from -1e15 to 1e15");
	return reading_share(from, node_find(map, "worth"), "worth", WORTH_ONE, &into->worth);
}

/* A line that goes one way, from 0 to 1 or from 1 to 0. */
static bool check_points(const struct reading *from, const struct node *list,
			 const struct measure_point *points, uint32_t count)
{
	bool rises = points[count - 1].worth > points[0].worth;

	for (uint32_t i = 1; i < count; i++) {
		if (points[i].at <= points[i - 1].at)
			return node_fail(&list->items[i], from->file, from->err, ERROR_INVALID,
					 "'at' does not rise; list the points by value");
		if (rises ? points[i].worth < points[i - 1].worth
			  : points[i].worth > points[i - 1].worth)
			return node_fail(&list->items[i], from->file, from->err, ERROR_INVALID,
					 "worths go up and down; a measure gets better one way");
	}
	if (points[rises ? 0 : count - 1].worth != 0 ||
	    points[rises ? count - 1 : 0].worth != WORTH_ONE)
		return node_fail(list, from->file, from->err, ERROR_INVALID,
				 "the line's ends are worth 0 and 1");
	return true;
}

static bool read_measure(const struct reading *from, const struct node *map, struct criterion *into)
{
	static const struct node_field fields[] = {
		{ "unit", NODE_SCALAR, true },
		{ "points", NODE_LIST, true },
	};
	const struct node *list;
	struct measure_point *points;

	if (!node_expect(map, from->file, fields, LENGTH(fields), from->err) ||
	    !reading_text(from, map, "unit", &into->unit))
		return false;
	list = node_find(map, "points");
	if (list->count < 2 || list->count > POINTS_MAXIMUM)
		return node_fail(list, from->file, from->err, ERROR_INVALID,
				 "%u points; a measure has 2 to %d", list->count, POINTS_MAXIMUM);
	points = ARENA_ARRAY(from->arena, struct measure_point, list->count);
	for (uint32_t i = 0; i < list->count; i++)
		if (!read_point(from, &list->items[i], &points[i]))
			return false;
	into->points = points;
	into->point_count = list->count;
	return check_points(from, list, points, list->count);
}

static bool read_profiles(const struct reading *from, const struct node *node,
			  struct criterion *into)
{
	if (node->kind == NODE_SCALAR && span_is(node->text, "all")) {
		into->profiles = (1u << from->standard->profile_count) - 1;
		return true;
	}
	if (node->kind != NODE_LIST || node->count == 0)
		return node_fail(node, from->file, from->err, ERROR_INVALID,
				 "'profiles' is 'all' or a list of profiles");
	for (uint32_t i = 0; i < node->count; i++) {
		int32_t profile = standard_find_profile(from->standard, node->items[i].text);

		if (profile < 0)
			return node_fail(&node->items[i], from->file, from->err, ERROR_MISSING,
					 "unknown profile '%.*s'", SPAN_ARGS(node->items[i].text));
		into->profiles |= 1u << profile;
	}
	return true;
}

static bool read_texts(const struct reading *from, const struct node *map, struct criterion *into)
{
	if (!reading_text(from, map, "title", &into->title) ||
	    !reading_text(from, map, "question", &into->question) ||
	    !reading_text(from, map, "why", &into->why) ||
	    !reading_text(from, map, "reason", &into->reason))
		return false;
	if (node_find(map, "not_applicable") &&
	    !reading_text(from, map, "not_applicable", &into->not_applicable))
		return false;
	return !node_find(map, "vendor") || reading_text(from, map, "vendor", &into->vendor);
}

static bool read_numbers(const struct reading *from, const struct node *map, struct criterion *into)
{
	uint32_t weight, effort;
	const struct node *strength = node_find(map, "strength");

	if (!reading_whole(from, map, "weight", 1, WEIGHT_MAXIMUM, &weight) ||
	    !reading_whole(from, map, "effort", 1, EFFORT_MAXIMUM, &effort) ||
	    !reading_whole(from, map, "expiry", 1, 3650, &into->expiry_days))
		return false;
	into->weight = (uint16_t)weight;
	into->effort = (uint8_t)effort;
	if (!strength_parse(strength->text, &into->strength))
		return node_fail(strength, from->file, from->err, ERROR_INVALID,
				 "'strength' is one of E0, E1, E2, E3, E4");
	return true;
}

static bool read_scale(const struct reading *from, const struct node *map, struct criterion *into)
{
	const struct node *answers = node_find(map, "answers");
	const struct node *measure = node_find(map, "measure");

	if (!answers == !measure)
		return node_fail(map, from->file, from->err, ERROR_INVALID,
				 "criterion '%s' needs either 'answers' or 'measure'", into->id);
	return answers ? read_answers(from, answers, into) : read_measure(from, measure, into);
}

static bool read_id(const struct reading *from, const struct node *map, const char *category,
		    struct criterion *into)
{
	const struct node *id = node_find(map, "id");
	size_t length = strlen(category);
	bool good = id->text.length > length + 1 && id->text.length <= 80 &&
		    span_starts(id->text, category) && id->text.at[length] == '.';

	/* The id is a file name of the site and a word on the command line. */
	for (size_t i = length + 1; good && i < id->text.length; i++) {
		char c = id->text.at[i];

		good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
	}
	if (!good)
		return node_fail(id, from->file, from->err, ERROR_INVALID,
				 "id '%.*s' is not '%s.' and lower-case letters, digits and '-'",
				 SPAN_ARGS(id->text), category);
	into->id = arena_string(from->arena, id->text);
	return true;
}

static bool read_criterion(const struct reading *from, const struct node *map, uint16_t category,
			   struct criterion *into, const char **ret_parent)
{
	static const struct node_field fields[] = {
		{ "id", NODE_SCALAR, true },       { "title", NODE_SCALAR, true },
		{ "question", NODE_SCALAR, true }, { "why", NODE_SCALAR, true },
		{ "settled_by", NODE_LIST, true }, { "answers", NODE_LIST, false },
		{ "measure", NODE_MAP, false },    { "weight", NODE_SCALAR, true },
		{ "reason", NODE_SCALAR, true },   { "expiry", NODE_SCALAR, true },
		{ "strength", NODE_SCALAR, true }, { "effort", NODE_SCALAR, true },
		{ "parent", NODE_SCALAR, false },  { "not_applicable", NODE_SCALAR, false },
		{ "vendor", NODE_SCALAR, false },  { "profiles", NODE_ANY, true },
	};

	if (!node_expect(map, from->file, fields, LENGTH(fields), from->err))
		return false;
	into->category = category;
	into->file = from->file;
	into->line = map->line;
	into->parent = -1;
	if (!read_id(from, map, from->standard->categories[category].id, into) ||
	    !read_texts(from, map, into) || !read_numbers(from, map, into) ||
	    !read_scale(from, map, into) || !read_ways(from, node_find(map, "settled_by"), into) ||
	    !read_profiles(from, node_find(map, "profiles"), into))
		return false;
	return !node_find(map, "parent") || reading_text(from, map, "parent", ret_parent);
}

uint32_t standard_count_criteria(const struct node *map)
{
	const struct node *list = node_find(map, "criteria");

	return list && list->kind == NODE_LIST ? list->count : 0;
}

bool standard_read_criteria(const struct reading *from, const struct node *map,
			    const char **parents, uint32_t *count)
{
	static const struct node_field fields[] = {
		{ "schema", NODE_SCALAR, true },
		{ "category", NODE_SCALAR, true },
		{ "criteria", NODE_LIST, true },
	};
	const struct node *name, *list;
	int32_t category;

	if (!node_expect(map, from->file, fields, LENGTH(fields), from->err))
		return false;
	name = node_find(map, "category");
	list = node_find(map, "criteria");
	category = standard_find_category(from->standard, name->text);
	if (category < 0)
		return node_fail(name, from->file, from->err, ERROR_MISSING,
				 "unknown category '%.*s'", SPAN_ARGS(name->text));
	for (uint32_t i = 0; i < list->count; i++) {
		if (!read_criterion(from, &list->items[i], (uint16_t)category,
				    &from->standard->criteria[*count], &parents[*count]))
			return false;
		++*count;
	}
	return true;
}
