/* The grid of nodes: one row a node, by rack, one cell a rail. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/json.h"
#include "report/html.h"
#include "report/node_page.h"

/* A rack that is not known goes behind all that are. */
static int by_rack(const char *one, const char *other)
{
	bool known = one[0] != '\0', other_known = other[0] != '\0';

	return known == other_known ? strcmp(one, other) : (int)other_known - (int)known;
}

static int by_place(const void *a, const void *b)
{
	const struct node_brief *one = a;
	const struct node_brief *other = b;
	int order = strcmp(one->provider, other->provider);

	if (order == 0)
		order = strcmp(one->cluster, other->cluster);
	if (order == 0)
		order = by_rack(one->rack, other->rack);
	return order != 0 ? order : strcmp(one->node, other->node);
}

void node_grid_sort(struct node_brief *nodes, uint32_t count)
{
	qsort(nodes, count, sizeof(*nodes), by_place);
}

static void add_rails_of(const struct node_brief *node, struct node_rack *rack)
{
	for (uint32_t i = 0; i < node->rail_count; i++)
		rack->rails[i] = i < rack->rail_count
					 ? verdict_worse(rack->rails[i], node->rails[i])
					 : node->rails[i];
	if (node->rail_count > rack->rail_count)
		rack->rail_count = node->rail_count;
}

struct node_rack node_rack_from(const struct node_grid *grid, uint32_t first)
{
	const struct node_brief *start = &grid->nodes[first];
	struct node_rack rack = { .provider = start->provider,
				  .cluster = start->cluster,
				  .name = start->rack,
				  .nodes = start };

	for (uint32_t i = first; i < grid->count; i++) {
		const struct node_brief *node = &grid->nodes[i];

		if (strcmp(node->provider, rack.provider) != 0 ||
		    strcmp(node->cluster, rack.cluster) != 0 || strcmp(node->rack, rack.name) != 0)
			break;
		add_rails_of(node, &rack);
		rack.count++;
	}
	return rack;
}

static void add_summary(const struct site_page *page, const struct node_grid *grid)
{
	uint32_t lives[LIFE_COUNT] = { 0 };

	for (uint32_t i = 0; i < grid->count; i++)
		lives[grid->nodes[i].life]++;
	text_add(page->into, "<dl class=\"figures\">\n");
	for (unsigned i = 0; i < LIFE_COUNT; i++)
		if (lives[i] > 0)
			html_add(page->into, "<div><dt>%s</dt><dd>%u</dd></div>\n",
				 node_life_names[i], lives[i]);
	text_add(page->into, "</dl>\n");
}

void site_life(const struct site_page *page, enum node_life life)
{
	static const struct {
		const char *class, *sign;
	} marks[] = {
		[LIFE_UNKNOWN] = { "unknown", "?" }, [LIFE_DEPLOY] = { "away", "+" },
		[LIFE_BURN_IN] = { "away", "△" },    [LIFE_SERVE] = { "good", "✓" },
		[LIFE_WATCH] = { "warn", "!" },      [LIFE_QUARANTINE] = { "bad", "✕" },
		[LIFE_REPAIR] = { "away", "◇" },     [LIFE_RETURN] = { "away", "↺" },
	};

	html_add(page->into,
		 "<span class=\"state %s\"><span class=\"sign\" "
		 "aria-hidden=\"true\">%s</span>%s</span>",
		 marks[life].class, marks[life].sign, node_life_names[life]);
}

static const struct {
	const char *class, *sign, *word;
} marks_of_verdicts[] = {
	[VERDICT_PASS] = { "good", "✓", "pass" },
	[VERDICT_WARN] = { "warn", "!", "warn" },
	[VERDICT_FAIL] = { "bad", "✕", "fail" },
	[VERDICT_UNKNOWN] = { "unknown", "?", "unknown" },
	[VERDICT_NOT_APPLICABLE] = { "away", "–", "not applicable" },
	[VERDICT_STALE] = { "unknown", "?", "stale" },
};

