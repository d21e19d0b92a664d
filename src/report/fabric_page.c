#include <math.h>
#include <stdlib.h>

#include "report/fabric_parts.h"
#include "report/phrase.h"

enum {
	GROUPS_SHOWN = 40, /* without `all` */
	FINDINGS_SHOWN = 60,
};

static const enum tint weight_tints[] = {
	[WEIGHT_FAIL] = TINT_BAD,
	[WEIGHT_WARN] = TINT_WARN,
	[WEIGHT_PARTIAL] = TINT_WARN,
};

static const char *tier_text(unsigned tier, unsigned count, struct arena *arena)
{
	if (tier == 0)
		return "leaves";
	if (tier == 1)
		return "spines";
	return tier == 2 && count == 3 ? "cores" : arena_format(arena, "tier %u", tier + 1);
}

static uint32_t count_kind(const struct layout *layout, enum graph_kind kind, bool aggregators)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < layout->graph->node_count; i++)
		count += layout->graph->nodes[i].kind == kind &&
			 layout->graph->nodes[i].is_aggregator == aggregators;
	return count;
}

static void add_summary(const struct fabric_view *view, const struct page *page)
{
	const struct layout *layout = view->layout;
	uint32_t aggregators = count_kind(layout, GRAPH_ADAPTER, true);
	uint32_t routers = count_kind(layout, GRAPH_ROUTER, false);

	page_paragraph(page, "%s: %u switches, %u adapters of %u hosts%s%s%s%s.%s", view->source,
		       layout->switch_count, count_kind(layout, GRAPH_ADAPTER, false),
		       layout->hosts->host_count - layout->hosts->unnamed,
		       aggregators > 0 ? arena_format(page->arena, ", %u aggregation nodes (SHARP)",
						      aggregators)
				       : "",
		       routers > 0 ? arena_format(page->arena, ", %u routers", routers) : "",
		       layout->unlinked_hosts > 0
			       ? arena_format(page->arena, "; %u hosts are on no switch",
					      layout->unlinked_hosts)
			       : "",
		       layout->hosts->unnamed > 0
			       ? arena_format(page->arena, "; nothing names the host%s of %u more",
					      layout->hosts->unnamed == 1 ? "" : "s",
					      layout->hosts->unnamed)
			       : "",
		       layout->is_partial ? " Not everything was seen: what is not here may be "
					    "there all the same."
					  : "");
}

static const char *style_text(const struct layout_fabric *fabric, struct arena *arena)
{
	const char *style = layout_style_names[fabric->style];

	if (isnan(fabric->score))
		return arena_format(arena, "wiring of rails %s: no host shows two adapters", style);
	return arena_format(arena, "%s, %s of its hosts wired so", style,
			    percent_text(fabric->score, arena));
}

static void add_fabric(const struct page *page, const struct layout_fabric *fabric)
{
	struct arena *arena = page->arena;

	page_heading(page, "Fabric %s", fabric->name);
	if (fabric->role == ROLE_UNUSED) {
		page_paragraph(page, "%u switches without a host.", fabric->switch_count);
		return;
	}
	page_paragraph(
		page, "%s. %u hosts, most with %u link%s of %s; %u leaf group%s of %s hosts%s%s%s.",
		style_text(fabric, arena), fabric->host_count, fabric->host_links,
		fabric->host_links == 1 ? "" : "s", fabric_rate_text(fabric->mbit, arena),
		fabric->group_count, fabric->group_count == 1 ? "" : "s",
		fabric->group_least == fabric->group_most
			? arena_format(arena, "%u", fabric->group_most)
			: arena_format(arena, "%u to %u (middle %u)", fabric->group_least,
				       fabric->group_most, fabric->group_middle),
		fabric->aggregator_count > 0
			? arena_format(arena, "; %u switches aggregate (SHARP)",
				       fabric->aggregator_count)
			: "",
		fabric->planes > 1 && !fabric->is_blind
			? arena_format(arena, "; %u planes that do not meet", fabric->planes)
			: "",
		fabric->is_blind ? "; what is above the leaves was not seen" : "");
}

static const char *blocking_text(const struct layout_fabric *fabric, unsigned number,
				 struct arena *arena)
{
	const struct layout_tier *tier = &fabric->tiers[number];

	if (isnan(tier->blocking_most))
		return fabric->is_blind                   ? "not seen"
		       : number + 1 == fabric->tier_count ? "top"
							  : "-";
	if (tier->blocking_most - tier->blocking_least < 0.005)
		return arena_format(arena, "%.2f : 1", tier->blocking_middle);
	return arena_format(arena, "%.2f : 1 (%.2f to %.2f)", tier->blocking_middle,
			    tier->blocking_least, tier->blocking_most);
}

