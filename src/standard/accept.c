#include <string.h>

#include "evidence/fabric_measure.h"
#include "standard/standard.h"

/* Whether a record fits the standard, and what it is worth. */

/* The worth of a value on the measure's line, to the nearest two-hundredth, half up. */
static uint16_t measure_worth(const struct criterion *criterion, double value)
{
	const struct measure_point *points = criterion->points;
	uint32_t last = criterion->point_count - 1;

	if (value <= points[0].at)
		return points[0].worth;
	for (uint32_t i = 1; i <= last; i++) {
		double share, worth;

		if (value > points[i].at)
			continue;
		share = (value - points[i - 1].at) / (points[i].at - points[i - 1].at);
		worth = points[i - 1].worth +
			share * ((double)points[i].worth - (double)points[i - 1].worth);
		return (uint16_t)(worth + 0.5);
	}
	return points[last].worth;
}

bool criterion_worth(const struct criterion *criterion, const struct record *record,
		     uint16_t *ret_worth)
{
	if (record->says == SAYS_VALUE && criterion->unit &&
	    strcmp(record->unit, criterion->unit) == 0) {
		*ret_worth = measure_worth(criterion, record->value);
		return true;
	}
	if (record->says != SAYS_ANSWER)
		return false;
	for (uint32_t i = 0; i < criterion->answer_count; i++) {
		if (strcmp(criterion->answers[i].name, record->text) == 0) {
			*ret_worth = criterion->answers[i].worth;
			return true;
		}
	}
	return false;
}

static bool refuse(const struct record *record, struct error *err, enum error_code code,
		   const char *text)
{
	return fail(err, code, "%s: line %u: record '%s': %s", record->file, record->line,
		    record->id, text);
}

static bool refuse_answer(const struct criterion *criterion, const struct record *record,
			  struct error *err)
{
	SCOPED_TEXT(text);

	if (criterion->unit) {
		text_format(&text, "criterion '%s' is a measure; give a 'value' in %s",
			    criterion->id, criterion->unit);
		return refuse(record, err, ERROR_INVALID, text_string(&text));
	}
	text_format(&text, "'%.60s' is not an answer to '%s'; it is one of",
		    record->says == SAYS_ANSWER ? record->text : "a value", criterion->id);
	for (uint32_t i = 0; i < criterion->answer_count; i++)
		text_format(&text, "%s %s", i ? "," : "", criterion->answers[i].name);
	return refuse(record, err, ERROR_INVALID, text_string(&text));
}

static bool accept_value(const struct criterion *criterion, const struct record *record,
			 struct error *err)
{
	SCOPED_TEXT(text);

	if (!criterion->unit)
		return refuse_answer(criterion, record, err);
	if (strcmp(criterion->unit, record->unit) != 0) {
		text_format(&text, "unit '%s' is wrong; '%s' is measured in %s", record->unit,
			    criterion->id, criterion->unit);
		return refuse(record, err, ERROR_INVALID, text_string(&text));
	}
	if (record->value < 0.0 && criterion->points[0].at >= 0.0) {
		text_format(&text, "%s cannot be negative; check the sign",
			    record->kind == KIND_PRICE ? "a price" : "the value");
		return refuse(record, err, ERROR_INVALID, text_string(&text));
	}
	return true;
}

static bool accept_criterion(const struct criterion *criterion, const struct record *record,
			     struct error *err)
{
	uint16_t worth;

	switch (record->says) {
	case SAYS_ANSWER:
		return criterion_worth(criterion, record, &worth) ||
		       refuse_answer(criterion, record, err);
	case SAYS_VALUE:
		return accept_value(criterion, record, err);
	case SAYS_NOT_APPLICABLE:
		return criterion->not_applicable ||
		       refuse(record, err, ERROR_INVALID,
			      "this criterion always applies; give an answer");
	case SAYS_WITHHELD:
		return true;
	case SAYS_TEXT:
		return refuse(record, err, ERROR_INVALID,
			      "'text' is for 'what: remark'; give an answer");
	case SAYS_STATE:
	case SAYS_UNKNOWN:
	case SAYS_COUNT:
		return refuse(record, err, ERROR_INVALID,
			      "'state' and 'unknown' are for measures of a node; give an answer");
	}
	return false;
}

static bool accept_volume(const struct record *record, struct error *err)
{
	if (record->says != SAYS_VALUE || strcmp(record->unit, "GPUs") != 0 || record->value < 0.0)
		return refuse(record, err, ERROR_INVALID,
			      "'volume' is a 'value' of 0 or more in unit GPUs");
	return true;
}

static bool accept_share(const struct record *record, struct error *err)
{
	if (record->says != SAYS_ANSWER ||
	    (strcmp(record->text, "majority") != 0 && strcmp(record->text, "minority") != 0))
		return refuse(record, err, ERROR_INVALID,
			      "'share' has the 'answer' majority or minority");
	return true;
}

