/* The guide as a form and as JSON: a need in the fields of the query, held against the prices that
 * the server was given. */
#include <microhttpd.h>
#include <string.h>

#include "advise/advice.h"
#include "advise/offer.h"
#include "report/advice.h"
#include "report/site_served.h"
#include "web/market.h"
#include "web/pages.h"

/* Fields of a need that the form has; the API takes the same. */
static const char *const field_names[] = {
	"gpus",          "gpu",        "hours",        "deadline",
	"regions",       "budget_usd", "interruption", "communication.kind",
	"minimum_grade",
};

enum {
	FIELD_COUNT = sizeof(field_names) / sizeof(field_names[0]),
};

struct asked {
	struct guide guide;
	struct guide_field fields[FIELD_COUNT];
	struct need need;
	struct advice advice;
};

static void add_query(struct text *query, const char *name, const char *value)
{
	text_format(query, "%s%s=", query->length > 0 ? "&" : "", name);
	text_add_percent(query, span_of(value));
}

static bool read_fields(const struct web_request *request, struct asked *asked, struct error *err)
{
	SCOPED_TEXT(query);

	for (size_t i = 0; i < FIELD_COUNT; i++) {
		const char *value;

		if (!web_field(request, field_names[i], &value, err))
			return false;
		if (!value || value[0] == '\0')
			continue;
		asked->fields[asked->guide.count++] = (struct guide_field){ field_names[i], value };
		add_query(&query, field_names[i], value);
	}
	asked->guide.fields = asked->fields;
	asked->guide.query = arena_string(request->arena, text_span(&query));
	return true;
}

static bool advise(const struct web *web, const struct web_request *request, struct asked *asked,
		   struct error *err)
{
	const struct web_market *market = web_market(web);
	const struct site_context context = pages_context(request);
	const date_t as_of = web_settings(web)->as_of;
	struct advice_input input = {
		.bench = { .need = &asked->need,
			   .assumptions = market->assumptions,
			   .catalogue = market->catalogue,
			   .standard = web_standard(web),
			   .rating = context.rating,
			   .today = as_of == DATE_NONE ? date_from_unix(request->now) : as_of },
	};
	struct offer *offers;

	need_init(&asked->need);
	for (size_t i = 0; i < asked->guide.count; i++)
		if (!need_set(&asked->need, span_of(asked->fields[i].name),
			      span_of(asked->fields[i].value), request->arena, err))
			return false;
	if (!need_complete(&asked->need, market->catalogue, input.bench.today, err))
		return false;
	if (market->generations)
		need_compare(&asked->need, market->generations);
	offers_make(pages_market(request)->book,
		    (unsigned)market->assumptions->values[ASSUMES_PRICE_WINDOW].value,
		    request->arena, &offers, &input.offer_count);
	input.offers = offers;
	if (input.offer_count == 0)
		return fail(err, ERROR_MISSING, "no price that this server has can be used today");
	advice_make(&input, request->arena, &asked->advice);
	asked->guide.advice = &asked->advice;
	return true;
}

/* False when `answer` refuses; a need that cannot be is a complaint of the guide's. */
static bool ask(struct web *web, const struct web_request *request, struct web_answer *answer,
		struct asked *asked)
{
	struct error err = { 0 };

	if (!web_market(web) || !pages_market(request)) {
		web_refuse(answer, request, MHD_HTTP_NOT_FOUND,
			   "start it with --market, or take prices into its store",
			   "this server has no prices to choose among");
		return false;
	}
	if (!read_fields(request, asked, &err)) {
		web_refuse_error(answer, request, &err);
		return false;
	}
	if (asked->guide.count > 0 && !advise(web, request, asked, &err))
		asked->guide.complaint = arena_string(request->arena, span_of(err.text));
	return true;
}

static void guide_page(struct web *web, const struct web_request *request,
		       const char *const *segments, struct web_answer *answer)
{
	struct asked *asked = ARENA_NEW(request->arena, struct asked);
	struct site_context context = pages_context(request);
	const struct site_page page = { .context = &context, .into = &answer->body, .root = "" };

	(void)segments;
	if (!ask(web, request, answer, asked))
		return;
	answer->type = pages_html;
	answer->status = asked->guide.complaint ? MHD_HTTP_BAD_REQUEST : MHD_HTTP_OK;
	site_guide(&page, &asked->guide);
}

static void guide_twin(struct web *web, const struct web_request *request,
		       const char *const *segments, struct web_answer *answer)
{
	struct asked *asked = ARENA_NEW(request->arena, struct asked);

	(void)segments;
	if (!ask(web, request, answer, asked))
		return;
	if (asked->guide.advice)
		advice_json(asked->guide.advice, &answer->body);
	else
		web_refuse(answer, request, MHD_HTTP_BAD_REQUEST,
			   "give gpus, gpu and hours, as docs/advise.md has the fields of a need",
			   "%s",
			   asked->guide.complaint ? asked->guide.complaint : "nothing was asked");
}

const struct web_route web_guide_routes[] = {
	{ WEB_GET, "/guide", ACCESS_PUBLIC, "guidePage", guide_page, 0 },
	{ WEB_GET, "/guide.json", ACCESS_PUBLIC, "guide", guide_twin, 0 },
	{ 0 },
};