static void add_tiers(const struct page *page, const struct layout *layout)
{
	static const struct column columns[] = {
		{ .title = "fabric" },
		{ .title = "tier" },
		{ .title = "switches", .right = true },
		{ .title = "links down", .right = true },
		{ .title = "up", .right = true },
		{ .title = "across", .right = true },
		{ .title = "bandwidth down : up" },
	};
	TABLE(table, columns, page->arena);

	for (uint32_t i = 0; i < layout->fabric_count; i++) {
		const struct layout_fabric *fabric = &layout->fabrics[i];

		for (unsigned tier = fabric->tier_count; tier-- > 0;) {
			table_cell(&table, fabric->name);
			table_cell(&table, tier_text(tier, fabric->tier_count, page->arena));
			table_format(&table, "%u", fabric->tiers[tier].switches);
			table_format(&table, "%u", fabric->tiers[tier].down);
			table_format(&table, "%u", fabric->tiers[tier].up);
			table_format(&table, "%u", fabric->tiers[tier].across / 2);
			table_cell(&table, blocking_text(fabric, tier, page->arena));
		}
	}
	page_heading(page, "Tiers");
	page_table(page, &table);
}

static void add_distances(const struct fabric_view *view, const struct page *page)
{
	const struct layout_distances *distances = &view->distances;
	const unsigned count = sizeof(distances->share) / sizeof(distances->share[0]);
	SCOPED_TEXT(line);

	for (unsigned i = 1; i < count; i++)
		if (distances->share[i] > 0)
			text_format(&line, "%s%s %s", line.length > 0 ? ", " : "",
				    percent_text(distances->share[i], page->arena),
				    i == 1 ? "are on one switch"
					   : arena_format(page->arena, "%u switches apart", i));
	if (distances->share[0] > 0)
		text_format(&line, "%s%s do not reach each other", line.length > 0 ? ", " : "",
			    percent_text(distances->share[0], page->arena));
	if (line.length > 0)
		page_paragraph(page, "Of the pairs of compute hosts %s%s.", text_string(&line),
			       distances->sources < view->layout->group_count &&
					       view->layout->group_count > distances->sources * 2
				       ? arena_format(page->arena, " (seen from %u leaf groups)",
						      distances->sources)
				       : "");
}

static const char *hops_text(unsigned hops, struct arena *arena)
{
	if (hops == 0)
		return "no way";
	return arena_format(arena, "%u switch%s", hops, hops == 1 ? "" : "es");
}

static void add_between(const struct fabric_between *between, const struct page *page)
{
	SCOPED_TEXT(rails);

	if (!between->from)
		return;
	for (unsigned i = 0; i < between->rail_count; i++)
		text_format(&rails, "%srail %u %s", i > 0 ? ", " : "; ", i,
			    hops_text(between->rails[i], page->arena));
	page_paragraph(page, "From %s to %s: %s%s.", between->from, between->to,
		       hops_text(between->hops, page->arena), text_string(&rails));
}

struct group_sums {
	uint32_t up, missing_up;
	uint64_t down_mbit, up_mbit;
	uint32_t findings;
};

static const struct group_sums *sum_groups(const struct layout *layout, struct arena *arena)
{
	struct group_sums *sums = ARENA_ARRAY(arena, struct group_sums, layout->group_count + 1);

	for (uint32_t i = 0; i < layout->switch_count; i++) {
		const struct layout_switch *one = &layout->switches[i];

		if (one->group == LAYOUT_NONE)
			continue;
		sums[one->group].up += one->up + one->across;
		sums[one->group].missing_up += one->missing_up;
		sums[one->group].down_mbit += one->down_mbit;
		sums[one->group].up_mbit += one->up_mbit;
	}
	for (uint32_t i = 0; i < layout->finding_count; i++) {
		const struct layout_finding *finding = &layout->findings[i];
		uint32_t group = LAYOUT_NONE;

		if (finding->node != GRAPH_NONE &&
		    layout->switch_of_node[finding->node] != LAYOUT_NONE)
			group = layout->switches[layout->switch_of_node[finding->node]].group;
		if (group == LAYOUT_NONE && finding->host != LAYOUT_NONE)
			group = layout->home[finding->host];
		if (group != LAYOUT_NONE)
			sums[group].findings++;
	}
	return sums;
}

/* Without `all` those with something to see before the first ones. */
static const bool *choose_groups(const struct layout *layout, const struct group_sums *sums,
				 uint32_t count, struct arena *arena)
{
	bool *is_shown = ARENA_ARRAY(arena, bool, layout->group_count);

	for (uint32_t i = 0; i < layout->group_count && count > 0; i++) {
		is_shown[i] = sums[i].findings > 0 || sums[i].missing_up > 0;
		count -= is_shown[i];
	}
	for (uint32_t i = 0; i < layout->group_count && count > 0; i++) {
		count -= !is_shown[i];
		is_shown[i] = true;
	}
	return is_shown;
}

