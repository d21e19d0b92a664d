#include <string.h>

#include "standard/reading.h"

/* The head of a standard: name, presumption, strengths, profiles, categories. */

static bool read_strengths(const struct reading *from, const struct node *list)
{
	static const struct node_field fields[] = {
		{ "id", NODE_SCALAR, true },
		{ "title", NODE_SCALAR, true },
		{ "error", NODE_SCALAR, true },
		{ "reason", NODE_SCALAR, true },
	};

	if (list->count != STRENGTH_COUNT)
		return node_fail(list, from->file, from->err, ERROR_INVALID,
				 "%u strengths; there are %d, E0 to E4", list->count,
				 STRENGTH_COUNT);
	for (uint32_t i = 0; i < list->count; i++) {
		struct strength_class *into = &from->standard->strengths[i];
		const struct node *map = &list->items[i];

		if (!node_expect(map, from->file, fields, LENGTH(fields), from->err))
			return false;
		if (!span_is(node_find(map, "id")->text, strength_names[i]))
			return node_fail(map, from->file, from->err, ERROR_INVALID,
					 "strength %u is %s; list them from E0 to E4", i,
					 strength_names[i]);
		if (!reading_text(from, map, "title", &into->title) ||
		    !reading_text(from, map, "reason", &into->reason) ||
		    !reading_share(from, node_find(map, "error"), "error", 1000,
				   &into->error_permille))
			return false;
		if (i > 0 && into->error_permille > from->standard->strengths[i - 1].error_permille)
			return node_fail(
				map, from->file, from->err, ERROR_INVALID,
				"%s is wrong more often than %s; errors fall with strength",
				strength_names[i], strength_names[i - 1]);
	}
	return true;
}

static bool read_profiles(const struct reading *from, const struct node *list)
{
	static const struct node_field fields[] = {
		{ "id", NODE_SCALAR, true },
		{ "title", NODE_SCALAR, true },
	};

	if (list->count == 0 || list->count > PROFILES_MAXIMUM)
		return node_fail(list, from->file, from->err, ERROR_LIMIT,
				 "%u profiles; there are 1 to %d", list->count, PROFILES_MAXIMUM);
	for (uint32_t i = 0; i < list->count; i++) {
		struct profile *into = &from->standard->profiles[i];

		if (!node_expect(&list->items[i], from->file, fields, LENGTH(fields), from->err) ||
		    !reading_name(from, &list->items[i], "id", &into->id) ||
		    !reading_text(from, &list->items[i], "title", &into->title))
			return false;
		if (span_is(span_of(into->id), "all"))
			return node_fail(&list->items[i], from->file, from->err, ERROR_INVALID,
					 "'all' stands for every profile; give it another id");
		if (standard_find_profile(from->standard, span_of(into->id)) >= 0)
			return node_fail(&list->items[i], from->file, from->err, ERROR_CONFLICT,
					 "profile '%s' is there twice", into->id);
		from->standard->profile_count++;
	}
	return true;
}

/* What records before the dot of their `what` have that are about no criterion. */
static bool is_taken(const char *id)
{
	static const char *const words[] = { "claim", "node", "price" };

	for (size_t i = 0; i < LENGTH(words); i++) {
		if (strcmp(id, words[i]) == 0)
			return true;
	}
	return false;
}

static bool read_categories(const struct reading *from, const struct node *list)
{
	static const struct node_field fields[] = {
		{ "id", NODE_SCALAR, true },      { "title", NODE_SCALAR, true },
		{ "weight", NODE_SCALAR, true },  { "reason", NODE_SCALAR, true },
		{ "beside", NODE_SCALAR, false },
	};

	if (list->count == 0 || list->count > CATEGORIES_MAXIMUM)
		return node_fail(list, from->file, from->err, ERROR_LIMIT,
				 "%u categories; there are 1 to %d", list->count,
				 CATEGORIES_MAXIMUM);
	for (uint32_t i = 0; i < list->count; i++) {
		struct category *into = &from->standard->categories[i];
		const struct node *map = &list->items[i];
		const struct node *beside = node_find(map, "beside");
		uint32_t weight;

		if (!node_expect(map, from->file, fields, LENGTH(fields), from->err) ||
		    !reading_name(from, map, "id", &into->id) ||
		    !reading_text(from, map, "title", &into->title) ||
		    !reading_text(from, map, "reason", &into->reason) ||
		    !reading_whole(from, map, "weight", 1, WEIGHT_MAXIMUM, &weight))
			return false;
		if (beside && !span_is(beside->text, "true"))
			return node_fail(beside, from->file, from->err, ERROR_INVALID,
					 "'beside' is true, or left out");
		if (is_taken(into->id))
			return node_fail(
				map, from->file, from->err, ERROR_CONFLICT,
				"category '%s' would take the names of records that settle "
				"no criterion; choose another",
				into->id);
		if (standard_find_category(from->standard, span_of(into->id)) >= 0)
			return node_fail(map, from->file, from->err, ERROR_CONFLICT,
					 "category '%s' is there twice", into->id);
		into->weight = (uint16_t)weight;
		into->beside = beside != NULL;
		from->standard->category_count++;
	}
	return true;
}

bool standard_read_head(const struct reading *from, const struct node *map)
{
	static const struct node_field fields[] = {
		{ "schema", NODE_SCALAR, true },      { "name", NODE_SCALAR, true },
		{ "version", NODE_SCALAR, true },     { "date", NODE_SCALAR, true },
		{ "presumption", NODE_SCALAR, true }, { "weight_spread", NODE_SCALAR, true },
		{ "strengths", NODE_LIST, true },     { "profiles", NODE_LIST, true },
		{ "categories", NODE_LIST, true },
	};
	struct standard *into = from->standard;

	if (!node_expect(map, from->file, fields, LENGTH(fields), from->err) ||
	    !reading_text(from, map, "name", &into->name) ||
	    !reading_text(from, map, "version", &into->version))
		return false;
	if (!date_parse(node_find(map, "date")->text, &into->date))
		return node_fail(node_find(map, "date"), from->file, from->err, ERROR_INVALID,
				 "'date' is not a day; write YYYY-MM-DD");
	if (!reading_share(from, node_find(map, "presumption"), "presumption", WORTH_ONE,
			   &into->presumption) ||
	    !reading_share(from, node_find(map, "weight_spread"), "weight_spread", 1000,
			   &into->weight_spread_permille))
		return false;
	if (into->weight_spread_permille > SPREAD_MAXIMUM)
		return node_fail(node_find(map, "weight_spread"), from->file, from->err,
				 ERROR_LIMIT, "'weight_spread' is above 0.25");
	return read_strengths(from, node_find(map, "strengths")) &&
	       read_profiles(from, node_find(map, "profiles")) &&
	       read_categories(from, node_find(map, "categories"));
}
