/* The sentences of the league table: why a grade is what it is, and what would change it. */
#include "report/phrase.h"

#include <string.h>

enum {
	REASONS_MAXIMUM = 2, /* of equal kind that are named; the others are counted */
	STEPS_MAXIMUM = 4,
};

/* A list that names the first items and counts the others: "a, b, +3 more". */
struct listing {
	struct text into;
	const char *separator;
	uint32_t named, total, maximum;
};

static void list_add(struct listing *listing, const char *item)
{
	listing->total++;
	if (listing->named == listing->maximum)
		return;
	text_add(&listing->into, listing->named > 0 ? listing->separator : "");
	text_add(&listing->into, item);
	listing->named++;
}

static const char *list_end(struct listing *listing, struct arena *arena)
{
	if (listing->total > listing->named)
		text_format(&listing->into, "%s+%u more", listing->separator,
			    listing->total - listing->named);

	const char *whole = arena_string(arena, text_span(&listing->into));
	text_release(&listing->into);
	return whole;
}

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Titles of gates are sentences; inside one they start small, abbreviations stay. */
static const char *inside_sentence(const char *title, struct arena *arena)
{
	if (!is_capital(title[0]) || is_capital(title[1]))
		return title;
	return arena_format(arena, "%c%s", title[0] - 'A' + 'a', title + 1);
}

static const char *gates_text(const struct explanation *explanation, struct arena *arena)
{
	const struct standard *standard = explanation->rating->request.standard;
	const struct unit *unit = explanation->unit;
	struct listing gates = { .separator = "; ", .maximum = REASONS_MAXIMUM };

	for (uint32_t i = 0; i < standard->gate_count; i++) {
		bool holds = unit->gates[i] == GATE_FAILED || unit->gates[i] == GATE_SILENT;

		if (holds && standard->gates[i].cap <= unit->grade)
			list_add(&gates, inside_sentence(standard->gates[i].title, arena));
	}
	return list_end(&gates, arena);
}

/* Strength says the same as coverage when all that is known is strong. */
static bool repeats_coverage(const struct explanation *explanation, const struct shortfall *one)
{
	for (uint32_t i = 0; i < explanation->shortfall_count; i++) {
		const struct shortfall *other = &explanation->shortfalls[i];

		if (other->kind == SHORT_COVERAGE && other->has <= one->has &&
		    other->needs >= one->needs)
			return one->kind == SHORT_STRENGTH;
	}
	return false;
}

static const char *missing_text(const struct explanation *explanation, struct arena *arena)
{
	const struct standard *standard = explanation->rating->request.standard;
	struct listing missing = { .separator = ", ", .maximum = REASONS_MAXIMUM + 1 };

	for (uint32_t i = 0; i < explanation->shortfall_count; i++) {
		const struct shortfall *one = &explanation->shortfalls[i];

		if (!repeats_coverage(explanation, one))
			list_add(&missing, shortfall_text(standard, explanation->unit, one, arena));
	}
	return list_end(&missing, arena);
}

const char *shown_text(const struct explanation *explanation, const uint32_t *criteria,
		       uint32_t count, uint32_t maximum, struct arena *arena)
{
	const struct standard *standard = explanation->rating->request.standard;
	struct listing shown = { .separator = ", ", .maximum = maximum };

	for (uint32_t i = 0; i < count && i < maximum; i++)
		list_add(&shown,
			 arena_format(arena, "%s (%s)", criterion_short(standard, criteria[i]),
				      settlement_text(&explanation->unit->settlements[criteria[i]],
						      arena)));
	return list_end(&shown, arena);
}

/* The category with the lowest, or the highest, point score among those of which something is
 * known: what is presumed of the others is neither strength nor weakness. */
static uint32_t extreme_category(const struct explanation *explanation, bool highest)
{
	const struct standard *standard = explanation->rating->request.standard;
	const struct category_score *scores = explanation->unit->categories;
	uint32_t found = 0;

	for (uint32_t i = 1; i < standard->category_count; i++) {
		bool better = highest ? scores[i].point > scores[found].point
				      : scores[i].point < scores[found].point;
		bool is_known = scores[i].applies && scores[i].coverage > 0;
		bool is_found = scores[found].applies && scores[found].coverage > 0;

		if (is_known && (better || !is_found))
			found = i;
	}
	return found;
}

static const char *top_text(const struct explanation *explanation, struct arena *arena)
{
	const struct standard *standard = explanation->rating->request.standard;
	const struct unit *unit = explanation->unit;
	uint32_t high = extreme_category(explanation, true);
	uint32_t low = extreme_category(explanation, false);

	return arena_format(
		arena, "all that %s asks for is met; strongest in %s (%s), weakest in %s (%s)",
		grade_names[unit->grade], standard->categories[high].id,
		score_text(unit->categories[high].point, arena), standard->categories[low].id,
		score_text(unit->categories[low].point, arena));
}

