#include "market/series.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/random.h"
#include "evidence/record.h"
#include "test/quotes.h"

#include <cmocka.h>

/* A file, as a series is kept in one. */
struct keeping {
	struct stall stall;
	struct series series;
	struct text file;
	struct error err;
};

static void reopen(struct keeping *keeping)
{
	bool good = series_read(text_span(&keeping->file), "s.jsonl", &keeping->stall.arena,
				&keeping->series, &keeping->err);

	if (!good)
		print_message("# %s\n", keeping->err.text);
	assert_true(good);
}

static void keeping_open(struct keeping *keeping)
{
	stall_open(&keeping->stall);
	reopen(keeping);
}

static void keeping_close(struct keeping *keeping)
{
	text_release(&keeping->file);
	stall_close(&keeping->stall);
}

#define SCOPED_KEEPING(name)                                                 \
	struct keeping name __attribute__((cleanup(keeping_close))) = { 0 }; \
	keeping_open(&(name))

static struct index_value value_of(date_t day, double usd)
{
	return (struct index_value){
		.key = { .gpu = 2,
			 .memory_gb = 80,
			 .form = FORM_SXM,
			 .rental = RENTAL_ON_DEMAND,
			 .tier = KEY_ALL_TIERS },
		.day = day,
		.value_day = day,
		.window_days = 7,
		.usd = usd,
		.interval = { .low = (double)NAN, .high = (double)NAN },
		.input = { 1, 2, 3 },
	};
}

static bool add(struct keeping *keeping, const struct index_value *value, const char *reason)
{
	const struct series_news news = {
		.value = value,
		.catalogue = &keeping->stall.catalogue,
		.scope = "",
		.reason = reason,
	};

	return series_add(&keeping->series, &news, &keeping->file, &keeping->err);
}

static void expect_added(struct keeping *keeping, const struct index_value *value,
			 const char *reason)
{
	bool good = add(keeping, value, reason);

	if (!good)
		print_message("# %s\n", keeping->err.text);
	assert_true(good);
}

static size_t count_lines(const struct keeping *keeping)
{
	size_t lines = 0;

	for (size_t i = 0; i < keeping->file.length; i++)
		lines += keeping->file.at[i] == '\n';
	return lines;
}

static void values_are_appended_and_read_back(void **state)
{
	SCOPED_KEEPING(keeping);

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct index_value value = value_of(QUOTES_DAY + i, 2 + i / 100.0);

		expect_added(&keeping, &value, NULL);
	}
	reopen(&keeping);
	assert_int_equal(count_lines(&keeping), 100);
	assert_int_equal(keeping.series.count, 100);
	assert_int_equal(keeping.series.entries[99].number, 100);
	assert_string_equal(keeping.series.entries[0].day, "2026-03-10");
	assert_string_equal(keeping.series.entries[50].value, "2.5");
	assert_string_equal(keeping.series.entries[0].method, "assay-level/1");
	assert_string_equal(keeping.series.entries[0].key, "h100/80gb/sxm/on-demand/all-tiers");
	assert_int_equal(keeping.series.entries[0].window_days, 7);
}

/* Of very different size; the first is suppressed. */
static struct index_value drawn_value(uint32_t i)
{
	double usd = exp(12.0 * random_u32(3, i) / 4294967296.0 - 8);

	return value_of(QUOTES_DAY + (date_t)i, i == 0 ? (double)NAN : usd);
}

/* Whatever the digits: what was written is recognised when it is read. */
static void the_same_value_again_is_not_written_again(void **state)
{
	SCOPED_KEEPING(keeping);
	size_t length;

	(void)state;
	for (uint32_t i = 0; i < 300; i++) {
		struct index_value value = drawn_value(i);

		expect_added(&keeping, &value, NULL);
		length = keeping.file.length;
		expect_added(&keeping, &value, NULL);
		expect_added(&keeping, &value, "no reason is needed");
		assert_int_equal(keeping.file.length, length);
	}
	reopen(&keeping);
	length = keeping.file.length;
	for (uint32_t i = 0; i < 300; i++) {
		struct index_value value = drawn_value(i);

		expect_added(&keeping, &value, NULL);
	}
	assert_int_equal(keeping.file.length, length);
	assert_string_equal(keeping.series.entries[0].value, "null");
}

static void another_value_of_the_same_place_is_refused(void **state)
{
	SCOPED_KEEPING(keeping);
	struct index_value first = value_of(QUOTES_DAY, 2), other = value_of(QUOTES_DAY, 2.5);
	struct index_value of_other_quotes = first;
	size_t length;

	(void)state;
	expect_added(&keeping, &first, NULL);
	length = keeping.file.length;
	assert_false(add(&keeping, &other, NULL));
	assert_int_equal(keeping.err.code, ERROR_CONFLICT);
	assert_non_null(strstr(keeping.err.text, "on 2026-03-10 stands at 2 (line 1), now it would "
						 "be 2.5: give --restate REASON"));
	of_other_quotes.input[0] = 9;
	assert_false(add(&keeping, &of_other_quotes, NULL));
	assert_int_equal(keeping.err.code, ERROR_CONFLICT);
	assert_int_equal(keeping.file.length, length);
	assert_int_equal(keeping.series.count, 1);
}

