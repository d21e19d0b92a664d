#include "report/fabric_found.h"

#include <inttypes.h>

#include "report/table.h"

enum {
	NOTES_SHOWN = 20,
	PORTS_SHOWN = 40,
	WIDTHS = 13, /* lanes of a link, 0 to 12 */
};

struct count {
	uint32_t adapters, switches, routers, aggregators, links, silent;
	uint32_t by_rate[SPEED_COUNT][WIDTHS];
};

static void count(const struct graph *graph, struct count *ret_count)
{
	*ret_count = (struct count){ .links = 0 };
	for (uint32_t i = 0; i < graph->node_count; i++) {
		const struct graph_node *node = &graph->nodes[i];

		ret_count->aggregators += node->is_aggregator;
		ret_count->adapters += node->kind == GRAPH_ADAPTER && !node->is_aggregator;
		ret_count->switches += node->kind == GRAPH_SWITCH;
		ret_count->routers += node->kind == GRAPH_ROUTER;
	}
	for (uint32_t i = 0; i < graph->port_count; i++) {
		const struct graph_port *port = &graph->ports[i];

		ret_count->silent += port->is_silent;
		if (port->peer == GRAPH_NONE || port->peer < i)
			continue;
		ret_count->links++;
		ret_count->by_rate[port->speed < SPEED_COUNT ? port->speed : 0]
				  [port->width < WIDTHS ? port->width : 0]++;
	}
}

static void add_line(struct text *into, const struct report_style *style, const char *label,
		     const char *text)
{
	SCOPED_ARENA(arena);

	wrapped_add(into, style, TINT_NONE, 0, 12,
		    span_of(arena_format(&arena, "%-12s%s", label, text)));
}

static void add_links(const struct count *counted, const struct report_style *style,
		      struct text *into)
{
	SCOPED_TEXT(line);

	text_format(&line, "%" PRIu32 " links", counted->links);
	for (int speed = SPEED_COUNT - 1; speed >= 0; speed--) {
		for (unsigned width = WIDTHS; width-- > 0;) {
			uint32_t links = counted->by_rate[speed][width];

			if (links)
				text_format(&line, ", %" PRIu32 " of %ux%s", links, width,
					    graph_speed_name((enum graph_speed)speed));
		}
	}
	add_line(into, style, "links", text_string(&line));
}

static void add_sweep(const struct fabric_found *found, const struct report_style *style,
		      struct text *into)
{
	const struct fabric_sweep_told *told = found->sweep;
	SCOPED_ARENA(arena);

	add_line(into, style, "asked",
		 arena_format(&arena,
			      "%" PRIu64 " questions in %.2f s, up to %u at once; %" PRIu64
			      " asked again, %" PRIu64 " never answered; answers take %.0f us",
			      told->asked, told->duration_s, told->window_most, told->repeated,
			      told->unanswered, told->round_trip_us));
	if (!told->manager_lid)
		add_line(into, style, "manager",
			 "no subnet manager has given the local port a LID");
	if (told->keyed_nodes)
		add_line(into, style, "keys",
			 arena_format(&arena,
				      "%" PRIu32 " devices protect what they tell by a "
				      "management key",
				      told->keyed_nodes));
	if (told->is_split)
		add_line(into, style, "planes",
			 "the adapter is of several planes; only that of its subnet management "
			 "was swept");
}

static void add_notes(const struct fabric_found *found, const struct report_style *style,
		      struct text *into)
{
	const struct graph *graph = found->graph;
	uint32_t kept =
		graph->note_count < GRAPH_NOTES_MAXIMUM ? graph->note_count : GRAPH_NOTES_MAXIMUM;

	if (!kept)
		return;
	text_add(into, "\n");
	if (graph->is_partial)
		tinted_add(into, style, TINT_WARN, SPAN("Not everything was seen:"));
	else
		text_add(into, "In doubt:");
	text_add(into, "\n");
	for (uint32_t i = 0; i < kept && i < NOTES_SHOWN; i++)
		wrapped_add(into, style, TINT_NONE, 2, 4, span_of(graph->notes[i].text));
	if (graph->note_count > NOTES_SHOWN)
		text_format(into, "  and %" PRIu32 " more, which --format json lists\n",
			    graph->note_count - NOTES_SHOWN);
}

