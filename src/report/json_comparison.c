#include "report/contrast.h"
#include "report/json_parts.h"

static void pair_categories(struct json_writer *writer, const struct standard *standard,
			    const struct unit *a, const struct unit *b)
{
	json_key(writer, "categories");
	json_open_array(writer);
	for (uint32_t i = 0; i < standard->category_count; i++) {
		const struct category_score *scores[] = { &a->categories[i], &b->categories[i] };

		json_open_object(writer);
		json_pair_string(writer, "id", standard->categories[i].id);
		json_key(writer, "scores");
		json_open_array(writer);
		for (int j = 0; j < 2; j++) {
			if (scores[j]->applies)
				json_put_decimal(writer, 100 * scores[j]->point, SCORE_DECIMALS);
			else
				json_put_null(writer);
		}
		json_close_array(writer);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void put_side(struct json_writer *writer, const struct settlement *settlement)
{
	json_open_object(writer);
	json_pairs_settlement(writer, settlement);
	json_close_object(writer);
}

void comparison_json(const struct rating *rating, const struct provider *a,
		     const struct provider *b, struct text *into)
{
	SCOPED_ARENA(arena);
	struct json_writer writer = { .into = into, .indent = JSON_INDENT };
	const struct standard *standard = rating->request.standard;
	const struct provider *const pair[2] = { a, b };
	struct contrast *contrasts = NULL;
	uint32_t count = 0;

	contrasts_of(standard, provider_unit(a), provider_unit(b), &arena, &contrasts, &count);
	json_open_rating(&writer, "assay/comparison/v1", rating);
	json_key(&writer, "providers");
	json_open_array(&writer);
	for (int i = 0; i < 2; i++) {
		json_open_object(&writer);
		json_pairs_provider(&writer, rating, pair[i]);
		json_close_object(&writer);
	}
	json_close_array(&writer);
	pair_categories(&writer, standard, provider_unit(a), provider_unit(b));
	json_key(&writer, "criteria");
	json_open_array(&writer);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t criterion = contrasts[i].criterion;

		json_open_object(&writer);
		json_pair_string(&writer, "id", standard->criteria[criterion].id);
		json_pair_decimal(&writer, "points", contrasts[i].points, SCORE_DECIMALS);
		json_key(&writer, "stands");
		json_open_array(&writer);
		for (int j = 0; j < 2; j++)
			put_side(&writer, &provider_unit(pair[j])->settlements[criterion]);
		json_close_array(&writer);
		json_close_object(&writer);
	}
	json_close_array(&writer);
	json_close_document(&writer);
}