static void what_differs_in_any_part_of_its_place_stands_beside(void **state)
{
	SCOPED_KEEPING(keeping);
	struct index_value values[7];
	const struct series_news news = { .value = &values[6],
					  .catalogue = &keeping.stall.catalogue,
					  .scope = "region=x" };

	(void)state;
	for (unsigned i = 0; i < 7; i++)
		values[i] = value_of(QUOTES_DAY, 2 + i);
	values[1].day++;
	values[2].method = INDEX_RAW;
	values[3].window_days = 28;
	values[4].key.rental = RENTAL_SPOT;
	values[5].key.tier = TIER_NEOCLOUD;
	for (unsigned i = 0; i < 6; i++)
		expect_added(&keeping, &values[i], NULL);
	assert_true(series_add(&keeping.series, &news, &keeping.file, &keeping.err));
	reopen(&keeping);
	assert_int_equal(keeping.series.count, 7);
	assert_string_equal(keeping.series.entries[6].scope, "region=x");
}

static void a_restatement_stands_beside_with_its_reason(void **state)
{
	SCOPED_KEEPING(keeping);
	struct index_value first = value_of(QUOTES_DAY, 2), second = value_of(QUOTES_DAY, 2.5),
			   third = value_of(QUOTES_DAY, 3);

	(void)state;
	expect_added(&keeping, &first, "not needed yet");
	expect_added(&keeping, &second, "a source was \"corrected\"");
	reopen(&keeping);
	expect_added(&keeping, &third, "and again");
	reopen(&keeping);
	assert_int_equal(keeping.series.count, 3);
	assert_true(keeping.series.entries[0].replaced);
	assert_true(keeping.series.entries[1].replaced);
	assert_false(keeping.series.entries[2].replaced);
	assert_null(strstr(text_string(&keeping.file), "not needed yet"));
	assert_non_null(strstr(text_string(&keeping.file),
			       "\"restates\":1,\"reason\":\"a source was \\\"corrected\\\"\""));
	assert_non_null(strstr(text_string(&keeping.file), "\"restates\":2"));
	/* The newest stands now; going back to the first is one more. */
	expect_added(&keeping, &third, NULL);
	assert_int_equal(keeping.series.count, 3);
	assert_false(add(&keeping, &first, NULL));
}

static void a_reason_that_cannot_be_written_is_refused(void **state)
{
	SCOPED_KEEPING(keeping);
	struct index_value first = value_of(QUOTES_DAY, 2), other = value_of(QUOTES_DAY, 3);
	char reason[SERIES_REASON_MAXIMUM + 2];
	size_t length;

	(void)state;
	expect_added(&keeping, &first, NULL);
	length = keeping.file.length;
	memset(reason, 'x', sizeof(reason));
	reason[SERIES_REASON_MAXIMUM + 1] = '\0';
	assert_false(add(&keeping, &other, reason));
	assert_int_equal(keeping.err.code, ERROR_LIMIT);
	assert_false(add(&keeping, &other, "\xff"));
	assert_int_equal(keeping.err.code, ERROR_INVALID);
	assert_int_equal(keeping.file.length, length);
	reason[SERIES_REASON_MAXIMUM] = '\0';
	expect_added(&keeping, &other, reason);
	reopen(&keeping);
}

/* ---- files that were touched ---- */

static void expect_refused(struct keeping *keeping, struct span file, const char *says)
{
	struct series series;

	assert_false(series_read(file, "s.jsonl", &keeping->stall.arena, &series, &keeping->err));
	if (!strstr(keeping->err.text, says))
		print_message("# %s\n", keeping->err.text);
	assert_non_null(strstr(keeping->err.text, says));
}

static void fill(struct keeping *keeping, int count)
{
	for (int i = 0; i < count; i++) {
		struct index_value value = value_of(QUOTES_DAY + i, 2 + i);

		expect_added(keeping, &value, NULL);
	}
}

static void any_byte_that_was_changed_is_noticed_with_its_line(void **state)
{
	SCOPED_KEEPING(keeping);
	uint32_t line = 1;

	(void)state;
	fill(&keeping, 3);
	for (size_t i = 0; i < keeping.file.length; i++) {
		char *at = &keeping.file.at[i];
		char kept = *at;

		if (kept == '\n') {
			line++;
			continue;
		}
		*at = kept == '1' ? '2' : '1';
		expect_refused(&keeping, text_span(&keeping.file),
			       arena_format(&keeping.stall.arena, "line %u", line));
		*at = kept;
	}
	reopen(&keeping);
}