void site_verdict(const struct site_page *page, enum verdict verdict)
{
	html_add(page->into,
		 "<span class=\"state %s\"><span class=\"sign\" "
		 "aria-hidden=\"true\">%s</span>%s</span>",
		 marks_of_verdicts[verdict].class, marks_of_verdicts[verdict].sign,
		 marks_of_verdicts[verdict].word);
}

/* In a cell as wide as its sign; the word is for who does not see it. */
static void add_sign(const struct site_page *page, const char *class, const char *sign,
		     const char *word)
{
	html_add(page->into,
		 "<span class=\"state %s\" title=\"%s\"><span class=\"sign\" "
		 "aria-hidden=\"true\">%s</span><span class=\"word\">%s</span></span>",
		 class, word, sign, word);
}

/* What no check said anything about is not said to be good. */
static void add_rail(const struct site_page *page, enum verdict verdict)
{
	if (verdict == VERDICT_NOT_APPLICABLE)
		add_sign(page, "away", "–", "no finding");
	else
		add_sign(page, marks_of_verdicts[verdict].class, marks_of_verdicts[verdict].sign,
			 marks_of_verdicts[verdict].word);
}

const char *site_elapsed_text(int64_t then, int64_t now, struct arena *arena)
{
	static const struct {
		int64_t seconds;
		const char *unit;
	} units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "min" }, { 1, "s" } };
	int64_t elapsed = now > then ? now - then : 0;

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (elapsed >= 2 * units[i].seconds)
			return arena_format(arena, "%lld %s",
					    (long long)(elapsed / units[i].seconds), units[i].unit);
	return "now";
}

/* `verdicts` of the first so many of the rails that the table has. */
static void add_rails(const struct site_page *page, const enum verdict *verdicts, uint32_t count,
		      uint32_t rails)
{
	for (uint32_t i = 0; i < rails; i++) {
		text_add(page->into, "<td class=\"rail\">");
		if (i < count)
			add_rail(page, verdicts[i]);
		else
			add_sign(page, "away", "∅", "no GPU");
		text_add(page->into, "</td>");
	}
}

static void add_node(const struct site_page *page, const struct node_grid *grid,
		     const struct node_brief *node, uint32_t rails)
{
	html_add(page->into, "<tr><th scope=\"row\"><a href=\"%snodes/%s/%s/%s\">%s</a></th><td>",
		 page->root, node->provider, node->cluster[0] ? node->cluster : "*", node->node,
		 node->node);
	site_life(page, node->life);
	text_add(page->into, "</td><td>");
	site_verdict(page, node->gate);
	html_add(page->into, "</td><td class=\"number\">%s</td>",
		 site_elapsed_text(node->time, grid->now, page->context->arena));
	add_rails(page, node->rails, node->rail_count, rails);
	text_add(page->into, "</tr>\n");
}

static uint32_t rails_of(const struct node_grid *grid)
{
	uint32_t most = 0;

	for (uint32_t i = 0; i < grid->count; i++)
		if (grid->nodes[i].rail_count > most)
			most = grid->nodes[i].rail_count;
	return most;
}

static void add_rack(const struct site_page *page, const struct node_grid *grid,
		     const struct node_rack *rack, uint32_t rails)
{
	html_add(page->into,
		 "<tbody>\n<tr class=\"band\"><th colspan=\"4\" scope=\"rowgroup\">%s%s%s, %s%s"
		 "<span class=\"minor\">%u node%s</span></th>",
		 rack->provider, rack->cluster[0] ? ", " : "", rack->cluster,
		 rack->name[0] ? "rack " : "rack not known", rack->name, rack->count,
		 rack->count == 1 ? "" : "s");
	add_rails(page, rack->rails, rack->rail_count, rails);
	text_add(page->into, "</tr>\n");
	for (uint32_t i = 0; i < rack->count; i++)
		add_node(page, grid, &rack->nodes[i], rails);
	text_add(page->into, "</tbody>\n");
}

