/* The grid of nodes: one row a node, by rack, one cell a rail. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/json.h"
#include "report/html.h"
#include "report/node_page.h"

static int by_place(const void *a, const void *b)
{
	const struct node_brief *one = a;
	const struct node_brief *other = b;
	int order = strcmp(one->cluster, other->cluster);

	if (order == 0)
		order = strcmp(one->rack, other->rack);
	return order != 0 ? order : strcmp(one->node, other->node);
}

void node_grid_sort(struct node_brief *nodes, uint32_t count)
{
	qsort(nodes, count, sizeof(*nodes), by_place);
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

void site_verdict(const struct site_page *page, enum verdict verdict)
{
	static const struct {
		const char *class, *sign, *word;
	} marks[] = {
		[VERDICT_PASS] = { "good", "✓", "pass" },
		[VERDICT_WARN] = { "warn", "!", "warn" },
		[VERDICT_FAIL] = { "bad", "✕", "fail" },
		[VERDICT_UNKNOWN] = { "unknown", "?", "unknown" },
		[VERDICT_NOT_APPLICABLE] = { "away", "–", "not applicable" },
		[VERDICT_STALE] = { "unknown", "?", "stale" },
	};

	html_add(page->into,
		 "<span class=\"state %s\"><span class=\"sign\" "
		 "aria-hidden=\"true\">%s</span>%s</span>",
		 marks[verdict].class, marks[verdict].sign, marks[verdict].word);
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

static void add_rails(const struct site_page *page, const struct node_brief *node, uint32_t rails)
{
	for (uint32_t i = 0; i < rails; i++) {
		text_add(page->into, "<td class=\"rail\">");
		if (i < node->rail_count)
			site_verdict(page, node->rails[i]);
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
	add_rails(page, node, rails);
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

static void add_grid(const struct site_page *page, const struct node_grid *grid)
{
	uint32_t rails = rails_of(grid);
	const struct node_brief *before = NULL;

	site_table_open(page, "nodes", "Nodes by rack and rail");
	text_add(page->into, "<thead><tr><th scope=\"col\">Node</th><th scope=\"col\">Life</th>"
			     "<th scope=\"col\">Gate</th>"
			     "<th scope=\"col\" class=\"number\">Last look</th>");
	for (uint32_t i = 0; i < rails; i++)
		html_add(page->into, "<th scope=\"col\">Rail %u</th>", i);
	text_add(page->into, "</tr></thead>\n");
	for (uint32_t i = 0; i < grid->count; i++) {
		const struct node_brief *node = &grid->nodes[i];

		bool is_first = !before || strcmp(before->rack, node->rack) != 0 ||
				strcmp(before->cluster, node->cluster) != 0;

		if (is_first && before)
			text_add(page->into, "</tbody>\n");
		if (is_first)
			html_add(
				page->into,
				"<tbody>\n<tr class=\"band\"><th colspan=\"%u\" scope=\"rowgroup\">"
				"%s%s%s</th></tr>\n",
				4 + rails, node->cluster, node->cluster[0] ? ", " : "",
				node->rack[0] ? node->rack : "rack not known");
		add_node(page, grid, node, rails);
		before = node;
	}
	text_add(page->into, grid->count > 0 ? "</tbody>" : "<tbody></tbody>");
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
		text_add(
			page->into,
			"<p class=\"lead\">No look at a node has been pushed yet.</p>\n"
			"<p><code>assay check --provider NAME --bundle look.json</code> makes one, "
			"<code>assay push look.json --to ADDRESS</code> sends it here.</p>\n");
	} else {
		html_add(page->into,
			 "<p class=\"lead\">%u nodes%s. A question mark is not known and never "
			 "good.</p>\n",
			 grid->count, grid->is_partial ? " of more" : "");
		add_summary(page, grid);
		add_grid(page, grid);
	}
	site_close(page, &head);
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
