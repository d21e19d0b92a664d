#include <string.h>

#include "standard/reading.h"

/* Grades with their thresholds, and the gates. */

static bool read_percent(const struct reading *from, const struct node *node, const char *field,
			 uint16_t *ret_permille)
{
	double value;

	/* Scores are written from 0 to 100, with one decimal at most. */
	if (!span_to_double(node->text, &value) || value < 0.0 || value > 100.0 ||
	    value * 10.0 > (double)(uint32_t)(value * 10.0 + 1e-9) + 1e-6)
		return node_fail(node, from->file, from->err, ERROR_INVALID,
				 "'%s' is '%.*s'; write a score from 0 to 100 with one decimal at "
				 "most",
				 field, SPAN_ARGS(node->text));
	*ret_permille = (uint16_t)(value * 10.0 + 1e-9);
	return true;
}

static bool read_bar_categories(const struct reading *from, const struct node *map,
				struct grade_bar *into)
{
	for (uint32_t i = 0; i < map->count; i++) {
		const struct node *key = &map->keys[i];
		int32_t category = standard_find_category(from->standard, key->text);

		if (category < 0)
			return node_fail(key, from->file, from->err, ERROR_MISSING,
					 "unknown category '%.*s'", SPAN_ARGS(key->text));
		if (map->items[i].kind != NODE_SCALAR)
			return node_fail(&map->items[i], from->file, from->err, ERROR_INVALID,
					 "a category's threshold is a score from 0 to 100");
		if (!read_percent(from, &map->items[i], "threshold",
				  &into->category_permille[category]))
			return false;
	}
	return true;
}

static bool read_bar_strength(const struct reading *from, const struct node *map,
			      struct grade_bar *into)
{
	static const struct node_field fields[] = {
		{ "at_least", NODE_SCALAR, true },
		{ "share", NODE_SCALAR, true },
	};

	if (!node_expect(map, from->file, fields, LENGTH(fields), from->err))
		return false;
	if (!strength_parse(node_find(map, "at_least")->text, &into->strength))
		return node_fail(map, from->file, from->err, ERROR_INVALID,
				 "'at_least' is one of E0, E1, E2, E3, E4");
	return reading_share(from, node_find(map, "share"), "share", 1000,
			     &into->strength_permille);
}

/* The overall threshold rises with what is known of the unit, from `from` to `to`; by less than
 * what settling an unknown as pass brings, or evidence could cost a grade. */
static bool read_bar_overall(const struct reading *from, const struct node *map,
			     struct grade_bar *into)
{
	static const struct node_field fields[] = {
		{ "from", NODE_SCALAR, true },
		{ "to", NODE_SCALAR, true },
	};

	if (!node_expect(map, from->file, fields, LENGTH(fields), from->err) ||
	    !read_percent(from, node_find(map, "from"), "from", &into->overall_from) ||
	    !read_percent(from, node_find(map, "to"), "to", &into->overall_to))
		return false;
	if (into->overall_to < into->overall_from ||
	    into->overall_to - into->overall_from >=
		    1000 - from->standard->presumption * 1000 / WORTH_ONE)
		return node_fail(
			map, from->file, from->err, ERROR_INVALID,
			"'to' is at least 'from' and less than 'from' + 100 - the presumption");
	return true;
}

static bool read_bar(const struct reading *from, const struct node *map, enum grade grade)
{
	static const struct node_field fields[] = {
		{ "id", NODE_SCALAR, true },     { "promise", NODE_SCALAR, true },
		{ "overall", NODE_MAP, true },   { "coverage", NODE_SCALAR, true },
		{ "strength", NODE_MAP, true },  { "categories", NODE_MAP, true },
		{ "reason", NODE_SCALAR, true },
	};
	struct grade_bar *into = &from->standard->bars[grade];

	if (!node_expect(map, from->file, fields, LENGTH(fields), from->err))
		return false;
	if (!span_is(node_find(map, "id")->text, grade_names[grade]))
		return node_fail(map, from->file, from->err, ERROR_INVALID,
				 "expected the grade %s here; list them from the best down",
				 grade_names[grade]);
	return reading_text(from, map, "promise", &into->promise) &&
	       reading_text(from, map, "reason", &into->reason) &&
	       read_bar_overall(from, node_find(map, "overall"), into) &&
	       reading_share(from, node_find(map, "coverage"), "coverage", 1000,
			     &into->coverage_permille) &&
	       read_bar_strength(from, node_find(map, "strength"), into) &&
	       read_bar_categories(from, node_find(map, "categories"), into);
}

/* A higher grade demands at least what a lower one does: otherwise "the highest whose thresholds
 * hold" would skip grades, and a better score could lose one. */