static void add_grid(const struct site_page *page, const struct node_grid *grid)
{
	uint32_t rails = rails_of(grid);

	site_table_open(page, "nodes", "Nodes by rack and rail; a rack has the worst of its rails");
	text_add(page->into, "<thead><tr><th scope=\"col\">Node</th><th scope=\"col\">Life</th>"
			     "<th scope=\"col\">Gate</th>"
			     "<th scope=\"col\" class=\"number\">Last look</th>");
	for (uint32_t i = 0; i < rails; i++)
		html_add(page->into, "<th scope=\"col\">Rail %u</th>", i);
	text_add(page->into, "</tr></thead>\n");
	for (uint32_t i = 0; i < grid->count;) {
		struct node_rack rack = node_rack_from(grid, i);

		add_rack(page, grid, &rack, rails);
		i += rack.count;
	}
	site_table_close(page);
}

void site_nodes(const struct site_page *page, const struct node_grid *grid)
{
	const struct site_head head = {
		.title = "Nodes | assay",
		.description = "The nodes by rack and rail, with the last look at each.",
		.section = SECTION_NODES,
		.twin = arena_format(page->context->arena, "%snodes.json", page->root),
	};

	site_open(page, &head);
	html_add(page->into, "<h1>%s</h1>\n", grid->title);
	if (grid->count == 0) {
		text_add(page->into,
			 "<p class=\"lead\">No node of yours has been seen yet.</p>\n"
			 "<ol><li>Let a node in: whoever keeps this server gives a code, "
			 "<code>assay "
			 "store code --party NAME</code>.</li>\n"
			 "<li>On the node: <code>assay enrol ADDRESS --code CODE --pin PIN "
			 "--identity DIR</code>.</li>\n"
			 "<li>Look, <code>assay check --provider NAME --bundle look.json</code>, "
			 "and "
			 "send it, <code>assay push look.json --identity DIR</code>; a timer does "
			 "both again.</li></ol>\n");
	} else {
		html_add(page->into,
			 "<p class=\"lead\">%u nodes%s. A question mark is not known and never "
			 "good.</p>\n<p>A rail is the GPU of that place in each node: ✓ pass, ! "
			 "warn, "
			 "✕ fail, ? not known, – no finding about it alone, ∅ no GPU seen.</p>\n",
			 grid->count, grid->is_partial ? " of more" : "");
		add_summary(page, grid);
		add_grid(page, grid);
	}
	html_add(page->into,
		 "<form class=\"leave\" method=\"post\" action=\"%slogout\"><p><button "
		 "type=\"submit\">Sign out</button></p></form>\n",
		 page->root);
	site_close(page, &head);
}

static void put_rack(struct json_writer *json, const struct node_rack *rack)
{
	json_open_object(json);
	json_pair_string(json, "provider", rack->provider);
	json_pair_string(json, "cluster", rack->cluster);
	json_key(json, "rack");
	if (rack->name[0])
		json_put_string(json, rack->name);
	else
		json_put_null(json);
	json_pair_integer(json, "nodes", rack->count);
	json_key(json, "rails");
	json_open_array(json);
	for (uint32_t i = 0; i < rack->rail_count; i++)
		json_put_string(json, verdict_names[rack->rails[i]]);
	json_close_array(json);
	json_close_object(json);
}

void node_grid_json(const struct node_grid *grid, struct text *into)
{
	struct json_writer json = { .into = into, .indent = 2 };
	char time[TIME_TEXT_SIZE];
	SCOPED_TEXT(line);

	json_open_object(&json);
	json_pair_string(&json, "schema", "assay/nodes/v1");
	json_pair_string(&json, "time", time_format(grid->now, time));
	json_pair_bool(&json, "partial", grid->is_partial);
	json_key(&json, "racks");
	json_open_array(&json);
	for (uint32_t i = 0; i < grid->count;) {
		struct node_rack rack = node_rack_from(grid, i);

		put_rack(&json, &rack);
		i += rack.count;
	}
	json_close_array(&json);
	json_key(&json, "nodes");
	json_open_array(&json);
	for (uint32_t i = 0; i < grid->count; i++) {
		text_clear(&line);
		node_brief_write(&grid->nodes[i], &line);
		json_put_document(&json, text_span(&line));
	}
	json_close_array(&json);
	json_close_object(&json);
	text_add(into, "\n");
}
