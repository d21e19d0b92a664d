#include "report/advice_parts.h"

#include <math.h>

enum {
	UNKNOWN_SHOWN = 8,
	TRIALS_SHOWN = 4,
	CURVE_STEP = 3, /* of the points, which are shown */
};

static const char *name_of(const struct candidate *candidate, struct arena *arena)
{
	return offer_name(candidate->offer, arena);
}

/* ---- models ---- */

static void add_curve(const struct advising *write)
{
	static const struct column columns[] = {
		{ .title = "hours of work", .right = true },
		{ .title = "on demand", .right = true },
		{ .title = "spot", .right = true },
		{ .title = "contract", .right = true },
		{ .title = "cheapest" },
	};
	const struct models *models = &write->advice->models;
	TABLE(table, columns, write->arena);

	for (unsigned i = 0; i < CURVE_POINTS; i += CURVE_STEP) {
		const struct curve_point *point = &models->curve[i];
		int best = -1;

		table_cell(&table, decimal_text(point->hours, 0, write->arena));
		for (unsigned j = 0; j < MODEL_COUNT; j++) {
			if (!isnan(point->usd[j]) && (best < 0 || point->usd[j] < point->usd[best]))
				best = (int)j;
			table_cell(&table, isnan(point->usd[j])
						   ? "-"
						   : usd_text(point->usd[j], write->arena));
		}
		table_cell(&table, best < 0 ? "-" : rental_names[model_rentals[best]]);
	}
	page_table(write->page, &table);
}

static void add_break_even(const struct advising *write)
{
	const struct models *models = &write->advice->models;
	struct arena *arena = write->arena;

	if (!isnan(models->contract_from_h))
		page_item(write->page, "A contract is cheaper than on demand from %s of work%s.",
			  hours_text(models->contract_from_h, arena),
			  models->contract_share <= 1
				  ? arena_format(arena, ": %s of its term has to be used",
						 percent_text(models->contract_share, arena))
				  : ", more than one term");
	else if (models->best[0] && models->best[2])
		page_item(write->page,
			  "No contract is cheaper than on demand, however long the work up to %s.",
			  hours_text(models->curve[CURVE_POINTS - 1].hours, arena));
	if (isnan(models->spot_until))
		return;
	if (models->spot_until <= 0)
		page_item(write->page, "Spot does not pay, even if nothing were ever taken away.");
	else if (isinf(models->spot_until))
		page_item(write->page, "Spot pays however often nodes are taken away.");
	else
		page_item(
			write->page,
			"Spot stops paying when a node is taken away every %s or "
			"more often; %s is what it saves where %s is presumed.",
			hours_text(1 / models->spot_until, arena),
			usd_text(models->spot_saves, arena),
			hours_text(
				1 / write->advice->bench.assumptions->values[ASSUMES_RECLAIM].value,
				arena));
}

void advice_add_models(const struct advising *write)
{
	const struct models *models = &write->advice->models;

	if (!models->best[0] && !models->best[1] && !models->best[2])
		return;
	page_heading(write->page, "On demand, spot or contract");
	for (unsigned i = 0; i < MODEL_COUNT; i++) {
		const struct candidate *best = models->best[i];

		if (!best)
			page_item(write->page, "%s: no offer.", rental_names[model_rentals[i]]);
		else
			page_item(write->page, "%s: %s, %s%s%s", rental_names[model_rentals[i]],
				  name_of(best, write->arena),
				  usd_text(best->estimate.usd.value, write->arena),
				  best->obstacle != OBSTACLE_NONE ? "; " : "",
				  best->obstacle != OBSTACLE_NONE ? obstacle_titles[best->obstacle]
								  : "");
	}
	add_break_even(write);
	page_end_list(write->page);
	add_curve(write);
}

/* ---- next ---- */

void advice_add_trials(const struct advising *write)
{
	const struct advice *advice = write->advice;
	const struct standard *standard = advice->bench.standard;

	page_heading(write->page, "What to test first");
	for (size_t i = 0; i < advice->trial_count && i < TRIALS_SHOWN; i++) {
		const struct trial *trial = &advice->trials[i];
		const struct criterion *criterion =
			trial->criterion >= 0 ? &standard->criteria[trial->criterion] : NULL;

		page_item(write->page, "%s: %s between the ends of what is presumed%s%s%s%s%s",
			  trial->title, usd_text(trial->usd, write->arena),
			  criterion ? ". Criterion " : "", criterion ? criterion->id : "",
			  criterion ? trial->settled ? ", shown already" : ", not shown" : "",
			  trial->command ? "; " : "", trial->command ? trial->command : "");
	}
	page_end_list(write->page);
}

void advice_add_anew(const struct advising *write)
{
	const struct advice *advice = write->advice;
	char day[DATE_TEXT_SIZE];

	page_heading(write->page, "When to decide anew");
	page_item(write->page, "On %s at the latest: then the price of the first is %.0f days old.",
		  date_format(advice->anew, day),
		  advice->bench.assumptions->values[ASSUMES_PRICE_AGE].value + 1);
	if (!isnan(advice->margin))
		page_item(write->page, "When its price rises by %s%%: then the second wins.",
			  decimal_text(100 * advice->margin, 1, write->arena));
	if (!isnan(advice->moved))
		page_item(write->page, "It moved by %s%% since %s.",
			  decimal_text(100 * advice->moved, 1, write->arena),
			  date_format(advice->candidates[0].offer->before, day));
	page_end_list(write->page);
}

/* ---- the others ---- */

void advice_add_unknown(const struct advising *write)
{
	static const struct column columns[] = {
		{ .title = "cost", .right = true },
		{ .title = "offer" },
		{ .title = "but" },
	};
	const struct advice *advice = write->advice;
	TABLE(table, columns, write->arena);

	if (advice->unknown_count == 0)
		return;
	page_heading(write->page, "Would fit, but");
	for (size_t i = 0; i < advice->unknown_count && i < UNKNOWN_SHOWN; i++) {
		const struct candidate *candidate = &advice->candidates[advice->fit_count + i];

		table_cell(&table, candidate->estimated
					   ? usd_text(candidate->estimate.usd.value, write->arena)
					   : "-");
		table_cell(&table, name_of(candidate, write->arena));
		table_cell(&table,
			   arena_format(write->arena, "%s%s%s",
					obstacle_titles[candidate->obstacle],
					candidate->why[0] != '\0' ? ": " : "", candidate->why));
	}
	page_table(write->page, &table);
	if (advice->unknown_count > UNKNOWN_SHOWN)
		page_paragraph(write->page, "%zu more would; %s has them all.",
			       advice->unknown_count - UNKNOWN_SHOWN,
			       write->page->format == FORMAT_HTML ? "the JSON" : "--format csv");
}

void advice_add_excluded(const struct advising *write)
{
	static const struct column columns[] = {
		{ .title = "offers", .right = true },
		{ .title = "why they are not in the ranking" },
	};
	const struct advice *advice = write->advice;
	TABLE(table, columns, write->arena);

	for (unsigned i = OBSTACLE_NONE + 1; i < OBSTACLE_COUNT; i++) {
		if (advice->obstacles[i] == 0)
			continue;
		table_cell(&table, arena_format(write->arena, "%u", advice->obstacles[i]));
		table_cell(&table, obstacle_titles[i]);
	}
	if (table.count == 0)
		return;
	page_heading(write->page, "Every other offer");
	page_table(write->page, &table);
}
