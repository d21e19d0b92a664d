/* What agents saw of nodes, for the party whose agents they are and for nobody else. */
#include <string.h>

#include "report/checkup.h"
#include "web/listing.h"
#include "web/node_look.h"
#include "web/parts.h"

enum {
	NODES_SEEN_MAXIMUM = 200000, /* listing that are looked through for a list */
};

/* A measure that every look has. */
static const char always[] = "node.kernel";

static bool is_own(const struct web_request *request, const struct store_found *found)
{
	return found->party && strcmp(found->party, request->caller->party) == 0;
}

static void put_node(const struct store_found *found, struct text *line)
{
	struct json_writer writer = { .into = line };
	char time[TIME_TEXT_SIZE];

	json_open_object(&writer);
	json_pair_string(&writer, "node", found->entry.subject);
	json_pair_string(&writer, "seen", time_format(found->entry.time, time));
	json_pair_string(&writer, "taken", time_format(found->taken, time));
	json_close_object(&writer);
}

static bool add_nodes(struct store *store, struct listing *listing, struct error *err)
{
	const struct store_query query = { .stream = STORE_NODES, .what = always };
	struct store_cursor *cursor = NULL;
	struct store_found found;
	int64_t place = 0;
	bool more = true, good = store_newest(store, &query, &cursor, err);
	SCOPED_TEXT(line);

	while (good && more && place < NODES_SEEN_MAXIMUM) {
		good = store_next(cursor, &found, &more, err);
		if (!good || !more || !is_own(listing->request, &found))
			continue;
		if (++place <= listing->after)
			continue;
		text_clear(&line);
		put_node(&found, &line);
		more = listing_add(listing, place, text_span(&line));
	}
	store_cursor_close(cursor);
	return good;
}

static void nodes(struct web *web, const struct web_request *request, const char *const *segments,
		  struct web_answer *answer)
{
	struct error err = { 0 };
	struct listing listing;
	struct store *store;
	bool good;

	(void)segments;
	if (!listing_open(&listing, request, answer, "assay/node-page/v1", "nodes"))
		return;
	store = web_store_take(web, SQL_READ, &err);
	good = store && add_nodes(store, &listing, &err);
	if (store)
		web_store_end(web, SQL_READ, store, &err);
	if (good)
		listing_close(&listing, NULL);
	else
		web_refuse_error(answer, request, &err);
}

/* Judges what is known of the node now. */
static void judge(const struct web *web, const struct web_request *request,
		  const struct evidence_set *set, struct web_answer *answer)
{
	const struct node_moment moment = { web_handbook(web), request->now };
	struct checkup checkup;
	int64_t time = 0;

	for (size_t i = 0; i < set->count; i++)
		if (set->records[i].time > time)
			time = set->records[i].time;
	if (!node_look_judge(set, &moment, request->arena, &checkup)) {
		web_refuse(answer, request, MHD_HTTP_NOT_FOUND, NULL,
			   "nothing is known of this node");
		return;
	}

	const struct checkup_report report = {
		.checkup = &checkup,
		.handbook = moment.handbook,
		.provider = set->records[0].subject.parts[SUBJECT_PROVIDER],
		.time = time,
	};
	checkup_write_json(&report, &answer->body);
}

static void findings(struct web *web, const struct web_request *request,
		     const char *const *segments, struct web_answer *answer)
{
	struct error err = { 0 };
	const char *node = NULL;
	struct store *store;
	SCOPED_EVIDENCE(set);
	bool good;

	(void)segments;
	if (!web_field_or_refuse(request, "node", &node, answer))
		return;
	if (!node) {
		web_refuse(answer, request, MHD_HTTP_BAD_REQUEST, "/api/v1/nodes lists the nodes",
			   "the field 'node' is missing");
		return;
	}
	store = web_store_take(web, SQL_READ, &err);
	good = store && node_look_records(store, request->caller->party, node, &set, &err);
	if (store)
		web_store_end(web, SQL_READ, store, &err);
	if (!good)
		web_refuse_error(answer, request, &err);
	else if (set.count == 0)
		web_refuse(answer, request, MHD_HTTP_NOT_FOUND, NULL,
			   "nothing is known of this node");
	else
		judge(web, request, &set, answer);
}

const struct web_route web_node_routes[] = {
	{ WEB_GET, "/api/v1/nodes", ACCESS_NODES, "nodes", nodes, 0 },
	{ WEB_GET, "/api/v1/findings", ACCESS_NODES, "findings", findings, 0 },
	{ 0 },
};