const char *why_text(const struct explanation *explanation, struct arena *arena)
{
	const struct standard *standard = explanation->rating->request.standard;
	const struct unit *unit = explanation->unit;

	if (!unit->rated)
		return arena_format(
			arena,
			"too little is known: evidence settles %s of the weight, any "
			"grade asks for %s",
			percent_text(unit->coverage, arena),
			percent_text(standard->bars[GRADE_BRONZE].coverage_permille / 1000.0,
				     arena));
	if (unit->grade < unit->uncapped)
		return arena_format(arena, "capped at %s: %s (%s without)",
				    grade_names[unit->grade], gates_text(explanation, arena),
				    grade_names[unit->uncapped]);
	if (explanation->at_top)
		return top_text(explanation, arena);

	return arena_format(arena, "short of %s: %s", grade_names[explanation->next],
			    missing_text(explanation, arena));
}

/* "raise slurm to managed" for what is known to be weak, "show burn-in (every-node)" for what may
 * be so already; at most `maximum` of them. */
static const char *steps_text(const struct explanation *explanation, bool shows, uint32_t maximum,
			      struct arena *arena)
{
	const struct standard *standard = explanation->rating->request.standard;
	struct listing steps = { .separator = ", ", .maximum = maximum };

	for (uint32_t i = 0; i < explanation->path.step_count; i++) {
		const struct step *step = &explanation->path.steps[i];
		const char *until = best_text(&standard->criteria[step->criterion], arena);

		if (step->shows == shows)
			list_add(&steps,
				 arena_format(arena, shows ? "%s (%s)" : "%s to %s",
					      criterion_short(standard, step->criterion), until));
	}
	return list_end(&steps, arena);
}

static uint32_t count_raised(const struct path *path)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < path->step_count; i++)
		count += !path->steps[i].shows;
	return count;
}

/* What could still raise or lower the top: the unknowns that weigh most. */
static const char *unknown_text(const struct explanation *explanation, struct arena *arena)
{
	const struct standard *standard = explanation->rating->request.standard;
	struct listing unknown = { .separator = ", ", .maximum = STEPS_MAXIMUM - 1 };

	for (uint32_t i = 0; i < explanation->unknown_count; i++)
		list_add(&unknown, criterion_short(standard, explanation->unknown[i]));
	return list_end(&unknown, arena);
}

const char *next_text(const struct explanation *explanation, struct arena *arena)
{
	const struct path *path = &explanation->path;

	if (explanation->at_top && explanation->unknown_count == 0)
		return "nothing above, and nothing is unknown";
	if (explanation->at_top)
		return arena_format(arena, "nothing above; not yet known: %s",
				    unknown_text(explanation, arena));
	if (!path->reachable)
		return arena_format(arena, "no set of changes reaches %s",
				    grade_names[explanation->next]);

	uint32_t raised = count_raised(path);
	uint32_t shown = raised < STEPS_MAXIMUM ? STEPS_MAXIMUM - raised : 1;
	const char *raise = steps_text(explanation, false, STEPS_MAXIMUM - 1, arena);
	const char *show = steps_text(explanation, true, shown, arena);
	return arena_format(arena, "to %s: %s%s%s%s%s", grade_names[path->target],
			    raise[0] != '\0' ? "raise " : "", raise,
			    raise[0] != '\0' && show[0] != '\0' ? "; " : "",
			    show[0] != '\0' ? "show " : "", show);
}

const char *announced_text(const struct explanation *explanation, struct arena *arena)
{
	const struct dated_grade *best = NULL;
	const struct unit *unit = explanation->unit;
	char day[DATE_TEXT_SIZE];

	for (uint32_t i = 0; i < explanation->outlook_count; i++) {
		const struct dated_grade *one = &explanation->outlook[i];
		bool better = one->rated && (!unit->rated || one->grade > unit->grade);

		if (better && (!best || one->grade > best->grade))
			best = one;
	}
	if (!best)
		return "";
	if (best->date == DATE_NONE)
		return arena_format(arena, "%s once what is announced without a date arrives",
				    grade_names[best->grade]);
	return arena_format(arena, "%s if what is announced for %s arrives",
			    grade_names[best->grade], date_format(best->date, day));
}

const char *explanation_line(const struct explanation *explanation, struct arena *arena)
{
	const char *announced = announced_text(explanation, arena);

	return arena_format(arena, "%s; %s%s%s", why_text(explanation, arena),
			    next_text(explanation, arena), announced[0] != '\0' ? "; " : "",
			    announced);
}
