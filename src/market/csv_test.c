#include "market/import.h"

#include "test/stall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The cells with '|' between them; "!" for a line that is none. */
static const char *cut(const char *line, char separator, struct arena *arena)
{
	char *copy = arena_take(arena, strlen(line) + 1);
	struct csv_row row;
	SCOPED_TEXT(joined);

	memcpy(copy, line, strlen(line) + 1);
	if (!csv_cut(span_of(copy), separator, &row))
		return "!";
	for (unsigned i = 0; i < row.count; i++)
		text_format(&joined, "%s%.*s", i > 0 ? "|" : "", SPAN_ARGS(row.cells[i]));
	return arena_string(arena, text_span(&joined));
}

static void a_line_is_cut_into_cells(void **state)
{
	static const struct {
		const char *line;
		char separator;
		const char *cells;
	} cases[] = {
		{ "a,b,c", ',', "a|b|c" },
		{ "", ',', "" },
		{ ",", ',', "|" },
		{ "a,,c", ',', "a||c" },
		{ "a;b,c;d", ';', "a|b,c|d" },
		{ "\"a,b\",c", ',', "a,b|c" },
		{ "\"a \"\"b\"\" c\",d", ',', "a \"b\" c|d" },
		{ "\"\",x", ',', "|x" },
		{ "\"\"\"\"", ',', "\"" },
		{ "a\"b,c", ',', "a\"b|c" },
		{ "\"open", ',', "!" },
		{ "\"", ',', "!" },
		{ "\"a\"b,c", ',', "!" },
		{ "\"a\"\"", ',', "!" },
	};
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(cut(cases[i].line, cases[i].separator, &arena), cases[i].cells);
}

static void more_cells_than_a_row_may_have_are_none(void **state)
{
	char line[CSV_COLUMNS_MAXIMUM + 1];
	struct csv_row row;

	(void)state;
	memset(line, ',', sizeof(line));
	assert_true(csv_cut((struct span){ line, CSV_COLUMNS_MAXIMUM - 1 }, ',', &row));
	assert_int_equal(row.count, CSV_COLUMNS_MAXIMUM);
	assert_false(csv_cut((struct span){ line, CSV_COLUMNS_MAXIMUM }, ',', &row));
}

