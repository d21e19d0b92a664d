#include <stdlib.h>
#include <string.h>

#include "check/pcie/path.h"

/* The bits that turn traffic between two devices below one switch away to the root: request and
 * completion redirect, and forwarding upstream. Source validation alone does not. */
static const char *const redirecting[] = { "RR", "CR", "UF" };

/* A bridge between a GPU and an adapter that hang below one switch. */
struct between {
	const char *bridge;
	const char *gpu, *nic; /* labels of the first such pair */
};

struct survey {
	const struct machine *machine;
	struct between *bridges;
	size_t count, room;
	unsigned pairs;     /* that share a switch */
	bool path_is_short; /* some way to the root is not known */
};

/* Whether a state as "SV+RR+CR" has the bit. */
static bool has_bit(const char *state, const char *bit)
{
	struct span rest = span_of(state), one;

	while (span_cut(&rest, '+', &one))
		if (span_is(one, bit))
			return true;
	return false;
}

static void add_bridge(struct survey *survey, const char *bridge, const struct endpoint *gpu,
		       const struct endpoint *nic)
{
	for (size_t i = 0; i < survey->count; i++)
		if (strcmp(survey->bridges[i].bridge, bridge) == 0)
			return;
	if (survey->count < survey->room)
		survey->bridges[survey->count++] =
			(struct between){ bridge, gpu->label, nic->label };
}

/* Takes up every bridge on the way from the one to the other. Where they meet is the upstream port
 * of a switch, which has no such bits: what redirects are the ports below it. */
static void walk_pair(struct survey *survey, const struct endpoint *gpu, const struct endpoint *nic)
{
	struct pci_path a, b;
	size_t i = 0, k = 0;

	pci_path_find(survey->machine, gpu->pci, &a);
	pci_path_find(survey->machine, nic->pci, &b);
	if (!a.whole || !b.whole) {
		survey->path_is_short = true;
		return;
	}
	for (i = 0; i < a.count; i++) {
		for (k = 0; k < b.count && strcmp(a.bridges[i], b.bridges[k]) != 0; k++)
			;
		if (k < b.count)
			break;
	}
	if (i == a.count)
		return; /* they meet at the root only, which redirects nothing that it would not see
			 */
	survey->pairs++;
	while (i-- > 0)
		add_bridge(survey, a.bridges[i], gpu, nic);
	while (k-- > 0)
		add_bridge(survey, b.bridges[k], gpu, nic);
}

/* True when nothing is on. */
static bool judge_bridge(const struct machine *machine, const struct between *between,
			 struct findings *found)
{
	const struct record *record = machine_find(machine, NODE_PCI_ACS, between->bridge);
	const char *state = machine_state(machine, NODE_PCI_ACS, between->bridge);
	bool redirects = false;
	struct finding *finding;

	if (!state) {
		findings_add_unknown(found, machine, NODE_PCI_ACS, between->bridge)->action =
			"run assay as root: the settings of bridges are for root alone";
		return false;
	}
	for (size_t i = 0; i < sizeof(redirecting) / sizeof(redirecting[0]); i++)
		redirects = redirects || has_bit(state, redirecting[i]);
	if (!redirects && !has_bit(state, "SV"))
		return true;
	finding = findings_add(
		found, redirects ? VERDICT_FAIL : VERDICT_WARN, between->bridge,
		redirects ? "bridge %s between %s and %s has ACS %s: their traffic goes "
			    "by way of the root; RR, CR and UF expected off"
			  : "bridge %s between %s and %s has ACS %s: it does not "
			    "redirect, but is not off",
		between->bridge + 4, between->gpu, between->nic, state);
	finding->bar = "ACS off on bare metal between GPU and adapter (NVIDIA NCCL documentation, "
		       "troubleshooting)";
	finding->action =
		"turn ACS off in the firmware of the board, or on the bridge with setpci at "
		"each start";
	finding_rests_on(finding, record);
	return false;
}

static int compare_bridges(const void *left, const void *right)
{
	const struct between *a = left, *b = right;

	return strcmp(a->bridge, b->bridge);
}

static void judge_x86(const struct machine *machine, struct findings *found)
{
	struct endpoint *endpoints;
	size_t count = endpoints_find(machine, found->arena, &endpoints);
	struct survey survey = {
		.machine = machine,
		.room = 2 * (size_t)PATH_BRIDGES * count,
	};
	struct finding *finding;
	bool all_well = true, tried = false;

	survey.bridges = ARENA_ARRAY(found->arena, struct between, survey.room);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < count; k++)
			if (endpoints[i].kind == ENDPOINT_GPU &&
			    endpoints[k].kind == ENDPOINT_NIC) {
				walk_pair(&survey, &endpoints[i], &endpoints[k]);
				tried = true;
			}
	if (survey.count > 0)
		qsort(survey.bridges, survey.count, sizeof(*survey.bridges), compare_bridges);
	for (size_t i = 0; i < survey.count; i++)
		if (!judge_bridge(machine, &survey.bridges[i], found))
			all_well = false;
	if (!all_well)
		return;
	if (!tried || survey.path_is_short) {
		findings_add(found, VERDICT_UNKNOWN, NULL,
			     "where GPUs and adapters hang, and the bridges between them, is not "
			     "known");
	} else if (survey.pairs == 0) {
		findings_add(
			found, VERDICT_NOT_APPLICABLE, NULL,
			"no GPU and RDMA adapter below one switch: their traffic passes the root "
			"in any case")
			->observed = machine->observed;
	} else {
		finding = findings_add(
			found, VERDICT_PASS, NULL,
			"ACS is off on all %zu bridges between %u pairs of GPU and RDMA "
			"adapter below one switch",
			survey.count, survey.pairs);
		for (size_t i = 0; i < survey.count; i++)
			finding_rests_on(finding, machine_find(machine, NODE_PCI_ACS,
							       survey.bridges[i].bridge));
	}
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const char *virtual = machine_state(machine, NODE_VIRTUAL, NULL);
	const char *architecture = machine_state(machine, NODE_ARCHITECTURE, NULL);

	if (!virtual)
		findings_add_unknown(found, machine, NODE_VIRTUAL, NULL);
	else if (strcmp(virtual, "none") != 0)
		findings_add(
			found, VERDICT_NOT_APPLICABLE, NULL,
			"a virtual machine: its host needs ACS to keep it apart from others, and "
			"the real bridges do not show")
			->observed = machine->observed;
	else if (!architecture)
		findings_add_unknown(found, machine, NODE_ARCHITECTURE, NULL);
	else if (strcmp(architecture, "x86_64") != 0)
		finding_rests_on(
			findings_add(found, VERDICT_UNKNOWN, NULL,
				     "no reference for %s: on Grace certain bits of ACS have "
				     "to be on, others off, by the port",
				     architecture),
			machine_find(machine, NODE_ARCHITECTURE, NULL));
	else
		judge_x86(machine, found);
}

CHECK(pcie_acs) = {
	.title = "ACS does not redirect traffic between GPUs and adapters",
	.since = "0.1",
	.needs = "node.pci.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL | PROFILE_SECURITY,
	.parts = PART_GPU | PART_RDMA,
	.cmax = "gpus.pcieAcs.enabled",
	.judge = judge,
};
