#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/yaml.h"
#include "rating/rating.h"

static int compare_references(const void *a, const void *b)
{
	return strcmp(((const struct reference_grade *)a)->provider,
		      ((const struct reference_grade *)b)->provider);
}

static bool read_grades(const struct node *map, const char *file, struct arena *arena,
			struct reference *reference, struct error *err)
{
	reference->grades = ARENA_ARRAY(arena, struct reference_grade, map->count);
	reference->count = map->count;
	for (uint32_t i = 0; i < map->count; i++) {
		struct reference_grade *into = &reference->grades[i];

		if (map->items[i].kind != NODE_SCALAR ||
		    !grade_parse(map->items[i].text, &into->grade))
			return node_fail(
				&map->items[i], file, err, ERROR_INVALID,
				"'%.*s' has no grade; it is one of Platinum, Gold, Silver, "
				"Bronze, UnderPerform",
				SPAN_ARGS(map->keys[i].text));
		into->provider = arena_string(arena, map->keys[i].text);
	}
	if (map->count > 0)
		qsort(reference->grades, map->count, sizeof(*reference->grades),
		      compare_references);
	return true;
}

bool reference_load(struct span text, const char *file, struct arena *arena,
		    struct reference *ret_reference, struct error *err)
{
	static const struct node_field fields[] = {
		{ "schema", NODE_SCALAR, true },    { "edition", NODE_SCALAR, true },
		{ "published", NODE_SCALAR, true }, { "source", NODE_SCALAR, true },
		{ "note", NODE_SCALAR, false },     { "grades", NODE_MAP, true },
	};
	struct reference reference = { 0 };
	const struct node *root, *schema;

	if (!yaml_read(text, file, arena, &root, err))
		return false;
	schema = node_find(root, "schema");
	if (schema && schema->kind == NODE_SCALAR && !span_is(schema->text, "assay/reference/v1"))
		return node_fail(schema, file, err, ERROR_UNSUPPORTED,
				 "schema '%.*s' is not known here; this version reads "
				 "assay/reference/v1",
				 SPAN_ARGS(schema->text));
	if (!node_expect(root, file, fields, sizeof(fields) / sizeof(fields[0]), err))
		return false;
	reference.edition = arena_string(arena, node_find(root, "edition")->text);
	reference.source = arena_string(arena, node_find(root, "source")->text);
	if (!date_parse(node_find(root, "published")->text, &reference.published))
		return node_fail(node_find(root, "published"), file, err, ERROR_INVALID,
				 "'published' is not a day; write YYYY-MM-DD");
	if (!read_grades(node_find(root, "grades"), file, arena, &reference, err))
		return false;
	*ret_reference = reference;
	return true;
}

/* Kendall's tau-b of the confusion matrix: concordant less discordant pairs over the geometric
 * mean of the pairs that each side tells apart. */
static double tau_b(const uint32_t table[GRADE_COUNT][GRADE_COUNT])
{
	double balance = 0.0, apart_rows = 0.0, apart_columns = 0.0;

	for (int a = 0; a < GRADE_COUNT * GRADE_COUNT; a++) {
		for (int b = 0; b < GRADE_COUNT * GRADE_COUNT; b++) {
			int rows = (a / GRADE_COUNT > b / GRADE_COUNT) -
				   (a / GRADE_COUNT < b / GRADE_COUNT);
			int columns = (a % GRADE_COUNT > b % GRADE_COUNT) -
				      (a % GRADE_COUNT < b % GRADE_COUNT);
			double pairs = (double)table[a / GRADE_COUNT][a % GRADE_COUNT] *
				       table[b / GRADE_COUNT][b % GRADE_COUNT];

			balance += pairs * rows * columns;
			apart_rows += pairs * (rows != 0);
			apart_columns += pairs * (columns != 0);
		}
	}
	return balance / sqrt(apart_rows * apart_columns);
}

void agreement_of(const struct rating *rating, const struct reference *reference,
		  struct agreement *ret_agreement)
{
	struct agreement result = { 0 };

	for (uint32_t i = 0; i < reference->count; i++) {
		const struct reference_grade *theirs = &reference->grades[i];
		const struct provider *ours = rating_find(rating, theirs->provider);
		int apart;

		if (!ours || !provider_unit(ours)->rated) {
			result.missing++;
			continue;
		}
		apart = abs((int)theirs->grade - (int)provider_grade(ours));
		result.compared++;
		result.exact += apart == 0;
		result.within_one += apart <= 1;
		result.confusion[theirs->grade][provider_grade(ours)]++;
	}
	result.kendall = tau_b((const uint32_t(*)[GRADE_COUNT])result.confusion);
	*ret_agreement = result;
}
