#include "report/json_parts.h"
#include "report/phrase.h"

static void pair_categories(struct json_writer *writer, const struct standard *standard,
			    const struct unit *unit)
{
	json_key(writer, "categories");
	json_open_array(writer);
	for (uint32_t i = 0; i < standard->category_count; i++) {
		const struct category_score *score = &unit->categories[i];

		json_open_object(writer);
		json_pair_string(writer, "id", standard->categories[i].id);
		json_pair_integer(writer, "weight", standard->categories[i].weight);
		json_pair_bool(writer, "applies", score->applies);
		if (score->applies) {
			json_pair_score(writer, "point", score->point);
			json_pair_score(writer, "low", score->low);
			json_pair_score(writer, "high", score->high);
			json_pair_share(writer, "coverage", score->coverage);
		}
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void pair_strength(struct json_writer *writer, const struct unit *unit)
{
	json_key(writer, "strength_share");
	json_open_object(writer);
	for (unsigned i = 0; i < STRENGTH_COUNT; i++)
		json_pair_share(writer, strength_names[i], unit->strength_share[i]);
	json_close_object(writer);
}

static void pair_gates(struct json_writer *writer, const struct standard *standard,
		       const struct unit *unit)
{
	json_key(writer, "gates");
	json_open_array(writer);
	for (uint32_t i = 0; i < standard->gate_count; i++) {
		const struct gate *gate = &standard->gates[i];

		json_open_object(writer);
		json_pair_string(writer, "id", gate->id);
		json_pair_string(writer, "criterion", standard->criteria[gate->criterion].id);
		json_pair_string(writer, "state", gate_state_names[unit->gates[i]]);
		json_pair_string(writer, "cap", grade_names[gate->cap]);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void pair_criteria(struct json_writer *writer, const struct standard *standard,
			  const struct unit *unit)
{
	json_key(writer, "criteria");
	json_open_array(writer);
	for (uint32_t i = 0; i < standard->criterion_count; i++) {
		const struct settlement *settlement = &unit->settlements[i];
		double leverage = criterion_leverage(standard, unit, i);

		json_open_object(writer);
		json_pair_string(writer, "id", standard->criteria[i].id);
		json_pairs_settlement(writer, settlement);
		json_pair_decimal(writer, "points", leverage * settlement->point, SCORE_DECIMALS);
		json_pair_decimal(writer, "points_at_most", leverage * WORTH_ONE, SCORE_DECIMALS);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static const char *const shortfall_names[] = {
	[SHORT_OVERALL] = "overall",   [SHORT_CATEGORY] = "category", [SHORT_COVERAGE] = "coverage",
	[SHORT_STRENGTH] = "strength", [SHORT_GATE] = "gate",
};

static void pair_shortfalls(struct json_writer *writer, const struct explanation *explanation)
{
	const struct standard *standard = explanation->rating->request.standard;

	json_key(writer, "shortfalls");
	json_open_array(writer);
	for (uint32_t i = 0; i < explanation->shortfall_count; i++) {
		const struct shortfall *one = &explanation->shortfalls[i];

		json_open_object(writer);
		json_pair_string(writer, "kind", shortfall_names[one->kind]);
		if (one->kind == SHORT_CATEGORY)
			json_pair_string(writer, "of", standard->categories[one->index].id);
		if (one->kind == SHORT_GATE)
			json_pair_string(writer, "of", standard->gates[one->index].id);
		json_pair_share(writer, "has", one->has);
		json_pair_share(writer, "needs", one->needs);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void pair_path(struct json_writer *writer, const struct explanation *explanation)
{
	SCOPED_ARENA(arena);
	const struct standard *standard = explanation->rating->request.standard;
	const struct path *path = &explanation->path;

	json_key(writer, "path");
	if (explanation->at_top) {
		json_put_null(writer);
		return;
	}
	json_open_object(writer);
	json_pair_string(writer, "target", grade_names[path->target]);
	json_pair_bool(writer, "reachable", path->reachable);
	json_pair_bool(writer, "least", path->exact);
	json_pair_integer(writer, "effort", path->effort);
	json_key(writer, "steps");
	json_open_array(writer);
	for (uint32_t i = 0; i < path->step_count; i++) {
		const struct step *step = &path->steps[i];
		const struct criterion *criterion = &standard->criteria[step->criterion];

		json_open_object(writer);
		json_pair_string(writer, "do", step->shows ? "show" : "raise");
		json_pair_string(writer, "criterion", criterion->id);
		json_pair_string(writer, "until", best_text(criterion, &arena));
		json_pair_integer(writer, "effort", step->effort);
		json_pair_decimal(writer, "points", step->gain, SCORE_DECIMALS);
		json_close_object(writer);
	}
	json_close_array(writer);
	json_close_object(writer);
}

static void pair_days(struct json_writer *writer, const char *key, const struct dated_grade *days,
		      uint32_t count)
{
	json_key(writer, key);
	json_open_array(writer);
	for (uint32_t i = 0; i < count; i++) {
		json_open_object(writer);
		json_pair_date(writer, "date", days[i].date);
		json_pair_string(writer, "grade",
				 days[i].rated ? grade_names[days[i].grade] : NULL);
		json_pair_score(writer, "score", days[i].overall);
		json_pair_integer(writer, "announced", days[i].announced);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void pair_ids(struct json_writer *writer, const char *key, const struct standard *standard,
		     const uint32_t *criteria, uint32_t count)
{
	json_key(writer, key);
	json_open_array(writer);
	for (uint32_t i = 0; i < count; i++)
		json_put_string(writer, standard->criteria[criteria[i]].id);
	json_close_array(writer);
}

static void pair_units(struct json_writer *writer, const struct explanation *explanation)
{
	const struct provider *provider = explanation->provider;
	bool drawn = explanation->rating->request.draws > 0;

	json_key(writer, "units");
	json_open_array(writer);
	for (uint32_t i = 0; i < provider->unit_count; i++) {
		const struct unit *unit = &provider->units[i];

		json_open_object(writer);
		json_pair_string(writer, "name", unit->name);
		json_pairs_result(writer, unit, drawn);
		json_pair_probability(writer, unit->probability, drawn && unit->rated);
		json_close_object(writer);
	}
	json_close_array(writer);
}

static void pair_records(struct json_writer *writer, const struct unit *unit)
{
	json_key(writer, "records");
	json_open_array(writer);
	for (uint32_t i = 0; i < unit->record_count; i++)
		json_put_record(writer, unit->records[i]);
	json_close_array(writer);
}

static void pair_history(struct json_writer *writer, const struct published_grade *rows,
			 uint32_t count)
{
	json_key(writer, "history");
	json_open_array(writer);
	for (uint32_t i = 0; i < count; i++) {
		char time[TIME_TEXT_SIZE];

		json_open_object(writer);
		json_pair_string(writer, "league", rows[i].league);
		json_pair_string(writer, "published", time_format(rows[i].taken, time));
		json_pair_date(writer, "as_of", rows[i].day);
		json_pair_string(writer, "grade",
				 rows[i].rated ? grade_names[rows[i].grade] : NULL);
		json_pair_score(writer, "score", rows[i].score / 100);
		json_pair_score(writer, "low", rows[i].low / 100);
		json_pair_score(writer, "high", rows[i].high / 100);
		json_pair_integer(writer, "rank", rows[i].rank);
		json_close_object(writer);
	}
	json_close_array(writer);
}

void provider_json(const struct explanation *explanation, struct text *into)
{
	provider_history_json(explanation, NULL, 0, into);
}

void provider_history_json(const struct explanation *explanation,
			   const struct published_grade *history, uint32_t count, struct text *into)
{
	SCOPED_ARENA(arena);
	struct json_writer writer = { .into = into, .indent = JSON_INDENT };
	const struct rating *rating = explanation->rating;
	const struct standard *standard = rating->request.standard;
	const struct unit *unit = explanation->unit;

	json_open_rating(&writer, "assay/provider/v1", rating);
	json_key(&writer, "provider");
	json_open_object(&writer);
	json_pairs_provider(&writer, rating, explanation->provider);
	json_close_object(&writer);
	json_pair_string(&writer, "why", why_text(explanation, &arena));
	json_pair_string(&writer, "next", next_text(explanation, &arena));
	json_pair_string(&writer, "announced", announced_text(explanation, &arena));
	pair_shortfalls(&writer, explanation);
	pair_path(&writer, explanation);
	pair_days(&writer, "outlook", explanation->outlook, explanation->outlook_count);
	pair_days(&writer, "trend", explanation->trend, explanation->trend_count);
	if (history)
		pair_history(&writer, history, count);
	pair_categories(&writer, standard, unit);
	pair_strength(&writer, unit);
	pair_gates(&writer, standard, unit);
	pair_ids(&writer, "strong", standard, explanation->strong, explanation->strong_count);
	pair_ids(&writer, "weak", standard, explanation->weak, explanation->weak_count);
	pair_ids(&writer, "unknown", standard, explanation->unknown, explanation->unknown_count);
	pair_criteria(&writer, standard, unit);
	pair_units(&writer, explanation);
	pair_records(&writer, unit);
	json_close_document(&writer);
}