static void a_cell_is_quoted_where_it_has_to_be(void **state)
{
	static const struct {
		const char *cell, *written;
	} cases[] = {
		{ "", "" },       { "plain", "plain" },     { "a,b", "\"a,b\"" },
		{ "a;b", "a;b" }, { "a\"b", "\"a\"\"b\"" }, { "two\nlines", "\"two\nlines\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_TEXT(written);

		csv_put(&written, span_of(cases[i].cell));
		assert_string_equal(text_string(&written), cases[i].written);
	}
}

static void names_of_columns_differ_in_case_and_marks_only(void **state)
{
	(void)state;
	assert_true(csv_same_name(SPAN("GPU name"), SPAN("gpu_name")));
	assert_true(csv_same_name(SPAN(" Gpu-Name "), SPAN("gpu_name")));
	assert_true(csv_same_name(SPAN("gpuname"), SPAN("gpu_name")));
	assert_false(csv_same_name(SPAN("gpu"), SPAN("gpu_name")));
	assert_false(csv_same_name(SPAN("gpu_names"), SPAN("gpu_name")));
	assert_false(csv_same_name(SPAN(""), SPAN("gpu")));
}

static bool read_piece(void *context, char *into, size_t room, size_t *ret_length,
		       struct error *err)
{
	struct span *rest = context;
	size_t length = rest->length < room ? rest->length : room;

	(void)err;
	if (length > 0)
		memcpy(into, rest->at, length);
	rest->at += length;
	rest->length -= length;
	*ret_length = length;
	return true;
}

/* Reads the columns "a" and "b" of the text; each row as "A-B ". */
static bool read_text(struct stall *stall, const char *text, unsigned required, struct text *into)
{
	static const char *const columns[] = { "a", "b" };
	const struct csv_form form = { ',', columns, 2, required };
	struct span rest = span_of(text);
	struct import import = {
		.book = &stall->book,
		.file = "t.csv",
		.source = { .read = read_piece, .context = &rest },
		.day = DATE_NONE,
	};
	struct csv_reader reader;
	enum csv_step step;

	if (!csv_open(&reader, &import, &form, &stall->err))
		return false;
	while ((step = csv_next(&reader, &stall->err)) == CSV_ROW)
		text_format(into, "%.*s-%.*s ", SPAN_ARGS(csv_cell(&reader, 0)),
			    SPAN_ARGS(csv_cell(&reader, 1)));
	csv_close(&reader);
	return step == CSV_END;
}

static void columns_are_found_by_name_in_any_order(void **state)
{
	SCOPED_STALL(stall);
	SCOPED_TEXT(rows);

	(void)state;
	assert_true(read_text(&stall,
			      "\xef\xbb\xbf"
			      "B,other,A\r\n1,x, 2 \r\n\r\n\"3\",,4",
			      2, &rows));
	assert_string_equal(text_string(&rows), "2-1 4-3 ");
	assert_int_equal(stall.book.rows, 0);
}

static void an_absent_column_is_empty_or_ends_the_import(void **state)
{
	SCOPED_STALL(stall);
	SCOPED_TEXT(rows);

	(void)state;
	assert_true(read_text(&stall, "a\n1\n", 1, &rows));
	assert_string_equal(text_string(&rows), "1- ");
	assert_false(read_text(&stall, "a,price\n1,2\n", 2, &rows));
	assert_string_equal(stall.err.text,
			    "t.csv: line 1: no column 'b'; the columns are: a, price");
	assert_false(read_text(&stall, "", 2, &rows));
	assert_non_null(strstr(stall.err.text, "is empty"));
	assert_false(read_text(&stall, "\"a\n", 2, &rows));
	assert_non_null(strstr(stall.err.text, "no header of CSV"));
}

static void rows_that_cannot_be_read_are_refused_and_the_next_one_comes(void **state)
{
	SCOPED_STALL(stall);
	SCOPED_TEXT(rows);
	SCOPED_TEXT(file);

	(void)state;
	text_add(&file, "a,b\n1,2\n1\n1,2,3\n\"1,2\nx\xff,2\ny\x01,2\n");
	text_add_repeated(&file, 'z', IMPORT_LINE_MAXIMUM + 10);
	text_add(&file, "\n3,4\n5");
	assert_true(read_text(&stall, text_string(&file), 2, &rows));
	assert_string_equal(text_string(&rows), "1-2 3-4 ");
	assert_int_equal(stall_refused(&stall, REFUSAL_MALFORMED), 6);
	assert_int_equal(stall_refused(&stall, REFUSAL_TOO_LONG), 1);
	assert_int_equal(stall.book.refused[REFUSAL_TOO_LONG].examples[0].line, 8);
}

static void a_list_is_known_by_the_columns_that_it_needs(void **state)
{
	static const char *const columns[] = { "a", "b", "c" };
	const struct csv_form form = { ';', columns, 3, 2 };

	(void)state;
	assert_true(csv_claims(&form, SPAN("x;b;a\r\n1;2;3\r\n")));
	assert_true(csv_claims(&form, SPAN("\xEF\xBB\xBF"
					   "a;b\n")));
	assert_false(csv_claims(&form, SPAN("a,b,c\n")));
	assert_false(csv_claims(&form, SPAN("a;c\nb;a;b\n")));
	assert_false(csv_claims(&form, SPAN("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_cut_into_cells),
		cmocka_unit_test(more_cells_than_a_row_may_have_are_none),
		cmocka_unit_test(a_cell_is_quoted_where_it_has_to_be),
		cmocka_unit_test(names_of_columns_differ_in_case_and_marks_only),
		cmocka_unit_test(columns_are_found_by_name_in_any_order),
		cmocka_unit_test(an_absent_column_is_empty_or_ends_the_import),
		cmocka_unit_test(rows_that_cannot_be_read_are_refused_and_the_next_one_comes),
		cmocka_unit_test(a_list_is_known_by_the_columns_that_it_needs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
