#include <string.h>

#include "check/pcie/path.h"

/* What the kernel calls the ways in which a group of devices is mapped (iommu_group type in
 * Documentation/ABI/testing/sysfs-kernel-iommu_groups of Linux). */
static const struct {
	const char *type;
	enum outcome {
		PASSED_THROUGH,
		TRANSLATED,
		GIVEN_AWAY, /* to a guest or to a program: its owner maps it */
		CUT_OFF,
		NOT_KNOWN,
	} outcome;
} types[] = {
	{ "identity", PASSED_THROUGH }, { "DMA", TRANSLATED },  { "DMA-FQ", TRANSLATED },
	{ "unmanaged", GIVEN_AWAY },    { "blocked", CUT_OFF },
};

static enum outcome outcome_of(const char *type)
{
	for (size_t i = 0; type && i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i].type, type) == 0)
			return types[i].outcome;
	return NOT_KNOWN;
}

struct tally {
	unsigned passed_through, given_away, faulty;
	const struct record *first; /* of what is passed through */
};

static void judge_endpoint(const struct machine *machine, const struct endpoint *endpoint,
			   bool is_guest, struct tally *tally, struct findings *found)
{
	const struct record *record = machine_find(machine, NODE_PCI_IOMMU_TYPE, endpoint->pci);
	const char *type = machine_state(machine, NODE_PCI_IOMMU_TYPE, endpoint->pci);
	enum outcome outcome = outcome_of(type);
	struct finding *finding;

	if (outcome == PASSED_THROUGH) {
		tally->first = tally->passed_through++ ? tally->first : record;
		return;
	}
	if (outcome == GIVEN_AWAY) {
		tally->given_away++;
		return;
	}
	tally->faulty++;
	if (outcome == NOT_KNOWN && type) {
		finding_rests_on(
			findings_add(found, VERDICT_UNKNOWN, endpoint->about,
				     "%s: the kernel calls its mapping '%.40s', which is not "
				     "known here",
				     endpoint->label, type),
			record);
		return;
	}
	if (outcome == NOT_KNOWN) {
		findings_add_unknown(found, machine, NODE_PCI_IOMMU_TYPE, endpoint->pci)->about =
			endpoint->about;
		return;
	}
	/* In a guest each mapping leaves it for the host; on bare metal it costs less, and may be
	 * wanted for protection. */
	finding =
		findings_add(found, is_guest && outcome == TRANSLATED ? VERDICT_FAIL : VERDICT_WARN,
			     endpoint->about, "%s: mapped as %s, passthrough (identity) expected%s",
			     endpoint->label, type,
			     is_guest ? " in a virtual machine" : " for the best bandwidth");
	finding->bar = "passthrough (Linux kernel parameter iommu.passthrough; NVIDIA NCCL "
		       "documentation, troubleshooting)";
	finding->action = "start the kernel with iommu=pt (x86) or iommu.passthrough=1 (Arm)";
	finding_rests_on(finding, record);
}

static void judge_devices(const struct machine *machine, struct findings *found)
{
	struct endpoint *endpoints;
	size_t count = endpoints_find(machine, found->arena, &endpoints);
	const char *virtual = machine_state(machine, NODE_VIRTUAL, NULL);
	bool is_guest = virtual && strcmp(virtual, "none") != 0;
	struct tally tally = { 0 };

	for (size_t i = 0; i < count; i++)
		if (endpoints[i].kind != ENDPOINT_NVME)
			judge_endpoint(machine, &endpoints[i], is_guest, &tally, found);
	if (tally.faulty > 0)
		return;
	if (tally.passed_through > 0)
		finding_rests_on(
			findings_add(found, VERDICT_PASS, NULL,
				     "%u GPUs and RDMA adapters are passed through by the "
				     "IOMMU%s",
				     tally.passed_through,
				     tally.given_away > 0 ? "; others are given away" : ""),
			tally.first);
	else if (tally.given_away > 0)
		findings_add(found, VERDICT_NOT_APPLICABLE, NULL,
			     "all GPUs and RDMA adapters are given to virtual machines or programs")
			->observed = machine->observed;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const struct record *record = machine_find(machine, NODE_IOMMU, NULL);

	if (machine_state_is(machine, NODE_IOMMU, NULL, "none"))
		finding_rests_on(
			findings_add(found, VERDICT_PASS, NULL,
				     "no IOMMU is in use: nothing is translated, and nothing "
				     "keeps a device from any memory"),
			record);
	else if (machine->by[NODE_PCI_IOMMU_TYPE].count == 0 &&
		 (!record || record->says != SAYS_STATE))
		findings_add_unknown(found, machine, NODE_IOMMU, NULL);
	else
		judge_devices(machine, found);
}

CHECK(iommu_mode) = {
	.title = "The IOMMU passes GPUs and adapters through",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL | PROFILE_SECURITY,
	.parts = PART_GPU,
	.cmax = "vm_iommu.status",
	.judge = judge,
};
