/* Pieces that several JSON documents share; each writes one value or, where it says so, pairs. */
#pragma once

#include "base/json.h"
#include "report/json_twin.h"

enum {
	JSON_INDENT = 2,
	SCORE_DECIMALS = 3, /* of 0 to 100; of worths from 0 to 1 too */
	SHARE_DECIMALS = 4, /* of 0 to 1 */
};

/* Opens the document and writes the pairs that each of a rating begins with: "schema",
 * "standard", "evidence", "as_of", "profile", "seed", "draws", "rating". */
void json_open_rating(struct json_writer *writer, const char *schema, const struct rating *rating);

/* Closes it and ends the line. */
void json_close_document(struct json_writer *writer);

/* The pair "standard": name, version, date, hash. */
void json_pair_standard(struct json_writer *writer, const struct standard *standard);

void json_pair_hash(struct json_writer *writer, const char *key,
		    const uint8_t hash[RECORD_HASH_BYTES]);
void json_pair_date(struct json_writer *writer, const char *key, date_t date); /* or null */
void json_pair_score(struct json_writer *writer, const char *key, double share);
void json_pair_share(struct json_writer *writer, const char *key, double share);
void json_pair_worth(struct json_writer *writer, const char *key, unsigned worth);

/* The pair "probability": by grade, best first; null without draws or a grade. */
void json_pair_probability(struct json_writer *writer, const double probability[GRADE_COUNT],
			   bool known);

/* The pairs of a unit's result: "rated", "grade", "uncapped", "score", "coverage",
 * "depth". `drawn` adds
 * the interval of the draws. */
void json_pairs_result(struct json_writer *writer, const struct unit *unit, bool drawn);

/* The pairs of a provider's result: "name", "unit", "unit_why", "rank", those of its unit,
 * "probability", "gpu_volume". */
void json_pairs_provider(struct json_writer *writer, const struct rating *rating,
			 const struct provider *provider);

/* The pairs of how a criterion stands: "state", "says", "worth", "strength", "observed",
 * "records", "check", "reason". */
void json_pairs_settlement(struct json_writer *writer, const struct settlement *settlement);

/* The pair "prices": what providers ask, and who is dominated. */
struct listed_prices;
/* `listed` as in rating/price.h; of such a price the record is null. */
void json_pair_prices(struct json_writer *writer, const struct rating *rating,
		      const struct listed_prices *listed);

/* A record as in its canonical form, with its hash. */
void json_put_record(struct json_writer *writer, const struct record *record);

void json_put_gate(struct json_writer *writer, const struct standard *standard, uint32_t index);

/* The pairs of how answers become a grade: "presumption", "weight_spread", "strengths",
 * "profiles", "categories", "grades", "gates". */
void json_pairs_method(struct json_writer *writer, const struct standard *standard);

/* A criterion as the standard has it. */
void json_put_criterion(struct json_writer *writer, const struct standard *standard,
			uint32_t index);
