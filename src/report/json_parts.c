#include "report/json_parts.h"

#include "report/phrase.h"

void json_pair_hash(struct json_writer *writer, const char *key,
		    const uint8_t hash[RECORD_HASH_BYTES])
{
	char text[RECORD_HASH_TEXT];

	json_pair_string(writer, key, hash_format(hash, text));
}

void json_pair_date(struct json_writer *writer, const char *key, date_t date)
{
	char day[DATE_TEXT_SIZE];

	json_pair_string(writer, key, date == DATE_NONE ? NULL : date_format(date, day));
}

void json_pair_score(struct json_writer *writer, const char *key, double share)
{
	json_pair_decimal(writer, key, 100 * share, SCORE_DECIMALS);
}

void json_pair_share(struct json_writer *writer, const char *key, double share)
{
	json_pair_decimal(writer, key, share, SHARE_DECIMALS);
}

void json_pair_worth(struct json_writer *writer, const char *key, unsigned worth)
{
	json_pair_decimal(writer, key, worth / (double)WORTH_ONE, SCORE_DECIMALS);
}

void json_pair_standard(struct json_writer *writer, const struct standard *standard)
{
	json_key(writer, "standard");
	json_open_object(writer);
	json_pair_string(writer, "name", standard->name);
	json_pair_string(writer, "version", standard->version);
	json_pair_date(writer, "date", standard->date);
	json_pair_hash(writer, "hash", standard->hash);
	json_close_object(writer);
}

void json_open_rating(struct json_writer *writer, const char *schema, const struct rating *rating)
{
	const struct rating_request *request = &rating->request;

	json_open_object(writer);
	json_pair_string(writer, "schema", schema);
	json_pair_standard(writer, request->standard);
	json_key(writer, "evidence");
	json_open_object(writer);
	json_pair_integer(writer, "records", (int64_t)request->evidence->count);
	json_pair_hash(writer, "hash", request->evidence->hash);
	json_close_object(writer);
	json_pair_date(writer, "as_of", request->as_of);
	json_pair_string(writer, "profile",
			 request->profile < 0 ? NULL
					      : request->standard->profiles[request->profile].id);
	json_pair_integer(writer, "seed", (int64_t)request->seed);
	json_pair_integer(writer, "draws", request->draws);
	json_pair_hash(writer, "rating", rating->hash);
}

void json_close_document(struct json_writer *writer)
{
	json_close_object(writer);
	text_add_char(writer->into, '\n');
}

void json_pair_probability(struct json_writer *writer, const double probability[GRADE_COUNT],
			   bool known)
{
	json_key(writer, "probability");
	if (!known) {
		json_put_null(writer);
		return;
	}
	json_open_object(writer);
	for (int grade = GRADE_COUNT - 1; grade >= 0; grade--)
		json_pair_share(writer, grade_names[grade], probability[grade]);
	json_close_object(writer);
}

void json_pairs_result(struct json_writer *writer, const struct unit *unit, bool drawn)
{
	json_pair_bool(writer, "rated", unit->rated);
	json_pair_string(writer, "grade", unit->rated ? grade_names[unit->grade] : NULL);
	json_pair_string(writer, "uncapped", unit->rated ? grade_names[unit->uncapped] : NULL);
	json_key(writer, "score");
	json_open_object(writer);
	json_pair_score(writer, "point", unit->overall);
	json_pair_score(writer, "low", unit->low);
	json_pair_score(writer, "high", unit->high);
	if (drawn && unit->rated) {
		json_pair_score(writer, "p10", unit->score_p10);
		json_pair_score(writer, "p90", unit->score_p90);
	}
	json_close_object(writer);
	json_pair_share(writer, "coverage", unit->coverage);
	json_pair_share(writer, "depth", unit->depth);
}

static void pair_rank(struct json_writer *writer, const struct provider *provider)
{
	json_key(writer, "rank");
	if (provider->rank == 0) {
		json_put_null(writer);
		return;
	}
	json_open_object(writer);
	json_pair_integer(writer, "point", provider->rank);
	if (provider->rank_low > 0) {
		json_pair_integer(writer, "low", provider->rank_low);
		json_pair_integer(writer, "high", provider->rank_high);
	}
	json_close_object(writer);
}

void json_pairs_provider(struct json_writer *writer, const struct rating *rating,
			 const struct provider *provider)
{
	const struct unit *unit = provider_unit(provider);
	bool drawn = rating->request.draws > 0;

	json_pair_string(writer, "name", provider->name);
	json_pair_string(writer, "unit", unit->name);
	json_pair_string(writer, "unit_why", provider->chosen_why);
	pair_rank(writer, provider);
	json_pairs_result(writer, unit, drawn);
	json_pair_probability(writer, provider->probability, drawn && unit->rated);
	json_key(writer, "gpu_volume");
	if (provider->gpu_volume > 0)
		json_put_number(writer, provider->gpu_volume);
	else
		json_put_null(writer);
}

void json_pairs_settlement(struct json_writer *writer, const struct settlement *settlement)
{
	SCOPED_ARENA(arena);
	bool known = settlement->observed != DATE_NONE;

	json_pair_string(writer, "state", state_names[settlement->state]);
	json_pair_string(writer, "says", settlement_text(settlement, &arena));
	json_key(writer, "worth");
	json_open_object(writer);
	json_pair_worth(writer, "point", settlement->point);
	json_pair_worth(writer, "low", settlement->low);
	json_pair_worth(writer, "high", settlement->high);
	json_close_object(writer);
	json_pair_string(writer, "strength", known ? strength_names[settlement->strength] : NULL);
	json_pair_date(writer, "observed", settlement->observed);
	json_key(writer, "records");
	json_open_array(writer);
	for (uint32_t i = 0; i < settlement->record_count; i++)
		json_put_string(writer, settlement->records[i]->id);
	json_close_array(writer);
	json_pair_string(writer, "check", settlement->check);
	json_pair_string(writer, "reason", settlement->reason);
}
