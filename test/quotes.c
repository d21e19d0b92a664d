#include "test/quotes.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "market/moment.h"

#include <cmocka.h>

enum {
	NOON_S = 43200,
	SECONDS_PER_DAY = 86400,
	MB_PER_GB = 1000,
};

static int64_t time_of(const char *text, int64_t otherwise)
{
	int64_t seconds = otherwise;

	if (text)
		assert_true(moment_parse(span_of(text), &seconds));
	return seconds;
}

static struct span form_of(const struct offered *row)
{
	const char *form = row->form ? row->form : "sxm";

	return span_of(strcmp(form, "unknown") == 0 ? NULL : form);
}

static void fill_draft(const struct offered *row, struct draft *draft)
{
	draft_init(draft);
	draft->provider = span_of(row->provider ? row->provider : "a");
	draft->product = span_of(row->product);
	draft->region = span_of(row->region);
	draft->host = span_of(row->host);
	draft->machine = span_of(row->machine);
	draft->source = span_of(row->source);
	draft->gpu = span_of(row->gpu ? row->gpu : "h100");
	draft->form = form_of(row);
	draft->memory_mb = (uint64_t)(row->memory_gb ? row->memory_gb : 80) * MB_PER_GB;
	draft->gpus = row->gpus ? row->gpus : 8;
	draft->rental = row->rental == RENTAL_UNKNOWN ? RENTAL_ON_DEMAND : row->rental;
	draft->term_months = (uint16_t)row->term_months;
	draft->currency = SPAN("USD");
	draft->price_of = PRICE_OF_GPU;
	draft->stock = row->stock;
	draft->gbit_per_s = row->gbit_per_s;
	draft->listings = row->listings;
	draft->observed = time_of(row->observed, QUOTES_DAY * (int64_t)SECONDS_PER_DAY + NOON_S);
	draft->until = time_of(row->until, 0);
	if (row->reliability > 0)
		draft->reliability = row->reliability;
}

static void put(struct stall *stall, const struct offered *row)
{
	uint64_t kept = stall->book.kept;
	char price[MONEY_TEXT_SIZE];
	struct draft draft;
	int64_t nano = 0;

	fill_draft(row, &draft);
	assert_true(nano_from_double(row->usd, &nano));
	draft.price = span_of(nano_format(nano, price));
	assert_true(book_take(&stall->book, "by hand", &draft, &stall->err));
	for (unsigned i = 0; stall->book.kept == kept && i < REFUSAL_COUNT; i++)
		if (stall->book.refused[i].count > 0)
			print_message("# refused as %s\n", refusal_names[i]);
	assert_int_equal(stall->book.kept, kept + 1);
}

void quotes_put(struct stall *stall, const struct offered *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		put(stall, &rows[i]);
	book_arrange(&stall->book, 1);
}

void quotes_put_backwards(struct stall *stall, const struct offered *rows, size_t count)
{
	for (size_t i = count; i-- > 0;)
		put(stall, &rows[i]);
	book_arrange(&stall->book, 1);
}

struct key_filter quotes_all(void)
{
	return (struct key_filter){
		.gpu = KEY_ANY,
		.memory_gb = KEY_ANY,
		.term_months = KEY_ANY,
		.form = KEY_ANY,
		.rental = KEY_ANY,
		.tier = KEY_ALL_TIERS,
	};
}

void quotes_select(struct stall *stall, struct selection *ret_selection)
{
	struct key_filter all = quotes_all();
	struct key *keys = NULL;
	size_t count = 0;

	key_list(&stall->book, &all, &stall->arena, &keys, &count);
	assert_true(count > 0);
	selection_make(&stall->book, &keys[0], &all, &stall->arena, ret_selection);
}

void quotes_vote(struct stall *stall, date_t day, struct votes *ret_votes)
{
	struct selection *selection = ARENA_NEW(&stall->arena, struct selection);
	struct eligible eligible;

	quotes_select(stall, selection);
	eligible_judge(selection, day, ELIGIBLE_WINDOW_DAYS, &stall->arena, &eligible);
	votes_make(&eligible, true, 1, &stall->arena, ret_votes);
}

double quotes_level(const struct offered *rows, size_t count)
{
	SCOPED_STALL(stall);
	struct votes votes;

	quotes_put(&stall, rows, count);
	quotes_vote(&stall, QUOTES_DAY, &votes);
	return level_of(&votes);
}

void quotes_expect_near(double is, double wanted)
{
	bool near = fabs(is - wanted) <= 1e-9 * fmax(fabs(is), fabs(wanted));

	if (!near)
		print_message("# %.12g, not %.12g\n", is, wanted);
	assert_true(near);
}
