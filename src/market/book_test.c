#include "market/quote.h"

#include "test/stall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "market/fingerprint.h"
#include "market/selection.h"

#include <cmocka.h>

enum {
	SECONDS_PER_DAY = 86400,
	DRAFTS = 400,
};

/* One of a few rows, some of them twice and some of them bad; texts live in the arena. */
static struct draft drawn_draft(uint32_t i, struct arena *arena)
{
	uint32_t kind = random_u32(1, i) % 160;
	struct draft draft;

	draft_init(&draft);
	draft.provider = kind % 3 ? SPAN("lambda") : SPAN("runpod");
	draft.gpu = kind % 5 ? SPAN("H100 SXM") : SPAN("A100");
	draft.gpus = 1 + kind % 2;
	draft.rental = kind % 7 ? RENTAL_ON_DEMAND : RENTAL_SPOT;
	draft.price = span_of(arena_format(arena, "%u.5", kind % 11));
	draft.currency = SPAN("USD");
	draft.observed = (20000 + kind / 40) * (int64_t)SECONDS_PER_DAY;
	draft.until = kind % 13 ? 0 : draft.observed + kind % 2;
	draft.machine = span_of(arena_format(arena, "m%u", kind % 17));
	draft.line = i;
	return draft;
}

/* A quote with its names as text: what does not depend on the order of a book. */
static const char *described(const struct book *book, const struct quote *quote,
			     struct arena *arena)
{
	return arena_format(arena, "%.*s %.*s %u %u %u %lld %lld %lld",
			    SPAN_ARGS(quote_name(book, quote->provider)),
			    SPAN_ARGS(quote_name(book, quote->machine)), quote->gpu, quote->gpus,
			    quote->rental, (long long)quote->usd_nano, (long long)quote->observed,
			    (long long)quote->until);
}

