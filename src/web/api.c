/* What programs read: ratings, providers, criteria, the method and the market, as the pages' twins
 * are. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "web/parts.h"

static void league(struct web *web, const struct web_request *request, const char *const *segments,
		   struct web_answer *answer)
{
	(void)web;
	(void)request;
	(void)segments;
	answer->file = "rating.json";
}

static void method(struct web *web, const struct web_request *request, const char *const *segments,
		   struct web_answer *answer)
{
	(void)web;
	(void)request;
	(void)segments;
	answer->file = "method.json";
}

static void market(struct web *web, const struct web_request *request, const char *const *segments,
		   struct web_answer *answer)
{
	(void)web;
	(void)request;
	(void)segments;
	answer->file = "market.json";
}

static void criteria(struct web *web, const struct web_request *request,
		     const char *const *segments, struct web_answer *answer)
{
	(void)web;
	(void)request;
	(void)segments;
	answer->file = "criteria.json";
}

static void provider(struct web *web, const struct web_request *request,
		     const char *const *segments, struct web_answer *answer)
{
	(void)web;
	answer->file = arena_format(request->arena, "provider/%s.json", segments[0]);
}

static void criterion(struct web *web, const struct web_request *request,
		      const char *const *segments, struct web_answer *answer)
{
	(void)web;
	answer->file = arena_format(request->arena, "criterion/%s.json", segments[0]);
}

/* Whether it lives and what it shows; for whoever watches the server. */
static void health(struct web *web, const struct web_request *request, const char *const *segments,
		   struct web_answer *answer)
{
	const struct snapshot *snapshot = exchange_of(request)->snapshot;
	struct json_writer writer = { .into = &answer->body };
	char time[TIME_TEXT_SIZE];

	(void)segments;
	json_open_object(&writer);
	json_pair_string(&writer, "schema", "assay/health/v1");
	json_pair_string(&writer, "version", ASSAY_VERSION);
	json_pair_string(&writer, "standard", web_standard(web)->version);
	json_pair_bool(&writer, "store", web_has_store(web));
	json_pair_integer(&writer, "records", (int64_t)snapshot->records);
	json_pair_integer(&writer, "providers", snapshot->providers);
	json_pair_string(&writer, "rated", time_format(snapshot->made, time));
	json_close_object(&writer);
	text_add_char(&answer->body, '\n');
}

const struct web_route web_api_routes[] = {
	{ WEB_GET, "/api/v1/health", ACCESS_PUBLIC, "health", health, 0 },
	{ WEB_GET, "/api/v1/ratings", ACCESS_PUBLIC, "ratings", league, 0 },
	{ WEB_GET, "/api/v1/providers/{provider}", ACCESS_PUBLIC, "provider", provider, 0 },
	{ WEB_GET, "/api/v1/criteria", ACCESS_PUBLIC, "criteria", criteria, 0 },
	{ WEB_GET, "/api/v1/criteria/{criterion}", ACCESS_PUBLIC, "criterion", criterion, 0 },
	{ WEB_GET, "/api/v1/method", ACCESS_PUBLIC, "method", method, 0 },
	{ WEB_GET, "/api/v1/market", ACCESS_PUBLIC, "market", market, 0 },
	{ 0 },
};
