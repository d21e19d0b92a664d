#include "cli/market_keys.h"

bool market_filter(const struct session *session, const struct book *book,
		   struct key_filter *ret_filter, struct error *err)
{
	const struct options *options = session->options;
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

	return key_filter_read(&words, book, ret_filter, err);
}
