#include <assert.h>
#include <math.h>
#include <string.h>

#include "report/fabric_parts.h"
#include "report/html.h"
#include "report/style.h"

const char *fabric_rate_text(double mbit_per_s, struct arena *arena)
{
	if (!(mbit_per_s > 0))
		return "?";
	if (mbit_per_s >= 1e6)
		return arena_format(arena, "%.4g Tb/s", mbit_per_s / 1e6);
	return arena_format(arena, "%.4g Gb/s", mbit_per_s / 1e3);
}

const char *fabric_ratio_text(double ratio, struct arena *arena)
{
	return isnan(ratio) ? "-" : arena_format(arena, "%.2f", ratio);
}

static void mark(uint8_t *marks, uint32_t at, enum layout_weight weight)
{
	if (at != LAYOUT_NONE && weight < marks[at])
		marks[at] = (uint8_t)weight;
}

const uint8_t *fabric_marks(const struct layout *layout, struct arena *arena)
{
	const struct graph *graph = layout->graph;
	uint8_t *marks = ARENA_ARRAY(arena, uint8_t, graph->node_count);

	memset(marks, WEIGHT_COUNT, graph->node_count);
	for (uint32_t i = 0; i < layout->finding_count; i++) {
		const struct layout_finding *finding = &layout->findings[i];

		mark(marks, finding->node, finding->weight);
		if (finding->other != GRAPH_NONE && finding->fault != FAULT_UPLINK_MISSING)
			mark(marks, graph->ports[finding->other].node, finding->weight);
	}
	return marks;
}

const uint8_t *fabric_host_marks(const struct layout *layout, struct arena *arena)
{
	const struct graph *graph = layout->graph;
	uint8_t *marks = ARENA_ARRAY(arena, uint8_t, layout->hosts->host_count);

	memset(marks, WEIGHT_COUNT, layout->hosts->host_count);
	for (uint32_t i = 0; i < layout->finding_count; i++) {
		const struct layout_finding *finding = &layout->findings[i];

		mark(marks, finding->host, finding->weight);
		if (finding->fault != FAULT_SWAPPED || finding->other == GRAPH_NONE)
			continue;
		mark(marks,
		     layout->hosts
			     ->host_of_node[graph->ports[graph->ports[finding->other].peer].node],
		     finding->weight);
	}
	return marks;
}

static void write_html(const struct fabric_view *view, const struct report_style *style,
		       struct arena *arena, struct text *into)
{
	const struct page page = {
		.format = FORMAT_HTML,
		.style = style,
		.arena = arena,
		.into = into,
	};

	html_add(into,
		 "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		 "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
		 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		 "<title>Fabric: %s</title>\n<style>\n",
		 view->source);
	text_add(into, style_css);
	text_add(into, "</style>\n</head>\n<body>\n<main id=\"main\">\n<h1>Fabric</h1>\n");
	fabric_write_svg(view, false, arena, into);
	fabric_write_page(view, &page);
	text_add(into, "</main>\n</body>\n</html>\n");
}

static void write_page(const struct fabric_view *view, enum report_format format,
		       const struct report_style *style, struct arena *arena, struct text *into)
{
	const struct page page = {
		.format = format,
		.style = style,
		.arena = arena,
		.into = into,
	};

	fabric_write_page(view, &page);
}

void fabric_write(const struct fabric_view *view, enum report_format format,
		  const struct report_style *style, struct arena *arena, struct text *into)
{
	switch (format) {
	case FORMAT_TABLE:
	case FORMAT_MARKDOWN:
		write_page(view, format, style, arena, into);
		return;
	case FORMAT_JSON:
		fabric_write_json(view, arena, into);
		return;
	case FORMAT_LINES:
		fabric_write_records(view, into);
		return;
	case FORMAT_HTML:
		write_html(view, style, arena, into);
		return;
	case FORMAT_SVG:
		fabric_write_svg(view, true, arena, into);
		return;
	case FORMAT_CSV:
	case FORMAT_JUNIT:
	case FORMAT_PROMETHEUS:
	case FORMAT_NAGIOS:
	case FORMAT_YAML:
	case FORMAT_TEXT:
	case FORMAT_COUNT:
		assert(false); /* the command offers none of these */
		break;
	}
}
