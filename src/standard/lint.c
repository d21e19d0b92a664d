#include <stdlib.h>
#include <string.h>

#include "standard/standard.h"

/* What the reader cannot refuse but an editor of the standard should know. */

enum {
	TEXT_MINIMUM = 12, /* a reason in fewer bytes says nothing */
};

struct linting {
	const struct standard *standard;
	const char *const *checks;
	size_t check_count;
	struct arena *arena;
	struct complaints *complaints;
};

static void complain(struct linting *lint, bool fatal, const char *text)
{
	struct complaints *all = lint->complaints;

	if (all->count == all->room) {
		size_t room = all->room ? 2 * all->room : 32;
		struct complaint *grown = ARENA_ARRAY(lint->arena, struct complaint, room);

		if (all->count > 0)
			memcpy(grown, all->items, all->count * sizeof(*grown));
		all->items = grown;
		all->room = room;
	}
	all->items[all->count++] = (struct complaint){ fatal, text };
	all->fatal_count += fatal;
}

static void lint_text(struct linting *lint, const struct criterion *one, const char *field,
		      const char *text)
{
	if (strlen(text) >= TEXT_MINIMUM)
		return;
	complain(lint, true,
		 arena_format(lint->arena, "%s: line %u: '%s' of %s says nothing: \"%s\"",
			      one->file, one->line, field, one->id, text));
}

static bool check_exists(const struct linting *lint, const char *name)
{
	for (size_t i = 0; i < lint->check_count; i++)
		if (strcmp(lint->checks[i], name) == 0)
			return true;
	return false;
}

/* Whether evidence of today can settle it: people's evidence can, checks only when they exist. */
static bool can_be_settled(const struct linting *lint, const struct criterion *one)
{
	for (uint32_t i = 0; i < one->way_count; i++)
		if (one->ways[i].way != SETTLED_BY_CHECK || check_exists(lint, one->ways[i].name))
			return true;
	return false;
}

static void lint_criterion(struct linting *lint, const struct criterion *one)
{
	lint_text(lint, one, "title", one->title);
	lint_text(lint, one, "question", one->question);
	lint_text(lint, one, "why", one->why);
	lint_text(lint, one, "reason", one->reason);
	if (!can_be_settled(lint, one))
		complain(lint, true,
			 arena_format(lint->arena,
				      "%s: line %u: %s names only checks that do not exist; name a "
				      "document, an answer, a price or a measurement too",
				      one->file, one->line, one->id));
	if (one->profiles == 0)
		complain(lint, true,
			 arena_format(lint->arena, "%s: line %u: %s applies in no profile",
				      one->file, one->line, one->id));
}

/* Open gates that nothing can fail in the draws, and requirements with a rate that is not used. */
static void lint_gates(struct linting *lint)
{
	for (uint32_t i = 0; i < lint->standard->gate_count; i++) {
		const struct gate *gate = &lint->standard->gates[i];

		if (gate->silence == SILENCE_OPEN && gate->rate_permille == 0)
			complain(lint, true,
				 arena_format(lint->arena,
					      "gate '%s' is open in silence and never fails in the "
					      "draws; state its 'rate'",
					      gate->id));
		if (gate->silence == SILENCE_CAPS && gate->rate_permille != 0)
			complain(lint, true,
				 arena_format(lint->arena,
					      "gate '%s' caps in silence; its 'rate' is never used",
					      gate->id));
	}
}

static void remark_on_checks(struct linting *lint)
{
	uint32_t missing = 0;

	for (uint32_t i = 0; i < lint->standard->criterion_count; i++) {
		const struct criterion *one = &lint->standard->criteria[i];

		for (uint32_t k = 0; k < one->way_count; k++) {
			if (one->ways[k].way != SETTLED_BY_CHECK ||
			    check_exists(lint, one->ways[k].name))
				continue;
			missing++;
			break;
		}
	}
	if (missing > 0)
		complain(lint, false,
			 arena_format(lint->arena,
				      "%u criteria name a check that this version does not have; "
				      "until then other evidence settles them",
				      missing));
}

static void lint_categories(struct linting *lint)
{
	for (uint32_t c = 0; c < lint->standard->category_count; c++) {
		const struct category *category = &lint->standard->categories[c];
		uint32_t settled = 0;

		for (uint32_t i = 0; i < category->criteria_count; i++)
			settled += can_be_settled(
				lint, &lint->standard->criteria[category->criteria_first + i]);
		if (settled == 0)
			complain(lint, true,
				 arena_format(lint->arena,
					      "no evidence of today can settle category '%s'",
					      category->id));
	}
}

void standard_lint(const struct standard *standard, const char *const *checks, size_t check_count,
		   struct arena *arena, struct complaints *complaints)
{
	struct linting lint = { standard, checks, check_count, arena, complaints };

	for (uint32_t i = 0; i < standard->criterion_count; i++)
		lint_criterion(&lint, &standard->criteria[i]);
	lint_categories(&lint);
	lint_gates(&lint);
	remark_on_checks(&lint);
}
