#include "report/phrase.h"

#include <math.h>
#include <string.h>

#include "base/json.h"

const char *decimal_text(double value, unsigned decimals, struct arena *arena)
{
	SCOPED_TEXT(number);
	struct json_writer writer = { .into = &number };

	json_put_decimal(&writer, value, decimals);
	return arena_string(arena, text_span(&number));
}

const char *score_text(double share, struct arena *arena)
{
	return decimal_text(100 * share, 1, arena);
}

const char *percent_text(double share, struct arena *arena)
{
	double percent = 100 * share;

	if (percent > 0 && percent < 1)
		return "<1%";
	if (percent < 100 && percent > 99)
		return ">99%";
	return arena_format(arena, "%ld%%", lround(percent));
}

const char *interval_text(double low, double high, struct arena *arena)
{
	return arena_format(arena, "[%ld-%ld]", lround(100 * low), lround(100 * high));
}

const char *rank_text(const struct provider *provider, struct arena *arena)
{
	if (provider->rank == 0)
		return "-";
	if (provider->rank_low == provider->rank_high && provider->rank_low == provider->rank)
		return arena_format(arena, "%u", provider->rank);
	if (provider->rank_low == 0)
		return arena_format(arena, "%u", provider->rank);
	return arena_format(arena, "%u [%u-%u]", provider->rank, provider->rank_low,
			    provider->rank_high);
}

const char *count_text(uint64_t count, const char *noun, struct arena *arena)
{
	return arena_format(arena, "%llu %s%s", (unsigned long long)count, noun,
			    count == 1 ? "" : "s");
}

const char *unit_grade_text(const struct unit *unit)
{
	return unit->rated ? grade_names[unit->grade] : "not rated";
}

const char *criterion_tail(const struct criterion *criterion)
{
	const char *dot = strchr(criterion->id, '.');

	return dot ? dot + 1 : criterion->id;
}

const char *criterion_short(const struct standard *standard, uint32_t index)
{
	const char *tail = criterion_tail(&standard->criteria[index]);

	if (!strchr(tail, '-'))
		return standard->criteria[index].id;
	for (uint32_t i = 0; i < standard->criterion_count; i++) {
		if (i != index && strcmp(criterion_tail(&standard->criteria[i]), tail) == 0)
			return standard->criteria[index].id;
	}
	return tail;
}

const char *best_text(const struct criterion *criterion, struct arena *arena)
{
	const struct measure_point *best = NULL;
	char number[32];

	if (criterion->answer_count > 0)
		return criterion->answers[criterion->answer_count - 1].name;
	for (uint32_t i = 0; i < criterion->point_count; i++) {
		if (!best || criterion->points[i].worth > best->worth)
			best = &criterion->points[i];
	}
	if (!best)
		return "";
	return arena_format(arena, "%s %s", number_format(best->at, number),
			    criterion->unit ? criterion->unit : "");
}

const char *ways_text(const struct criterion *criterion, struct arena *arena)
{
	SCOPED_TEXT(ways);

	for (uint32_t i = 0; i < criterion->way_count; i++) {
		const struct settlement_source *way = &criterion->ways[i];

		text_format(&ways, "%s%s%s%s%s%s", i > 0 ? "; " : "",
			    settlement_way_names[way->way], way->name ? " " : "",
			    way->name ? way->name : "", way->text ? ": " : "",
			    way->text ? way->text : "");
	}
	return arena_string(arena, text_span(&ways));
}

const char *worth_text(unsigned worth, struct arena *arena)
{
	return arena_format(arena, "%s%%",
			    decimal_text(100.0 * worth / WORTH_ONE, worth % 2, arena));
}

const char *record_text(const struct record *record, struct arena *arena)
{
	char number[32];

	switch (record->says) {
	case SAYS_VALUE:
		return arena_format(arena, "%s %s", number_format(record->value, number),
				    record->unit ? record->unit : "");
	case SAYS_NOT_APPLICABLE:
		return arena_format(arena, "does not apply: %s", record->text);
	case SAYS_WITHHELD:
		return arena_format(arena, "withheld: %s", record->text);
	case SAYS_UNKNOWN:
		return arena_format(arena, "unknown: %s", record->text);
	case SAYS_ANSWER:
	case SAYS_TEXT:
	case SAYS_STATE:
	case SAYS_COUNT:
		break;
	}
	return record->text;
}

/* What checks read of a machine or an offer is no answer: "absent" may be all that is asked. */
static bool is_for_checks(const struct record *record)
{
	static const char *const prefixes[] = { "node.", "fabric.", "claim." };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (span_starts(span_of(record->what), prefixes[i]))
			return true;
	return false;
}

/* What the deciding records say, each distinct text once, and the check that joined or decided,
 * with what it is worth; joined by " or ". */
static const char *said_text(const struct settlement *settlement, struct arena *arena)
{
	const char *said = NULL, *check = settlement->check;

	for (uint32_t i = 0; i < settlement->record_count; i++) {
		const char *one = record_text(settlement->records[i], arena);
		bool known = check && is_for_checks(settlement->records[i]);

		for (uint32_t j = 0; j < i && !known; j++)
			known = strcmp(one, record_text(settlement->records[j], arena)) == 0;
		if (!known)
			said = said ? arena_format(arena, "%s or %s", said, one) : one;
	}
	if (!check)
		return said ? said : "?";
	return said ? arena_format(arena, "%s or check %s", said, check)
		    : arena_format(arena, "check %s: %s", check,
				   worth_text(settlement->point, arena));
}

const char *settlement_text(const struct settlement *settlement, struct arena *arena)
{
	switch (settlement->state) {
	case STATE_UNSETTLED:
		return "not known";
	case STATE_STALE:
		return arena_format(arena, "%s (too old to count)", said_text(settlement, arena));
	case STATE_WITHHELD:
		return "asked and not shown";
	case STATE_CONFLICT:
		return arena_format(arena, "%s (in conflict)", said_text(settlement, arena));
	case STATE_SETTLED:
		return said_text(settlement, arena);
	case STATE_NOT_APPLICABLE:
		return "does not apply";
	case STATE_OUT_OF_PROFILE:
	case STATE_COUNT:
		break;
	}
	return "not in this profile";
}

const char *shortfall_text(const struct standard *standard, const struct unit *unit,
			   const struct shortfall *shortfall, struct arena *arena)
{
	const char *has = score_text(shortfall->has, arena);
	const char *needs = score_text(shortfall->needs, arena);
	uint32_t asked;

	switch (shortfall->kind) {
	case SHORT_OVERALL:
		return arena_format(arena, "score %s of %s", has, needs);
	case SHORT_CATEGORY:
		return arena_format(arena, "%s %s of %s", standard->categories[shortfall->index].id,
				    has, needs);
	case SHORT_COVERAGE:
		return arena_format(arena, "%s%% of %s%% known", has, needs);
	case SHORT_STRENGTH:
		return arena_format(arena, "%s%% of %s%% known by evidence that is strong enough",
				    has, needs);
	case SHORT_GATE:
		break;
	}
	asked = standard->gates[shortfall->index].criterion;
	return arena_format(arena, "%s (%s)", criterion_short(standard, asked),
			    settlement_text(&unit->settlements[asked], arena));
}
