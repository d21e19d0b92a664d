#include <math.h>

#include "active/collective.h"

enum {
	FLOAT_BYTES = 4,
	KIB = 1024,
	ITERATIONS_MOST = 2000,
};

#define BIT(collective) (1u << (collective))

static const unsigned all_kinds = (1u << COLLECTIVE_COUNT) - 1;

struct list {
	struct sweep_variant *items;
	unsigned count;
};

static void add(struct list *list, struct sweep_variant variant)
{
	if (list->count < SWEEP_VARIANTS_MAXIMUM)
		list->items[list->count++] = variant;
}

/* Inside one node: NVLink with and without the reduction in its switch, then without NVLink, then
 * without the node's memory too, so that all goes out by one adapter and in by another. */
static void add_inside(struct list *list, bool is_quick, const char *const *nics, size_t nic_count,
		       struct arena *arena)
{
	add(list, (struct sweep_variant){
			  .name = "nvlink",
			  .settings = "-",
			  .collectives = all_kinds,
			  .has_pairs = true,
		  });
	if (is_quick)
		return;
	add(list, (struct sweep_variant){
			  .name = "no-nvls",
			  .settings = "NCCL_NVLS_ENABLE=0",
			  .collectives = BIT(COLLECTIVE_ALL_REDUCE),
			  .is_brief = true,
		  });
	add(list, (struct sweep_variant){
			  .name = "no-nvlink",
			  .settings = "NCCL_P2P_DISABLE=1",
			  .collectives = BIT(COLLECTIVE_ALL_REDUCE) | BIT(COLLECTIVE_ALL_TO_ALL),
			  .is_brief = true,
		  });
	if (nic_count > 0)
		add(list,
		    (struct sweep_variant){
			    .name = "nics",
			    .settings = "NCCL_P2P_DISABLE=1,NCCL_SHM_DISABLE=1",
			    .collectives = BIT(COLLECTIVE_ALL_REDUCE) | BIT(COLLECTIVE_ALL_TO_ALL) |
					   BIT(COLLECTIVE_SEND_RECEIVE),
			    .is_brief = true,
		    });
	for (size_t i = 0; i < nic_count; i++)
		add(list, (struct sweep_variant){
				  .name = arena_format(arena, "nic-%s", nics[i]),
				  .settings = arena_format(arena,
							   "NCCL_P2P_DISABLE=1,NCCL_SHM_DISABLE=1,"
							   "NCCL_IB_HCA==%s",
							   nics[i]),
				  .collectives = BIT(COLLECTIVE_SEND_RECEIVE),
				  .is_brief = true,
			  });
}

static void add_between(struct list *list, bool is_quick)
{
	add(list, (struct sweep_variant){
			  .name = "network",
			  .settings = "-",
			  .collectives = all_kinds,
			  .has_pairs = true,
		  });
	add(list, (struct sweep_variant){
			  .name = "rails",
			  .settings = "-",
			  .grouping = GROUPING_RAILS,
			  .collectives = BIT(COLLECTIVE_ALL_GATHER) | BIT(COLLECTIVE_SEND_RECEIVE),
			  .is_brief = true,
		  });
	if (!is_quick)
		add(list,
		    (struct sweep_variant){
			    .name = "network-nics",
			    .settings = "NCCL_P2P_DISABLE=1,NCCL_SHM_DISABLE=1",
			    .collectives = BIT(COLLECTIVE_ALL_GATHER) | BIT(COLLECTIVE_ALL_TO_ALL),
			    .is_brief = true,
		    });
}

unsigned sweep_variants(enum active_profile profile, unsigned nodes, const char *const *nics,
			size_t nic_count, struct arena *arena,
			struct sweep_variant ret_variants[static SWEEP_VARIANTS_MAXIMUM])
{
	struct list list = { .items = ret_variants };
	bool is_quick = profile == ACTIVE_QUICK;

	if (nodes > 1)
		add_between(&list, is_quick);
	else
		add_inside(&list, is_quick, nics, nic_count, arena);
	return list.count;
}

/* Where a curve ends, and by which factor it goes there. */
static const struct {
	uint64_t last;
	unsigned factor;
} reach[ACTIVE_PROFILE_COUNT] = {
	[ACTIVE_QUICK] = { UINT64_C(1) << 30, 8 },
	[ACTIVE_WEEKLY] = { UINT64_C(8) << 30, 4 },
	[ACTIVE_BURN_IN] = { UINT64_C(16) << 30, 2 },
};

unsigned sweep_sizes(enum active_profile profile, bool is_brief, uint64_t most,
		     uint64_t ret_bytes[static SWEEP_SIZES_MAXIMUM])
{
	uint64_t last = reach[profile].last, first = is_brief ? 64 * KIB : 8;
	unsigned count = 0;

	while (last > most && last > first)
		last /= 2;
	/* From the end, so that the largest is always there. */
	for (uint64_t bytes = last; bytes >= first && count < SWEEP_SIZES_MAXIMUM;
	     bytes /= reach[profile].factor)
		ret_bytes[count++] = bytes;
	for (unsigned i = 0; i < count / 2; i++) {
		uint64_t kept = ret_bytes[i];

		ret_bytes[i] = ret_bytes[count - 1 - i];
		ret_bytes[count - 1 - i] = kept;
	}
	return count;
}

uint64_t sweep_elements(enum collective collective, uint64_t bytes, unsigned ranks)
{
	uint64_t elements = bytes / FLOAT_BYTES;

	switch (collective) {
	case COLLECTIVE_ALL_REDUCE:
	case COLLECTIVE_BROADCAST:
	case COLLECTIVE_SEND_RECEIVE:
	case COLLECTIVE_COUNT:
		return elements;
	case COLLECTIVE_ALL_GATHER:
	case COLLECTIVE_REDUCE_SCATTER:
	case COLLECTIVE_ALL_TO_ALL:
		break;
	}
	return elements / ranks * ranks;
}

unsigned sweep_iterations(double once_s, double budget_s)
{
	double count = once_s > 0 ? floor(budget_s / once_s) : ITERATIONS_MOST;

	if (!(count >= 1))
		return 1;
	return count > ITERATIONS_MOST ? ITERATIONS_MOST : (unsigned)count;
}

/* The circle of a tournament: in each round everybody has another partner; of an odd number one
 * rests. */
static bool circle_partner(unsigned rank, unsigned ranks, unsigned round, unsigned *ret_partner)
{
	unsigned seats = ranks + ranks % 2, turning = seats - 1;
	unsigned partner;

	if (ranks < 2)
		return false;
	round %= turning;
	if (rank == turning)
		partner = round;
	else if (rank == round)
		partner = turning;
	else
		partner = (2 * round + turning - rank) % turning;
	*ret_partner = partner;
	return partner < ranks;
}

bool sweep_partner(unsigned rank, unsigned ranks, unsigned nodes, unsigned round,
		   unsigned *ret_partner)
{
	unsigned per_node, node, other, local;

	if (nodes < 2 || ranks % nodes != 0)
		return circle_partner(rank, ranks, round, ret_partner);
	per_node = ranks / nodes;
	node = rank / per_node;
	local = rank % per_node;
	if (!circle_partner(node, nodes, round, &other))
		return false;
	/* With the same two nodes again, another GPU of the other one. */
	if (node < other)
		local = (local + round) % per_node;
	else
		local = (local + per_node - round % per_node) % per_node;
	*ret_partner = other * per_node + local;
	return true;
}
