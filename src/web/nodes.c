/* Pages of nodes: the grid, one node, its curves; and where somebody says a node stands. */
#include <string.h>

#include "base/json.h"
#include "web/node_look.h"
#include "web/pages.h"

enum {
	REASON_BYTES_MAXIMUM = 500,
};

/* "*" stands for a cluster that was not said. */
static struct node_place place_of(const struct web_request *request, const char *const *segments)
{
	return (struct node_place){
		.party = request->caller->party,
		.provider = segments[0],
		.cluster = strcmp(segments[1], "*") == 0 ? "" : segments[1],
		.node = segments[2],
	};
}

static struct store *open_store(struct web *web, const struct web_request *request,
				enum sql_access access, struct web_answer *answer)
{
	struct error err = { 0 };
	struct store *store;

	if (!web_has_store(web)) {
		web_refuse(answer, request, 404, "start it with --store",
			   "this server has no store, and so no nodes");
		return NULL;
	}
	store = web_store_take(web, access, &err);
	if (!store)
		web_refuse_error(answer, request, &err);
	return store;
}

/* ---- the grid ---- */

static bool look_grid(struct web *web, const struct web_request *request, struct web_answer *answer,
		      struct node_grid *grid)
{
	const struct node_place all = { .party = request->caller->party };
	struct store *store = open_store(web, request, SQL_READ, answer);
	struct error err = { 0 };
	bool fine;

	if (!store)
		return false;
	fine = node_look_grid(store, &all, request->arena, grid, &err);
	web_store_end(web, SQL_READ, store, &err);
	if (!fine)
		web_refuse_error(answer, request, &err);
	grid->now = request->now;
	answer->is_private = true;
	return fine;
}

static void nodes_page(struct web *web, const struct web_request *request,
		       const char *const *segments, struct web_answer *answer)
{
	struct site_context context = pages_context(request);
	const struct site_page page = { .context = &context, .into = &answer->body, .root = "" };
	struct node_grid grid;

	(void)segments;
	if (!look_grid(web, request, answer, &grid))
		return;
	answer->type = pages_html;
	site_nodes(&page, &grid);
}

static void nodes_twin(struct web *web, const struct web_request *request,
		       const char *const *segments, struct web_answer *answer)
{
	struct node_grid grid;

	(void)segments;
	if (look_grid(web, request, answer, &grid))
		node_grid_json(&grid, &answer->body);
}

/* ---- one node ---- */

static bool look_at(struct web *web, const struct web_request *request,
		    const struct node_place *place, struct web_answer *answer,
		    struct node_look *look)
{
	struct store *store = open_store(web, request, SQL_READ, answer);
	struct error err = { 0 };
	const struct node_moment moment = { web_handbook(web), request->now };
	bool fine;

	if (!store)
		return false;
	fine = node_look_at(store, place, &moment, request->arena, look, &err);
	web_store_end(web, SQL_READ, store, &err);
	answer->is_private = true;
	if (!fine)
		web_refuse_error(answer, request, &err);
	else if (!look->view.brief)
		web_refuse(answer, request, 404, "GET /nodes lists those that may be seen",
			   "there is no node '%.80s' here", place->node);
	return fine && look->view.brief;
}

/* The name without ".json", when it has that. */
static const char *twin_name(const char *name, struct arena *arena)
{
	size_t length = strlen(name);

	if (length < 6 || strcmp(name + length - 5, ".json") != 0)
		return NULL;
	return arena_string(arena, (struct span){ name, length - 5 });
}

static void node_page(struct web *web, const struct web_request *request,
		      const char *const *segments, struct web_answer *answer)
{
	struct node_place place = place_of(request, segments);
	const char *twin = twin_name(place.node, request->arena);
	struct site_context context = pages_context(request);
	const struct site_page page = { .context = &context,
					.into = &answer->body,
					.root = "../../../" };
	SCOPED_NODE_LOOK(look);

	if (twin)
		place.node = twin;
	if (!look_at(web, request, &place, answer, &look))
		return;
	if (twin) {
		node_view_json(&look.view, web_handbook(web), &answer->body);
		return;
	}
	answer->type = pages_html;
	site_node(&page, &look.view);
}

static void node_curve(struct web *web, const struct web_request *request,
		       const char *const *segments, struct web_answer *answer)
{
	const struct node_place place = place_of(request, segments);
	struct error err = { 0 };
	int64_t number;
	SCOPED_NODE_LOOK(look);

	if (!web_number(request, "n", (struct web_range){ .maximum = INT32_MAX }, &number, &err)) {
		web_refuse_error(answer, request, &err);
		return;
	}
	if (!look_at(web, request, &place, answer, &look))
		return;
	if (number >= look.view.curve_count)
		web_refuse(answer, request, 404, NULL, "this node has %u curves",
			   look.view.curve_count);
	else
		node_curve_json(&look.view.curves[number], &answer->body);
}

