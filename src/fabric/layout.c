#include "fabric/layout.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/parallel.h"
#include "fabric/layout_parts.h"

enum {
	LINK_SCRATCH = 48, /* bytes that the steps need of a link for a while */
};

const char *const layout_style_names[] = {
	[STYLE_UNKNOWN] = "unknown",     [STYLE_RAIL_OPTIMISED] = "rail-optimised",
	[STYLE_RAIL_ONLY] = "rail-only", [STYLE_CLASSIC] = "classic",
	[STYLE_MIXED] = "mixed",
};
static_assert(sizeof(layout_style_names) / sizeof(layout_style_names[0]) == STYLE_COUNT,
	      "a name for each style");

const char *const layout_role_names[] = {
	[ROLE_COMPUTE] = "compute",
	[ROLE_STORAGE] = "storage",
	[ROLE_MANAGEMENT] = "management",
	[ROLE_UNUSED] = "unused",
};
static_assert(sizeof(layout_role_names) / sizeof(layout_role_names[0]) == ROLE_COUNT,
	      "a name for each role");

const char *const layout_weight_names[] = {
	[WEIGHT_FAIL] = "fail",
	[WEIGHT_WARN] = "warn",
	[WEIGHT_PARTIAL] = "partial",
};
static_assert(sizeof(layout_weight_names) / sizeof(layout_weight_names[0]) == WEIGHT_COUNT,
	      "a name for each weight");

static const struct {
	const char *name;
	enum layout_weight weight;
	const char *action;
} faults[] = {
	[FAULT_SWAPPED] = { "swapped-cables", WEIGHT_FAIL, "exchange the two cables" },
	[FAULT_MISPLACED] = { "misplaced-cable", WEIGHT_FAIL,
			      "look where the cable belongs, and move it" },
	[FAULT_RAILS] = { "swapped-rails", WEIGHT_FAIL,
			  "exchange the cables at the host, or its order of adapters" },
	[FAULT_CUT_OFF] = { "cut-off", WEIGHT_FAIL, "look at the uplinks of these switches" },
	[FAULT_UPLINK_MISSING] = { "missing-uplink", WEIGHT_FAIL,
				   "look at cable and both ports; bring the link up" },
	[FAULT_UPLINK_MOVED] = { "moved-uplink", WEIGHT_FAIL,
				 "move the cable to the switch it belongs to" },
	[FAULT_LINK_MISSING] = { "missing-link", WEIGHT_FAIL,
				 "look at cable and both ports; bring the link up" },
	[FAULT_SLOW] = { "slow-link", WEIGHT_FAIL,
			 "reseat, clean or change the cable; look at the port's settings" },
	[FAULT_UNEQUAL] = { "unequal-ends", WEIGHT_FAIL,
			    "look at the settings of both ports, then at the cable" },
	[FAULT_DUPLICATE_GUID] = { "duplicate-guid", WEIGHT_FAIL,
				   "give one of the devices a GUID of its own" },
	[FAULT_ONE_SIDED] = { "one-sided", WEIGHT_FAIL,
			      "look at the fabric again; if it stays, at cable and ports" },
	[FAULT_SELF] = { "loop", WEIGHT_FAIL, "take the loop plug or cable out" },
	[FAULT_ADAPTER_MISSING] = { "missing-adapter", WEIGHT_FAIL,
				    "look at the host's adapters and their cables" },
	[FAULT_ADAPTER_UNSEEN] = { "unseen-adapter", WEIGHT_FAIL,
				   "look at this adapter's port and its cable" },
	[FAULT_UNNAMED] = { "unnamed-adapter", WEIGHT_WARN,
			    "give evidence or a list of this host, or name the adapter" },
	[FAULT_NO_ANSWER] = { "no-answer", WEIGHT_PARTIAL, "look at the device behind this port" },
	[FAULT_CUT] = { "truncated", WEIGHT_PARTIAL, "record the fabric again, to the end" },
	[FAULT_UNREADABLE] = { "unreadable", WEIGHT_PARTIAL, "look at this line of the source" },
	[FAULT_LEAF_EMPTY] = { "empty-leaf", WEIGHT_WARN,
			       "look whether its hosts are up, or whether it is a spare" },
	[FAULT_HOST_ABOVE] = { "host-above-leaves", WEIGHT_WARN,
			       "move it to a leaf unless it is meant to be there" },
	[FAULT_HOST_DOUBT] = { "doubtful-host", WEIGHT_WARN,
			       "collect the evidence of these hosts again" },
};
static_assert(sizeof(faults) / sizeof(faults[0]) == FAULT_COUNT, "a row for each fault");

