#include "check/setting.h"
#include "check/software.h"

#include <string.h>

/* "pci:0000:19:00" of "pci:0000:19:00.0": functions of one card belong together. */
static struct span card_of(const char *device)
{
	const char *dot = strrchr(device, '.');

	return (struct span){ device, dot ? (size_t)(dot - device) : strlen(device) };
}

static bool is_bridge(const struct machine *machine, const char *device)
{
	const char *class = machine_state(machine, NODE_PCI_CLASS, device);

	return class && strncmp(class, "0604", 4) == 0;
}

/* Another card in the group of the device; NULL when it is alone. Bridges cannot be passed on. */
static const char *find_neighbour(const struct machine *machine, const char *device, double group)
{
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(machine, NODE_PCI_IOMMU_GROUP, &at))) {
		const char *other = one->subject.parts[SUBJECT_DEVICE];

		if (!other || one->says != SAYS_VALUE || one->value < group || one->value > group ||
		    is_bridge(machine, other))
			continue;
		if (!span_equal(card_of(other), card_of(device)))
			return other;
	}
	return NULL;
}

/* Judges one device that is passed on; true when it is alone. */
static bool judge_device(const struct machine *machine, const char *device, struct findings *found)
{
	const struct record *record = machine_find(machine, NODE_PCI_IOMMU_GROUP, device);
	const char *neighbour;
	struct finding *finding;
	double group;

	if (!machine_value(machine, NODE_PCI_IOMMU_GROUP, device, &group)) {
		(void)findings_add_unknown(found, machine, NODE_PCI_IOMMU_GROUP, device);
		return false;
	}
	neighbour = find_neighbour(machine, device, group);
	if (!neighbour)
		return true;
	finding = findings_add(
		found, VERDICT_FAIL, device,
		"%s is passed on and shares IOMMU group %.0f with %s; one card a group "
		"expected",
		device_label(machine, device, found->arena), group,
		device_label(machine, neighbour, found->arena));
	finding->action = "give the whole group to one tenant, or turn ACS on above these devices";
	finding_rests_on(finding, record);
	finding_rests_on(finding, machine_find(machine, NODE_PCI_IOMMU_GROUP, neighbour));
	return false;
}

static void judge_devices(const struct machine *machine, struct findings *found)
{
	static const struct item module = { NODE_MODULE, "module:vfio_pci" };
	const struct record *one, *first = NULL;
	unsigned passed = 0, alone = 0;
	size_t at = 0;

	while ((one = machine_next(machine, NODE_PCI_DRIVER, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		if (!device || one->says != SAYS_STATE || strcmp(one->text, "vfio-pci") != 0)
			continue;
		first = first ? first : machine_find(machine, NODE_PCI_IOMMU_GROUP, device);
		passed++;
		alone += judge_device(machine, device, found);
	}
	if (passed > 0 && alone == passed)
		finding_rests_on(
			findings_add(found, VERDICT_PASS, NULL,
				     "%u devices are passed on, each card alone in its group",
				     passed),
			first);
	else if (passed == 0 && machine->by[NODE_PCI_DRIVER].count > 0 &&
		 item_presence(machine, module) == PRESENCE_ABSENT)
		finding_rests_on(findings_add(found, VERDICT_NOT_APPLICABLE, NULL,
					      "no device is passed to a virtual machine: none has "
					      "the driver vfio-pci"),
				 machine_find(machine, module.measure, module.device));
	else if (passed == 0)
		finding_rests_on(
			findings_add(found, VERDICT_UNKNOWN, NULL,
				     "whether devices are passed to virtual machines is not "
				     "known"),
			machine_find(machine, module.measure, module.device));
}

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct elsewhere elsewhere = {
		"setting:attest:passthrough-groups",
		"a virtual machine does not show which devices share a group on its host",
		"on the host: assay check passthrough-groups",
	};
	const struct machine *machine = seen->machine;
	const char *virtual = machine_state(machine, NODE_VIRTUAL, NULL);

	if (!virtual)
		(void)findings_add_unknown(found, machine, NODE_VIRTUAL, NULL);
	else if (strcmp(virtual, "none") != 0)
		(void)elsewhere_add(machine, &elsewhere, found);
	else
		judge_devices(machine, found);
}

CHECK(passthrough_groups) = {
	.title = "Devices passed to a virtual machine are alone in their groups",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "pcie-passthrough",
	.judge = judge,
};
