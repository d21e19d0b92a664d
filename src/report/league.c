#include <string.h>

#include "rating/price.h"
#include "report/json_twin.h"
#include "report/page.h"
#include "report/phrase.h"
#include "report/words.h"

enum {
	GAPS_SHOWN = 3,
};

static const char *hash_text(const uint8_t hash[RECORD_HASH_BYTES], struct arena *arena)
{
	char text[RECORD_HASH_TEXT];

	return arena_string(arena, span_of(hash_format(hash, text)));
}

static uint32_t count_rated(const struct rating *rating)
{
	uint32_t rated = 0;

	for (uint32_t i = 0; i < rating->provider_count; i++)
		rated += provider_unit(&rating->providers[i])->rated;
	return rated;
}

static void add_head(const struct page *page, const struct rating *rating)
{
	const struct rating_request *request = &rating->request;
	const struct standard *standard = request->standard;
	bool newest = request->as_of == evidence_set_newest(request->evidence);
	char day[DATE_TEXT_SIZE];

	page_title(page, "GPU clouds, rated by the %s %s", standard->name, standard->version);
	page_paragraph(page, "%s, %u rated, from %s on %s; as of %s%s; %s; %u draws, seed %llu.",
		       count_text(rating->provider_count, "provider", page->arena),
		       count_rated(rating),
		       count_text(evidence_set_observed(request->evidence, request->as_of),
				  "record", page->arena),
		       arena_format(page->arena, "%u criteria", standard->criterion_count),
		       date_format(request->as_of, day),
		       newest ? ", the day of the newest record" : ", as asked",
		       request->profile < 0 ? "all profiles"
					    : arena_format(page->arena, "profile %s",
							   standard->profiles[request->profile].id),
		       request->draws, (unsigned long long)request->seed);
}

/* Three lines: what decides, what else speaks for and against it, what would change it. */
static const char *why_cell(const struct words *words, struct arena *arena)
{
	bool strong = words->strong[0] != '\0';
	bool weak = words->weak[0] != '\0';

	return arena_format(arena, "%s\n%s%s%s%s%s%s%s%s%s", words->why, strong ? "for: " : "",
			    words->strong, strong && weak ? "; " : "", weak ? "against: " : "",
			    words->weak, strong || weak ? "\n" : "", words->next,
			    words->announced[0] != '\0' ? "; " : "", words->announced);
}

static void add_provider(struct table *table, const struct rating *rating,
			 const struct provider *provider, const struct words *words)
{
	struct arena *arena = table->arena;
	const struct unit *unit = provider_unit(provider);
	bool drawn = unit->rated && rating->request.draws > 0;

	table_cell(table, rank_text(provider, arena));
	table_tinted(table, TINT_STRONG, provider->name);
	table_tinted(table, unit->rated ? grade_tint(unit->grade) : TINT_DIM,
		     unit_grade_text(unit));
	table_cell(table, drawn ? percent_text(provider->probability[unit->grade], arena) : "-");
	table_cell(table,
		   arena_format(arena, "%s %s", score_text(unit->overall, arena),
				drawn ? interval_text(unit->score_p10, unit->score_p90, arena)
				      : interval_text(unit->low, unit->high, arena)));
	table_cell(table, percent_text(unit->coverage, arena));
	table_cell(table, why_cell(words, arena));
}

static void add_table(const struct page *page, const struct rating *rating)
{
	static const struct column columns[] = {
		{ .title = "rank" },
		{ .title = "provider" },
		{ .title = "grade" },
		{ .title = "P", .right = true },
		{ .title = "score", .right = true },
		{ .title = "known", .right = true },
		{ .title = "why it has this grade, and what would change it" },
	};
	TABLE(table, columns, page->arena);

	const struct words *words = words_make(rating, page->arena);
	for (uint32_t i = 0; i < rating->provider_count; i++)
		add_provider(&table, rating, &rating->providers[i], &words[i]);
	page_table(page, &table);
	if (rating->provider_count == 0)
		page_paragraph(page, "Of no provider is anything known on that day.");
}

static void add_legend(const struct page *page, const struct rating *rating)
{
	const struct standard *standard = rating->request.standard;

	page_heading(page, "How to read it");
	if (rating->request.draws > 0)
		page_item(page,
			  "rank, score: in brackets what 80%% of the draws give. A draw moves each "
			  "weight by up to %u%%, lets evidence be wrong as often as its strength "
			  "says, and lets each unknown be good or bad. P: the share of draws that "
			  "give this grade.",
			  standard->weight_spread_permille / 10);
	else
		page_item(page, "score: in brackets what it would be if all that is not known were "
				"bad, and if all were good.");
	page_item(page,
		  "known: the share of the weight that evidence settles. The rest is never counted "
		  "as a pass: the score presumes it to be worth %s, or as much as its headline "
		  "criterion.",
		  worth_text(standard->presumption, page->arena));
	page_item(page,
		  "capped: a gate lowered the grade. raise: known to be weak. show: may be so "
		  "already, but nothing shows it. Each word with a hyphen is a criterion: "
		  "assay criteria ID");
	page_end_list(page);
}

