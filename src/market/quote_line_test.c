#include "market/quote_line.h"

#include "market/book_write.h"
#include "market/importers.h"
#include "test/stall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "provider,product,gpu,gpus,rental,price,currency,observed,source,nvlink,reliability\n"

/* Reads the first quote's line into the second stall. */
static bool pass_on(struct stall *from, struct stall *to, const char *line, struct error *err)
{
	struct draft draft;

	(void)from;
	return quote_line_read(span_of(line), "store", 1, &to->scratch, &draft, err) &&
	       book_take(&to->book, "store", &draft, err);
}

static void a_quote_comes_back_as_it_was(void **state)
{
	static const char *const rows[] = {
		HEAD
		"x,\"a \"\"b\"\", c\",H100 SXM,8,spot,23.9200001,EUR,2026-03-02,http://x/,no,0.5\n",
		HEAD "lambda,,H100,1,on-demand,2.99,USD,2026-03-02T10:00:00Z,,yes,\n",
		HEAD "lambda,,H100,1,on-demand,2.99,USD,2026-03-02,,,0.00001\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		SCOPED_STALL(stall);
		SCOPED_STALL(second);
		SCOPED_TEXT(line);
		SCOPED_TEXT(csv);
		SCOPED_TEXT(again);
		struct error err = { 0 };

		stall_take(&stall, &from_csv, "a.csv", NULL, rows[i]);
		stall_expect(&stall, 1, REFUSAL_NONE, 0);
		quote_line_write(&line, &stall.catalogue, &stall.book.names,
				 stall_quote(&stall, 0));
		assert_true(pass_on(&stall, &second, text_string(&line), &err));
		stall_expect(&second, 1, REFUSAL_NONE, 0);
		quote_write(&csv, &stall.catalogue, &stall.book.names, stall_quote(&stall, 0));
		quote_write(&again, &second.catalogue, &second.book.names, stall_quote(&second, 0));
		assert_string_equal(text_string(&csv), text_string(&again));
	}
}

static void fields_stand_by_name_and_unknown_ones_are_left_out(void **state)
{
	SCOPED_STALL(stall);
	SCOPED_TEXT(line);

	(void)state;
	stall_take(&stall, &from_csv, "a.csv", NULL,
		   HEAD "x,,H100 SXM,8,spot,24,USD,2026-03-02,said,,\n");
	quote_line_write(&line, &stall.catalogue, &stall.book.names, stall_quote(&stall, 0));
	assert_string_equal(text_string(&line),
			    "{\"currency\":\"USD\",\"form\":\"sxm\",\"gpu\":\"h100\",\"gpus\":8,"
			    "\"observed\":\"2026-03-02\",\"per\":\"offer\","
			    "\"price\":\"24\",\"provider\":\"x\",\"rental\":\"spot\","
			    "\"schema\":\"assay/quote/v1\",\"source\":\"said\",\"unit\":\"hour\"}");
}

static void what_is_no_line_of_a_quote_is_refused(void **state)
{
	static const struct {
		const char *line, *says;
	} cases[] = {
		{ "", "store" },
		{ "[]", "no quote of schema" },
		{ "{\"schema\":[1]}", "no quote of schema" },
		{ "{\"schema\":\"assay/quote/v2\"}", "no quote of schema" },
		{ "{\"schema\":\"assay/quote/v1\",\"cost\":1}", "'cost' is no field" },
		{ "{\"schema\":\"assay/quote/v1\",\"gpu\":[]}", "'gpu' is no field" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_STALL(stall);
		struct error err = { 0 };

		assert_false(pass_on(&stall, &stall, cases[i].line, &err));
		assert_non_null(strstr(err.text, cases[i].says));
	}
}

static void a_field_without_meaning_is_refused_by_the_book(void **state)
{
	SCOPED_STALL(stall);
	struct error err = { 0 };

	(void)state;
	assert_true(pass_on(&stall, &stall,
			    "{\"schema\":\"assay/quote/v1\",\"provider\":\"x\",\"gpus\":0.5,"
			    "\"gpu\":\"h100\",\"rental\":\"spot\",\"price\":\"2\","
			    "\"currency\":\"USD\",\"observed\":\"2026-03-02\"}",
			    &err));
	stall_expect(&stall, 0, REFUSAL_GPU_FRACTION, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_quote_comes_back_as_it_was),
		cmocka_unit_test(fields_stand_by_name_and_unknown_ones_are_left_out),
		cmocka_unit_test(what_is_no_line_of_a_quote_is_refused),
		cmocka_unit_test(a_field_without_meaning_is_refused_by_the_book),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