static void half_a_file_is_refused(void **state)
{
	SCOPED_KEEPING(keeping);
	struct span file;

	(void)state;
	fill(&keeping, 2);
	file = text_span(&keeping.file);
	for (size_t length = 1; length < file.length; length++) {
		struct span half = { .at = file.at, .length = length };

		if (file.at[length - 1] != '\n')
			expect_refused(&keeping, half, "it is half a file");
	}
}

static void lines_that_are_taken_out_or_moved_are_noticed(void **state)
{
	static const char follow[] = "it does not follow the line before it";
	SCOPED_KEEPING(keeping);
	SCOPED_TEXT(without_second);
	struct span lines[3], rest;

	(void)state;
	fill(&keeping, 3);
	rest = text_span(&keeping.file);
	for (unsigned i = 0; i < 3; i++) {
		assert_true(span_cut(&rest, '\n', &lines[i]));
		lines[i].length++;
	}
	text_add_span(&without_second, lines[0]);
	text_add_span(&without_second, lines[2]);
	expect_refused(&keeping, text_span(&without_second), follow);
	assert_non_null(strstr(keeping.err.text, "line 2"));
	for (unsigned i = 1; i < 3; i++) {
		expect_refused(&keeping, lines[i], follow);
		assert_non_null(strstr(keeping.err.text, "line 1"));
	}
}

/* Whoever writes a line with a hash that fits still has to write one of a series. */
static void a_line_with_a_hash_that_fits_is_held_to_the_rest(void **state)
{
	static const struct {
		const char *from, *to, *says;
	} cases[] = {
		{ "assay/series/v1", "assay/series/v2", "not of schema assay/series/v1" },
		{ "\"number\":1,", "\"number\":2,", "not one more than that before it" },
		{ "\"number\":1,", "\"number\":1.5,", "a number is missing" },
		{ "\"window_days\":7,", "", "a number is missing" },
		{ "\"method\":", "\"methods\":", "a field is missing" },
		{ "\"restates\":null", "\"restates\":1", "does not stand before it" },
		{ "\"restates\":null", "\"restates\":0", "does not stand before it" },
		{ "\"previous\":\"sha256:e", "\"previous\":\"sha256:f", "it does not follow" },
	};
	SCOPED_KEEPING(keeping);

	(void)state;
	fill(&keeping, 1);
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
		const char *line = text_string(&keeping.file);
		const char *at = strstr(line, cases[i].from), *end = strstr(line, ",\"hash\"");
		uint8_t hash[RECORD_HASH_BYTES];
		char text[RECORD_HASH_TEXT];
		SCOPED_TEXT(changed);

		assert_true(at && end && at < end);
		text_add_span(&changed, (struct span){ .at = line, .length = (size_t)(at - line) });
		text_add(&changed, cases[i].to);
		at += strlen(cases[i].from);
		text_add_span(&changed, (struct span){ .at = at, .length = (size_t)(end - at) });
		hash_bytes(text_span(&changed), hash);
		text_format(&changed, ",\"hash\":\"%s\"}\n", hash_format(hash, text));
		expect_refused(&keeping, text_span(&changed), cases[i].says);
	}
}

static void what_is_no_line_of_a_series_is_refused(void **state)
{
	SCOPED_KEEPING(keeping);

	(void)state;
	expect_refused(&keeping, SPAN("\n"), "line 1: no line of a series");
	expect_refused(&keeping, SPAN("{}\n"), "line 1: no line of a series");
	expect_refused(&keeping, SPAN("day,value\n2026-03-10,2\n"), "line 1: no line of a series");
}

static void a_scope_names_what_narrows_it(void **state)
{
	SCOPED_KEEPING(keeping);
	struct names *names = &keeping.stall.book.names;
	struct key_filter filter = quotes_all();
	SCOPED_TEXT(all);
	SCOPED_TEXT(two);

	(void)state;
	series_scope(&filter, names, &all);
	assert_string_equal(text_string(&all), "");
	filter.by_provider = filter.by_product = true;
	assert_true(names_add(names, SPAN("gcp"), &filter.provider));
	assert_true(names_add(names, SPAN("a3-highgpu-8g"), &filter.product));
	series_scope(&filter, names, &two);
	assert_string_equal(text_string(&two), "provider=gcp product=a3-highgpu-8g");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_appended_and_read_back),
		cmocka_unit_test(the_same_value_again_is_not_written_again),
		cmocka_unit_test(another_value_of_the_same_place_is_refused),
		cmocka_unit_test(what_differs_in_any_part_of_its_place_stands_beside),
		cmocka_unit_test(a_restatement_stands_beside_with_its_reason),
		cmocka_unit_test(a_reason_that_cannot_be_written_is_refused),
		cmocka_unit_test(any_byte_that_was_changed_is_noticed_with_its_line),
		cmocka_unit_test(half_a_file_is_refused),
		cmocka_unit_test(lines_that_are_taken_out_or_moved_are_noticed),
		cmocka_unit_test(a_line_with_a_hash_that_fits_is_held_to_the_rest),
		cmocka_unit_test(what_is_no_line_of_a_series_is_refused),
		cmocka_unit_test(a_scope_names_what_narrows_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