/* Of what most providers lack or do not show, what only the makers of chips can mend. */
static void add_vendor_gap(const struct page *page, const struct rating *rating,
			   const struct gap *gaps, uint32_t count)
{
	const struct standard *standard = rating->request.standard;

	for (uint32_t i = 0; i < count; i++) {
		const struct criterion *criterion = &standard->criteria[gaps[i].criterion];
		uint32_t missing = gaps[i].lacking + gaps[i].unknown;

		if (!criterion->vendor || missing <= gaps[i].good)
			continue;
		page_item(page, "To the chip makers: %s (%s: %u lack it, %u do not show it).",
			  criterion->vendor, criterion->id, gaps[i].lacking, gaps[i].unknown);
		return;
	}
}

static void add_gaps(const struct page *page, const struct rating *rating)
{
	const struct standard *standard = rating->request.standard;
	struct gap *gaps = NULL;
	uint32_t count = 0;

	gaps_of(rating, page->arena, &gaps, &count);
	page_heading(page, "What most providers miss");
	for (uint32_t i = 0; i < count && i < GAPS_SHOWN; i++) {
		const struct criterion *criterion = &standard->criteria[gaps[i].criterion];

		page_item(page, "%s (%s): %u lack it, %u do not show it, %u good.",
			  criterion->title, criterion->id, gaps[i].lacking, gaps[i].unknown,
			  gaps[i].good);
	}
	add_vendor_gap(page, rating, gaps, count);
	page_end_list(page);
}

/* Appends "nebius Gold 2.95" to who nobody beats, "crusoe (by nebius)" to who is beaten, or
 * "vultr 2.40" to who is not rated. */
static void add_offer(const struct offered_price *one, struct text *best, struct text *beaten,
		      struct text *unrated)
{
	const struct unit *unit = provider_unit(one->provider);
	struct text *into = one->dominated_by ? beaten : unit->rated ? best : unrated;

	text_format(into, "%s%s", into->length > 0 ? ", " : "", one->provider->name);
	if (one->dominated_by)
		text_format(into, " (by %s)", one->dominated_by->provider->name);
	else if (unit->rated)
		text_format(into, " %s %.2f", grade_names[unit->grade], one->usd);
	else
		text_format(into, " %.2f", one->usd);
}

/* All offers of one kind, and moves *at behind them. */
static void add_kind(struct table *table, const struct price_list *list, uint32_t *at)
{
	const struct offered_price *first = &list->items[*at];
	SCOPED_TEXT(best);
	SCOPED_TEXT(beaten);
	SCOPED_TEXT(unrated);
	uint32_t count = 0;

	for (; *at < list->count; (*at)++, count++) {
		const struct offered_price *one = &list->items[*at];

		if (strcmp(one->gpu, first->gpu) != 0 || strcmp(one->rental, first->rental) != 0)
			break;
		add_offer(one, &best, &beaten, &unrated);
	}
	table_cell(table, first->gpu);
	table_cell(table, first->rental);
	table_format(table, "%u", count);
	table_format(table, "%s%s%s%s%s", best.length > 0 ? text_string(&best) : "nobody rated",
		     beaten.length > 0 ? "\ndominated: " : "", text_string(&beaten),
		     unrated.length > 0 ? "\nnot rated: " : "", text_string(&unrated));
}

static void add_prices(const struct page *page, const struct rating *rating)
{
	static const struct column columns[] = {
		{ .title = "GPU" },
		{ .title = "rental" },
		{ .title = "providers", .right = true },
		{ .title = "USD for an hour of one GPU, cheapest first, of those that nobody "
			   "beats" },
	};
	TABLE(table, columns, page->arena);
	struct price_list list;

	prices_of(rating, rating->request.listed, page->arena, &list);
	if (list.count == 0)
		return;
	page_heading(page, "Price beside grade");
	for (uint32_t at = 0; at < list.count;)
		add_kind(&table, &list, &at);
	page_table(page, &table);
	page_paragraph(page, "Dominated: another rated provider holds no worse a grade and asks no "
			     "more for the same GPU and rental. Prices never enter a score here.");
}

/* A share of what is known says little where little is known: so of how many it is. */
static uint32_t count_volumes(const struct rating *rating)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < rating->provider_count; i++)
		count += rating->providers[i].gpu_volume > 0;
	return count;
}

