#include "check/rdma/port.h"

#include <math.h>
#include <string.h>

/* Rates in Gb/s that differ by less are the same. */
static const double same_gb_s = 0.5;

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_group(const struct rdma_port *a, const struct rdma_port *b)
{
	return same_text(a->model, b->model) && same_text(a->layer, b->layer);
}

static struct rdma_port read_port(const struct machine *machine, const char *device,
				  struct arena *arena)
{
	const char *adapter = arena_string(arena, device_whole(device));
	struct rdma_port port = {
		.device = device,
		.adapter = adapter,
		.name = adapter + (strncmp(adapter, "rdma:", 5) == 0 ? 5 : 0),
		.model = machine_state(machine, NODE_RDMA_MODEL, adapter),
		.layer = machine_state(machine, NODE_RDMA_LAYER, device),
		.state = machine_state(machine, NODE_RDMA_STATE, device),
		.physical = machine_state(machine, NODE_RDMA_PHYSICAL, device),
		.is_virtual = machine_state_is(machine, NODE_RDMA_FUNCTION, adapter, "virtual"),
	};

	/* Adapters of other makers have no type; their driver tells them apart. */
	if (!port.model)
		port.model = machine_state(machine, NODE_RDMA_DRIVER, adapter);
	(void)machine_value(machine, NODE_RDMA_RATE, device, &port.rate_gb_s);
	return port;
}

/* Takes virtual functions out where there are physical ones. */
static void drop_virtual(struct rdma_ports *ports)
{
	size_t kept = 0, physical = 0;

	for (size_t i = 0; i < ports->count; i++)
		physical += !ports->items[i].is_virtual;
	if (physical == 0)
		return;
	for (size_t i = 0; i < ports->count; i++)
		if (!ports->items[i].is_virtual)
			ports->items[kept++] = ports->items[i];
	ports->left_out = ports->count - kept;
	ports->count = kept;
}

/* How many ports the group of this one has, and its highest rate. */
static size_t group_size(const struct rdma_ports *ports, const struct rdma_port *one,
			 double *ret_rate)
{
	size_t size = 0;
	double rate = 0.0;

	for (size_t i = 0; i < ports->count; i++) {
		if (!same_group(&ports->items[i], one))
			continue;
		size++;
		rate = fmax(rate, ports->items[i].rate_gb_s);
	}
	*ret_rate = rate;
	return size;
}

static void mark_back_end(struct rdma_ports *ports)
{
	const struct rdma_port *best = NULL;
	double best_rate = 0.0, rate;
	size_t best_size = 0;

	for (size_t i = 0; i < ports->count; i++) {
		size_t size = group_size(ports, &ports->items[i], &rate);

		if (best && (size < best_size || (size == best_size && rate <= best_rate)))
			continue;
		best = &ports->items[i];
		best_size = size;
		best_rate = rate;
	}
	for (size_t i = 0; i < ports->count; i++)
		ports->items[i].is_back_end = same_group(&ports->items[i], best);
	ports->back_end = best_size;
}

static size_t count_rate(const struct rdma_ports *ports, double rate)
{
	size_t count = 0;

	for (size_t i = 0; i < ports->count; i++)
		count += ports->items[i].is_back_end && rdma_port_is_active(&ports->items[i]) &&
			 fabs(ports->items[i].rate_gb_s - rate) < same_gb_s;
	return count;
}

static void sum_up(struct rdma_ports *ports)
{
	size_t best = 0;

	for (size_t i = 0; i < ports->count; i++) {
		const struct rdma_port *one = &ports->items[i];
		size_t votes;

		if (!one->is_back_end || !rdma_port_is_active(one))
			continue;
		ports->active++;
		ports->active_gb_s += one->rate_gb_s;
		votes = count_rate(ports, one->rate_gb_s);
		if (one->rate_gb_s <= 0.0 || votes < best ||
		    (votes == best && one->rate_gb_s <= ports->usual_gb_s))
			continue;
		best = votes;
		ports->usual_gb_s = one->rate_gb_s;
	}
}

struct rdma_ports rdma_ports_of(const struct machine *machine, struct arena *arena)
{
	struct rdma_ports ports = {
		.items = ARENA_ARRAY(arena, struct rdma_port, machine->by[NODE_RDMA_STATE].count),
	};
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(machine, NODE_RDMA_STATE, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		if (device && strchr(device, '/'))
			ports.items[ports.count++] = read_port(machine, device, arena);
	}
	drop_virtual(&ports);
	if (ports.count > 0)
		mark_back_end(&ports);
	sum_up(&ports);
	return ports;
}

const struct rdma_port *rdma_ports_find(const struct rdma_ports *ports, const char *device)
{
	for (size_t i = 0; i < ports->count; i++)
		if (strcmp(ports->items[i].device, device) == 0)
			return &ports->items[i];
	return NULL;
}

bool rdma_port_is_active(const struct rdma_port *port)
{
	return port->state && strcmp(port->state, "active") == 0;
}
