#include "report/advice_parts.h"

#include <math.h>

enum {
	RANKED_SHOWN = ADVICE_EXPLAINED,
	CONTRASTS_SHOWN = 4,
	RANKED_ALWAYS = 7, /* columns */
	RANKED_COLUMNS = RANKED_ALWAYS + 3,
};

static const char *rate_text(double usd, struct arena *arena)
{
	return decimal_text(usd, 2, arena);
}

static const char *name_of(const struct candidate *candidate, struct arena *arena)
{
	return offer_name(candidate->offer, arena);
}

static const char *grade_text(const struct candidate *candidate)
{
	return candidate->rated.unit ? unit_grade_text(candidate->rated.unit) : "not rated";
}

/* ---- ranked ---- */

static bool has_spot(const struct advice *advice)
{
	for (size_t i = 0; i < advice->fit_count && i < RANKED_SHOWN; i++) {
		if (advice->candidates[i].offer->rental == RENTAL_SPOT)
			return true;
	}
	return false;
}

static const char *range_text(struct quantity range, struct arena *arena)
{
	return arena_format(arena, "%s-%s", grouped_text(range.low, arena),
			    grouped_text(range.high, arena));
}

static void add_ranked_row(struct table *table, const struct advising *write, size_t index)
{
	const struct advice *advice = write->advice;
	const struct candidate *candidate = &advice->candidates[index];
	const struct estimate *estimate = &candidate->estimate;
	const struct unit *unit = candidate->rated.unit;
	struct arena *arena = write->arena;

	table_cell(table, arena_format(arena, "%zu", index + 1));
	table_tinted(table, unit && unit->rated ? grade_tint(unit->grade) : TINT_DIM,
		     grade_text(candidate));
	table_cell(table, grouped_text(estimate->usd.value, arena));
	table_cell(table, range_text(estimate->usd, arena));
	table_cell(table, rate_text(estimate->price.value, arena));
	table_cell(table, decimal_text(estimate->hours.value, 0, arena));
	table_cell(table, isfinite(advice->sure_h[index])
				  ? decimal_text(advice->sure_h[index], 0, arena)
				  : "-");
	if (isfinite(advice->bench.need->deadline_h))
		table_cell(table, percent_text(estimate->in_time, arena));
	if (has_spot(advice))
		table_cell(table, candidate->offer->rental == RENTAL_SPOT
					  ? percent_text(estimate->survival, arena)
					  : "-");
	table_tinted(table, TINT_STRONG, name_of(candidate, arena));
}

static void add_legend(const struct advising *write)
{
	const struct need *need = write->advice->bench.need;

	page_paragraph(write->page,
		       "from-to: with every range of prices, failures and reclaims at its best and "
		       "at its worst. surely: the hours within which it is done with %s, - when it "
		       "never is.%s%s",
		       percent_text(need->confidence, write->arena),
		       isfinite(need->deadline_h)
			       ? " in time: the probability that the deadline is met."
			       : "",
		       has_spot(write->advice)
			       ? " kept: the probability that no spot node is taken away in all "
				 "the time."
			       : "");
}

void advice_add_ranked(const struct advising *write)
{
	const struct advice *advice = write->advice;
	struct column columns[RANKED_COLUMNS] = {
		{ .title = "#", .right = true },       { .title = "grade" },
		{ .title = "USD", .right = true },     { .title = "from-to", .right = true },
		{ .title = "$/GPU-h", .right = true }, { .title = "hours", .right = true },
		{ .title = "surely", .right = true },
	};
	unsigned count = RANKED_ALWAYS;

	if (isfinite(advice->bench.need->deadline_h))
		columns[count++] = (struct column){ .title = "in time", .right = true };
	if (has_spot(advice))
		columns[count++] = (struct column){ .title = "kept", .right = true };
	columns[count++] = (struct column){ .title = "offer" };

	struct table table = { .columns = columns, .column_count = count, .arena = write->arena };
	for (size_t i = 0; i < advice->fit_count && i < RANKED_SHOWN; i++)
		add_ranked_row(&table, write, i);
	page_table(write->page, &table);
	add_legend(write);
	if (advice->fit_count > RANKED_SHOWN)
		page_paragraph(write->page, "%zu more fit; %s has them all.",
			       advice->fit_count - RANKED_SHOWN,
			       write->page->format == FORMAT_HTML ? "the JSON" : "--format csv");
}

/* ---- why ---- */

/* What of the first nobody told, and what was taken for it. */
static void add_not_known(const struct advising *write, const struct candidate *first)
{
	const struct offer *offer = first->offer;
	SCOPED_TEXT(text);

	for (unsigned line = 0; line < BILL_COUNT; line++) {
		if (first->estimate.unknown & (1u << line))
			text_format(&text, "%s (%s), ", bill_line_titles[line],
				    first->estimate.lines[line].value > 0
					    ? "charged at its dear end"
					    : "left out");
	}
	if (first->estimate.network_unknown)
		text_add(&text, "its network (presumed slow), ");
	if (!offer->size_known && write->advice->bench.need->gpus > 1)
		text_add(&text, "how many GPUs one of its machines has, ");
	if (offer->stock == STOCK_UNKNOWN)
		text_add(&text, "whether it is to be had, ");
	if (text.length > 0)
		page_item(write->page, "Not known of it: %.*s.", (int)(text.length - 2),
			  text_string(&text));
}

