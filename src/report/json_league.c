#include "report/json_parts.h"
#include "report/words.h"

static void put_unit(struct json_writer *writer, const struct unit *unit, bool drawn)
{
	json_open_object(writer);
	json_pair_string(writer, "name", unit->name);
	json_pairs_result(writer, unit, drawn);
	json_pair_probability(writer, unit->probability, drawn && unit->rated);
	json_close_object(writer);
}

static void put_provider(struct json_writer *writer, const struct rating *rating,
			 const struct provider *provider, const struct words *words)
{
	const struct standard *standard = rating->request.standard;
	const struct unit *unit = provider_unit(provider);

	json_open_object(writer);
	json_pairs_provider(writer, rating, provider);
	json_pair_string(writer, "why", words->why);
	json_pair_string(writer, "next", words->next);
	json_pair_string(writer, "announced", words->announced);
	json_key(writer, "categories");
	json_open_object(writer);
	for (uint32_t i = 0; i < standard->category_count; i++) {
		if (unit->categories[i].applies)
			json_pair_score(writer, standard->categories[i].id,
					unit->categories[i].point);
	}
	json_close_object(writer);
	json_key(writer, "units");
	json_open_array(writer);
	for (uint32_t i = 0; i < provider->unit_count; i++)
		put_unit(writer, &provider->units[i], rating->request.draws > 0);
	json_close_array(writer);
	json_close_object(writer);
}

static void pair_gaps(struct json_writer *writer, const struct rating *rating)
{
	SCOPED_ARENA(arena);
	const struct standard *standard = rating->request.standard;
	struct gap *gaps = NULL;
	uint32_t count = 0;

	gaps_of(rating, &arena, &gaps, &count);
	json_key(writer, "gaps");
	json_open_array(writer);
	for (uint32_t i = 0; i < count; i++) {
		json_open_object(writer);
		json_pair_string(writer, "criterion", standard->criteria[gaps[i].criterion].id);
		json_pair_integer(writer, "lacking", gaps[i].lacking);
		json_pair_integer(writer, "unknown", gaps[i].unknown);
		json_pair_integer(writer, "good", gaps[i].good);
		json_close_object(writer);
	}
	json_close_array(writer);
}

void league_json(const struct rating *rating, struct text *into)
{
	SCOPED_ARENA(arena);
	const struct words *words = words_make(rating, &arena);
	struct json_writer writer = { .into = into, .indent = JSON_INDENT };

	json_open_rating(&writer, "assay/league/v1", rating);
	json_key(&writer, "market_coverage");
	if (rating->market_coverage < 0)
		json_put_null(&writer);
	else
		json_put_decimal(&writer, rating->market_coverage, SHARE_DECIMALS);
	json_key(&writer, "providers");
	json_open_array(&writer);
	for (uint32_t i = 0; i < rating->provider_count; i++)
		put_provider(&writer, rating, &rating->providers[i], &words[i]);
	json_close_array(&writer);
	/* Those of the evidence alone, so that the hash of the rating stands for every byte. */
	json_pair_prices(&writer, rating, NULL);
	pair_gaps(&writer, rating);
	json_close_document(&writer);
}