/* "price.on-demand", "price.spot", "price.contract-12". */
static bool is_rental(struct span rental)
{
	static const char contract[] = "contract-";
	uint64_t months = 0;

	if (span_is(rental, "on-demand") || span_is(rental, "spot"))
		return true;
	if (!span_starts(rental, contract))
		return false;
	rental.at += sizeof(contract) - 1;
	rental.length -= sizeof(contract) - 1;
	return span_to_u64(rental, &months) && months >= 1 && months <= 120;
}

static bool accept_price(const struct record *record, struct error *err)
{
	struct span rental = span_of(record->what + strlen("price."));

	if (!is_rental(rental))
		return refuse(record, err, ERROR_INVALID,
			      "a price is 'price.on-demand', 'price.spot' or 'price.contract-N' "
			      "with N months");
	if (record->says != SAYS_VALUE || strcmp(record->unit, "USD/GPU-hour") != 0 ||
	    !(record->value > 0.0))
		return refuse(record, err, ERROR_INVALID,
			      "a 'price.…' is a 'value' above 0 in unit USD/GPU-hour");
	if (record->kind != KIND_PRICE)
		return refuse(record, err, ERROR_INVALID, "a 'price.…' is of kind price");
	if (!record->subject.parts[SUBJECT_GPU])
		return refuse(record, err, ERROR_INVALID,
			      "a 'price.…' names the 'gpu' in its subject");
	return true;
}

static bool accept_wildcard(const struct standard *standard, const struct record *record,
			    size_t length, struct error *err)
{
	struct span category = { record->what, length - 2 };

	if (standard_find_category(standard, category) < 0)
		return refuse(record, err, ERROR_MISSING, "no category has the name before '.*'");
	if (record->says != SAYS_WITHHELD)
		return refuse(record, err, ERROR_INVALID,
			      "a whole category can only be 'withheld'; name a criterion");
	return true;
}

static bool accept_unknown(const struct standard *standard, const struct record *record,
			   struct error *err)
{
	SCOPED_TEXT(text);

	text_format(&text, "unknown criterion '%s'; did you mean '%s'?", record->what,
		    standard_nearest(standard, span_of(record->what))->id);
	return refuse(record, err, ERROR_MISSING, text_string(&text));
}

static bool accept_measure(const struct record *record, struct error *err)
{
	struct error why;
	enum measure measure;

	if (!measure_find(record->what, &measure))
		return refuse(record, err, ERROR_MISSING,
			      "no measure of a node has this name; another version may have it");
	return measure_fits(measure, record, &why) || refuse(record, err, ERROR_INVALID, why.text);
}

static bool accept_fabric(const struct record *record, struct error *err)
{
	struct error why;
	enum fabric_measure measure;

	if (!fabric_measure_find(record->what, &measure))
		return refuse(record, err, ERROR_MISSING,
			      "no measure of a fabric has this name; another version may have it");
	return fabric_measure_fits(measure, record, &why) ||
	       refuse(record, err, ERROR_INVALID, why.text);
}

static bool accept_day(const struct record *record, date_t today, struct error *err)
{
	SCOPED_TEXT(text);
	char observed[DATE_TEXT_SIZE], now[DATE_TEXT_SIZE];

	if (today == DATE_NONE || record->observed <= today)
		return true;
	text_format(&text,
		    "'observed' is %s and today is %s; use 'due' for what is announced, or "
		    "check the day",
		    date_format(record->observed, observed), date_format(today, now));
	return refuse(record, err, ERROR_INVALID, text_string(&text));
}

bool standard_accepts(const struct standard *standard, const struct record *record, date_t today,
		      struct error *err)
{
	size_t length = strlen(record->what);
	int32_t criterion;

	if (!accept_day(record, today, err))
		return false;
	if (strcmp(record->what, "remark") == 0)
		return record->says == SAYS_TEXT ||
		       refuse(record, err, ERROR_INVALID, "a 'remark' has a 'text' and no answer");
	if (strcmp(record->what, "share") == 0)
		return accept_share(record, err);
	if (strcmp(record->what, "volume") == 0)
		return accept_volume(record, err);
	if (strncmp(record->what, "claim.", 6) == 0)
		return record->says == SAYS_VALUE ||
		       refuse(record, err, ERROR_INVALID, "a 'claim.…' has a 'value' and a unit");
	if (strncmp(record->what, "price.", 6) == 0)
		return accept_price(record, err);
	if (strncmp(record->what, "node.", 5) == 0)
		return accept_measure(record, err);
	if (strncmp(record->what, "fabric.", 7) == 0)
		return accept_fabric(record, err);
	if (length > 2 && strcmp(record->what + length - 2, ".*") == 0)
		return accept_wildcard(standard, record, length, err);
	criterion = standard_find_criterion(standard, span_of(record->what));
	if (criterion < 0)
		return accept_unknown(standard, record, err);
	return accept_criterion(&standard->criteria[criterion], record, err);
}
