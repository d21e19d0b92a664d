#include "base/json.h"
#include "report/market.h"
#include "report/page.h"
#include "report/phrase.h"

#include <stdlib.h>

/* Reasons that occurred, the most frequent first, then in their own order. */
struct reasons {
	const struct book *book;
	unsigned items[REFUSAL_COUNT];
	unsigned count;
};

static struct reasons sort_reasons(const struct book *book)
{
	struct reasons reasons = { .book = book };

	for (unsigned why = 1; why < REFUSAL_COUNT; why++) {
		unsigned at = reasons.count;

		if (book->refused[why].count == 0)
			continue;
		while (at > 0 &&
		       book->refused[reasons.items[at - 1]].count < book->refused[why].count) {
			reasons.items[at] = reasons.items[at - 1];
			at--;
		}
		reasons.items[at] = why;
		reasons.count++;
	}
	return reasons;
}

static unsigned example_count(const struct refusal_count *refused)
{
	return refused->count < BOOK_EXAMPLES_MAXIMUM ? (unsigned)refused->count
						      : BOOK_EXAMPLES_MAXIMUM;
}

static void add_refused(const struct page *page, const struct reasons *reasons)
{
	static const struct column columns[] = {
		{ .title = "refused", .right = true },
		{ .title = "reason" },
		{ .title = "what it means, and examples" },
	};
	TABLE(table, columns, page->arena);

	for (unsigned i = 0; i < reasons->count; i++) {
		unsigned why = reasons->items[i];
		const struct refusal_count *refused = &reasons->book->refused[why];
		SCOPED_TEXT(says);

		text_add(&says, refusal_reasons[why]);
		for (unsigned j = 0; j < example_count(refused); j++)
			text_format(&says, "\n%s:%llu: %s", refused->examples[j].file,
				    (unsigned long long)refused->examples[j].line,
				    refused->examples[j].text);
		table_format(&table, "%llu", (unsigned long long)refused->count);
		table_cell(&table, refusal_names[why]);
		table_cell(&table, arena_string(page->arena, text_span(&says)));
	}
	page_table(page, &table);
}

static void write_page(const struct page *page, const struct book *book, const char *to)
{
	const struct reasons reasons = sort_reasons(book);

	page_title(page, "%llu of %llu rows are quotes", (unsigned long long)book->kept,
		   (unsigned long long)book->rows);
	if (to)
		page_paragraph(page, "Written to %s.", to);
	if (reasons.count > 0)
		add_refused(page, &reasons);
	if (book->forgotten > 0)
		page_paragraph(page,
			       "There were so many quotes that what had been seen was forgotten "
			       "%llu times: the same quote on both sides of such a place was not "
			       "noticed.",
			       (unsigned long long)book->forgotten);
}

static void write_json(const struct book *book, const char *to, struct text *into)
{
	const struct reasons reasons = sort_reasons(book);
	struct json_writer writer = { .into = into, .indent = 2 };

	json_open_object(&writer);
	json_pair_string(&writer, "schema", "assay/import/v1");
	json_pair_integer(&writer, "rows", (int64_t)book->rows);
	json_pair_integer(&writer, "kept", (int64_t)book->kept);
	json_pair_integer(&writer, "forgotten", (int64_t)book->forgotten);
	json_pair_string(&writer, "to", to);
	json_key(&writer, "refused");
	json_open_array(&writer);
	for (unsigned i = 0; i < reasons.count; i++) {
		unsigned why = reasons.items[i];
		const struct refusal_count *refused = &book->refused[why];

		json_open_object(&writer);
		json_pair_string(&writer, "reason", refusal_names[why]);
		json_pair_string(&writer, "text", refusal_reasons[why]);
		json_pair_integer(&writer, "count", (int64_t)refused->count);
		json_key(&writer, "examples");
		json_open_array(&writer);
		for (unsigned j = 0; j < example_count(refused); j++) {
			json_open_object(&writer);
			json_pair_string(&writer, "file", refused->examples[j].file);
			json_pair_integer(&writer, "line", (int64_t)refused->examples[j].line);
			json_pair_string(&writer, "row", refused->examples[j].text);
			json_close_object(&writer);
		}
		json_close_array(&writer);
		json_close_object(&writer);
	}
	json_close_array(&writer);
	json_close_object(&writer);
	text_add_char(into, '\n');
}

/* One row a reason; that of what was kept comes first. */
static void write_rows(const struct book *book, const struct report_style *style,
		       struct arena *arena, struct text *into)
{
	static const struct column columns[] = {
		{ .title = "reason" },
		{ .title = "rows" },
		{ .title = "text" },
	};
	const struct reasons reasons = sort_reasons(book);
	TABLE(table, columns, arena);

	table_cell(&table, "kept");
	table_format(&table, "%llu", (unsigned long long)book->kept);
	table_cell(&table, "the row is a quote");
	for (unsigned i = 0; i < reasons.count; i++) {
		unsigned why = reasons.items[i];

		table_cell(&table, refusal_names[why]);
		table_format(&table, "%llu", (unsigned long long)book->refused[why].count);
		table_cell(&table, refusal_reasons[why]);
	}
	table_write(&table, FORMAT_CSV, style, into);
}

void import_write(const struct book *book, const char *to, enum report_format format,
		  const struct report_style *style, struct text *into)
{
	SCOPED_ARENA(arena);
	const struct page page = {
		.format = format, .style = style, .arena = &arena, .into = into
	};

	if (format == FORMAT_JSON)
		write_json(book, to, into);
	else if (format == FORMAT_CSV)
		write_rows(book, style, &arena, into);
	else
		write_page(&page, book, to);
}