static void add_group(struct table *table, const struct layout *layout, uint32_t at,
		      const struct group_sums *sums)
{
	const struct layout_group *group = &layout->groups[at];
	double ratio =
		sums->up_mbit > 0 ? (double)sums->down_mbit / (double)sums->up_mbit : (double)NAN;

	table_cell(table, group->name);
	table_cell(table, layout->fabrics[group->fabric].name);
	table_format(table, "%u", group->pod + 1);
	table_format(table, "%u", group->host_count);
	table_format(table, "%u", group->leaf_count);
	table_format(table, "%u", sums->up);
	table_tinted(table, sums->missing_up > 0 ? TINT_BAD : TINT_NONE,
		     arena_format(table->arena, "%u", sums->missing_up));
	table_cell(table, fabric_ratio_text(ratio, table->arena));
	table_cell(table,
		   isnan(group->agreement) ? "-" : percent_text(group->agreement, table->arena));
	table_tinted(table, sums->findings > 0 ? TINT_WARN : TINT_NONE,
		     arena_format(table->arena, "%u", sums->findings));
}

static void add_groups(const struct fabric_view *view, const struct page *page)
{
	static const struct column columns[] = {
		{ .title = "leaf group" },
		{ .title = "fabric" },
		{ .title = "pod", .right = true },
		{ .title = "hosts", .right = true },
		{ .title = "leaves", .right = true },
		{ .title = "uplinks", .right = true },
		{ .title = "missing", .right = true },
		{ .title = "down : up", .right = true },
		{ .title = "ports agree", .right = true },
		{ .title = "findings", .right = true },
	};
	const struct layout *layout = view->layout;
	const struct group_sums *sums = sum_groups(layout, page->arena);
	uint32_t shown = view->all || layout->group_count <= GROUPS_SHOWN ? layout->group_count
									  : GROUPS_SHOWN;
	const bool *is_shown = choose_groups(layout, sums, shown, page->arena);
	TABLE(table, columns, page->arena);

	for (uint32_t i = 0; i < layout->group_count; i++)
		if (is_shown[i])
			add_group(&table, layout, i, &sums[i]);
	page_heading(page, "Leaf groups");
	page_table(page, &table);
	if (shown < layout->group_count)
		page_paragraph(page, "%u more leaf groups; --all shows them.",
			       layout->group_count - shown);
}

static void add_counts(const struct layout *layout, const struct page *page)
{
	SCOPED_TEXT(line);

	for (unsigned i = 0; i < FAULT_COUNT; i++)
		if (layout->found[i] > 0)
			text_format(&line, "%s%u %s", line.length > 0 ? ", " : "", layout->found[i],
				    layout_fault_name((enum layout_fault)i));
	page_paragraph(page, "%s.", text_string(&line));
}

static void add_findings(const struct fabric_view *view, const struct page *page)
{
	static const struct column columns[] = {
		{ .title = "weight" },
		{ .title = "fault" },
		{ .title = "where" },
		{ .title = "what, and what to do" },
	};
	const struct layout *layout = view->layout;
	uint32_t shown = view->all || layout->finding_count <= FINDINGS_SHOWN
				 ? layout->finding_count
				 : FINDINGS_SHOWN;
	TABLE(table, columns, page->arena);

	page_heading(page, "Findings");
	if (layout->finding_count == 0) {
		page_paragraph(page, "None: what most of the like do, all do.");
		return;
	}
	for (uint32_t i = 0; i < shown; i++) {
		const struct layout_finding *finding = &layout->findings[i];

		table_tinted(&table, weight_tints[finding->weight],
			     layout_weight_names[finding->weight]);
		table_cell(&table, layout_fault_name(finding->fault));
		table_cell(&table, finding->place);
		table_format(&table, "%s\n-> %s", finding->text, finding->action);
	}
	add_counts(layout, page);
	page_table(page, &table);
	if (shown < layout->finding_count)
		page_paragraph(page, "%u more findings; --all shows them.",
			       layout->finding_count - shown);
}

void fabric_write_page(const struct fabric_view *view, const struct page *page)
{
	const struct layout *layout = view->layout;

	add_summary(view, page);
	for (uint32_t i = 0; i < layout->fabric_count; i++)
		add_fabric(page, &layout->fabrics[i]);
	add_distances(view, page);
	add_between(&view->between, page);
	if (layout->fabric_count > 0)
		add_tiers(page, layout);
	if (layout->group_count > 0)
		add_groups(view, page);
	add_findings(view, page);
}