static bool check_order(const struct reading *from, const struct node *list)
{
	const struct grade_bar *lowest = &from->standard->bars[0];
	bool demands = lowest->overall_to || lowest->coverage_permille || lowest->strength_permille;

	for (int g = GRADE_COUNT - 1; g > 0; g--) {
		const struct grade_bar *high = &from->standard->bars[g];
		const struct grade_bar *low = &from->standard->bars[g - 1];
		bool falls = high->overall_from >= low->overall_from &&
			     high->overall_to >= low->overall_to &&
			     high->coverage_permille >= low->coverage_permille &&
			     high->strength >= low->strength &&
			     high->strength_permille >= low->strength_permille;

		for (uint32_t c = 0; c < from->standard->category_count; c++)
			falls = falls && high->category_permille[c] >= low->category_permille[c];
		if (!falls)
			return node_fail(list, from->file, from->err, ERROR_INVALID,
					 "%s demands less than %s in one threshold; a higher grade "
					 "demands at least as much everywhere",
					 grade_names[g], grade_names[g - 1]);
	}
	for (uint32_t c = 0; c < from->standard->category_count; c++)
		demands = demands || lowest->category_permille[c];
	if (demands)
		return node_fail(list, from->file, from->err, ERROR_INVALID,
				 "%s demands nothing: set its thresholds to 0", grade_names[0]);
	return true;
}

static bool read_silence(const struct reading *from, const struct node *node, struct gate *into)
{
	if (!span_is(node->text, "open") && !span_is(node->text, "caps"))
		return node_fail(node, from->file, from->err, ERROR_INVALID,
				 "'silence' is '%.*s'; it is open or caps", SPAN_ARGS(node->text));
	into->silence = span_is(node->text, "caps") ? SILENCE_CAPS : SILENCE_OPEN;
	return true;
}

static bool find_gate_names(const struct reading *from, const struct node *map, struct gate *into)
{
	const struct node *name = node_find(map, "criterion"), *cap = node_find(map, "cap");
	int32_t criterion = standard_find_criterion(from->standard, name->text);

	if (criterion < 0)
		return node_fail(name, from->file, from->err, ERROR_MISSING,
				 "unknown criterion '%.*s'; the nearest is '%s'",
				 SPAN_ARGS(name->text),
				 standard_nearest(from->standard, name->text)->id);
	if (standard_gate_of(from->standard, (uint32_t)criterion) >= 0)
		return node_fail(name, from->file, from->err, ERROR_CONFLICT,
				 "criterion '%.*s' has a gate already", SPAN_ARGS(name->text));
	into->criterion = (uint32_t)criterion;
	if (!grade_parse(cap->text, &into->cap) || into->cap == GRADE_PLATINUM)
		return node_fail(cap, from->file, from->err, ERROR_INVALID,
				 "'cap' is '%.*s'; it is a grade below %s", SPAN_ARGS(cap->text),
				 grade_names[GRADE_PLATINUM]);
	return true;
}

static bool read_gate(const struct reading *from, const struct node *map)
{
	static const struct node_field fields[] = {
		{ "id", NODE_SCALAR, true },      { "criterion", NODE_SCALAR, true },
		{ "below", NODE_SCALAR, true },   { "cap", NODE_SCALAR, true },
		{ "silence", NODE_SCALAR, true }, { "rate", NODE_SCALAR, true },
		{ "title", NODE_SCALAR, true },   { "reason", NODE_SCALAR, true },
		{ "clears", NODE_SCALAR, true },
	};
	struct gate *into = &from->standard->gates[from->standard->gate_count];

	if (!node_expect(map, from->file, fields, LENGTH(fields), from->err) ||
	    !reading_name(from, map, "id", &into->id) ||
	    !reading_text(from, map, "title", &into->title) ||
	    !reading_text(from, map, "reason", &into->reason) ||
	    !reading_text(from, map, "clears", &into->clears) ||
	    !find_gate_names(from, map, into) ||
	    !read_silence(from, node_find(map, "silence"), into) ||
	    !reading_share(from, node_find(map, "below"), "below", WORTH_ONE, &into->below) ||
	    !reading_share(from, node_find(map, "rate"), "rate", 1000, &into->rate_permille))
		return false;
	if (into->below == 0)
		return node_fail(map, from->file, from->err, ERROR_INVALID,
				 "gate '%s' is below 0: it can never fail", into->id);
	for (uint32_t i = 0; i < from->standard->gate_count; i++)
		if (strcmp(from->standard->gates[i].id, into->id) == 0)
			return node_fail(map, from->file, from->err, ERROR_CONFLICT,
					 "gate '%s' is there twice", into->id);
	from->standard->gate_count++;
	return true;
}

bool standard_read_grades(const struct reading *from, const struct node *map)
{
	static const struct node_field fields[] = {
		{ "schema", NODE_SCALAR, true },
		{ "grades", NODE_LIST, true },
		{ "gates", NODE_LIST, true },
	};
	const struct node *grades, *gates;

	if (!node_expect(map, from->file, fields, LENGTH(fields), from->err))
		return false;
	grades = node_find(map, "grades");
	gates = node_find(map, "gates");
	if (grades->count != GRADE_COUNT)
		return node_fail(grades, from->file, from->err, ERROR_INVALID,
				 "%u grades; there are %d", grades->count, GRADE_COUNT);
	for (uint32_t i = 0; i < GRADE_COUNT; i++)
		if (!read_bar(from, &grades->items[i], (enum grade)(GRADE_COUNT - 1 - i)))
			return false;
	if (!check_order(from, grades))
		return false;
	if (gates->count > GATES_MAXIMUM)
		return node_fail(gates, from->file, from->err, ERROR_LIMIT,
				 "%u gates; the limit is %d", gates->count, GATES_MAXIMUM);
	for (uint32_t i = 0; i < gates->count; i++)
		if (!read_gate(from, &gates->items[i]))
			return false;
	return true;
}
