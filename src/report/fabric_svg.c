/* The drawing: tiers of switches as rows of boxes, below them leaf groups as cells with a box for
 * each leaf and a small one for each host. Cables are lines only where they are few enough to be
 * followed by the eye; what has a finding is marked at every size. */
#include <math.h>

#include "report/fabric_parts.h"
#include "report/html.h"
#include "report/phrase.h"

enum {
	WIDTH = 1200,
	MARGIN = 20,
	LABEL_WIDTH = 80,
	LINES_MAXIMUM = 600,
	NAMED_MAXIMUM = 16, /* switches of a row that stand there with their names */
	BOX = 14,
	HOST = 7,
	GAP = 2,
	ARC = 60, /* of a cable between two switches of one row: how far above it at most, twice */
	ROW = 18,
	NAMED_HOST_WIDTH = 90,
	FINDINGS_SHOWN = 12, /* in words below the drawing */
};

struct spot {
	double x, y; /* the middle of its box */
	bool is_there;
};

struct drawing {
	const struct layout *layout;
	struct arena *arena;
	struct text *into;
	const uint8_t *marks, *host_marks;
	struct spot *spots;         /* of switches */
	const uint32_t *hosts;      /* group by group */
	const uint32_t *first_host; /* of a group */
	const uint32_t *leaves;
	const uint32_t *first_leaf;
	double y;
	bool has_lines;
};

static const char *const mark_classes[] = { [WEIGHT_FAIL] = "fail",
					    [WEIGHT_WARN] = "warn",
					    [WEIGHT_PARTIAL] = "partial",
					    [WEIGHT_COUNT] = "good" };

static const char style[] =
	"<style>"
	".fabric{font:11px system-ui,sans-serif;color:#1d2228}"
	".fabric text{fill:#1d2228}.fabric .soft{fill:#585f68}"
	/* Cables run below what is written. */
	".fabric .name,.fabric .above{paint-order:stroke;stroke:#f4f2ed;stroke-width:4px}"
	".fabric .above{fill:#585f68;stroke:#ffffff}"
	".fabric .head{font-size:16px;font-weight:600}.fabric .strong{font-weight:600}"
	".fabric .paper{fill:#ffffff}.fabric .cell{fill:#f4f2ed;stroke:#dfdbd3}"
	".fabric .switch{fill:#3f6a92}.fabric .host{fill:#9dbbd6}"
	".fabric .fail{fill:#c22f22}.fabric .warn{fill:#d98a00}.fabric .partial{fill:#7b828b}"
	".fabric .cable{stroke:#b9b4aa;stroke-width:1}.fabric .arc{fill:none}"
	".fabric .lost{stroke:#c22f22;stroke-width:2;stroke-dasharray:5 3}"
	".fabric .cross{stroke:#ffffff;stroke-width:1.5}"
	"</style>";

/* Leaves, group by group. */
static const uint32_t *sort_leaves(const struct drawing *drawing, const uint32_t **ret_first)
{
	const struct layout *layout = drawing->layout;
	uint32_t *first = ARENA_ARRAY(drawing->arena, uint32_t, layout->group_count + 1);
	uint32_t *next = ARENA_ARRAY(drawing->arena, uint32_t, layout->group_count + 1);
	uint32_t *sorted = ARENA_ARRAY(drawing->arena, uint32_t, layout->switch_count);

	for (uint32_t i = 0; i < layout->switch_count; i++)
		if (layout->switches[i].group != LAYOUT_NONE)
			first[layout->switches[i].group + 1]++;
	for (uint32_t i = 0; i < layout->group_count; i++) {
		first[i + 1] += first[i];
		next[i] = first[i];
	}
	for (uint32_t i = 0; i < layout->switch_count; i++)
		if (layout->switches[i].group != LAYOUT_NONE)
			sorted[next[layout->switches[i].group]++] = i;
	*ret_first = first;
	return sorted;
}

struct box {
	double x, y, width, height;
	const char *kind;
	uint8_t mark;
	const char *name;
};

