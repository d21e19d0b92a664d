#include "cli/advice.h"

enum {
	NEED_BYTES_MAXIMUM = 1 << 20,
};

bool load_need(const struct session *session, const char *path, struct need *need,
	       struct error *err)
{
	struct span text;

	return host_read(session->host, path, NEED_BYTES_MAXIMUM, session->arena, &text, err) &&
	       need_read(need, text, path, session->arena, err);
}

bool load_generations(const struct session *session, const struct catalogue *catalogue,
		      struct generations *ret_generations, struct error *err)
{
	const char *path = find_installed(session, "market/generation.tsv");
	struct span text;

	*ret_generations = (struct generations){ 0 };
	return !path ||
	       (host_read(session->host, path, TABLE_BYTES_MAXIMUM, session->arena, &text, err) &&
		generation_read(text, path, catalogue, session->arena, ret_generations, err));
}

static bool compare_gpus(const struct session *session, const struct catalogue *catalogue,
			 struct need *need, struct error *err)
{
	struct generations generations;

	if (need->accept_count < 2)
		return true;
	if (!load_generations(session, catalogue, &generations, err))
		return false;
	need_compare(need, &generations);
	return true;
}

bool advice_on(const struct session *session, const struct asking *asking,
	       struct advice *ret_advice, struct error *err)
{
	const struct options *options = session->options;
	const struct parameters *assumptions = asking->assumptions;
	const struct market *market = asking->market;
	struct advice_input input = {
		.bench = { .need = asking->need,
			   .assumptions = assumptions,
			   .catalogue = &market->catalogue,
			   .standard = &asking->loaded->standard,
			   .rating = &asking->loaded->rating,
			   .today = options->as_of == DATE_NONE ? today(session) : options->as_of },
	};
	struct offer *offers = NULL;

	if (!need_complete(asking->need, &market->catalogue, input.bench.today, err) ||
	    !compare_gpus(session, &market->catalogue, asking->need, err))
		return false;
	offers_make(&market->book, (unsigned)assumptions->values[ASSUMES_PRICE_WINDOW].value,
		    session->arena, &offers, &input.offer_count);
	input.offers = offers;
	if (input.offer_count == 0)
		return fail(err, ERROR_MISSING,
			    "'%s' holds no price that can be used; `assay market import` says why",
			    options->market);
	advice_make(&input, session->arena, ret_advice);
	return true;
}
