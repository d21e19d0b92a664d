#include "report/json_parts.h"

static void pair_ways(struct json_writer *writer, const struct criterion *criterion)
{
	json_key(writer, "settled_by");
	json_open_array(writer);
	for (uint32_t i = 0; i < criterion->way_count; i++) {
		const struct settlement_source *way = &criterion->ways[i];

		json_open_object(writer);
		json_pair_string(writer, "way", settlement_way_names[way->way]);
		if (way->name)
			json_pair_string(writer, "name", way->name);
		if (way->text)
			json_pair_string(writer, "text", way->text);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void pair_answers(struct json_writer *writer, const struct criterion *criterion)
{
	json_key(writer, "answers");
	json_open_array(writer);
	for (uint32_t i = 0; i < criterion->answer_count; i++) {
		json_open_object(writer);
		json_pair_string(writer, "answer", criterion->answers[i].name);
		json_pair_worth(writer, "worth", criterion->answers[i].worth);
		json_pair_string(writer, "means", criterion->answers[i].means);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void pair_measure(struct json_writer *writer, const struct criterion *criterion)
{
	json_key(writer, "measure");
	json_open_object(writer);
	json_pair_string(writer, "unit", criterion->unit);
	json_key(writer, "points");
	json_open_array(writer);
	for (uint32_t i = 0; i < criterion->point_count; i++) {
		json_open_object(writer);
		json_key(writer, "at");
		json_put_number(writer, criterion->points[i].at);
		json_pair_worth(writer, "worth", criterion->points[i].worth);
		json_close_object(writer);
	}
	json_close_array(writer);
	json_close_object(writer);
}

static void pair_profiles(struct json_writer *writer, const struct standard *standard,
			  uint32_t profiles)
{
	json_key(writer, "profiles");
	json_open_array(writer);
	for (uint32_t i = 0; i < standard->profile_count; i++) {
		if (profiles >> i & 1)
			json_put_string(writer, standard->profiles[i].id);
	}
	json_close_array(writer);
}

void json_put_criterion(struct json_writer *writer, const struct standard *standard, uint32_t index)
{
	const struct criterion *criterion = &standard->criteria[index];
	int32_t gate = standard_gate_of(standard, index);

	json_open_object(writer);
	json_pair_string(writer, "id", criterion->id);
	json_pair_string(writer, "category", standard->categories[criterion->category].id);
	json_pair_string(writer, "title", criterion->title);
	json_pair_string(writer, "question", criterion->question);
	json_pair_string(writer, "why", criterion->why);
	pair_ways(writer, criterion);
	if (criterion->answer_count > 0)
		pair_answers(writer, criterion);
	else
		pair_measure(writer, criterion);
	json_pair_integer(writer, "weight", criterion->weight);
	json_pair_string(writer, "reason", criterion->reason);
	json_pair_integer(writer, "expiry", criterion->expiry_days);
	json_pair_string(writer, "strength", strength_names[criterion->strength]);
	pair_profiles(writer, standard, criterion->profiles);
	json_pair_integer(writer, "effort", criterion->effort);
	json_pair_string(writer, "parent",
			 criterion->parent < 0 ? NULL : standard->criteria[criterion->parent].id);
	json_pair_string(writer, "not_applicable", criterion->not_applicable);
	json_pair_string(writer, "vendor", criterion->vendor);
	json_key(writer, "gate");
	if (gate >= 0)
		json_put_gate(writer, standard, (uint32_t)gate);
	else
		json_put_null(writer);
	json_close_object(writer);
}

static void pair_providers(struct json_writer *writer, const struct rating *rating,
			   uint32_t criterion)
{
	json_key(writer, "providers");
	json_open_array(writer);
	for (uint32_t i = 0; i < rating->provider_count; i++) {
		const struct provider *provider = &rating->providers[i];
		const struct unit *unit = provider_unit(provider);

		json_open_object(writer);
		json_pair_string(writer, "name", provider->name);
		json_pair_string(writer, "unit", unit->name);
		json_pairs_settlement(writer, &unit->settlements[criterion]);
		json_close_object(writer);
	}
	json_close_array(writer);
}

void criterion_json(const struct standard *standard, const struct rating *rating,
		    uint32_t criterion, struct text *into)
{
	struct json_writer writer = { .into = into, .indent = JSON_INDENT };

	if (rating) {
		json_open_rating(&writer, "assay/criterion/v1", rating);
	} else {
		json_open_object(&writer);
		json_pair_string(&writer, "schema", "assay/criterion/v1");
		json_pair_standard(&writer, standard);
	}
	json_key(&writer, "criterion");
	json_put_criterion(&writer, standard, criterion);
	if (rating)
		pair_providers(&writer, rating, criterion);
	json_close_document(&writer);
}

void criteria_json(const struct standard *standard, struct text *into)
{
	struct json_writer writer = { .into = into, .indent = JSON_INDENT };

	json_open_object(&writer);
	json_pair_string(&writer, "schema", "assay/criteria/v1");
	json_pair_standard(&writer, standard);
	json_pairs_method(&writer, standard);
	json_key(&writer, "criteria");
	json_open_array(&writer);
	for (uint32_t i = 0; i < standard->criterion_count; i++)
		json_put_criterion(&writer, standard, i);
	json_close_array(&writer);
	json_close_document(&writer);
}