/* What has a finding is told from the rest by its colour and by a cross. */
static void draw_box(const struct drawing *drawing, struct box box)
{
	html_add(drawing->into,
		 "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
		 "rx=\"1\"><title>%s</title></rect>",
		 box.mark == WEIGHT_COUNT ? box.kind : mark_classes[box.mark], box.x, box.y,
		 box.width, box.height, box.name);
	if (box.mark == WEIGHT_FAIL)
		html_add(drawing->into,
			 "<path class=\"cross\" d=\"M%.1f %.1fL%.1f %.1fM%.1f %.1fL%.1f %.1f\"/>",
			 box.x + 1, box.y + 1, box.x + box.width - 1, box.y + box.height - 1,
			 box.x + 1, box.y + box.height - 1, box.x + box.width - 1, box.y + 1);
}

static void draw_text(const struct drawing *drawing, const char *class, double x, double y,
		      const char *text)
{
	html_add(drawing->into, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>", class, x, y,
		 text);
}

/* Cut to the characters that fit, so that names do not run into each other. */
static const char *fitting(const char *name, double width, struct arena *arena)
{
	size_t room = (size_t)(width / 6.5), at = 0, count = 0;
	struct span rest = span_of(name);

	while (at < rest.length && count < room) {
		struct span tail = { rest.at + at, rest.length - at };
		size_t bytes = span_character(tail, NULL);

		at += bytes > 0 ? bytes : 1;
		count++;
	}
	if (at == rest.length)
		return name;
	return arena_format(arena, "%.*s…", (int)(at > 1 ? at - 1 : at), name);
}

static void place_switch(struct drawing *drawing, uint32_t one, double x, double y, double width)
{
	drawing->spots[one] = (struct spot){ x + width / 2, y + (double)BOX / 2, true };
}

static void draw_switch(const struct drawing *drawing, uint32_t one, double width)
{
	const struct layout *layout = drawing->layout;
	const struct spot *spot = &drawing->spots[one];

	draw_box(drawing, (struct box){
				  .x = spot->x - width / 2,
				  .y = spot->y - (double)BOX / 2,
				  .width = width,
				  .height = BOX,
				  .kind = "switch",
				  .mark = drawing->marks[layout->switches[one].node],
				  .name = layout_node_name(layout, layout->switches[one].node,
							   drawing->arena),
			  });
}

/* The switches of one tier in rows; their places first, since cables are drawn below boxes. */
struct tier_row {
	uint32_t fabric;
	unsigned tier;
	uint32_t count;
	uint32_t in_row;
	double width; /* of a box */
	double step;
	double y;
};

static struct tier_row lay_row(const struct drawing *drawing, uint32_t fabric, unsigned tier)
{
	const double room = WIDTH - 2 * MARGIN - LABEL_WIDTH;
	struct tier_row row = {
		.fabric = fabric,
		.tier = tier,
		.count = drawing->layout->fabrics[fabric].tiers[tier].switches,
		.y = drawing->y,
	};

	if (row.count <= NAMED_MAXIMUM) {
		row.in_row = row.count > 0 ? row.count : 1;
		row.step = room / row.in_row;
		row.width = row.step - 12 < 60 ? row.step - 12 : 60;
	} else {
		row.width = BOX - GAP;
		row.step = BOX;
		row.in_row = (WIDTH - 2 * MARGIN - LABEL_WIDTH) / BOX;
		/* Where cables are drawn they are not to run all to one side. */
		if (drawing->has_lines && row.count < row.in_row) {
			row.in_row = row.count;
			row.step = room / row.in_row;
		}
	}
	return row;
}

static void place_tier(struct drawing *drawing, const struct tier_row *row)
{
	const struct layout *layout = drawing->layout;
	uint32_t at = 0;

	for (uint32_t i = 0; i < layout->switch_count; i++) {
		const struct layout_switch *one = &layout->switches[i];
		double x;

		if (one->fabric != row->fabric || one->tier != row->tier)
			continue;
		x = MARGIN + LABEL_WIDTH + (at % row->in_row) * row->step;
		if (row->step > BOX)
			x += (row->step - row->width) / 2;
		place_switch(drawing, i, x, row->y + (at / row->in_row) * ROW, row->width);
		at++;
	}
	drawing->y += (1 + (row->count > 0 ? (row->count - 1) / row->in_row : 0)) * ROW;
	drawing->y += row->count <= NAMED_MAXIMUM || drawing->has_lines ? 100 : 24;
}