const char *layout_fault_name(enum layout_fault fault)
{
	return faults[fault].name;
}

const char *layout_fault_action(enum layout_fault fault)
{
	return faults[fault].action;
}

static struct layout_finding *new_finding(struct layout *layout, enum layout_fault fault)
{
	layout->found[fault]++;
	if (layout->finding_count >= LAYOUT_FINDINGS_MAXIMUM)
		return NULL;
	ARENA_GROW(layout->arena, layout->findings, layout->finding_count, layout->finding_room);
	return &layout->findings[layout->finding_count++];
}

struct layout_finding *layout_say(struct layout *layout, enum layout_fault fault,
				  const char *format, ...)
{
	struct layout_finding *finding = new_finding(layout, fault);
	va_list args;

	if (!finding)
		return NULL;
	*finding = (struct layout_finding){
		.fault = fault,
		.weight = faults[fault].weight,
		.node = GRAPH_NONE,
		.port = GRAPH_NONE,
		.other = GRAPH_NONE,
		.host = LAYOUT_NONE,
		.size = NAN,
		.expected = NAN,
		.place = "",
		.action = faults[fault].action,
	};
	va_start(args, format);
	finding->text = arena_format_list(layout->arena, format, args);
	va_end(args);
	return finding;
}

/* "leaf-04" of what switches of one maker call themselves, "MF0;leaf-04:MQM9700/U1". */
static struct span plain_name(const char *description)
{
	struct span rest = span_of(description), head, name;

	if (!span_starts(rest, "MF0;"))
		return rest;
	(void)span_cut(&rest, ';', &head);
	(void)span_cut(&rest, ':', &name);
	return name.length > 0 ? name : span_of(description);
}

const char *layout_node_name(const struct layout *layout, uint32_t node, struct arena *arena)
{
	const struct graph_node *one = &layout->graph->nodes[node];
	struct span name = span_trim(plain_name(one->description));
	uint32_t host = layout->hosts->host_of_node[node];

	if (host != GRAPH_NONE)
		return layout->hosts->hosts[host].name;
	if (name.length > 0)
		return arena_string(arena, name);
	return arena_format(arena, "%c-%016llx", "HSR"[one->kind], (unsigned long long)one -> guid);
}

const char *layout_port_name(const struct layout *layout, uint32_t port, struct arena *arena)
{
	const struct graph_port *one = &layout->graph->ports[port];
	uint32_t host = layout->hosts->host_of_node[one->node];

	if (host != GRAPH_NONE) {
		const struct fabric_host *its = &layout->hosts->hosts[host];

		for (uint32_t i = 0; i < its->adapter_count; i++) {
			const struct fabric_adapter *adapter =
				&layout->hosts->adapters[its->first_adapter + i];

			if (adapter->node == one->node && adapter->device[0] != '\0')
				return arena_format(arena, "%s %s", its->name, adapter->device);
		}
	}
	return arena_format(arena, "%s port %u", layout_node_name(layout, one->node, arena),
			    one->number);
}

const char *layout_rate_name(const struct graph_port *port, struct arena *arena)
{
	if (port->width > 0 && port->speed != SPEED_UNKNOWN)
		return arena_format(arena, "%ux%s", port->width, graph_speed_name(port->speed));
	if (port->mbit_per_s > 0)
		return arena_format(arena, "%.4g Gb/s", port->mbit_per_s / 1e3);
	return "an unknown rate";
}

