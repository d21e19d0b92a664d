#include "market/entries.h"

#include "test/stall.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct entry_place places[] = {
	{ .key = "offers", .lists = 1 },
	{ .key = "by_model", .lists = 2 },
	{ .key = "", .lists = 1 },
};

static struct text seen;

static bool see(const struct entry_reader *reader, const struct node *entry, struct error *err)
{
	(void)err;
	text_format(&seen, "%u:", (unsigned)reader->line);
	text_add_span(&seen, entry_text(entry, "a"));
	text_add_char(&seen, ' ');
	return true;
}

static bool read_all(const struct import *import, struct error *err)
{
	return entries_each(import, places, sizeof(places) / sizeof(places[0]), see, err);
}

static const struct importer reading = { .name = "reading", .read = read_all };

static void entries_are_found_wherever_their_place_is(void **state)
{
	static const struct {
		const char *text, *seen;
		unsigned malformed;
	} cases[] = {
		{ "{\"offers\":[{\"a\":1},{\"a\":\"x\"}]}", "1:1 1:x ", 0 },
		{ " {\n\"z\" : [1, {}], \"offers\" : [\n{\"a\":1} ,\n{\"a\":2}\n]\n}\n", "3:1 4:2 ",
		  0 },
		{ "{\"offers\":{\"k\":{\"a\":1},\"l\":{\"a\":2}}}", "1:1 1:2 ", 0 },
		{ "{\"by_model\":{\"k\":[{\"a\":1}],\"l\":[],\"m\":[{\"a\":2},{\"a\":3}]}}",
		  "1:1 1:2 1:3 ", 0 },
		{ "[{\"a\":1}]", "1:1 ", 0 },
		{ "{\"offers\":[]}", "", 0 },
		{ "{\"s\":\"\\\"offers\\\":[\",\"offers\":[{\"a\":\"]}\"}]}", "1:]} ", 0 },
		/* what is no entry */
		{ "[1,{\"a\":1},\"x\",[2],null,{\"a\":2}]", "1:1 1:2 ", 4 },
		{ "[{\"a\":1,},{\"a\":2}]", "1:2 ", 1 },
		{ "[{\"a\":1,\"a\":2},{\"a\":3}]", "1:3 ", 1 },
		/* half a document */
		{ "{\"offers\":[{\"a\":1},{\"a\":", "1:1 ", 1 },
		{ "{\"offers\":[{\"a\":1}", "1:1 ", 1 },
		{ "{\"offers\":[{\"a\":1},\"half", "1:1 ", 1 },
		{ "[{\"a\":1}:{\"a\":2}]", "1:1 ", 1 },
		{ "{\"by_model\":[:", "", 1 },
		{ "{\"by_model\":{\"k\":[{\"a\":1}],\"l", "1:1 ", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_STALL(stall);

		text_clear(&seen);
		stall_take(&stall, &reading, "x.json", NULL, cases[i].text);
		assert_string_equal(text_string(&seen), cases[i].seen);
		stall_expect(&stall, 0, REFUSAL_MALFORMED, cases[i].malformed);
	}
	text_release(&seen);
}

static void a_document_without_a_place_for_entries_is_a_fault(void **state)
{
	static const struct {
		const char *text;
		enum error_code code;
	} cases[] = {
		{ "", ERROR_PARSE },
		{ "{", ERROR_PARSE },
		{ "{\"a\":1} x", ERROR_PARSE },
		{ "7", ERROR_INVALID },
		{ "{}", ERROR_INVALID },
		{ "{\"offers\":7}", ERROR_INVALID },
		{ "{\"a\":{\"offers\":[]}}", ERROR_INVALID },
		{ "{\"offers\":[],\"b\":}", ERROR_PARSE },
		{ "{\"b\":1,\"b\":2,\"offers\":[]}", ERROR_CONFLICT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_STALL(stall);

		assert_false(stall_read(&stall, &reading, "x.json", NULL, span_of(cases[i].text)));
		assert_int_equal(stall.err.code, cases[i].code);
		assert_true(span_starts(span_of(stall.err.text), "x.json: "));
	}
}

static void an_entry_beyond_its_measure_is_refused_and_the_next_one_read(void **state)
{
	struct text text = { .maximum = 4 << 20 };
	SCOPED_STALL(stall);

	(void)state;
	text_add(&text, "[{\"a\":\"");
	text_add_repeated(&text, 'x', ENTRY_BYTES_MAXIMUM);
	text_add(&text, "\"},{\"a\":2}]");
	assert_true(stall_read(&stall, &reading, "x.json", NULL, text_span(&text)));
	assert_string_equal(text_string(&seen), "1:2 ");
	stall_expect(&stall, 0, REFUSAL_TOO_LONG, 1);
	text_release(&text);
	text_release(&seen);
}

static void depth_is_counted_and_not_followed(void **state)
{
	struct text text = { .maximum = 4 << 20 };
	SCOPED_STALL(stall);

	(void)state;
	text_add_char(&text, '[');
	text_add_repeated(&text, '[', 100000);
	text_add_repeated(&text, ']', 100000);
	text_add(&text, ",{\"a\":2}]");
	assert_true(stall_read(&stall, &reading, "x.json", NULL, text_span(&text)));
	assert_string_equal(text_string(&seen), "1:2 ");
	stall_expect(&stall, 0, REFUSAL_MALFORMED, 1);
	text_release(&text);
	text_release(&seen);
}

static void what_stands_around_the_entries_has_a_measure(void **state)
{
	struct text text = { .maximum = 4 << 20 };
	SCOPED_STALL(stall);

	(void)state;
	text_add(&text, "{\"a\":\"");
	text_add_repeated(&text, 'x', ENTRY_BYTES_MAXIMUM);
	text_add(&text, "\",\"offers\":[]}");
	assert_false(stall_read(&stall, &reading, "x.json", NULL, text_span(&text)));
	assert_int_equal(stall.err.code, ERROR_LIMIT);
	text_release(&text);
}

static void fields_that_are_absent_or_null_say_nothing(void **state)
{
	const struct node *entry;
	SCOPED_ARENA(arena);

	(void)state;
	assert_true(json_read(
		SPAN("{\"n\":null,\"t\":true,\"f\":false,\"d\":1.5,\"s\":\"null\",\"l\":[1]}"), "x",
		1, &arena, &entry, NULL));
	assert_int_equal(entry_text(entry, "n").length, 0);
	assert_int_equal(entry_text(entry, "l").length, 0);
	assert_int_equal(entry_text(entry, "none").length, 0);
	assert_int_equal(entry_text(NULL, "none").length, 0);
	assert_true(span_is(entry_text(entry, "s"), "null"));
	assert_true(entry_number(entry, "d") > 1.4);
	assert_true(isnan(entry_number(entry, "t")));
	assert_true(entry_is_true(entry, "t") && !entry_is_false(entry, "t"));
	assert_true(entry_is_false(entry, "f") && !entry_is_true(entry, "f"));
	assert_false(entry_is_true(entry, "n") || entry_is_false(entry, "n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_are_found_wherever_their_place_is),
		cmocka_unit_test(a_document_without_a_place_for_entries_is_a_fault),
		cmocka_unit_test(an_entry_beyond_its_measure_is_refused_and_the_next_one_read),
		cmocka_unit_test(depth_is_counted_and_not_followed),
		cmocka_unit_test(what_stands_around_the_entries_has_a_measure),
		cmocka_unit_test(fields_that_are_absent_or_null_say_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
