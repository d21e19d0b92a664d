#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "market/terms.h"
#include "test/quotes.h"

#include <cmocka.h>

struct made {
	struct record *records;
	size_t count, left_out;
};

static void make(struct stall *stall, const struct offered *rows, size_t count,
		 struct made *ret_made)
{
	struct key_filter all = quotes_all();
	struct terms_list list;

	quotes_put(stall, rows, count);
	terms_make(&stall->book, &all, QUOTES_DAY, 1, &stall->arena, &list);
	terms_records(&list, &stall->book, &stall->arena, &ret_made->records, &ret_made->count,
		      &ret_made->left_out);
}

/* The record about this of the provider; NULL when there is none. */
static const struct record *find(const struct made *made, const char *provider, const char *what)
{
	for (size_t i = 0; i < made->count; i++) {
		const struct record *record = &made->records[i];

		if (strcmp(record->subject.parts[SUBJECT_PROVIDER], provider) == 0 &&
		    strcmp(record->what, what) == 0)
			return record;
	}
	return NULL;
}

/* Everything there is a record of. */
static const struct offered full[] = {
	{ .provider = "own", .usd = 2.4, .source = "https://example.org/prices" },
	{ .provider = "own", .usd = 1.2, .rental = RENTAL_SPOT, .observed = "2026-03-09" },
	{ .provider = "own",
	  .usd = 2,
	  .rental = RENTAL_CONTRACT,
	  .term_months = 12,
	  .source = "a list" },
	{ .provider = "own",
	  .usd = 1,
	  .gpu = "a100",
	  .form = "unknown",
	  .rental = RENTAL_CONTRACT,
	  .term_months = 36 },
	{ .provider = "b", .usd = 2 },
	{ .provider = "c", .usd = 2 },
	{ .provider = "d", .usd = 2 },
	{ .provider = "e", .usd = 2 },
};

static void a_price_of_each_key_is_a_record(void **state)
{
	SCOPED_STALL(stall);
	const struct record *record;
	struct made made;

	(void)state;
	make(&stall, full, QUOTES_COUNT(full), &made);
	record = find(&made, "own", "price.on-demand");
	assert_string_equal(record->id, "market.own.h100-80gb-sxm.on-demand.2026-03-10");
	assert_string_equal(record->subject.parts[SUBJECT_GPU], "h100-80gb-sxm");
	assert_int_equal(record->says, SAYS_VALUE);
	quotes_expect_near(record->value, 2.4);
	assert_string_equal(record->unit, "USD/GPU-hour");
	assert_int_equal(record->kind, KIND_PRICE);
	assert_int_equal(record->strength, STRENGTH_E1);
	assert_int_equal(record->observed, QUOTES_DAY);
	assert_string_equal(record->source.url, "https://example.org/prices");
	assert_string_equal(record->source.version, "assay-level/1");
	assert_string_equal(record->excerpt, "the middle of 1 quote");
	record = find(&made, "own", "price.contract-12");
	assert_string_equal(record->source.name, "a list");
	assert_null(record->source.url);
	/* What is not known of a GPU is not named. */
	assert_string_equal(find(&made, "own", "price.contract-36")->subject.parts[SUBJECT_GPU],
			    "a100-80gb");
	assert_int_equal(find(&made, "own", "price.spot")->observed, QUOTES_DAY - 1);
}

static void what_the_list_settles_is_a_record(void **state)
{
	SCOPED_STALL(stall);
	const struct record *record;
	struct made made;

	(void)state;
	make(&stall, full, QUOTES_COUNT(full), &made);
	record = find(&made, "own", "pricing.level");
	assert_int_equal(record->says, SAYS_ANSWER);
	assert_string_equal(record->text, "above");
	assert_string_equal(record->id, "market.own.level.2026-03-10");
	assert_string_equal(record->excerpt, "1.20 times the market, the middle of 1 kind of offer "
					     "that at least 5 providers quote");
	record = find(&made, "own", "pricing.term-lengths");
	quotes_expect_near(record->value, 2);
	assert_string_equal(record->unit, "count");
	assert_string_equal(record->excerpt, "contracts of 12, 36 months are listed");
	record = find(&made, "own", "pricing.preemptible");
	assert_string_equal(record->text, "clear");
	assert_string_equal(record->excerpt, "preemptible is 50 % below on demand, same GPU");
	assert_string_equal(find(&made, "b", "pricing.level")->text, "market");
	assert_null(find(&made, "b", "pricing.term-lengths"));
	assert_null(find(&made, "b", "pricing.preemptible"));
	/* Four prices and three of own, a price and a level of each other. */
	assert_int_equal(made.count, 7 + 4 * 2);
}

/* That something is missing from a list proves nothing. */
static void what_is_not_settled_is_no_record(void **state)
{
	SCOPED_STALL(stall);
	struct made made;

	(void)state;
	make(&stall, full, 3, &made); /* the provider alone: no market */
	assert_null(find(&made, "own", "pricing.level"));
	assert_non_null(find(&made, "own", "price.on-demand"));
	assert_non_null(find(&made, "own", "pricing.preemptible"));
}