static int compare_texts(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static const char **described_all(const struct book *book, struct arena *arena)
{
	const char **texts = ARENA_ARRAY(arena, const char *, book->count);

	for (size_t i = 0; i < book->count; i++)
		texts[i] = described(book, &book->quotes[i], arena);
	qsort(texts, book->count, sizeof(*texts), compare_texts);
	return texts;
}

static void what_is_kept_does_not_depend_on_the_order(void **state)
{
	SCOPED_STALL(forwards);
	SCOPED_STALL(backwards);
	SCOPED_ARENA(arena);

	(void)state;
	for (uint32_t i = 0; i < DRAFTS; i++) {
		struct draft first = drawn_draft(i, &arena);
		struct draft last = drawn_draft(DRAFTS - 1 - i, &arena);

		assert_true(book_take(&forwards.book, "f", &first, NULL));
		assert_true(book_take(&backwards.book, "f", &last, NULL));
	}
	assert_int_equal(forwards.book.count, backwards.book.count);
	assert_in_range(forwards.book.count, 20, DRAFTS - 1);
	for (unsigned i = 0; i < REFUSAL_COUNT; i++)
		assert_int_equal(forwards.book.refused[i].count, backwards.book.refused[i].count);

	const char **left = described_all(&forwards.book, &arena);
	const char **right = described_all(&backwards.book, &arena);
	for (size_t i = 0; i < forwards.book.count; i++)
		assert_string_equal(left[i], right[i]);
}

static void a_book_goes_on_as_if_it_had_not_stopped(void **state)
{
	SCOPED_STALL(whole);
	SCOPED_STALL(first);
	SCOPED_STALL(rest);
	SCOPED_ARENA(arena);

	(void)state;
	for (uint32_t i = 0; i < DRAFTS; i++) {
		struct draft draft = drawn_draft(i, &arena);

		assert_true(book_take(&whole.book, "f", &draft, NULL));
		if (i < DRAFTS / 2)
			assert_true(book_take(&first.book, "f", &draft, NULL));
	}
	book_arrange(&first.book, 1);
	book_continue(&first.book, &rest.book);
	book_release(&first.book);
	for (uint32_t i = DRAFTS / 2; i < DRAFTS; i++) {
		struct draft draft = drawn_draft(i, &arena);

		assert_true(book_take(&rest.book, "f", &draft, NULL));
	}
	book_arrange(&whole.book, 1);
	book_arrange(&rest.book, 1);
	assert_int_equal(rest.book.rows, DRAFTS);
	assert_int_equal(rest.book.count, whole.book.count);
	for (unsigned i = 0; i < REFUSAL_COUNT; i++) {
		const struct refusal_count *one = &whole.book.refused[i];
		const struct refusal_count *other = &rest.book.refused[i];

		assert_int_equal(one->count, other->count);
		if (one->count > 0)
			assert_string_equal(one->examples[0].text, other->examples[0].text);
	}
	for (size_t i = 0; i < whole.book.count; i++)
		assert_string_equal(described(&whole.book, &whole.book.quotes[i], &arena),
				    described(&rest.book, &rest.book.quotes[i], &arena));
}

static void every_row_is_counted_once(void **state)
{
	SCOPED_STALL(stall);
	SCOPED_ARENA(arena);
	uint64_t refused = 0;

	(void)state;
	for (uint32_t i = 0; i < DRAFTS; i++) {
		struct draft draft = drawn_draft(i, &arena);

		assert_true(book_take(&stall.book, "f", &draft, NULL));
	}
	for (unsigned i = 1; i < REFUSAL_COUNT; i++)
		refused += stall.book.refused[i].count;
	assert_int_equal(stall.book.rows, DRAFTS);
	assert_int_equal(stall.book.rows, stall.book.kept + refused);
	assert_int_equal(stall.book.kept, stall.book.count);
	assert_true(stall.book.refused[REFUSAL_DUPLICATE].count > 0);
}

static void the_first_rows_of_each_reason_are_kept_as_examples(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	for (uint64_t line = 1; line <= 5; line++)
		assert_true(book_refuse(&stall.book, "a.csv", line, REFUSAL_MALFORMED,
					SPAN("a\x1b[2Jb\xff"
					     "c"),
					NULL));
	const struct refusal_count *refused = &stall.book.refused[REFUSAL_MALFORMED];
	assert_int_equal(refused->count, 5);
	assert_int_equal(refused->examples[2].line, 3);
	assert_string_equal(refused->examples[0].file, "a.csv");
	assert_string_equal(refused->examples[0].text, "a?[2Jb?c");
}

/* Counts what a sink is told, and fails where it is told to. */
struct listener {
	unsigned kept, refused, fails_at;
};

static bool hear_keep(void *context, const struct names *names, const struct quote *quote,
		      struct error *err)
{
	struct listener *listener = context;

	assert_true(names_text(names, quote->provider).length > 0);
	if (++listener->kept == listener->fails_at)
		return (fail)(err, ERROR_IO, "full");
	return true;
}

static bool hear_refuse(void *context, enum refusal why, const char *file, uint64_t line,
			const struct draft *draft, struct error *err)
{
	struct listener *listener = context;

	(void)err;
	assert_true(why != REFUSAL_NONE && line == draft->line && file[0] == 'f');
	listener->refused++;
	return true;
}

static void a_streaming_book_hands_on_and_keeps_nothing(void **state)
{
	struct listener listener = { 0 };
	SCOPED_STALL(stall);
	SCOPED_ARENA(arena);
	struct error err = { 0 };

	(void)state;
	stall.book.streaming = true;
	stall.book.sink = (struct book_sink){ hear_keep, hear_refuse, &listener };
	for (uint32_t i = 0; i < DRAFTS; i++) {
		struct draft draft = drawn_draft(i, &arena);

		assert_true(book_take(&stall.book, "f", &draft, &err));
	}
	assert_int_equal(stall.book.count, 0);
	assert_int_equal(listener.kept, stall.book.kept);
	assert_int_equal(listener.kept + listener.refused, DRAFTS);
}

static void a_sink_that_fails_ends_the_import(void **state)
{
	struct listener listener = { .fails_at = 1 };
	struct draft draft;
	SCOPED_STALL(stall);
	SCOPED_ARENA(arena);
	struct error err = { 0 };

	(void)state;
	draft = drawn_draft(0, &arena);
	draft.price = SPAN("2");
	stall.book.sink = (struct book_sink){ hear_keep, hear_refuse, &listener };
	assert_false(book_take(&stall.book, "f", &draft, &err));
	assert_string_equal(err.text, "full");
}

static void a_set_of_fingerprints_knows_what_it_has_seen(void **state)
{
	struct fingerprints seen = { 0 };
	struct quote a = { .usd_nano = 1 }, b = { .usd_nano = 2 };

	(void)state;
	assert_true(fingerprint_of(&a) != fingerprint_of(&b));
	for (uint64_t i = 1; i <= 100000; i++)
		assert_true(fingerprints_add(&seen, i * 0x9e3779b97f4a7c15u));
	for (uint64_t i = 1; i <= 100000; i++)
		assert_false(fingerprints_add(&seen, i * 0x9e3779b97f4a7c15u));
	assert_int_equal(seen.count, 100000);
	assert_false(fingerprints_full(&seen));
	fingerprints_release(&seen);
}

static void names_of_a_stream_are_forgotten_before_they_fill_memory(void **state)
{
	struct draft draft;
	SCOPED_STALL(stall);
	SCOPED_ARENA(arena);
	char text[32];

	(void)state;
	stall.book.streaming = true;
	draft = drawn_draft(0, &arena);
	draft.price = SPAN("2");
	for (unsigned i = 0; i < (1u << 20) + 100; i++) {
		int length = snprintf(text, sizeof(text), "%u", i);

		draft.machine = (struct span){ text, (size_t)length };
		assert_true(book_take(&stall.book, "f", &draft, NULL));
	}
	assert_int_equal(stall.book.forgotten, 1);
	assert_true(stall.book.names.count < 1000);
	assert_int_equal(stall.book.kept, (1u << 20) + 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_kept_does_not_depend_on_the_order),
		cmocka_unit_test(a_book_goes_on_as_if_it_had_not_stopped),
		cmocka_unit_test(every_row_is_counted_once),
		cmocka_unit_test(the_first_rows_of_each_reason_are_kept_as_examples),
		cmocka_unit_test(a_streaming_book_hands_on_and_keeps_nothing),
		cmocka_unit_test(a_sink_that_fails_ends_the_import),
		cmocka_unit_test(a_set_of_fingerprints_knows_what_it_has_seen),
		cmocka_unit_test(names_of_a_stream_are_forgotten_before_they_fill_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
