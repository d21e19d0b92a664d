#include <math.h>
#include <string.h>

#include "check/claim/rails.h"
#include "check/settled_rules.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What is left of line rate for the payload of large messages: measured with ConnectX-7, published.
 */
static const double payload = 0.965;

static size_t gpus_of(const struct settling *settling)
{
	size_t count = 0, at = 0;

	while (machine_next(settling->machine, NODE_GPU_ANSWERS, &at))
		count++;
	return count;
}

bool settle_node_bandwidth(struct settling *settling, struct settled *into)
{
	struct delivered delivered;

	rails_find(settling->machine, settling->arena, &delivered);
	if (!delivered.is_known || delivered.is_bound || gpus_of(settling) != 8)
		return false;
	settling_uses(settling, delivered.evidence[0]);
	into->value = delivered.value;
	return true;
}

/* The most that a port did of one kind, "/write:" or "/read:", in B/s. */
static bool best_of_port(struct settling *settling, const char *port, const char *kind,
			 double *ret_best)
{
	const char *begins = arena_format(settling->arena, "%s%s", port, kind);
	const struct record *record, *best = NULL;
	size_t at = 0;

	while ((record = settling_next(settling, "node.test.rdma.bandwidth", begins, NULL, &at))) {
		if (record->says == SAYS_VALUE && (!best || record->value > best->value))
			best = record;
	}
	if (!best)
		return false;
	settling_uses(settling, best);
	*ret_best = best->value;
	return true;
}

bool settle_rail_bandwidth(struct settling *settling, struct settled *into)
{
	const struct record *rate;
	double least = INFINITY, wrote, read;
	size_t at = 0;

	while ((rate = machine_next(settling->machine, NODE_RDMA_RATE, &at))) {
		const char *port = rate->subject.parts[SUBJECT_DEVICE];

		if (rate->says != SAYS_VALUE || !(rate->value > 0) || !port ||
		    !best_of_port(settling, port, "/write:", &wrote) ||
		    !best_of_port(settling, port, "/read:", &read))
			return false;
		least = fmin(least, fmin(wrote, read) * 8e-9 / rate->value);
	}
	into->value = 100 * least;
	return isfinite(least);
}

/* The partner of the port is another node. */
static bool is_between_nodes(struct settling *settling, const char *port)
{
	enum measure measure;
	const char *partner;

	if (!measure_find("node.test.rdma.partner", &measure))
		return false;
	partner = machine_state(settling->machine, measure, port);
	return partner && strncmp(partner, "here/", 5) != 0;
}

/* The bytes of "…/write:8"; 0 when they are none. */
static double message_bytes(const char *device)
{
	const char *colon = strrchr(device, ':');
	uint64_t bytes;

	return colon && span_to_u64(span_of(colon + 1), &bytes) ? (double)bytes : 0;
}

bool settle_rail_latency(struct settling *settling, struct settled *into)
{
	const struct record *rate, *record;
	size_t at = 0, count = 0;

	while ((rate = machine_next(settling->machine, NODE_RDMA_RATE, &at))) {
		const char *port = rate->subject.parts[SUBJECT_DEVICE];
		const struct record *smallest = NULL;
		size_t inner = 0;

		if (!port || !is_between_nodes(settling, port))
			return false;
		while ((record = settling_next(settling, "node.test.rdma.latency",
					       arena_format(settling->arena, "%s/write:", port),
					       NULL, &inner))) {
			double bytes = message_bytes(record->subject.parts[SUBJECT_DEVICE]);

			if (record->says == SAYS_VALUE && bytes > 0 && bytes <= 64 &&
			    (!smallest ||
			     bytes < message_bytes(smallest->subject.parts[SUBJECT_DEVICE])))
				smallest = record;
		}
		if (!smallest)
			return false;
		settling_uses(settling, smallest);
		into->value = fmax(count > 0 ? into->value : 0, smallest->value * 1e6);
		count++;
	}
	return count > 0;
}

/* Nodes of the communicator of "collective:all-reduce:VARIANT/BYTES"; 0 when it is not known. */
static uint32_t nodes_of(struct settling *settling, const char *variant)
{
	const char *device = arena_format(settling->arena, "collective:%s", variant);
	double nodes;

	if (!settling_value(settling, "node.test.collective.nodes", device, NULL, &nodes) ||
	    !(nodes >= 1) || nodes > 1e6)
		return 0;
	return (uint32_t)nodes;
}

static uint32_t ranks_of(struct settling *settling, const char *variant)
{
	const char *device = arena_format(settling->arena, "collective:%s", variant);
	double ranks;

	if (!settling_value(settling, "node.test.collective.ranks", device, NULL, &ranks) ||
	    !(ranks >= 1) || ranks > 1e7)
		return 0;
	return (uint32_t)ranks;
}

static bool has_wrong(struct settling *settling, const char *begins)
{
	const struct record *record;
	size_t at = 0;

	while ((record =
			settling_next(settling, "node.test.collective.wrong", begins, NULL, &at))) {
		if (record->says == SAYS_VALUE && record->value > 0) {
			settling_uses(settling, record);
			return true;
		}
	}
	return false;
}

/* The communicator over several nodes that was measured, here or by nccl-tests; NULL for none. */
static const char *wide_variant(struct settling *settling)
{
	static const char *const variants[] = { "network", "nccl-tests" };

	for (size_t i = 0; i < COUNT(variants); i++) {
		if (nodes_of(settling, variants[i]) >= 2)
			return variants[i];
	}
	return NULL;
}

static const char *all_reduce_of(const struct settling *settling, const char *variant)
{
	return arena_format(settling->arena, "collective:all-reduce:%s/", variant);
}

