#include <string.h>

#include "cli/market_keys.h"
#include "cli/quotes.h"
#include "market/series.h"
#include "report/market_index.h"

enum {
	SERIES_BYTES_MAXIMUM = 256 << 20,
	VALUES_MAXIMUM = 100000,
	CHANGE_STEP_DAYS = 7,
};

/* What the command has in hand. */
struct indexing {
	const struct session *session;
	const struct market *market;
	struct key_filter filter;
	struct index_request request;
	struct index_value *values;
	size_t value_count, value_room;
	struct index_chain *chains;
	size_t chain_count;
};

static bool is_of_change(enum index_method method)
{
	return method == INDEX_JEVONS || method == INDEX_HEDONIC;
}

static bool read_request(struct indexing *indexing, struct error *err)
{
	const struct options *options = indexing->session->options;

	if (options->window_days > ELIGIBLE_WINDOW_MAXIMUM)
		return fail(err, ERROR_INVALID, "--window %llu: at most %d days",
			    (unsigned long long)options->window_days, ELIGIBLE_WINDOW_MAXIMUM);
	indexing->request = (struct index_request){
		.window_days = (unsigned)options->window_days,
		.draws = options->draws,
		.seed = options->seed,
		.threads = options->threads,
		.with_change = true,
	};
	return !options->method ||
	       index_method_find(options->method, &indexing->request.method, err);
}

static bool add_values(struct indexing *indexing, const struct selection *selection,
		       const date_t *days, size_t count, struct error *err)
{
	struct arena *arena = indexing->session->arena;

	if (indexing->value_count + count > VALUES_MAXIMUM)
		return fail(err, ERROR_LIMIT, "more than %d values: choose keys or a longer --step",
			    VALUES_MAXIMUM);
	if (indexing->value_count + count > indexing->value_room) {
		size_t room = 2 * (indexing->value_count + count);
		struct index_value *grown = ARENA_ARRAY(arena, struct index_value, room);

		if (indexing->value_count > 0)
			memcpy(grown, indexing->values, indexing->value_count * sizeof(*grown));
		indexing->values = grown;
		indexing->value_room = room;
	}
	for (size_t i = 0; i < count; i++)
		index_make(selection, &indexing->request, days[i], arena,
			   &indexing->values[indexing->value_count++]);
	return true;
}

static bool add_chain(struct indexing *indexing, const struct selection *selection,
		      const date_t *days, size_t count, struct error *err)
{
	struct arena *arena = indexing->session->arena;
	struct chained *points = ARENA_ARRAY(arena, struct chained, count);
	struct period *periods = NULL;
	SCOPED_ARENA(scratch);

	index_periods(selection, &indexing->request, days, count, &scratch, &periods);
	if (indexing->request.method == INDEX_JEVONS)
		change_chain(periods, count, points);
	else if (!change_hedonic(periods, count, points, err))
		return false;
	indexing->chains[indexing->chain_count++] =
		(struct index_chain){ .key = selection->key, .points = points, .count = count };
	return true;
}

static bool add_key(struct indexing *indexing, const struct key *key, struct error *err)
{
	const struct options *options = indexing->session->options;
	bool change = is_of_change(indexing->request.method);
	unsigned step = (unsigned)options->step_days;
	SCOPED_ARENA(scratch);
	struct selection selection;
	date_t *days = NULL;
	date_t last;
	size_t count = 0;

	selection_make(&indexing->market->book, key, &indexing->filter, &scratch, &selection);
	if (selection.count == 0)
		return true;
	last = options->as_of != DATE_NONE ? options->as_of : selection.last;
	if (change && step == 0)
		step = CHANGE_STEP_DAYS;
	index_days(selection.first, last, step, &scratch, &days, &count);
	return change ? add_chain(indexing, &selection, days, count, err)
		      : add_values(indexing, &selection, days, count, err);
}