/* ---- what somebody says ---- */

static bool read_said(const struct web_request *request, enum node_life *ret_life,
		      const char **ret_reason, struct error *err)
{
	static const struct node_field fields[] = {
		{ "schema", NODE_SCALAR, true },
		{ "life", NODE_SCALAR, true },
		{ "reason", NODE_SCALAR, true },
	};
	const struct node *map;
	struct span reason;

	if (!json_read(request->body, "the body", 1, request->arena, &map, err) ||
	    !node_expect(map, "the body", fields, sizeof(fields) / sizeof(fields[0]), err))
		return false;
	if (!span_is(node_find(map, "schema")->text, "assay/node-life/v1"))
		return node_fail(map, "the body", err, ERROR_INVALID,
				 "the schema is not assay/node-life/v1");
	if (!node_life_parse(node_find(map, "life")->text, ret_life) || *ret_life == LIFE_UNKNOWN)
		return node_fail(
			node_find(map, "life"), "the body", err, ERROR_INVALID,
			"life is none of deploy, burn-in, serve, watch, quarantine, repair "
			"and return");
	reason = node_find(map, "reason")->text;
	if (reason.length == 0 || reason.length > REASON_BYTES_MAXIMUM || web_has_controls(reason))
		return node_fail(node_find(map, "reason"), "the body", err, ERROR_INVALID,
				 "reason has 1 to %d bytes and no control characters",
				 REASON_BYTES_MAXIMUM);
	*ret_reason = arena_string(request->arena, reason);
	return true;
}

static void node_life(struct web *web, const struct web_request *request,
		      const char *const *segments, struct web_answer *answer)
{
	const struct node_place place = place_of(request, segments);
	const char *reason = NULL;
	enum node_life life = LIFE_UNKNOWN;
	struct error err = { 0 };
	struct store *store;
	bool fine;
	SCOPED_NODE_LOOK(look);

	if (!web_json_or_refuse(request, answer))
		return;
	if (!read_said(request, &life, &reason, &err)) {
		err.code = ERROR_INVALID;
		web_refuse_error(answer, request, &err);
		return;
	}
	if (!look_at(web, request, &place, answer, &look))
		return;
	store = open_store(web, request, SQL_WRITE, answer);
	if (!store)
		return;
	fine = node_look_say(store, &place, life, reason, request->now, &err);
	web_store_end(web, SQL_WRITE, store, &err);
	if (!fine) {
		web_refuse_error(answer, request, &err);
		return;
	}
	answer->status = 201;
	text_add_span(&answer->body, request->body);
}

static void node_racks(struct web *web, const struct web_request *request,
		       const char *const *segments, struct web_answer *answer)
{
	const struct node_place place = {
		.party = request->caller->party,
		.provider = segments[0],
		.cluster = strcmp(segments[1], "*") == 0 ? "" : segments[1],
	};
	struct error err = { 0 };
	struct store *store;
	bool is_new = false, fine;

	if (!web_json_or_refuse(request, answer))
		return;
	store = open_store(web, request, SQL_WRITE, answer);
	if (!store)
		return;
	fine = node_racks_say(store, &place, request->body, request->now, &is_new, &err);
	web_store_end(web, SQL_WRITE, store, &err);
	if (!fine) {
		web_refuse_error(answer, request, &err);
		return;
	}
	answer->status = is_new ? 201 : 200;
	text_add_span(&answer->body, request->body);
}

const struct web_route web_node_page_routes[] = {
	{ WEB_GET, "/nodes", ACCESS_NODES, "nodesPage", nodes_page, 0 },
	{ WEB_GET, "/nodes.json", ACCESS_NODES, "nodeGrid", nodes_twin, 0 },
	{ WEB_GET, "/nodes/{provider}/{cluster}/{node}", ACCESS_NODES, "nodePage", node_page, 0 },
	{ WEB_GET, "/nodes/{provider}/{cluster}/{node}/curve.json", ACCESS_NODES, "nodeCurve",
	  node_curve, 0 },
	{ WEB_POST, "/api/v1/nodes/{provider}/{cluster}/{name}/life", ACCESS_PUSH, "nodeLife",
	  node_life, 4096 },
	{ WEB_POST, "/api/v1/nodes/{provider}/{cluster}/racks", ACCESS_PUSH, "nodeRacks",
	  node_racks, 0 },
	{ 0 },
};
