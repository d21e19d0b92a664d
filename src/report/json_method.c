#include "report/json_parts.h"

void json_put_gate(struct json_writer *writer, const struct standard *standard, uint32_t index)
{
	const struct gate *gate = &standard->gates[index];

	json_open_object(writer);
	json_pair_string(writer, "id", gate->id);
	json_pair_string(writer, "criterion", standard->criteria[gate->criterion].id);
	json_pair_worth(writer, "below", gate->below);
	json_pair_string(writer, "cap", grade_names[gate->cap]);
	json_pair_string(writer, "silence", gate->silence == SILENCE_CAPS ? "caps" : "open");
	json_pair_decimal(writer, "rate", gate->rate_permille / 1000.0, 3);
	json_pair_string(writer, "title", gate->title);
	json_pair_string(writer, "reason", gate->reason);
	json_pair_string(writer, "clears", gate->clears);
	json_close_object(writer);
}

static void put_bar(struct json_writer *writer, const struct standard *standard, int grade)
{
	const struct grade_bar *bar = &standard->bars[grade];

	json_open_object(writer);
	json_pair_string(writer, "id", grade_names[grade]);
	json_pair_string(writer, "promise", bar->promise);
	json_key(writer, "overall");
	json_open_object(writer);
	json_pair_score(writer, "from", bar->overall_from / 1000.0);
	json_pair_score(writer, "to", bar->overall_to / 1000.0);
	json_close_object(writer);
	json_key(writer, "categories");
	json_open_object(writer);
	for (uint32_t i = 0; i < standard->category_count; i++) {
		if (bar->category_permille[i] > 0)
			json_pair_score(writer, standard->categories[i].id,
					bar->category_permille[i] / 1000.0);
	}
	json_close_object(writer);
	json_pair_share(writer, "coverage", bar->coverage_permille / 1000.0);
	json_key(writer, "strength");
	json_open_object(writer);
	json_pair_string(writer, "at_least", strength_names[bar->strength]);
	json_pair_share(writer, "share", bar->strength_permille / 1000.0);
	json_close_object(writer);
	json_pair_string(writer, "reason", bar->reason);
	json_close_object(writer);
}

static void pair_grades(struct json_writer *writer, const struct standard *standard)
{
	json_key(writer, "grades");
	json_open_array(writer);
	for (int grade = GRADE_COUNT - 1; grade >= 0; grade--)
		put_bar(writer, standard, grade);
	json_close_array(writer);

	json_key(writer, "gates");
	json_open_array(writer);
	for (uint32_t i = 0; i < standard->gate_count; i++)
		json_put_gate(writer, standard, i);
	json_close_array(writer);
}

static void pair_categories(struct json_writer *writer, const struct standard *standard)
{
	json_key(writer, "categories");
	json_open_array(writer);
	for (uint32_t i = 0; i < standard->category_count; i++) {
		const struct category *category = &standard->categories[i];

		json_open_object(writer);
		json_pair_string(writer, "id", category->id);
		json_pair_string(writer, "title", category->title);
		json_pair_integer(writer, "weight", category->weight);
		json_pair_bool(writer, "beside", category->beside);
		json_pair_string(writer, "reason", category->reason);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void pair_strengths(struct json_writer *writer, const struct standard *standard)
{
	json_key(writer, "strengths");
	json_open_array(writer);
	for (unsigned i = 0; i < STRENGTH_COUNT; i++) {
		json_open_object(writer);
		json_pair_string(writer, "id", strength_names[i]);
		json_pair_string(writer, "title", standard->strengths[i].title);
		json_pair_decimal(writer, "error", standard->strengths[i].error_permille / 1000.0,
				  3);
		json_pair_string(writer, "reason", standard->strengths[i].reason);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void pair_profiles(struct json_writer *writer, const struct standard *standard)
{
	json_key(writer, "profiles");
	json_open_array(writer);
	for (uint32_t i = 0; i < standard->profile_count; i++) {
		json_open_object(writer);
		json_pair_string(writer, "id", standard->profiles[i].id);
		json_pair_string(writer, "title", standard->profiles[i].title);
		json_close_object(writer);
	}
	json_close_array(writer);
}

void json_pairs_method(struct json_writer *writer, const struct standard *standard)
{
	json_pair_worth(writer, "presumption", standard->presumption);
	json_pair_decimal(writer, "weight_spread", standard->weight_spread_permille / 1000.0, 3);
	pair_strengths(writer, standard);
	pair_profiles(writer, standard);
	pair_categories(writer, standard);
	pair_grades(writer, standard);
}

void method_json(const struct rating *rating, struct text *into)
{
	struct json_writer writer = { .into = into, .indent = JSON_INDENT };

	json_open_rating(&writer, "assay/method/v1", rating);
	json_pairs_method(&writer, rating->request.standard);
	json_close_document(&writer);
}