static const char *name_of(const struct graph *graph, uint32_t port, struct arena *arena)
{
	const struct graph_port *at = &graph->ports[port];
	const struct graph_node *node = &graph->nodes[at->node];

	return arena_format(arena, "%s 0x%016" PRIx64 "[%u]",
			    node->description[0] ? node->description : "?", node->guid, at->number);
}

static bool has_errors(const struct port_counters *counters)
{
	for (unsigned i = 0; i < COUNTER_COUNT; i++) {
		if (port_counter_is_error(i) && counters->has_first &&
		    (counters->first[i] || (counters->has_second && counters->second[i])))
			return true;
	}
	return false;
}

/* "symbol_errors 17 (+2)"; a counter at its end says that it is at least that. */
static const char *told_errors(const struct port_counters *counters, struct arena *arena)
{
	SCOPED_TEXT(line);

	for (unsigned i = 0; i < COUNTER_COUNT; i++) {
		uint32_t value = counters->has_second ? counters->second[i] : counters->first[i];

		if (!port_counter_is_error(i) || !value)
			continue;
		text_format(&line, "%s%s %s%" PRIu32, line.length ? ", " : "",
			    port_counter_names[i], value == port_counter_most(i) ? "at least " : "",
			    value);
		if (counters->has_second && value > counters->first[i])
			text_format(&line, " (+%" PRIu32 ")", value - counters->first[i]);
	}
	return arena_string(arena, text_span(&line));
}

static void add_counters(const struct fabric_found *found, const struct report_style *style,
			 struct text *into)
{
	static const struct column columns[] = { { "port", false }, { "errors", false } };
	const struct graph *graph = found->graph;
	SCOPED_ARENA(arena);
	TABLE(table, columns, &arena);
	uint32_t shown = 0, with_errors = 0;

	for (uint32_t i = 0; i < graph->port_count; i++) {
		if (!has_errors(&found->counters[i]))
			continue;
		with_errors++;
		if (shown == PORTS_SHOWN)
			continue;
		shown++;
		table_cell(&table, name_of(graph, i, &arena));
		table_cell(&table, told_errors(&found->counters[i], &arena));
	}
	text_format(into, "\nCounters of %" PRIu32 " ports: %" PRIu32 " with errors",
		    found->counted_ports, with_errors);
	if (found->uncounted_ports)
		text_format(into, "; %" PRIu32 " could not be read", found->uncounted_ports);
	text_add(into, "\n");
	if (shown)
		table_write(&table, FORMAT_TABLE, style, into);
	if (with_errors > shown)
		text_format(into, "and %" PRIu32 " more, which --format json lists\n",
			    with_errors - shown);
}

static void write_table(const struct fabric_found *found, const struct report_style *style,
			struct text *into)
{
	struct count counted;
	SCOPED_ARENA(arena);

	count(found->graph, &counted);
	add_line(into, style, "source", found->source);
	add_line(into, style, "devices",
		 arena_format(&arena,
			      "%" PRIu32 " adapters, %" PRIu32 " switches, %" PRIu32
			      " routers, %" PRIu32 " aggregation nodes of switches",
			      counted.adapters, counted.switches, counted.routers,
			      counted.aggregators));
	add_links(&counted, style, into);
	if (counted.silent)
		add_line(into, style, "silent",
			 arena_format(&arena,
				      "%" PRIu32 " ports with something behind them that "
				      "was not seen",
				      counted.silent));
	if (found->sweep)
		add_sweep(found, style, into);
	add_notes(found, style, into);
	if (found->counters)
		add_counters(found, style, into);
}

void fabric_found_write(const struct fabric_found *found, enum report_format format,
			const struct report_style *style, struct text *into)
{
	if (format == FORMAT_JSON)
		fabric_found_write_json(found, into);
	else
		write_table(found, style, into);
}
