#include <string.h>

#include "check/rdma/port.h"
#include "check/tally.h"

enum {
	NAMES_MAXIMUM = 256,
};

struct named {
	const char *device, *name; /* "rdma:mlx5_0", "mlx5_0" */
	const char *scheme;        /* "mlx5_#" */
	const char *pci;           /* "pci:0000:18:00.0"; NULL: not known */
	double number;             /* of a scheme with one number; -1 otherwise */
};

struct names {
	struct named items[NAMES_MAXIMUM];
	size_t count;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The letter stands for a part of a PCI path that is left out when it is zero: the domain in front
 * (P1) or function, port or device behind (f1, n1, d1). */
static bool is_optional(const char *name, size_t at)
{
	return at > 0 && is_digit(name[at + 1]) && strchr("Pfnd", name[at]) != NULL &&
	       (name[at] == 'P' || is_digit(name[at - 1]));
}

/* The name with '#' for its numbers, without optional parts. */
static const char *scheme_of(const char *name, struct arena *arena, double *ret_number)
{
	char *scheme = arena_take(arena, strlen(name) + 1);
	size_t length = 0, numbers = 0, last = 0;

	for (size_t i = 0; name[i];) {
		size_t start = i + (is_optional(name, i) ? 1 : 0);
		size_t end = start;

		while (is_digit(name[end]))
			end++;
		if (end > start && start == i) {
			scheme[length++] = '#';
			numbers++;
			last = start;
		} else if (end == start) {
			scheme[length++] = name[i];
			end = i + 1;
		}
		i = end;
	}
	*ret_number = -1.0;
	/* "mlx5_0": the 5 belongs to the driver, and the number stands behind the last sign. */
	if (numbers > 0 && strchr(name, '_') && last > 0 && name[last - 1] == '_') {
		uint64_t number;

		if (span_to_u64(span_of(name + last), &number))
			*ret_number = (double)number;
	}
	return scheme;
}

static bool has_name(const struct names *names, const char *device)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->items[i].device, device) == 0)
			return true;
	return false;
}

static void gather(const struct machine *machine, struct arena *arena, struct names *names)
{
	struct rdma_ports ports = rdma_ports_of(machine, arena);

	for (size_t i = 0; i < ports.count; i++) {
		struct named *one = &names->items[names->count];

		if (!ports.items[i].is_back_end || has_name(names, ports.items[i].adapter) ||
		    names->count == NAMES_MAXIMUM)
			continue;
		*one = (struct named){
			.device = ports.items[i].adapter,
			.name = ports.items[i].name,
			.pci = machine_state(machine, NODE_RDMA_PCI, ports.items[i].adapter),
		};
		one->scheme = scheme_of(one->name, arena, &one->number);
		names->count++;
	}
}

static void judge_schemes(struct tally *tally, const struct names *names)
{
	for (size_t i = 1; i < names->count; i++) {
		struct finding *finding;

		if (strcmp(names->items[i].scheme, names->items[0].scheme) == 0)
			continue;
		finding = tally_say(
			tally, VERDICT_WARN, NULL,
			machine_find(tally->machine, NODE_RDMA_PCI, names->items[i].device),
			"names of several kinds, %.60s and %.60s; one expected",
			names->items[0].name, names->items[i].name);
		finding->bar = "one naming scheme over all adapters of the back end";
		finding->action = "choose one kind of names by a udev rule";
		return;
	}
}

/* Counted names whose numbers do not follow the PCI addresses: rails are mixed up by who takes one
 * for the other. */
static void judge_order(struct tally *tally, const struct names *names)
{
	for (size_t i = 0; i < names->count; i++) {
		const struct named *a = &names->items[i];

		for (size_t k = 0; k < names->count; k++) {
			const struct named *b = &names->items[k];
			struct finding *finding;

			if (!a->pci || !b->pci || a->number < 0.0 || b->number < 0.0 ||
			    strcmp(a->scheme, b->scheme) != 0 || a->number >= b->number ||
			    strcmp(a->pci, b->pci) <= 0)
				continue;
			finding = tally_say(
				tally, VERDICT_WARN, NULL,
				machine_find(tally->machine, NODE_RDMA_PCI, a->device),
				"%.40s is at %.40s and %.40s at %.40s: numbers do not follow "
				"PCI addresses",
				a->name, a->pci, b->name, b->pci);
			finding->bar = "numbers in the order of PCI addresses";
			finding->action = "name adapters by a udev rule and not by their order at "
					  "the start";
			return;
		}
	}
}

static void judge_golden(struct tally *tally, const struct names *names,
			 const struct machine *golden)
{
	for (size_t i = 0; golden && i < names->count; i++) {
		const struct named *one = &names->items[i];
		const char *was = machine_state(golden, NODE_RDMA_PCI, one->device);
		struct finding *finding;

		if (!one->pci || (was && strcmp(was, one->pci) == 0))
			continue;
		finding =
			tally_say(tally, VERDICT_FAIL, one->device,
				  machine_find(tally->machine, NODE_RDMA_PCI, one->device),
				  "at %.40s; on the golden node %s%.40s", one->pci,
				  was ? "at " : "there is no adapter of the name", was ? was : "");
		finding->bar = "the golden node";
		finding->action = "name adapters by a udev rule, the same on all nodes";
	}
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct names *names = ARENA_NEW(found->arena, struct names);
	struct tally tally;

	tally_start(&tally, seen, found);
	gather(seen->machine, found->arena, names);
	for (size_t i = 0; i < names->count; i++)
		if (names->items[i].pci ||
		    tally_need(&tally, NODE_RDMA_PCI, names->items[i].device))
			tally_well(&tally, machine_find(seen->machine, NODE_RDMA_PCI,
							names->items[i].device));
	judge_schemes(&tally, names);
	judge_order(&tally, names);
	judge_golden(&tally, names, seen->golden);
	if (names->count > 0)
		tally_pass(&tally, "%zu adapter%s of the back end named alike (%.60s …), %s",
			   names->count, plural(names->count), names->items[0].name,
			   seen->golden ? "at the same places as on the golden node"
					: "in the order of PCI addresses");
}

CHECK(adapter_names) = {
	.title = "RDMA adapters have names of one kind in the order of their places",
	.since = "0.1",
	.needs = "node.rdma.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.parts = PART_RDMA,
	.cmax = "networking.hcaNamingValid",
	.judge = judge,
};
