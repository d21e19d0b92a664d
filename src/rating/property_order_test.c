#include "rating/rule.h"
#include "test/cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* docs/rating.md, section 9: neither the order of the input nor the number of threads matters. */

enum {
	DRAWS = 1700, /* four blocks, the last of them short */
	FILES = 3,
};

/* To the byte, numbers too. */
static bool same_bytes(const void *a, const void *b, size_t size)
{
	return memcmp(a, b, size) == 0;
}

#define same(a, b, field) same_bytes(&(a)->field, &(b)->field, sizeof((a)->field))

static bool same_texts(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_records(const struct record *const *a, const struct record *const *b,
			 uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (strcmp(a[i]->id, b[i]->id) != 0)
			return false;
	return true;
}

static bool same_settlements(const struct settlement *a, const struct settlement *b)
{
	return a->state == b->state && a->point == b->point && a->low == b->low &&
	       a->high == b->high && a->strength == b->strength && a->observed == b->observed &&
	       a->record_count == b->record_count && same_texts(a->reason, b->reason) &&
	       same_texts(a->check, b->check) &&
	       same_records(a->records, b->records, a->record_count);
}

static bool same_categories(const struct category_score *a, const struct category_score *b)
{
	return a->applies == b->applies && same(a, b, point) && same(a, b, low) &&
	       same(a, b, high) && same(a, b, coverage) && a->weight_sum == b->weight_sum;
}

static bool same_unit(const struct standard *standard, const struct unit *a, const struct unit *b)
{
	bool same = strcmp(a->name, b->name) == 0 && a->record_count == b->record_count &&
		    same_records(a->records, b->records, a->record_count) && same(a, b, overall) &&
		    same(a, b, low) && same(a, b, high) && same(a, b, coverage) &&
		    same(a, b, depth) && same(a, b, strength_share) && a->rated == b->rated &&
		    a->uncapped == b->uncapped && a->grade == b->grade && same(a, b, probability) &&
		    same(a, b, score_p10) && same(a, b, score_p90);

	for (uint32_t i = 0; i < standard->criterion_count; i++)
		same = same && same_settlements(&a->settlements[i], &b->settlements[i]);
	for (uint32_t c = 0; c < standard->category_count; c++)
		same = same && same_categories(&a->categories[c], &b->categories[c]);
	for (uint32_t g = 0; g < standard->gate_count; g++)
		same = same && a->gates[g] == b->gates[g];
	return same;
}

static bool same_provider(const struct provider *a, const struct provider *b)
{
	return strcmp(a->name, b->name) == 0 && a->unit_count == b->unit_count &&
	       a->chosen == b->chosen && a->majority == b->majority &&
	       same_texts(a->chosen_why, b->chosen_why) && same(a, b, probability) &&
	       a->rank == b->rank && a->rank_low == b->rank_low && a->rank_high == b->rank_high &&
	       same(a, b, gpu_volume);
}

static void expect_same(const struct rating *a, const struct rating *b)
{
	assert_int_equal(a->unit_count, b->unit_count);
	assert_int_equal(a->provider_count, b->provider_count);
	for (uint32_t u = 0; u < a->unit_count; u++)
		assert_true(same_unit(a->request.standard, &a->units[u], &b->units[u]));
	for (uint32_t p = 0; p < a->provider_count; p++) {
		assert_true(same_provider(&a->providers[p], &b->providers[p]));
		assert_int_equal(a->providers[p].units - a->units,
				 b->providers[p].units - b->units);
	}
	assert_true(same(a, b, market_coverage));
	assert_memory_equal(a->hash, b->hash, sizeof(a->hash));
}

static void shuffle(struct facts *facts, struct dice *dice)
{
	for (uint32_t i = facts->count; i > 1; i--) {
		uint32_t k = dice_below(dice, i);
		struct record swap = facts->at[i - 1];

		facts->at[i - 1] = facts->at[k];
		facts->at[k] = swap;
	}
}

/* Writes the facts in the canonical form, reads them back as so many files, and rates. */
static void rate_files(const struct invented *one, uint32_t files, struct rated *ret_rated)
{
	struct rating_request request = one->request;

	for (uint32_t f = 0; f < files; f++) {
		SCOPED_TEXT(lines);
		struct error err = { 0 };

		for (uint32_t i = f; i < one->facts.count; i += files) {
			record_write(&one->facts.at[i], false, &lines);
			text_add_char(&lines, '\n');
		}
		if (!evidence_set_add_lines(&ret_rated->evidence, text_span(&lines), "facts.jsonl",
					    &err))
			fail_msg("seed %u: %s", one->seed, err.text);
	}
	assert_true(evidence_set_finish(&ret_rated->evidence, NULL));
	request.evidence = &ret_rated->evidence;
	rating_run(&request, &ret_rated->arena, &ret_rated->rating);
}

static void the_order_of_the_input_does_not_matter(void **state)
{
	(void)state;
	for (uint32_t seed = 0; seed < CASES_ENOUGH; seed++) {
		SCOPED_INVENTED(one);
		SCOPED_RATED(as_written);
		SCOPED_RATED(shuffled);

		invented_make(seed, 0, &one);
		one.request.draws = DRAWS / 3;
		rate_files(&one, 1, &as_written);
		shuffle(&one.facts, &one.dice);
		rate_files(&one, FILES, &shuffled);
		expect_same(&as_written.rating, &shuffled.rating);
	}
}

static void the_number_of_threads_does_not_matter(void **state)
{
	static const unsigned threads[] = { 2, 3, 7 };

	(void)state;
	for (uint32_t seed = 0; seed < CASES_ENOUGH; seed++) {
		SCOPED_INVENTED(one);

		invented_make(seed, DRAWS, &one);
		for (size_t i = 0; i < sizeof(threads) / sizeof(threads[0]); i++) {
			SCOPED_RATED(threaded);

			one.request.threads = threads[i];
			facts_rate(&one.facts, &one.request, &threaded);
			expect_same(&one.before.rating, &threaded.rating);
		}
	}
}

/* What a provider is does not depend on who else is rated: only its rank does. */
static void a_provider_alone_is_what_it_is_among_others(void **state)
{
	(void)state;
	for (uint32_t seed = 0; seed < CASES_ENOUGH; seed++) {
		SCOPED_INVENTED(one);

		invented_make(seed, DRAWS / 3, &one);
		for (uint32_t p = 0; p < one.before.rating.provider_count; p++) {
			SCOPED_RATED(alone);
			struct provider expected = one.before.rating.providers[p];

			one.request.only = expected.name;
			facts_rate(&one.facts, &one.request, &alone);
			expected.rank = expected.rank_low = expected.rank_high = expected.rank > 0;
			assert_int_equal(alone.rating.provider_count, 1);
			assert_true(same_provider(&expected, &alone.rating.providers[0]));
			for (uint32_t u = 0; u < expected.unit_count; u++)
				assert_true(same_unit(&one.standard, &expected.units[u],
						      &alone.rating.units[u]));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_order_of_the_input_does_not_matter),
		cmocka_unit_test(the_number_of_threads_does_not_matter),
		cmocka_unit_test(a_provider_alone_is_what_it_is_among_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