static void draw_tier(const struct drawing *drawing, const struct tier_row *row)
{
	const struct layout *layout = drawing->layout;

	draw_text(drawing, "soft", MARGIN, row->y + BOX - 3,
		  arena_format(drawing->arena, "%s: %u",
			       row->tier == 1   ? "spines"
			       : row->tier == 2 ? "cores"
						: "above",
			       row->count));
	for (uint32_t i = 0; i < layout->switch_count; i++) {
		const struct layout_switch *one = &layout->switches[i];

		if (one->fabric != row->fabric || one->tier != row->tier)
			continue;
		draw_switch(drawing, i, row->width);
		if (row->count <= NAMED_MAXIMUM)
			draw_text(drawing, "above", drawing->spots[i].x - row->width / 2,
				  drawing->spots[i].y - BOX / 2.0 - 5,
				  fitting(layout_node_name(layout, one->node, drawing->arena),
					  row->step - 4, drawing->arena));
	}
}

/* The cells of the leaf groups of one fabric. */
struct grid {
	uint32_t fabric;
	uint32_t groups, columns;
	double cell_width, y;
	uint32_t boxes_in_row, hosts_in_row;
	double box_step;                /* from one leaf to the next */
	double host_width, host_height; /* with the gap */
	bool has_names;                 /* hosts stand there with theirs */
	double *row_height;
};

static uint32_t rows_of(uint32_t count, uint32_t in_row)
{
	return (count + in_row - 1) / in_row;
}

static double cell_height(const struct drawing *drawing, const struct grid *grid, uint32_t group)
{
	uint32_t leaves = drawing->first_leaf[group + 1] - drawing->first_leaf[group];
	uint32_t hosts = drawing->first_host[group + 1] - drawing->first_host[group];

	return 22 + rows_of(leaves, grid->boxes_in_row) * (double)BOX + 4 +
	       rows_of(hosts, grid->hosts_in_row) * grid->host_height + 6;
}

/* With few groups there is room for the names of hosts. */
static void size_cells(struct grid *grid, uint32_t most_leaves)
{
	double room;

	grid->columns = grid->groups <= 6 ? grid->groups : grid->groups <= 200 ? 8 : 12;
	grid->cell_width = (WIDTH - 2.0 * MARGIN) / grid->columns;
	room = grid->cell_width - 20;
	grid->has_names = grid->groups <= 6;
	grid->box_step = BOX;
	if (grid->has_names && room / most_leaves > BOX)
		grid->box_step = room / most_leaves;
	grid->boxes_in_row = (uint32_t)(room / grid->box_step + 0.01);
	grid->host_width = grid->has_names ? NAMED_HOST_WIDTH : HOST + GAP;
	grid->host_height = grid->has_names ? ROW : HOST + GAP;
	grid->hosts_in_row = (uint32_t)(room / grid->host_width);
}

static void lay_grid(struct drawing *drawing, uint32_t fabric, struct grid *grid)
{
	const struct layout *layout = drawing->layout;
	uint32_t most = 1, at = 0;

	*grid = (struct grid){ .fabric = fabric, .y = drawing->y };
	for (uint32_t i = 0; i < layout->group_count; i++) {
		uint32_t leaves = drawing->first_leaf[i + 1] - drawing->first_leaf[i];

		grid->groups += layout->groups[i].fabric == fabric;
		most = layout->groups[i].fabric == fabric && leaves > most ? leaves : most;
	}
	if (grid->groups == 0)
		return;
	size_cells(grid, most);
	grid->row_height =
		ARENA_ARRAY(drawing->arena, double, rows_of(grid->groups, grid->columns) + 1);
	for (uint32_t i = 0; i < layout->group_count; i++) {
		double height = cell_height(drawing, grid, i);
		double *row = &grid->row_height[at / grid->columns];

		if (layout->groups[i].fabric != fabric)
			continue;
		*row = height > *row ? height : *row;
		at++;
	}
	for (uint32_t i = 0; i < rows_of(grid->groups, grid->columns); i++)
		drawing->y += grid->row_height[i] + 6;
}

static void draw_host(const struct drawing *drawing, const struct grid *grid, uint32_t host,
		      double x, double y)
{
	const char *name = drawing->layout->hosts->hosts[host].name;

	draw_box(drawing, (struct box){
				  .x = x,
				  .y = y,
				  .width = grid->has_names ? BOX - GAP : HOST,
				  .height = grid->has_names ? BOX - GAP : HOST,
				  .kind = "host",
				  .mark = drawing->host_marks[host],
				  .name = name,
			  });
	if (grid->has_names)
		draw_text(drawing, "soft", x + BOX + 2, y + 10,
			  fitting(name, grid->host_width - BOX - 6, drawing->arena));
}

