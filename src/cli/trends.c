#include "cli/trends.h"

#include <math.h>
#include <string.h>

#include "cli/load.h"
#include "cli/market_keys.h"
#include "market/series.h"
#include "report/trend_make.h"

enum {
	GENERATION_BYTES_MAXIMUM = 1 << 20,
};

struct trending {
	const struct session *session;
	const struct market *market;
	struct key_filter filter;
	struct index_request request;
	unsigned step_days;
	bool matched; /* the trend is of what the same offers cost */
	struct trend_key *keys;
	size_t count;
	struct generations generations;
	struct trend_rival *newest; /* of the keys of the GPU that is held against */
	size_t newest_count;
};

static bool read_request(struct trending *trending, struct error *err)
{
	const struct options *options = trending->session->options;

	if (options->window_days > ELIGIBLE_WINDOW_MAXIMUM)
		return fail(err, ERROR_INVALID, "--window %llu: at most %d days",
			    (unsigned long long)options->window_days, ELIGIBLE_WINDOW_MAXIMUM);
	trending->step_days =
		options->step_days > 0 ? (unsigned)options->step_days : TREND_STEP_DAYS;
	trending->request = (struct index_request){
		.window_days = (unsigned)options->window_days,
		.draws = options->draws,
		.seed = options->seed,
		.threads = options->threads,
	};
	trending->matched = !options->method;
	if (options->method && !index_method_find(options->method, &trending->request.method, err))
		return false;
	if (trending->request.method == INDEX_JEVONS || trending->request.method == INDEX_HEDONIC)
		return fail(err, ERROR_INVALID,
			    "--method %s: a trend is of a level, not of an index of change",
			    options->method);
	return true;
}

static bool read_generations(struct trending *trending, struct error *err)
{
	const struct session *session = trending->session;
	const char *path = find_installed(session, "market/generation.tsv");
	struct span text;

	if (!path)
		return fail(err, ERROR_MISSING,
			    "'market/generation.tsv' is not installed beside this program; set "
			    "ASSAY_DATA");
	return host_read(session->host, path, GENERATION_BYTES_MAXIMUM, session->arena, &text,
			 err) &&
	       generation_read(text, path, &trending->market->catalogue, session->arena,
			       &trending->generations, err);
}

/* The newest level of each key of the GPU that is held against. */
static bool find_newest(struct trending *trending, const struct key_filter *filter)
{
	const struct options *options = trending->session->options;
	struct arena *arena = trending->session->arena;
	struct key *keys = NULL;
	size_t count = 0;

	key_list(&trending->market->book, filter, arena, &keys, &count);
	trending->newest = ARENA_ARRAY(arena, struct trend_rival, count);
	for (size_t i = 0; i < count; i++) {
		SCOPED_ARENA(scratch);
		struct selection selection;
		struct index_value value;

		selection_make(&trending->market->book, &keys[i], filter, &scratch, &selection);
		index_make(&selection, &trending->request,
			   options->as_of != DATE_NONE ? options->as_of : selection.last, &scratch,
			   &value);
		if (!isnan(value.usd))
			trending->newest[trending->newest_count++] = (struct trend_rival){
				.key = keys[i], .usd = value.usd, .day = value.value_day
			};
	}
	return trending->newest_count > 0;
}

static bool is_rival(const struct key *a, const struct key *b)
{
	return a->rental == b->rental && a->term_months == b->term_months && a->tier == b->tier;
}

static void add_rivals(const struct trending *trending, struct trend_key *key)
{
	struct arena *arena = trending->session->arena;
	struct trend_rival *rivals = ARENA_ARRAY(arena, struct trend_rival, trending->newest_count);
	const struct index_value *last;

	if (key->value_count == 0)
		return;
	last = &key->values[key->value_count - 1];
	for (size_t i = 0; i < trending->newest_count; i++) {
		const struct trend_rival *rival = &trending->newest[i];
		const struct generation_side of = { .gpu = key->key.gpu, .usd = last->usd };
		const struct generation_side against = { .gpu = rival->key.gpu, .usd = rival->usd };
		struct trend_rival *into = &rivals[key->rival_count];
		struct generation_price *prices =
			ARENA_ARRAY(arena, struct generation_price, GENERATION_RATIOS_MAXIMUM);

		if (!is_rival(&key->key, &rival->key))
			continue;
		*into = *rival;
		generation_compare(&trending->generations, &trending->market->catalogue, &of,
				   &against, prices, &into->count);
		into->prices = prices;
		key->rival_count++;
	}
	key->rivals = rivals;
}

static bool hold_against(struct trending *trending, struct error *err)
{
	const struct options *options = trending->session->options;
	const struct key_words words = {
		.gpu = options->against,
		.rental = options->rental,
		.term = options->term,
		.tier = options->tier,
		.region = options->region,
	};
	struct key_filter filter;

	if (!options->against)
		return true;
	if (!key_filter_read(&words, &trending->market->book, &filter, err) ||
	    !read_generations(trending, err))
		return false;
	if (!find_newest(trending, &filter))
		return fail(err, ERROR_MISSING, "--against %s: no quote of it counts",
			    options->against);
	for (size_t i = 0; i < trending->count; i++)
		add_rivals(trending, &trending->keys[i]);
	return true;
}

static bool make_all(struct trending *trending, struct trend_report *ret_report, struct error *err)
{
	const struct trend_wish wish = {
		.book = &trending->market->book,
		.filter = &trending->filter,
		.request = &trending->request,
		.last = trending->session->options->as_of,
		.step_days = trending->step_days,
		.matched = trending->matched,
	};

	if (!trend_make(&wish, trending->session->arena, ret_report, err))
		return false;
	trending->count = ret_report->count;
	if (trending->count > 0) {
		trending->keys =
			ARENA_ARRAY(trending->session->arena, struct trend_key, trending->count);
		memcpy(trending->keys, ret_report->keys, trending->count * sizeof(*trending->keys));
		ret_report->keys = trending->keys;
	}
	return hold_against(trending, err);
}

bool load_trends(const struct session *session, const char *const *paths, size_t path_count,
		 struct market *market, struct trend_report *ret_report, struct error *err)
{
	struct trending *trending = ARENA_NEW(session->arena, struct trending);
	SCOPED_TEXT(scope);

	*trending = (struct trending){ .session = session, .market = market };
	if (!read_request(trending, err) || !load_market(session, paths, path_count, market, err))
		return false;
	book_arrange(&market->book, session->options->threads);
	if (!market_filter(session, &market->book, &trending->filter, err) ||
	    !make_all(trending, ret_report, err))
		return false;
	series_scope(&trending->filter, &market->book.names, &scope);
	ret_report->scope = arena_string(session->arena, text_span(&scope));
	return true;
}
