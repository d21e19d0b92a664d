#include "base/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define HEAD "# assay/fruit/v1\nname\tcount\tweight\tday\tripe\tkind\n"

static const char *const columns[] = { "name", "count", "weight", "day", "ripe", "kind" };
static const struct table_format format = {
	.schema = "assay/fruit/v1",
	.columns = columns,
	.column_count = COUNT(columns),
};

struct fruit {
	const char *name;
	uint32_t count;
	double weight;
	date_t day;
	bool ripe;
	unsigned kind;
};

static bool read_fruit(const struct table_reader *reader, struct fruit *row, struct error *err)
{
	static const char *const kinds[] = { "stone", "pome" };
	static const struct table_words words = { kinds, COUNT(kinds) };

	return table_required(reader, 0, &row->name, err) &&
	       table_u32(reader, 1, &row->count, err) &&
	       table_number(reader, 2, &row->weight, err) &&
	       table_date(reader, 3, &row->day, err) && table_flag(reader, 4, &row->ripe, err) &&
	       table_word(reader, 5, &words, &row->kind, err);
}

/* Reads all rows, of which `rows` has the first two. */
static bool read_all(struct span text, struct arena *arena, struct fruit rows[static 2],
		     size_t *ret_count, struct error *err)
{
	struct table_reader reader;
	enum table_step step;
	size_t count = 0, most;

	if (!table_open(&reader, &format, "fruit.tsv", text, arena, err))
		return false;
	most = table_rows_at_most(&reader);
	while ((step = table_next(&reader, err)) == TABLE_ROW) {
		struct fruit row;

		if (!read_fruit(&reader, &row, err))
			return false;
		if (count < 2)
			rows[count] = row;
		count++;
		assert_true(count <= most);
	}
	*ret_count = count;
	return step == TABLE_END;
}

static void rows_are_read_and_comments_are_not(void **state)
{
	SCOPED_ARENA(arena);
	struct fruit rows[2];
	struct error err;
	size_t count;

	(void)state;
	assert_true(
		read_all(SPAN(HEAD "# a note\twith a tab\nplum\t3\t12.5\t2026-11-23\tyes\tstone\n"
				   "pear\t0x1f\t\t\t\tpome"),
			 &arena, rows, &count, &err));
	assert_int_equal(count, 2);
	assert_string_equal(rows[0].name, "plum");
	assert_int_equal(rows[0].count, 3);
	assert_true(rows[0].weight > 12.4 && rows[0].weight < 12.6);
	assert_int_equal(rows[0].day, 20780);
	assert_true(rows[0].ripe);
	assert_int_equal(rows[0].kind, 0);
	assert_string_equal(rows[1].name, "pear");
	assert_int_equal(rows[1].count, 31);
	assert_true(rows[1].weight <= 0);
	assert_int_equal(rows[1].day, DATE_NONE);
	assert_false(rows[1].ripe);
	assert_int_equal(rows[1].kind, 1);
}

static void the_text_is_not_needed_afterwards(void **state)
{
	char text[] = HEAD "plum\t3\t12.5\t2026-11-23\tyes\tstone\n";
	SCOPED_ARENA(arena);
	struct fruit rows[2];
	size_t count;

	(void)state;
	assert_true(read_all(span_of(text), &arena, rows, &count, NULL));
	memset(text, 'x', sizeof(text) - 1);
	assert_string_equal(rows[0].name, "plum");
}

static void a_head_alone_is_an_empty_table(void **state)
{
	SCOPED_ARENA(arena);
	struct fruit rows[2];
	size_t count = 1;

	(void)state;
	assert_true(read_all(SPAN(HEAD), &arena, rows, &count, NULL));
	assert_int_equal(count, 0);
}