static void add_market(const struct page *page, const struct rating *rating)
{
	if (rating->market_coverage < 0)
		page_paragraph(page, "Market: of no provider is it known how many GPUs it runs, so "
				     "no share of the market is given.");
	else
		page_paragraph(page,
			       "Market: %s of the known GPU volume is rated; how many GPUs one "
			       "runs is known of %u of %u providers.",
			       percent_text(rating->market_coverage, page->arena),
			       count_volumes(rating), rating->provider_count);
}

static void add_foot(const struct page *page, const struct rating *rating)
{
	add_prices(page, rating);
	add_legend(page, rating);
	add_gaps(page, rating);
	add_market(page, rating);
	page_paragraph(page, "Rating %s: the same inputs give the same bytes.",
		       hash_text(rating->hash, page->arena));
	if (rating->provider_count > 0)
		page_paragraph(page, "More of one provider: assay explain %s",
			       rating->providers[rating->provider_count / 2].name);
}

static void add_rank(struct table *table, uint32_t rank)
{
	table_cell(table, rank > 0 ? arena_format(table->arena, "%u", rank) : "");
}

static void add_unit_row(struct table *table, const struct rating *rating,
			 const struct provider *provider, const struct unit *unit, const char *why)
{
	struct arena *arena = table->arena;
	bool chosen = unit == provider_unit(provider);
	bool drawn = rating->request.draws > 0 && unit->rated;

	table_cell(table, provider->name);
	table_cell(table, unit->name);
	table_cell(table, chosen ? "yes" : "no");
	add_rank(table, chosen ? provider->rank : 0);
	add_rank(table, chosen ? provider->rank_low : 0);
	add_rank(table, chosen ? provider->rank_high : 0);
	table_cell(table, unit->rated ? grade_names[unit->grade] : "");
	table_cell(table, unit->rated ? grade_names[unit->uncapped] : "");
	for (int grade = GRADE_COUNT - 1; grade >= 0; grade--) {
		double probability =
			chosen ? provider->probability[grade] : unit->probability[grade];

		table_cell(table, drawn ? decimal_text(probability, 4, arena) : "");
	}
	table_cell(table, decimal_text(100 * unit->overall, 3, arena));
	table_cell(table, decimal_text(100 * unit->low, 3, arena));
	table_cell(table, decimal_text(100 * unit->high, 3, arena));
	table_cell(table, drawn ? decimal_text(100 * unit->score_p10, 3, arena) : "");
	table_cell(table, drawn ? decimal_text(100 * unit->score_p90, 3, arena) : "");
	table_cell(table, decimal_text(unit->coverage, 4, arena));
	table_cell(table, chosen ? why : "");
}

/* One row a unit; those that stand for their provider say so and carry its rank. */
static void write_rows(const struct rating *rating, const struct report_style *style,
		       struct arena *arena, struct text *into)
{
	static const struct column columns[] = {
		{ .title = "provider" },       { .title = "unit" },     { .title = "stands" },
		{ .title = "rank" },           { .title = "rank_low" }, { .title = "rank_high" },
		{ .title = "grade" },          { .title = "uncapped" }, { .title = "p_platinum" },
		{ .title = "p_gold" },         { .title = "p_silver" }, { .title = "p_bronze" },
		{ .title = "p_underperform" }, { .title = "score" },    { .title = "low" },
		{ .title = "high" },           { .title = "p10" },      { .title = "p90" },
		{ .title = "coverage" },       { .title = "why" },
	};
	TABLE(table, columns, arena);

	const struct words *words = words_make(rating, arena);
	for (uint32_t i = 0; i < rating->provider_count; i++) {
		const struct provider *provider = &rating->providers[i];
		const char *line =
			arena_format(arena, "%s; %s%s%s", words[i].why, words[i].next,
				     words[i].announced[0] != '\0' ? "; " : "", words[i].announced);

		for (uint32_t j = 0; j < provider->unit_count; j++)
			add_unit_row(&table, rating, provider, &provider->units[j], line);
	}
	table_write(&table, FORMAT_CSV, style, into);
}

void league_write(const struct rating *rating, enum report_format format,
		  const struct report_style *style, struct text *into)
{
	SCOPED_ARENA(arena);
	const struct page page = {
		.format = format, .style = style, .arena = &arena, .into = into
	};

	if (format == FORMAT_JSON) {
		league_json(rating, into);
	} else if (format == FORMAT_CSV) {
		write_rows(rating, style, &arena, into);
	} else {
		add_head(&page, rating);
		add_table(&page, rating);
		add_foot(&page, rating);
	}
}
