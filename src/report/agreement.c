#include <math.h>

#include "report/brief.h"
#include "report/json_parts.h"
#include "report/page.h"
#include "report/phrase.h"

/* The unit that stands for the provider of a published grade; NULL when it is not rated here. */
static const struct unit *rated_unit(const struct rating *rating,
				     const struct reference_grade *published)
{
	const struct provider *provider = rating_find(rating, published->provider);
	const struct unit *unit = provider ? provider_unit(provider) : NULL;

	return unit && unit->rated ? unit : NULL;
}

static const char *tau_text(double kendall, struct arena *arena)
{
	return isnan(kendall) ? "not defined" : decimal_text(kendall, 3, arena);
}

static void add_confusion(const struct page *page, const struct agreement *agreement)
{
	static const struct column columns[] = {
		{ .title = "published \\ assay" },    { .title = "Platinum", .right = true },
		{ .title = "Gold", .right = true },   { .title = "Silver", .right = true },
		{ .title = "Bronze", .right = true }, { .title = "UnderPerform", .right = true },
	};
	TABLE(table, columns, page->arena);

	for (int published = GRADE_COUNT - 1; published >= 0; published--) {
		table_cell(&table, grade_names[published]);
		for (int here = GRADE_COUNT - 1; here >= 0; here--) {
			uint32_t count = agreement->confusion[published][here];

			table_tinted(&table,
				     count == 0          ? TINT_DIM
				     : published == here ? TINT_GOOD
							 : TINT_WARN,
				     arena_format(page->arena, "%u", count));
		}
	}
	page_table(page, &table);
}

static void add_differences(const struct page *page, const struct rating *rating,
			    const struct reference *reference)
{
	static const struct column columns[] = {
		{ .title = "provider" },
		{ .title = "published" },
		{ .title = "assay" },
		{ .title = "P", .right = true },
		{ .title = "why, by the evidence here" },
	};
	struct arena *arena = page->arena;
	TABLE(table, columns, arena);

	for (uint32_t i = 0; i < reference->count; i++) {
		const struct reference_grade *published = &reference->grades[i];
		const struct unit *unit = rated_unit(rating, published);
		const struct provider *provider = rating_find(rating, published->provider);
		struct explanation explanation;

		if (!unit || unit->grade == published->grade)
			continue;
		explanation_make_brief(rating, provider, arena, &explanation);
		table_tinted(&table, TINT_STRONG, published->provider);
		table_tinted(&table, grade_tint(published->grade), grade_names[published->grade]);
		table_tinted(&table, grade_tint(unit->grade), grade_names[unit->grade]);
		table_cell(&table, rating->request.draws > 0
					   ? percent_text(provider->probability[unit->grade], arena)
					   : "-");
		table_cell(&table, why_text(&explanation, arena));
	}
	if (table.count == 0)
		return;
	page_heading(page, "Where the two differ");
	page_table(page, &table);
}

static void add_missing(const struct page *page, const struct rating *rating,
			const struct reference *reference)
{
	SCOPED_TEXT(names);

	for (uint32_t i = 0; i < reference->count; i++) {
		if (!rated_unit(rating, &reference->grades[i]))
			text_format(&names, "%s%s", names.length > 0 ? ", " : "",
				    reference->grades[i].provider);
	}
	if (names.length > 0)
		page_paragraph(page, "Published, and not rated here: %s.", text_string(&names));
}

static void write_rows(const struct rating *rating, const struct reference *reference,
		       const struct report_style *style, struct arena *arena, struct text *into)
{
	static const struct column columns[] = {
		{ .title = "provider" },
		{ .title = "published" },
		{ .title = "assay" },
		{ .title = "difference" },
	};
	TABLE(table, columns, arena);

	for (uint32_t i = 0; i < reference->count; i++) {
		const struct reference_grade *published = &reference->grades[i];
		const struct unit *unit = rated_unit(rating, published);

		table_cell(&table, published->provider);
		table_cell(&table, grade_names[published->grade]);
		table_cell(&table, unit ? grade_names[unit->grade] : "");
		table_cell(&table, unit ? arena_format(arena, "%d",
						       (int)unit->grade - (int)published->grade)
					: "");
	}
	table_write(&table, FORMAT_CSV, style, into);
}

void agreement_write(const struct rating *rating, const struct reference *reference,
		     enum report_format format, const struct report_style *style, struct text *into)
{
	SCOPED_ARENA(arena);
	const struct page page = {
		.format = format, .style = style, .arena = &arena, .into = into
	};
	struct agreement agreement;
	char day[DATE_TEXT_SIZE];

	if (format == FORMAT_JSON) {
		agreement_json(rating, reference, into);
		return;
	}
	if (format == FORMAT_CSV) {
		write_rows(rating, reference, style, &arena, into);
		return;
	}
	agreement_of(rating, reference, &agreement);
	page_title(&page, "Agreement with the %s edition, published on %s", reference->edition,
		   date_format(reference->published, day));
	page_paragraph(&page, "Source: %s. A published grade is compared with, and never an input.",
		       reference->source);
	page_paragraph(&page, "%u compared: %u the same, %u within one grade; Kendall's tau-b %s.",
		       agreement.compared, agreement.exact, agreement.within_one,
		       tau_text(agreement.kendall, &arena));
	add_confusion(&page, &agreement);
	add_differences(&page, rating, reference);
	add_missing(&page, rating, reference);
}

static void pair_confusion(struct json_writer *writer, const struct agreement *agreement)
{
	json_key(writer, "confusion");
	json_open_object(writer);
	for (int published = GRADE_COUNT - 1; published >= 0; published--) {
		json_key(writer, grade_names[published]);
		json_open_object(writer);
		for (int here = GRADE_COUNT - 1; here >= 0; here--)
			json_pair_integer(writer, grade_names[here],
					  agreement->confusion[published][here]);
		json_close_object(writer);
	}
	json_close_object(writer);
}

static void pair_reference(struct json_writer *writer, const struct reference *reference)
{
	json_key(writer, "reference");
	json_open_object(writer);
	json_pair_string(writer, "edition", reference->edition);
	json_pair_date(writer, "published", reference->published);
	json_pair_string(writer, "source", reference->source);
	json_close_object(writer);
}

void agreement_json(const struct rating *rating, const struct reference *reference,
		    struct text *into)
{
	struct json_writer writer = { .into = into, .indent = JSON_INDENT };
	struct agreement agreement;

	agreement_of(rating, reference, &agreement);
	json_open_rating(&writer, "assay/agreement/v1", rating);
	pair_reference(&writer, reference);
	json_pair_integer(&writer, "compared", agreement.compared);
	json_pair_integer(&writer, "exact", agreement.exact);
	json_pair_integer(&writer, "within_one", agreement.within_one);
	json_pair_integer(&writer, "missing", agreement.missing);
	json_pair_decimal(&writer, "kendall", agreement.kendall, SHARE_DECIMALS);
	pair_confusion(&writer, &agreement);
	json_key(&writer, "providers");
	json_open_array(&writer);
	for (uint32_t i = 0; i < reference->count; i++) {
		const struct unit *unit = rated_unit(rating, &reference->grades[i]);

		json_open_object(&writer);
		json_pair_string(&writer, "name", reference->grades[i].provider);
		json_pair_string(&writer, "published", grade_names[reference->grades[i].grade]);
		json_pair_string(&writer, "assay", unit ? grade_names[unit->grade] : NULL);
		json_close_object(&writer);
	}
	json_close_array(&writer);
	json_close_document(&writer);
}
