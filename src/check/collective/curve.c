#include "check/collective/curve.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "check/gpu/walk.h"

#define PREFIX "collective:"

static const double giga = 1e9;

/* "collective:all-reduce:nvlink/1048576": false for everything else, parts of it too. */
static bool read_device(const char *device, struct arena *arena, struct curve *ret_curve,
			double *ret_bytes)
{
	struct span rest = span_of(device), word, kind;
	struct curve curve = { .count = 0 };
	uint64_t bytes;

	if (!device || !span_starts(rest, PREFIX))
		return false;
	if (!span_cut(&rest, '/', &word) || !span_to_u64(rest, &bytes))
		return false;
	curve.name = arena_string(arena, word);
	word = (struct span){ word.at + strlen(PREFIX), word.length - strlen(PREFIX) };
	if (!span_cut(&word, ':', &kind) || !collective_find(kind, &curve.collective) ||
	    word.length == 0)
		return false;
	curve.way = arena_string(arena, word);
	*ret_curve = curve;
	*ret_bytes = (double)bytes;
	return true;
}

static unsigned count_of(const struct machine *machine, enum measure measure, const char *way,
			 struct arena *arena)
{
	double value;

	if (!machine_value(machine, measure, arena_format(arena, PREFIX "%s", way), &value) ||
	    value < 0 || value > 1e6)
		return 0;
	return (unsigned)value;
}

static void add_point(const struct machine *machine, const struct record *record, double bytes,
		      struct curve *curve)
{
	const char *device = record_device(record);
	struct curve_point point = {
		.bytes = bytes,
		.busbw = record->value,
		.record = record,
		.spread = machine_find(machine, NODE_TEST_COLLECTIVE_SPREAD, device),
	};
	unsigned at = curve->count;

	if (curve->count == CURVE_POINTS_MAXIMUM || !(bytes > 0) ||
	    !machine_value(machine, NODE_TEST_COLLECTIVE_TIME, device, &point.time_s))
		return;
	while (at > 0 && curve->points[at - 1].bytes > bytes) {
		curve->points[at] = curve->points[at - 1];
		at--;
	}
	curve->points[at] = point;
	curve->count++;
}

bool curve_next(const struct machine *machine, size_t *at, struct arena *arena,
		struct curve *ret_curve)
{
	struct curve curve = { .count = 0 };
	const struct record *record;
	size_t before = *at;

	while ((record = machine_next(machine, NODE_TEST_COLLECTIVE_BUSBW, at))) {
		struct curve one;
		double bytes;

		if (record->says != SAYS_VALUE ||
		    !read_device(record_device(record), arena, &one, &bytes)) {
			before = *at;
			continue;
		}
		if (curve.name && strcmp(curve.name, one.name) != 0) {
			*at = before; /* the first of the next one */
			break;
		}
		if (!curve.name)
			curve = one;
		add_point(machine, record, bytes, &curve);
		before = *at;
	}
	if (!curve.name)
		return false;
	curve.ranks = count_of(machine, NODE_TEST_COLLECTIVE_RANKS, curve.way, arena);
	curve.nodes = count_of(machine, NODE_TEST_COLLECTIVE_NODES, curve.way, arena);
	*ret_curve = curve;
	return true;
}

struct curve_size curve_size(double bytes, bool for_people)
{
	static const struct {
		double bytes;
		const char *unit;
	} units[] = { { 0x1p30, "GiB" }, { 0x1p20, "MiB" }, { 0x1p10, "KiB" }, { 1, "B" } };
	struct curve_size size = { "" };

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		double count = bytes / units[i].bytes;

		if (count < 1 || fabs(count - nearbyint(count)) > 0)
			continue;
		(void)snprintf(size.at, sizeof(size.at), "%.0f%s%s", count, for_people ? " " : "",
			       units[i].unit);
		return size;
	}
	(void)snprintf(size.at, sizeof(size.at), "%.0f B", bytes);
	return size;
}

const char *curve_label(const struct curve *curve, struct arena *arena)
{
	if (curve->nodes > 1)
		return arena_format(arena, "%s by %s, %u ranks on %u nodes",
				    collective_names[curve->collective], curve->way, curve->ranks,
				    curve->nodes);
	return arena_format(arena, "%s by %s, %u ranks", collective_names[curve->collective],
			    curve->way, curve->ranks);
}

/* Rates of the adapters that are up, as the passive look saw them; else those of the model. */
static bool find_rails(const struct machine *machine, struct network *network,
		       const char **ret_from)
{
	const struct shape_row *shape = machine->shape;
	const struct record *record;
	size_t at = 0;

	while ((record = machine_next(machine, NODE_RDMA_RATE, &at)) &&
	       network->rail_count < NETWORK_RAILS_MAXIMUM) {
		if (record->says != SAYS_VALUE || !(record->value > 0) || record->value > 1e6 ||
		    !machine_state_is(machine, NODE_RDMA_STATE, record_device(record), "active"))
			continue;
		network->rail_mbit_per_s[network->rail_count++] = (uint32_t)(record->value * 1000);
	}
	*ret_from = "the adapters that are up";
	if (network->rail_count > 0 || !shape || shape->rdma_ports == 0)
		return network->rail_count > 0;
	for (uint32_t i = 0; i < shape->rdma_ports && i < NETWORK_RAILS_MAXIMUM; i++)
		network->rail_mbit_per_s[network->rail_count++] =
			(uint32_t)(shape->rdma_bits_per_s / 1e6);
	*ret_from = "the model's adapters";
	return network->rail_count > 0;
}