static void draw_hosts(const struct drawing *drawing, const struct grid *grid, uint32_t group,
		       double x, double y)
{
	for (uint32_t i = drawing->first_host[group]; i < drawing->first_host[group + 1]; i++) {
		uint32_t at = i - drawing->first_host[group];

		draw_host(drawing, grid, drawing->hosts[i],
			  x + at % grid->hosts_in_row * grid->host_width,
			  y + at / grid->hosts_in_row * grid->host_height);
	}
}

/* Its ground is drawn, and its leaves get their places, before cables are drawn over it. */
static void lay_cell(struct drawing *drawing, const struct grid *grid, uint32_t group, double x,
		     double y, double height)
{
	uint32_t leaves = drawing->first_leaf[group + 1] - drawing->first_leaf[group];

	html_add(drawing->into,
		 "<rect class=\"cell\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
		 "rx=\"3\"/>",
		 x, y, grid->cell_width - 6, height);
	for (uint32_t i = 0; i < leaves; i++)
		place_switch(drawing, drawing->leaves[drawing->first_leaf[group] + i],
			     x + 6 + i % grid->boxes_in_row * grid->box_step,
			     y + 22 + i / grid->boxes_in_row * (double)BOX, BOX - GAP);
}

static void draw_cell(struct drawing *drawing, const struct grid *grid, uint32_t group, double x,
		      double y)
{
	const struct layout_group *its = &drawing->layout->groups[group];
	uint32_t leaves = drawing->first_leaf[group + 1] - drawing->first_leaf[group];

	draw_text(drawing, "name", x + 6, y + 14,
		  fitting(arena_format(drawing->arena, "%s: %u", its->name, its->host_count),
			  grid->cell_width - 18, drawing->arena));
	for (uint32_t i = 0; i < leaves; i++)
		draw_switch(drawing, drawing->leaves[drawing->first_leaf[group] + i], BOX - GAP);
	draw_hosts(drawing, grid, group, x + 6,
		   y + 22 + rows_of(leaves, grid->boxes_in_row) * (double)BOX + 4);
}

static void do_grid(struct drawing *drawing, const struct grid *grid, bool draws)
{
	const struct layout *layout = drawing->layout;
	double y = grid->y;
	uint32_t at = 0;

	for (uint32_t i = 0; i < layout->group_count; i++) {
		double height, x;

		if (layout->groups[i].fabric != grid->fabric)
			continue;
		height = grid->row_height[at / grid->columns];
		x = MARGIN + at % grid->columns * grid->cell_width;
		if (draws)
			draw_cell(drawing, grid, i, x, y);
		else
			lay_cell(drawing, grid, i, x, y, height);
		at++;
		if (at % grid->columns == 0)
			y += height + 6;
	}
}

static void draw_line(const struct drawing *drawing, const char *class, uint32_t one,
		      uint32_t other)
{
	const struct spot *from = &drawing->spots[one], *to = &drawing->spots[other];

	if (!from->is_there || !to->is_there)
		return;
	/* Of one row: over the others between them, and the higher the farther they are apart. */
	if (fabs(from->y - to->y) < 1 && fabs(from->x - to->x) > BOX)
		html_add(drawing->into,
			 "<path class=\"%s arc\" d=\"M%.1f %.1fQ%.1f %.1f %.1f %.1f\"/>", class,
			 from->x, from->y, (from->x + to->x) / 2,
			 from->y - 14 - fmin(fabs(from->x - to->x) / 8, ARC), to->x, to->y);
	else
		html_add(drawing->into,
			 "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
			 class, from->x, from->y, to->x, to->y);
}

/* One line for each pair of switches. */
static void draw_cables(const struct drawing *drawing, uint32_t fabric)
{
	const struct layout *layout = drawing->layout;
	uint32_t *mark = ARENA_ARRAY(drawing->arena, uint32_t, layout->switch_count);

	for (uint32_t i = 0; i < layout->switch_count; i++) {
		const struct graph_node *node = &layout->graph->nodes[layout->switches[i].node];

		if (layout->switches[i].fabric != fabric)
			continue;
		for (uint32_t port = 1; port <= node->port_count; port++) {
			uint32_t peer = layout->graph->ports[node->first_port + port].peer, other;

			if (peer == GRAPH_NONE)
				continue;
			other = layout->switch_of_node[layout->graph->ports[peer].node];
			if (other == LAYOUT_NONE || other <= i || mark[other] == i + 1)
				continue;
			mark[other] = i + 1;
			draw_line(drawing, "cable", i, other);
		}
	}
}