static void preemptible_is_clear_from_a_fifth_and_none_at_the_same_price(void **state)
{
	static const struct {
		double spot;
		const char *answer;
	} cases[] = {
		{ 4.00, "clear" }, { 3.90, "clear" }, { 4.01, "small" },
		{ 4.99, "small" }, { 5.00, NULL },    { 6.00, NULL },
	};

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
		const struct offered rows[] = {
			{ .usd = 5 },
			{ .usd = cases[i].spot, .rental = RENTAL_SPOT },
		};
		SCOPED_STALL(stall);
		const struct record *record;
		struct made made;

		make(&stall, rows, 2, &made);
		record = find(&made, "a", "pricing.preemptible");
		if (!cases[i].answer) {
			assert_null(record);
			continue;
		}
		assert_non_null(record);
		if (strcmp(record->text, cases[i].answer) != 0)
			print_message("# at %g: %s\n", cases[i].spot, record->text);
		assert_string_equal(record->text, cases[i].answer);
	}
}

static void a_fifth_is_a_fifth_at_every_price(void **state)
{
	(void)state;
	for (unsigned level = 1; level <= 100; level++) {
		const struct offered rows[] = {
			{ .usd = level / 4.0 + 1 },
			{ .usd = level / 5.0 + 0.8, .rental = RENTAL_SPOT },
		};
		SCOPED_STALL(stall);
		struct made made;

		make(&stall, rows, 2, &made);
		assert_string_equal(find(&made, "a", "pricing.preemptible")->text, "clear");
	}
}

static void a_name_that_is_no_subject_is_left_out_and_counted(void **state)
{
	static const struct {
		const char *name;
		bool fits;
	} cases[] = {
		{ "together.ai", true }, { "a-b_c+1", true }, { ".hidden", false },
		{ "two words", false },  { "a/b", false },    { "\xc3\xa9t\xc3\xa9", false },
	};

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
		const struct offered rows[] = {
			{ .provider = cases[i].name, .usd = 2 },
			{ .provider = "b", .usd = 2 },
		};
		SCOPED_STALL(stall);
		struct made made;

		make(&stall, rows, 2, &made);
		assert_int_equal(made.left_out, !cases[i].fits);
		assert_int_equal(made.count, 1 + cases[i].fits);
	}
}

static void serverless_is_no_price_of_an_hour(void **state)
{
	static const struct offered row = { .usd = 2, .rental = RENTAL_SERVERLESS };
	SCOPED_STALL(stall);
	struct key_filter filter = quotes_all();
	struct terms_list list;
	struct made made;

	(void)state;
	filter.rental = RENTAL_SERVERLESS;
	quotes_put(&stall, &row, 1);
	terms_make(&stall.book, &filter, QUOTES_DAY, 1, &stall.arena, &list);
	assert_int_equal(list.count, 1);
	terms_records(&list, &stall.book, &stall.arena, &made.records, &made.count, &made.left_out);
	assert_int_equal(made.count, 0);
}

/* As JSON they are records to whoever reads evidence, and their seals fit. */
static void records_are_read_again_with_their_seals(void **state)
{
	SCOPED_STALL(stall);
	SCOPED_TEXT(scratch);
	struct made made;

	(void)state;
	make(&stall, full, QUOTES_COUNT(full), &made);
	for (size_t i = 0; i < made.count; i++) {
		const struct record_reading how = { .file = "r.jsonl",
						    .schema_required = true,
						    .arena = &stall.arena };
		const struct node *root;
		struct record again;
		SCOPED_TEXT(line);
		bool good;

		record_write(&made.records[i], true, &line);
		assert_true(
			json_read(text_span(&line), "r.jsonl", 1, &stall.arena, &root, &stall.err));
		good = record_read_sealed(root, &how, &scratch, &again, &stall.err);
		if (!good)
			print_message("# %s\n", stall.err.text);
		assert_true(good);
		assert_string_equal(again.id, made.records[i].id);
		assert_memory_equal(again.hash, made.records[i].hash, sizeof(again.hash));
	}
}

static void records_stand_by_id_and_each_has_its_own(void **state)
{
	SCOPED_STALL(forth);
	SCOPED_STALL(back);
	struct offered turned[QUOTES_COUNT(full)];
	struct made one, other;

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(full); i++)
		turned[i] = full[QUOTES_COUNT(full) - 1 - i];
	make(&forth, full, QUOTES_COUNT(full), &one);
	make(&back, turned, QUOTES_COUNT(full), &other);
	assert_int_equal(one.count, other.count);
	for (size_t i = 0; i < one.count; i++) {
		if (i > 0)
			assert_true(strcmp(one.records[i - 1].id, one.records[i].id) < 0);
		assert_memory_equal(one.records[i].hash, other.records[i].hash,
				    sizeof(one.records[i].hash));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_price_of_each_key_is_a_record),
		cmocka_unit_test(what_the_list_settles_is_a_record),
		cmocka_unit_test(what_is_not_settled_is_no_record),
		cmocka_unit_test(preemptible_is_clear_from_a_fifth_and_none_at_the_same_price),
		cmocka_unit_test(a_fifth_is_a_fifth_at_every_price),
		cmocka_unit_test(a_name_that_is_no_subject_is_left_out_and_counted),
		cmocka_unit_test(serverless_is_no_price_of_an_hour),
		cmocka_unit_test(records_are_read_again_with_their_seals),
		cmocka_unit_test(records_stand_by_id_and_each_has_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
