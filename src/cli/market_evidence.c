#include "cli/market_keys.h"
#include "cli/quotes.h"
#include "market/terms.h"

/* The last day on which a quote was seen, and none later than --as-of. */
static date_t day_of(const struct session *session, const struct book *book)
{
	date_t last = DATE_NONE;

	for (size_t i = 0; i < book->count; i++) {
		date_t day = quote_day(&book->quotes[i]);

		if (day > last &&
		    (session->options->as_of == DATE_NONE || day <= session->options->as_of))
			last = day;
	}
	return session->options->as_of != DATE_NONE ? session->options->as_of : last;
}

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	struct key_filter filter;
	struct terms_list list;
	struct record *records = NULL;
	size_t count = 0;
	size_t left_out = 0;
	SCOPED_MARKET(market);

	if (!load_market(session, options->arguments, options->argument_count, &market, err) ||
	    !market_filter(session, &market.book, &filter, err))
		return STATUS_ERROR;
	book_arrange(&market.book, options->threads);
	terms_make(&market.book, &filter, day_of(session, &market.book), options->threads,
		   session->arena, &list);
	terms_records(&list, &market.book, session->arena, &records, &count, &left_out);
	for (size_t i = 0; i < count; i++) {
		record_write(&records[i], true, session->output);
		text_add_char(session->output, '\n');
	}
	if (left_out > 0)
		session_note(session, "%zu providers have names that no record takes", left_out);
	session_note(session, "%zu records of %zu providers", count, list.count - left_out);
	return count > 0 ? STATUS_GOOD : STATUS_UNKNOWN;
}

const struct command command_market_evidence = {
	.name = "market evidence",
	.arguments = "FILE...",
	.summary = "prices and terms as records of evidence, for a rating",
	.text = "Writes what price lists say about each provider as records in the form of JSON "
		"Lines, for assay rate --evidence: what an hour of each GPU costs, where that "
		"stands in the market, which contract lengths are offered, and whether a "
		"preemptible tier is cheaper. What the lists do not say is left unknown.",
	.options = TAKES_QUOTES | TAKES_KEY | TAKES_OUTPUT,
	.arguments_minimum = 1,
	.arguments_maximum = UINT16_MAX,
	.run = run,
};