/* Mean of the shares at sizes that have a reference; all sizes of the range that were measured need
 * one. */
static bool mean_share(struct settling *settling, const char *variant, double *ret_share)
{
	const char *begins = all_reduce_of(settling, variant);
	uint32_t ranks = ranks_of(settling, variant), nodes = nodes_of(settling, variant);
	const double mib = 1048576;
	const struct record *record;
	size_t at = 0, count = 0;
	double sum = 0, share;

	while ((record =
			settling_next(settling, "node.test.collective.busbw", begins, NULL, &at))) {
		const char *device = record->subject.parts[SUBJECT_DEVICE];
		double bytes = device_bytes(device);
		const struct reference_query query = {
			.metric = "all_reduce_busbw",
			.size = arena_format(settling->arena, "%.0fB", bytes),
			.gpus = ranks,
			.nodes = nodes,
		};

		if (bytes < 16 * mib || bytes > 512 * mib)
			continue;
		if (!settling_share(settling, record, &query, &share))
			return false;
		settling_uses(settling, record);
		sum += share;
		count++;
	}
	if (count == 0)
		return false;
	*ret_share = sum / (double)count;
	return true;
}

bool settle_collectives(struct settling *settling, struct settled *into)
{
	const char *variant = wide_variant(settling);
	double share;

	if (!variant || ranks_of(settling, variant) < 2 || !mean_share(settling, variant, &share))
		return false;
	if (share >= 0.97)
		into->answer = "reference";
	else if (share >= 0.90)
		into->answer = "near";
	else
		into->answer = share > 0.55 ? "below" : "half";
	return true;
}

/* The busbw of the largest size; NULL when nothing is known. */
static const struct record *largest(struct settling *settling, const char *begins)
{
	const struct record *record, *best = NULL;
	size_t at = 0;

	while ((record =
			settling_next(settling, "node.test.collective.busbw", begins, NULL, &at))) {
		if (record->says == SAYS_VALUE &&
		    (!best || device_bytes(record->subject.parts[SUBJECT_DEVICE]) >
				      device_bytes(best->subject.parts[SUBJECT_DEVICE])))
			best = record;
	}
	return best;
}

bool settle_nic_collectives(struct settling *settling, struct settled *into)
{
	static const char begins[] = "collective:all-reduce:nics/";
	const struct record *record = largest(settling, begins);
	struct delivered delivered;
	double share;

	rails_find(settling->machine, settling->arena, &delivered);
	if (has_wrong(settling, begins)) {
		into->answer = "broken";
		return true;
	}
	if (!record || !delivered.is_known ||
	    device_bytes(record->subject.parts[SUBJECT_DEVICE]) < 64 * 1048576.0)
		return false;
	settling_uses(settling, record);
	settling_uses(settling, delivered.evidence[0]);
	share = record->value * 8e-9 / (delivered.value * payload);
	if (share >= 0.92)
		into->answer = "level";
	else if (share >= 0.80)
		into->answer = "near";
	else
		into->answer = share > 0.50 ? "below" : "broken";
	return true;
}

struct sweep {
	double smallest, greatest, fall;
	size_t count;
};

/* Sizes stand in the order of their text, not of their numbers: the next larger one is looked for.
 */
static const struct record *next_size(struct settling *settling, const char *begins, double above)
{
	const struct record *record, *next = NULL;
	size_t at = 0;

	while ((record =
			settling_next(settling, "node.test.collective.busbw", begins, NULL, &at))) {
		double bytes = device_bytes(record->subject.parts[SUBJECT_DEVICE]);

		if (record->says == SAYS_VALUE && bytes > above &&
		    (!next || bytes < device_bytes(next->subject.parts[SUBJECT_DEVICE])))
			next = record;
	}
	return next;
}

static struct sweep look_at_sweep(struct settling *settling, const char *begins)
{
	const struct record *record, *before = NULL;
	struct sweep sweep = { 0 };
	double bytes = 0;

	while ((record = next_size(settling, begins, bytes))) {
		bytes = device_bytes(record->subject.parts[SUBJECT_DEVICE]);
		if (!before)
			sweep.smallest = bytes;
		if (before && before->value > 0 && 1 - record->value / before->value > sweep.fall) {
			sweep.fall = 1 - record->value / before->value;
			settling_uses(settling, before);
			settling_uses(settling, record);
		}
		sweep.greatest = bytes;
		sweep.count++;
		before = record;
	}
	settling_uses(settling, before);
	return sweep;
}

/* A part of the range can show a cliff; that there is none, only all of it. */
bool settle_smooth_sizes(struct settling *settling, struct settled *into)
{
	const double gib = 1024.0 * 1024 * 1024;
	const char *variant = wide_variant(settling);
	struct sweep sweep;

	if (!variant)
		return false;
	sweep = look_at_sweep(settling, all_reduce_of(settling, variant));
	if (sweep.fall > 0.25) {
		into->answer = "cliffs";
		return true;
	}
	if (sweep.count < 20 || sweep.smallest > 8 || sweep.greatest < 16 * gib)
		return false;
	into->answer = sweep.fall > 0.05 ? "dips" : "smooth";
	return true;
}

/* One peer shows a loss; that all pairs of four nodes are even, and without one, takes all of them.
 */
bool settle_front_end(struct settling *settling, struct settled *into)
{
	static const double lossy = 1; /* percent, as network-loss fails */
	const struct record *record;
	size_t at = 0;

	while ((record =
			settling_next(settling, "node.test.network.loss", "network:", NULL, &at))) {
		if (record->says != SAYS_VALUE || record->value < lossy)
			continue;
		settling_uses(settling, record);
		into->answer = "lossy";
		return true;
	}
	return false;
}