static int compare_values(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

uint32_t layout_most(uint32_t *values, uint32_t count, double *ret_share)
{
	uint32_t most = 0, best = 0, run = 0;
	bool is_sorted = true;

	/* Most are all the same. */
	for (uint32_t i = 1; i < count; i++)
		is_sorted = is_sorted && values[i - 1] <= values[i];
	if (!is_sorted)
		qsort(values, count, sizeof(*values), compare_values);
	for (uint32_t i = 0; i < count; i++) {
		run = i > 0 && values[i] == values[i - 1] ? run + 1 : 1;
		if (run >= best) {
			best = run;
			most = values[i];
		}
	}
	*ret_share = count > 0 ? (double)best / count : 0;
	return most;
}

static int compare_findings(const void *a, const void *b)
{
	const struct layout_finding *left = a, *right = b;

	if (left->weight != right->weight)
		return left->weight < right->weight ? -1 : 1;
	if (left->fault != right->fault)
		return left->fault < right->fault ? -1 : 1;
	if (left->node != right->node)
		return left->node < right->node ? -1 : 1;
	if (left->port != right->port)
		return left->port < right->port ? -1 : 1;
	return strcmp(left->text, right->text);
}

enum layout_weight layout_worst(const struct layout *layout)
{
	enum layout_weight worst = layout->is_partial ? WEIGHT_PARTIAL : WEIGHT_COUNT;

	for (unsigned i = 0; i < FAULT_COUNT; i++)
		if (layout->found[i] > 0 && faults[i].weight < worst)
			worst = faults[i].weight;
	for (uint32_t i = 0; i < layout->finding_count; i++)
		if (layout->findings[i].weight < worst)
			worst = layout->findings[i].weight;
	return worst;
}

/* Two steps that do not touch what the other looks at, side by side: the second has findings and
 * arenas of its own. */
struct beside {
	struct layout_work *work;
	struct layout_work slow_work;
	struct layout slow;
	struct arena arena, scratch;
};

static void find_beside(void *context, size_t item, unsigned worker)
{
	struct beside *beside = context;

	(void)worker;
	if (item == 1) {
		layout_find_slow(&beside->slow_work);
		return;
	}
	layout_find_swaps(beside->work);
	layout_find_uplinks(beside->work);
	layout_find_across(beside->work);
}

/* As if they had been found here, behind what is there. */
static void add_findings(struct layout *layout, const struct layout *from)
{
	for (uint32_t i = 0; i < from->finding_count; i++) {
		struct layout_finding *finding = new_finding(layout, from->findings[i].fault);

		if (finding)
			*finding = from->findings[i];
	}
	/* Those that it only counted. */
	for (unsigned fault = 0; fault < FAULT_COUNT; fault++)
		layout->found[fault] += from->found[fault];
	for (uint32_t i = 0; i < from->finding_count; i++)
		layout->found[from->findings[i].fault]--;
}

static void find_wrong_wires(struct layout_work *work)
{
	struct layout *layout = work->layout;
	struct beside beside = { .work = work, .slow = *layout };

	beside.slow.arena = &beside.arena;
	beside.slow.findings = NULL;
	beside.slow.finding_count = beside.slow.finding_room = 0;
	memset(beside.slow.found, 0, sizeof(beside.slow.found));
	beside.slow_work =
		(struct layout_work){ .layout = &beside.slow, .scratch = &beside.scratch };
	parallel_for(2, graph_threads(layout->graph), find_beside, &beside);
	add_findings(layout, &beside.slow);
	arena_join(layout->arena, &beside.arena);
	arena_release(&beside.scratch);
}

/* About what a large graph takes, in few large pieces: they are cleared by huge pages. */
static void reserve(const struct graph *graph, const struct fabric_hosts *hosts,
		    struct arena *arena, struct arena *scratch)
{
	size_t links = hosts->adapter_count, ports = graph->port_count;

	if (ports < GRAPH_LARGE)
		return;
	arena_reserve(arena, ports * sizeof(uint32_t) + graph->node_count * sizeof(uint32_t) +
				     links * (sizeof(struct layout_link) + sizeof(uint32_t)));
	arena_reserve(scratch, links * LINK_SCRATCH);
}

void layout_find(const struct graph *graph, const struct fabric_hosts *hosts, struct arena *arena,
		 struct layout *ret_layout)
{
	SCOPED_ARENA(scratch);
	struct layout_work work = { .layout = ret_layout, .scratch = &scratch };

	reserve(graph, hosts, arena, &scratch);
	*ret_layout = (struct layout){
		.arena = arena,
		.graph = graph,
		.hosts = hosts,
		.is_partial = graph->is_partial,
	};
	layout_find_links(&work);
	layout_find_fabrics(&work);
	layout_find_tiers(&work);
	layout_find_groups(&work);
	layout_find_siblings(&work);
	layout_name_groups(&work);
	find_wrong_wires(&work);
	layout_find_adapters(&work);
	layout_find_notes(&work);
	layout_find_styles(&work);
	if (ret_layout->finding_count > 1)
		qsort(ret_layout->findings, ret_layout->finding_count,
		      sizeof(*ret_layout->findings), compare_findings);
}