/* Cables that are lost, and those that stand at each other's place. */
static void draw_faults(const struct drawing *drawing, uint32_t fabric)
{
	const struct layout *layout = drawing->layout;

	for (uint32_t i = 0; i < layout->finding_count; i++) {
		const struct layout_finding *finding = &layout->findings[i];
		uint32_t one, other;

		if (finding->node == GRAPH_NONE || finding->other == GRAPH_NONE)
			continue;
		one = layout->switch_of_node[finding->node];
		other = layout->switch_of_node[layout->graph->ports[finding->other].node];
		if (one == LAYOUT_NONE || other == LAYOUT_NONE || one == other ||
		    layout->switches[one].fabric != fabric)
			continue;
		draw_line(drawing, "lost", one, other);
	}
}

static void draw_fabric(struct drawing *drawing, uint32_t at)
{
	const struct layout_fabric *fabric = &drawing->layout->fabrics[at];
	struct tier_row rows[LAYOUT_TIERS_MAXIMUM] = { 0 };
	struct grid grid;

	draw_text(drawing, "head", MARGIN, drawing->y + 16,
		  arena_format(drawing->arena, "%s: %s, %u hosts in %u leaf groups", fabric->name,
			       layout_style_names[fabric->style], fabric->host_count,
			       fabric->group_count));
	drawing->y += 46;
	for (unsigned tier = fabric->tier_count; tier-- > 1;) {
		rows[tier] = lay_row(drawing, at, tier);
		place_tier(drawing, &rows[tier]);
	}
	lay_grid(drawing, at, &grid);
	if (grid.groups > 0)
		do_grid(drawing, &grid, false);
	if (drawing->has_lines)
		draw_cables(drawing, at);
	for (unsigned tier = fabric->tier_count; tier-- > 1;)
		draw_tier(drawing, &rows[tier]);
	if (grid.groups > 0)
		do_grid(drawing, &grid, true);
	if (drawing->has_lines)
		draw_faults(drawing, at);
	drawing->y += 24;
}

/* Where the next key begins. */
static double draw_line_key(const struct drawing *drawing, double x, const char *class,
			    const char *text)
{
	html_add(drawing->into,
		 "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", class, x,
		 drawing->y + 6, x + 24, drawing->y + 6);
	draw_text(drawing, "soft", x + 30, drawing->y + 10, text);
	return x + 46 + 6.0 * (double)span_of(text).length;
}

static void draw_legend(struct drawing *drawing)
{
	static const struct {
		const char *kind, *text;
		uint8_t mark;
	} keys[] = {
		{ "switch", "switch", WEIGHT_COUNT },
		{ "host", "host", WEIGHT_COUNT },
		{ "", "fails", WEIGHT_FAIL },
		{ "", "not as the others, or not known", WEIGHT_WARN },
		{ "", "not seen whole", WEIGHT_PARTIAL },
	};
	double x = MARGIN;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		draw_box(drawing, (struct box){
					  .x = x,
					  .y = drawing->y,
					  .width = BOX - GAP,
					  .height = BOX - GAP,
					  .kind = keys[i].kind,
					  .mark = keys[i].mark,
					  .name = keys[i].text,
				  });
		draw_text(drawing, "soft", x + BOX + 4, drawing->y + 10, keys[i].text);
		x += 34 + 6.0 * (double)span_of(keys[i].text).length;
	}
	if (drawing->has_lines) {
		x = draw_line_key(drawing, x, "cable", "cables of two switches");
		x = draw_line_key(drawing, x, "lost", "a cable with a finding");
	}
	draw_text(drawing, "soft", x, drawing->y + 10, "leaf-1: 8 is a leaf group and its hosts");
	drawing->y += 30;
}

