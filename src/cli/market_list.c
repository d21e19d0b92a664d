#include "cli/quotes.h"
#include "market/key.h"
#include "report/market.h"

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	struct report_style style = options_style(options);
	const struct key_words words = {
		.gpu = options->gpu,
		.form = options->form,
		.rental = options->rental,
		.term = options->term,
		.tier = options->tier,
		.provider = options->provider,
		.product = options->product,
		.region = options->region,
	};
	struct key_filter filter;
	size_t count = 0;
	SCOPED_MARKET(market);

	if (!load_market(session, options->arguments, options->argument_count, &market, err) ||
	    !key_filter_read(&words, &market.book, &filter, err))
		return STATUS_ERROR;

	const struct quote **quotes =
		ARENA_ARRAY(session->arena, const struct quote *, market.book.count);
	for (size_t i = 0; i < market.book.count; i++) {
		if (key_filter_takes(&filter, &market.book.quotes[i]))
			quotes[count++] = &market.book.quotes[i];
	}
	quote_list_write(&market.book, quotes, count, options->format, &style, session->output);
	return count > 0 ? STATUS_GOOD : STATUS_FAILS;
}

const struct command command_market_list = {
	.name = "market list",
	.arguments = "[FILE...]",
	.summary = "list quotes, cheapest first within each GPU and rental model",
	.text = "Reads price lists as `assay market import` does and lists the quotes that fit, by "
		"GPU, form, rental model, term and price for one GPU and an hour. --format csv "
		"writes them as import does. The exit status is 1 when there is none.",
	.options = TAKES_QUOTES | TAKES_STORE | TAKES_KEY | TAKES_TABLE_FORMAT | TAKES_OUTPUT,
	.arguments_minimum = 0,
	.arguments_maximum = UINT16_MAX,
	.run = run,
};
