#include "report/explain.h"
#include "report/json_twin.h"
#include "report/phrase.h"

const char *const report_format_names[] = {
	[FORMAT_TABLE] = "table",   [FORMAT_JSON] = "json",
	[FORMAT_CSV] = "csv",       [FORMAT_MARKDOWN] = "markdown",
	[FORMAT_JUNIT] = "junit",   [FORMAT_PROMETHEUS] = "prometheus",
	[FORMAT_NAGIOS] = "nagios", [FORMAT_LINES] = "jsonl",
	[FORMAT_HTML] = "html",     [FORMAT_YAML] = "yaml",
	[FORMAT_SVG] = "svg",       [FORMAT_TEXT] = "text",
};

static const char *day_cell(struct arena *arena, date_t date)
{
	char day[DATE_TEXT_SIZE];

	return arena_string(arena, span_of(date == DATE_NONE ? "" : date_format(date, day)));
}

static void add_row(struct table *table, const struct record *record)
{
	struct arena *arena = table->arena;
	char hash[RECORD_HASH_TEXT];

	table_cell(table, record->id);
	table_cell(table, subject_name(&record->subject, SUBJECT_PART_COUNT, arena));
	table_cell(table, record->what);
	table_cell(table, record_text(record, arena));
	table_cell(table, evidence_kind_names[record->kind]);
	table_cell(table, strength_names[record->strength]);
	table_cell(table, day_cell(arena, record->observed));
	table_cell(table, day_cell(arena, record->expires));
	table_cell(table, record->announced && record->due == DATE_NONE
				  ? "unknown"
				  : day_cell(arena, record->due));
	table_cell(table, record->source.name);
	table_cell(table, record->source.url);
	table_cell(table, record->excerpt);
	table_cell(table, arena_string(arena, span_of(hash_format(record->hash, hash))));
}

static void write_rows(const struct record *const *records, size_t count,
		       const struct report_style *style, struct arena *arena, struct text *into)
{
	static const struct column columns[] = {
		{ .title = "id" },       { .title = "subject" }, { .title = "what" },
		{ .title = "says" },     { .title = "kind" },    { .title = "strength" },
		{ .title = "observed" }, { .title = "expires" }, { .title = "due" },
		{ .title = "source" },   { .title = "url" },     { .title = "excerpt" },
		{ .title = "hash" },
	};
	TABLE(table, columns, arena);

	for (size_t i = 0; i < count; i++)
		add_row(&table, records[i]);
	table_write(&table, FORMAT_CSV, style, into);
}

/* Records of one provider after the other, each under its own heading. */
static void add_records(const struct page *page, const struct record *const *records, size_t count)
{
	size_t first = 0;

	while (first < count) {
		struct span provider = span_of(records[first]->subject.parts[SUBJECT_PROVIDER]);
		size_t end = first;

		while (end < count &&
		       span_equal(span_of(records[end]->subject.parts[SUBJECT_PROVIDER]), provider))
			end++;
		page_heading(page, "%.*s: %s", SPAN_ARGS(provider),
			     count_text(end - first, "record", page->arena));
		records_table_add(page, records + first, end - first, true);
		first = end;
	}
	if (count == 0)
		page_paragraph(page, "No record is of that kind.");
}

void evidence_write(const struct record *const *records, size_t count, enum report_format format,
		    const struct report_style *style, struct text *into)
{
	SCOPED_ARENA(arena);
	const struct page page = {
		.format = format, .style = style, .arena = &arena, .into = into
	};

	if (format == FORMAT_JSON)
		evidence_json(records, count, into);
	else if (format == FORMAT_CSV)
		write_rows(records, count, style, &arena, into);
	else
		add_records(&page, records, count);
}