static bool make_all(struct indexing *indexing, struct error *err)
{
	struct arena *arena = indexing->session->arena;
	struct key *keys = NULL;
	size_t count = 0;

	key_list(&indexing->market->book, &indexing->filter, arena, &keys, &count);
	indexing->chains = ARENA_ARRAY(arena, struct index_chain, count + 1);
	for (size_t i = 0; i < count; i++)
		if (!add_key(indexing, &keys[i], err))
			return false;
	return true;
}

static const char *scope_of(const struct indexing *indexing)
{
	SCOPED_TEXT(text);

	series_scope(&indexing->filter, &indexing->market->book.names, &text);
	return arena_string(indexing->session->arena, text_span(&text));
}

/* Adds the values to the file, all of them or, when one may not stand, none. */
static bool publish(const struct indexing *indexing, struct error *err)
{
	const struct session *session = indexing->session;
	const char *path = session->options->series;
	struct text file = { .maximum = SERIES_BYTES_MAXIMUM };
	SCOPED_TEXT(added);
	struct span before = { 0 };
	struct series series;
	bool good;

	if (host_kind(session->host, path) != HOST_NOTHING &&
	    !host_read(session->host, path, SERIES_BYTES_MAXIMUM, session->arena, &before, err))
		return false;
	if (!series_read(before, path, session->arena, &series, err))
		return false;
	for (size_t i = 0; i < indexing->value_count; i++) {
		const struct series_news news = {
			.value = &indexing->values[i],
			.catalogue = &indexing->market->catalogue,
			.scope = scope_of(indexing),
			.reason = session->options->restate,
		};

		if (!series_add(&series, &news, &added, err))
			return false;
	}
	if (added.length == 0)
		return true;
	text_add_span(&file, before);
	text_add_span(&file, text_span(&added));
	good = !file.overflowed && !added.overflowed
		       ? host_write(session->host, path, text_span(&file), err)
		       : fail(err, ERROR_LIMIT, "%s: it would be too large", path);
	text_release(&file);
	return good;
}

/* A value without any is not known; low confidence is still a value. */
static bool any_known(const struct indexing *indexing)
{
	for (size_t i = 0; i < indexing->value_count; i++)
		if (!(indexing->values[i].flags & INDEX_SUPPRESSED))
			return true;
	return indexing->chain_count > 0;
}

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	struct report_style style = options_style(options);
	SCOPED_MARKET(market);
	struct indexing indexing = { .session = session, .market = &market };

	if (!read_request(&indexing, err))
		return STATUS_ERROR;
	if (options->series && is_of_change(indexing.request.method)) {
		(void)fail(err, ERROR_INVALID,
			   "--series keeps levels; a change is computed from them anew");
		return STATUS_ERROR;
	}
	if (!load_market(session, options->arguments, options->argument_count, &market, err))
		return STATUS_ERROR;
	book_arrange(&market.book, options->threads);
	if (!market_filter(session, &market.book, &indexing.filter, err) ||
	    !make_all(&indexing, err) || (options->series && !publish(&indexing, err)))
		return STATUS_ERROR;

	const struct index_report report = {
		.book = &market.book,
		.request = &indexing.request,
		.scope = scope_of(&indexing),
		.values = indexing.values,
		.value_count = indexing.value_count,
		.chains = is_of_change(indexing.request.method) ? indexing.chains : NULL,
		.chain_count = indexing.chain_count,
	};
	index_write(&report, options->format, &style, session->output);
	return any_known(&indexing) ? STATUS_GOOD : STATUS_UNKNOWN;
}

const struct command command_market_index = {
	.name = "market index",
	.arguments = "[FILE...]",
	.summary = "what an hour costs: the level of prices and its change",
	.text = "What an hour of one GPU costs, from price lists: for each key (GPU, memory, form, "
		"rental model, term) the level, its interval, what it rests on and what was left "
		"out; with --method jevons or hedonic its change.",
	.options = TAKES_QUOTES | TAKES_STORE | TAKES_KEY | TAKES_INDEX | TAKES_SERIES |
		   TAKES_DRAWS | TAKES_TABLE_FORMAT | TAKES_OUTPUT,
	.arguments_minimum = 0,
	.arguments_maximum = UINT16_MAX,
	.run = run,
};