static const struct {
	const char *text, *place;
} faults[] = {
	{ "", "fruit.tsv: line 1: has to be '# assay/fruit/v1'" },
	{ "# assay/fruit/v2\n", "fruit.tsv: line 1: has to be" },
	{ "\xef\xbb\xbf# assay/fruit/v1\n", "fruit.tsv: line 1: has to be" },
	{ "# assay/fruit/v1", "fruit.tsv: line 2: the names of the columns are missing" },
	{ "# assay/fruit/v1\nname\tcount\n", "fruit.tsv: line 2: 2 fields, and the table has 6" },
	{ "# assay/fruit/v1\nname\tcount\tweight\tdate\tripe\tkind\n",
	  "fruit.tsv: line 2, column 4 (day): the column is named 'date'" },
	{ HEAD "plum\t3\t1\t\tyes\n", "fruit.tsv: line 3: 5 fields" },
	{ HEAD "plum\t3\t1\t\tyes\tstone\t\n", "fruit.tsv: line 3: 7 fields" },
	{ HEAD "\nplum\t3\t1\t\tyes\tstone\n", "fruit.tsv: line 3: an empty line" },
	{ HEAD "# one\n\t3\t1\t\tyes\tstone\n", "line 4, column 1 (name): has to be filled in" },
	{ HEAD "plum \t3\t1\t\tyes\tstone\n", "line 3, column 1 (name): a blank" },
	{ HEAD "plum\t3\t1\t\tyes\tstone\r\n", "line 3, column 6 (kind): a carriage return" },
	{ HEAD "pl\x01um\t3\t1\t\tyes\tstone\n", "line 3, column 1 (name): a control" },
	{ HEAD "plum\t-3\t1\t\tyes\tstone\n", "line 3, column 2 (count): '-3'" },
	{ HEAD "plum\t4294967296\t1\t\tyes\tstone\n", "line 3, column 2 (count)" },
	{ HEAD "plum\t0x\t1\t\tyes\tstone\n", "line 3, column 2 (count)" },
	{ HEAD "plum\t0x123456789\t1\t\tyes\tstone\n", "line 3, column 2 (count)" },
	{ HEAD "plum\t3\t-1\t\tyes\tstone\n", "line 3, column 3 (weight): '-1'" },
	{ HEAD "plum\t3\tnan\t\tyes\tstone\n", "line 3, column 3 (weight): 'nan'" },
	{ HEAD "plum\t3\t1\t2026-02-30\tyes\tstone\n", "line 3, column 4 (day)" },
	{ HEAD "plum\t3\t1\t\tno\tstone\n", "line 3, column 5 (ripe): 'no'" },
	{ HEAD "plum\t3\t1\t\tyes\tnut\n", "column 6 (kind): 'nut' is none of: stone, pome" },
	{ HEAD "plum\t3\t1\t\tyes\t\n", "column 6 (kind): '' is none of" },
	{ HEAD "pl\xffum\t3\t1\t\tyes\tstone\n", "fruit.tsv: line 3: not UTF-8" },
};

static void a_fault_is_named_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(faults); i++) {
		SCOPED_ARENA(arena);
		struct fruit rows[2];
		struct error err = { 0 };
		size_t count;

		assert_false(read_all(span_of(faults[i].text), &arena, rows, &count, &err));
		if (!strstr(err.text, faults[i].place))
			fail_msg("case %zu: '%s' lacks '%s'", i, err.text, faults[i].place);
	}
}

static void a_huge_table_is_refused_before_it_is_copied(void **state)
{
	SCOPED_ARENA(texts);
	SCOPED_ARENA(arena);
	char *text = arena_take(&texts, TABLE_BYTES_MAXIMUM + 1);
	struct table_reader reader;
	struct error err;

	(void)state;
	memset(text, '#', TABLE_BYTES_MAXIMUM + 1);
	assert_false(table_open(&reader, &format, "fruit.tsv",
				(struct span){ text, TABLE_BYTES_MAXIMUM + 1 }, &arena, &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_int_equal(arena.bytes, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_read_and_comments_are_not),
		cmocka_unit_test(the_text_is_not_needed_afterwards),
		cmocka_unit_test(a_head_alone_is_an_empty_table),
		cmocka_unit_test(a_fault_is_named_with_its_place),
		cmocka_unit_test(a_huge_table_is_refused_before_it_is_copied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