static void add_first(const struct advising *write)
{
	const struct candidate *first = &write->advice->candidates[0];
	SCOPED_TEXT(text);

	for (unsigned line = 0; line < BILL_COUNT; line++) {
		double usd = first->estimate.lines[line].value;

		if (usd > 0 && usd >= 0.0005 * first->estimate.usd.value)
			text_format(&text, "%s%s %s", text.length > 0 ? ", " : "",
				    bill_line_titles[line], usd_text(usd, write->arena));
	}
	page_item(write->page,
		  "1. %s is the cheapest that fits: %s. %.1f interruptions are "
		  "expected, %s of the hours do work.",
		  name_of(first, write->arena), text_string(&text), first->estimate.interruptions,
		  percent_text(first->estimate.paces[CORNER_VALUE].useful, write->arena));
	if (first->rated.stands_in)
		page_item(write->page, "Its grade is that of %s: nothing is known of the product.",
			  first->rated.unit->name);
	add_not_known(write, first);
}

static const char *winning_text(const struct advising *write, const struct candidate *candidate,
				const struct contrast *contrast)
{
	struct arena *arena = write->arena;
	SCOPED_TEXT(text);

	if (!isnan(contrast->wins_at_price))
		text_format(&text, "%sbelow %s USD a GPU-hour (it asks %s)",
			    text.length > 0 ? ", or " : "",
			    rate_text(contrast->wins_at_price, arena),
			    rate_text(candidate->estimate.price.value, arena));
	if (!isnan(contrast->wins_at_failures))
		text_format(&text, "%swith interruptions %s times as often",
			    text.length > 0 ? ", or " : "",
			    decimal_text(contrast->wins_at_failures,
					 contrast->wins_at_failures < 10 ? 2 : 0, arena));
	if (!isnan(contrast->wins_at_deadline_h))
		text_format(&text, "%swith a deadline of less than %s",
			    text.length > 0 ? ", or " : "",
			    hours_text(contrast->wins_at_deadline_h, arena));
	return text.length > 0 ? arena_format(arena, " It wins %s.", text_string(&text))
			       : " Neither price nor failures nor a deadline alone makes it win.";
}

/* "12 h longer", "as long". */
static const char *longer_text(double hours, struct arena *arena)
{
	if (fabs(hours) < 0.1)
		return "as long";
	return arena_format(arena, "%s %s", hours_text(fabs(hours), arena),
			    hours < 0 ? "less" : "longer");
}

static void add_other(const struct advising *write, size_t index)
{
	const struct candidate *candidate = &write->advice->candidates[index];
	const struct contrast *contrast = &write->advice->contrasts[index];
	const struct candidate *first = &write->advice->candidates[0];
	struct arena *arena = write->arena;

	page_item(write->page, "%zu. %s costs %s (%s%%) more and takes %s; %s of it is %s.%s",
		  index + 1, name_of(candidate, arena), usd_text(contrast->usd, arena),
		  decimal_text(100 * contrast->usd / first->estimate.usd.value, 1, arena),
		  longer_text(contrast->hours, arena), usd_text(contrast->line_usd, arena),
		  bill_line_titles[contrast->line], winning_text(write, candidate, contrast));
}

void advice_add_why(const struct advising *write)
{
	page_heading(write->page, "Why in this order");
	add_first(write);
	for (size_t i = 1; i < write->advice->explained && i < CONTRASTS_SHOWN; i++)
		add_other(write, i);
	page_end_list(write->page);
}

/* ---- nothing fits ---- */

/* The cheapest that each single thing stands in the way of. */
void advice_add_nearest(const struct advising *write)
{
	const struct advice *advice = write->advice;

	page_paragraph(write->page, "No offer fits. What is nearest, and what stands in its way:");
	for (unsigned obstacle = OBSTACLE_STALE; obstacle < OBSTACLE_COUNT; obstacle++) {
		for (size_t i = 0; i < advice->count; i++) {
			const struct candidate *candidate = &advice->candidates[i];

			if (candidate->obstacle != (enum obstacle)obstacle || !candidate->estimated)
				continue;
			page_item(write->page, "%s, %s: %s%s%s", name_of(candidate, write->arena),
				  usd_text(candidate->estimate.usd.value, write->arena),
				  obstacle_titles[obstacle], candidate->why[0] != '\0' ? ": " : "",
				  candidate->why);
			break;
		}
	}
	page_end_list(write->page);
	if (advice->obstacles[OBSTACLE_STALE] > 0)
		page_paragraph(
			write->page,
			"Import newer prices, or say --as-of with the day of these, or --set "
			"price_age=DAYS.");
}