/* What the NVLink switch adds up to: the best that was measured on this model, where that is more
 * than a ring can. */
static double switch_bandwidth(const struct check_input *seen, const struct curve *curve,
			       double ring)
{
	struct figure_query query = {
		.shape = seen->machine->shape,
		.metric = "all_reduce_busbw",
		.size = "16GiB",
		.gpus = seen->machine->shape->gpus_per_node,
		.nodes = 1,
		.kind = FIGURE_MEASURED,
	};
	const struct figure_row *row =
		seen->handbook ? handbook_figure(seen->handbook, &query) : NULL;
	double value;

	/* A bar that others fail nodes by is nearly as good where nobody published a measurement.
	 */
	if (seen->handbook && (!row || row->gpus != query.gpus)) {
		query.metric = "all_reduce_busbw_min";
		query.kind = FIGURE_THRESHOLD;
		query.size = NULL;
		row = handbook_figure(seen->handbook, &query);
	}
	if (strcmp(curve->way, "no-nvls") == 0 || !seen->machine->shape->has_switch || !row ||
	    row->gpus != query.gpus)
		return 0;
	value = figure_in_base_unit(row) / giga;
	return value > ring ? value : 0;
}

/* A ring over NVLink reaches 0.81 of the links' rate one way (nccl-tests on H200: 366 of 450), the
 * NICs 0.965 (386 of 400, CoreWeave, 64 H100): docs/training.md. */
static const double ring_share = 0.81;
static const double wire_share = 0.965;

bool curve_network(const struct check_input *seen, const struct curve *curve, struct arena *arena,
		   struct curve_bound *ret_bound, const char **ret_reason)
{
	const struct shape_row *shape = seen->machine->shape;
	bool is_nics = strcmp(curve->way, "nics") == 0;
	const char *from = "";
	struct error err;

	*ret_reason = "the model of the GPUs is not known";
	if (!shape || shape->links == 0 || shape->gpus_per_node == 0)
		return false;
	*ret_reason = "how many ranks there were is not known";
	if (curve->ranks < 2)
		return false;
	*ret_reason = "nothing bounds this way: it goes through the memory of the host, or by one "
		      "adapter for all";
	if (strcmp(curve->way, "no-nvlink") == 0 || strncmp(curve->way, "nic-", 4) == 0)
		return false;
	struct network network = {
		.gpus_per_node = shape->gpus_per_node,
		.domain_gpus = shape->gpus_per_node,
		.domain_ring_gb_per_s =
			(double)shape->links * shape->link_bytes_per_s / giga * ring_share,
		.wire_share = wire_share,
		.is_rail_optimised = true,
		.radix = 64,
		.tiers = 3,
		.oversubscription = { 1, 1 },
		.message_us = 14,
		.hop_us = 0.5,
		.overhead_us = 1,
	};
	network.domain_switch_gb_per_s =
		switch_bandwidth(seen, curve, network.domain_ring_gb_per_s);
	*ret_reason = "neither its adapters nor the model's are known";
	if (!find_rails(seen->machine, &network, &from) && (curve->nodes > 1 || is_nics))
		return false;
	if (network.rail_count == 0) { /* no matter inside a node, and there has to be one */
		network.rail_count = 1;
		network.rail_mbit_per_s[0] = 1000;
	}
	if (is_nics || strcmp(curve->way, "network-nics") == 0) {
		network.gpus_per_node = network.domain_gpus = 1;
		network.rail_count = 1;
	}
	*ret_reason = "its shape is no network";
	if (!network_check(&network, &err))
		return false;
	ret_bound->group =
		network_group(&network, curve->ranks,
			      strcmp(curve->way, "rails") == 0 ? shape->gpus_per_node : 1);
	ret_bound->row = arena_format(arena, "%u links of %.0f GB/s: shape.tsv %s (%s)%s%s",
				      shape->links, shape->link_bytes_per_s / giga, shape->model,
				      shape->source, curve->nodes > 1 || is_nics ? "; " : "",
				      curve->nodes > 1 || is_nics ? from : "");
	ret_bound->network = network;
	return true;
}

const char *curve_rank_label(const struct machine *machine, const char *way, const char *device,
			     struct arena *arena)
{
	const char *rank = strstr(device, "/rank:");
	const char *gpu;

	if (!rank)
		return device;
	gpu = machine_state(machine, NODE_TEST_COLLECTIVE_RANK_GPU,
			    arena_format(arena, PREFIX "%s%s", way, rank));
	return gpu ? arena_format(arena, "rank %s (%s)", rank + 6, gpu)
		   : arena_format(arena, "rank %s", rank + 6);
}
