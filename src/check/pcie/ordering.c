#include <string.h>

#include "check/pcie/path.h"

/* The read request that ConnectX adapters need to fill a fast link (NVIDIA's guides to tune them).
 */
static const double read_request_least = 4096.0;

enum outcome {
	GOOD,
	BAD,
	LEFT_OUT,
};

static enum outcome judge_adapter(const struct machine *machine, const struct endpoint *nic,
				  struct findings *found)
{
	const char *driver = machine_state(machine, NODE_RDMA_DRIVER, nic->rdma);
	const char *ordering = machine_state(machine, NODE_PCI_RELAXED_ORDERING, nic->pci);
	double request;
	bool has_request = machine_value(machine, NODE_PCI_READ_REQUEST, nic->pci, &request);
	bool small, off;
	struct finding *finding;

	/* A virtual function has no such registers of its own. */
	if (nic->is_virtual || (driver && strncmp(driver, "mlx5", 4) != 0))
		return LEFT_OUT;
	if (!ordering || !has_request) {
		findings_add_unknown(found, machine,
				     ordering ? NODE_PCI_READ_REQUEST : NODE_PCI_RELAXED_ORDERING,
				     nic->pci);
		return BAD;
	}
	small = request < read_request_least;
	off = strcmp(ordering, "on") != 0;
	if (!small && !off)
		return GOOD;
	finding = findings_add(found, VERDICT_WARN, nic->pci,
			       "%s: read requests of at most %.0f B, %.0f B expected; relaxed "
			       "ordering %s, on expected",
			       nic->label, request, read_request_least, ordering);
	finding->bar = "4096 B and relaxed ordering (NVIDIA performance tuning guide for adapters)";
	finding->action = small ? "set the read request to 4096 B in the firmware or with setpci"
				: "turn relaxed ordering on in the firmware of the board";
	finding_rests_on(finding, machine_find(machine, NODE_PCI_READ_REQUEST, nic->pci));
	finding_rests_on(finding, machine_find(machine, NODE_PCI_RELAXED_ORDERING, nic->pci));
	return BAD;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const struct record *first = NULL;
	struct endpoint *endpoints;
	size_t count = endpoints_find(machine, found->arena, &endpoints);
	unsigned good = 0, bad = 0, left_out = 0;

	for (size_t i = 0; i < count; i++) {
		enum outcome outcome;

		if (endpoints[i].kind != ENDPOINT_NIC)
			continue;
		outcome = judge_adapter(machine, &endpoints[i], found);
		good += outcome == GOOD;
		bad += outcome == BAD;
		left_out += outcome == LEFT_OUT;
		if (outcome == GOOD && !first)
			first = machine_find(machine, NODE_PCI_READ_REQUEST, endpoints[i].pci);
	}
	if (bad > 0)
		return;
	if (good > 0)
		finding_rests_on(
			findings_add(found, VERDICT_PASS, NULL,
				     "%u RDMA adapters ask for 4096 B at once and use relaxed "
				     "ordering",
				     good),
			first);
	else if (left_out > 0)
		findings_add(found, VERDICT_NOT_APPLICABLE, NULL,
			     "virtual functions, or adapters that these settings are not known to "
			     "matter for")
			->observed = machine->observed;
}

CHECK(pcie_ordering) = {
	.title = "Adapters may ask for large reads and reorder",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.parts = PART_RDMA,
	.judge = judge,
};