/* The gravest in words, so that the drawing alone can be acted on. */
static void draw_findings(struct drawing *drawing)
{
	const struct layout *layout = drawing->layout;
	uint32_t shown =
		layout->finding_count < FINDINGS_SHOWN ? layout->finding_count : FINDINGS_SHOWN;

	if (shown == 0)
		return;
	draw_text(drawing, "head", MARGIN, drawing->y + 4, "What was found");
	drawing->y += 16;
	for (uint32_t i = 0; i < shown; i++) {
		const struct layout_finding *finding = &layout->findings[i];
		const char *line =
			arena_format(drawing->arena, "%s%s%s", finding->place,
				     finding->place[0] != '\0' ? ": " : "", finding->text);
		const double room = WIDTH - 2 * MARGIN - BOX;

		draw_box(drawing, (struct box){
					  .x = MARGIN,
					  .y = drawing->y,
					  .width = BOX - GAP,
					  .height = BOX - GAP,
					  .kind = "switch",
					  .mark = (uint8_t)finding->weight,
					  .name = layout_fault_name(finding->fault),
				  });
		draw_text(drawing, "soft", MARGIN + BOX + 4, drawing->y + 10,
			  fitting(line, room, drawing->arena));
		draw_text(drawing, "strong", MARGIN + BOX + 4, drawing->y + 24,
			  fitting(finding->action, room, drawing->arena));
		drawing->y += 2 * ROW;
	}
	if (shown < layout->finding_count) {
		draw_text(drawing, "soft", MARGIN + BOX + 4, drawing->y + 10,
			  arena_format(drawing->arena, "and %u more, in the tables",
				       layout->finding_count - shown));
		drawing->y += ROW;
	}
	drawing->y += 6;
}

/* A drawing goes from hand to hand without its tables: what it was made of, and that it is not all.
 */
static void draw_source(struct drawing *drawing, const struct fabric_view *view)
{
	const struct layout *layout = view->layout;

	draw_text(drawing, "soft", MARGIN, drawing->y + 10,
		  fitting(arena_format(drawing->arena, "%s: %u switches, %u hosts%s", view->source,
				       layout->switch_count,
				       layout->hosts->host_count - layout->hosts->unnamed,
				       layout->unlinked_hosts > 0
					       ? arena_format(drawing->arena,
							      ", %u of them on no switch",
							      layout->unlinked_hosts)
					       : ""),
			  WIDTH - 2 * MARGIN, drawing->arena));
	drawing->y += ROW;
	if (!layout->is_partial)
		return;
	draw_box(drawing, (struct box){
				  .x = MARGIN,
				  .y = drawing->y,
				  .width = BOX - GAP,
				  .height = BOX - GAP,
				  .mark = WEIGHT_PARTIAL,
				  .kind = "partial",
				  .name = "not seen whole",
			  });
	draw_text(drawing, "strong", MARGIN + BOX + 4, drawing->y + 10,
		  "Not everything was seen: what is not here may be there all the same.");
	drawing->y += ROW;
}

static uint32_t count_lines(const struct layout *layout)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < layout->switch_count; i++)
		count += layout->switches[i].up + layout->switches[i].across / 2u;
	return count;
}

void fabric_write_svg(const struct fabric_view *view, bool has_words, struct arena *arena,
		      struct text *into)
{
	const struct layout *layout = view->layout;
	SCOPED_TEXT(body);
	struct drawing drawing = {
		.layout = layout,
		.arena = arena,
		.into = &body,
		.marks = fabric_marks(layout, arena),
		.host_marks = fabric_host_marks(layout, arena),
		.spots = ARENA_ARRAY(arena, struct spot, layout->switch_count),
		.y = MARGIN,
		.has_lines = count_lines(layout) <= LINES_MAXIMUM,
	};

	drawing.hosts = layout->members;
	drawing.first_host = layout->first_member;
	drawing.leaves = sort_leaves(&drawing, &drawing.first_leaf);
	draw_source(&drawing, view);
	draw_legend(&drawing);
	for (uint32_t i = 0; i < layout->fabric_count; i++)
		draw_fabric(&drawing, i);
	if (has_words)
		draw_findings(&drawing);
	html_add(into,
		 "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"fabric\" viewBox=\"0 0 %d "
		 "%.0f\" role=\"img\"><title>%s</title><desc>%s</desc>",
		 WIDTH, drawing.y, arena_format(arena, "Fabric: %s", view->source),
		 arena_format(arena,
			      "%u switches, %u hosts, %u leaf groups, %u findings; the tables say "
			      "the same in words",
			      layout->switch_count, layout->hosts->host_count, layout->group_count,
			      layout->finding_count));
	text_add(into, style);
	html_add(into, "<rect class=\"paper\" x=\"0\" y=\"0\" width=\"%d\" height=\"%.0f\"/>",
		 WIDTH, drawing.y);
	text_add_span(into, text_span(&body));
	text_add(into, "</svg>\n");
}
