#include "check/setting.h"
#include "check/software.h"

#include <string.h>

/* What makes guests of guests possible, by facts and not by the name of a hypervisor. */
struct grounds {
	enum presence flag;   /* of the processor */
	enum presence device; /* that guests are started through */
	enum presence module;
	bool nested_known, nested;
	const struct record *records[4];
};

static enum presence any_of(const struct machine *machine, struct item a, struct item b)
{
	enum presence left = item_presence(machine, a), right = item_presence(machine, b);

	return left > right ? left : right;
}

/* The parameter is Y, N, 1 or 0. */
static void read_nested(const struct machine *machine, const char *device, struct grounds *grounds)
{
	const char *value = setting_value(machine, device);

	if (!value)
		return;
	if (strcmp(value, "Y") == 0 || strcmp(value, "1") == 0)
		grounds->nested = grounds->nested_known = true;
	else if (strcmp(value, "N") == 0 || strcmp(value, "0") == 0)
		grounds->nested_known = true;
	grounds->records[3] = machine_find(machine, NODE_SETTING, device);
}

static struct grounds look(const struct machine *machine)
{
	static const char vmx[] = "flag:vmx", svm[] = "flag:svm";
	struct grounds grounds = {
		.flag = any_of(machine, (struct item){ NODE_CPU_FLAG, vmx },
			       (struct item){ NODE_CPU_FLAG, svm }),
		.device = item_presence(machine, (struct item){ NODE_FILE_MODE, "file:/dev/kvm" }),
		.module = any_of(machine, (struct item){ NODE_MODULE, "module:kvm_intel" },
				 (struct item){ NODE_MODULE, "module:kvm_amd" }),
	};

	/* One of the two flags is never there: absent needs both to be known. */
	if (grounds.flag == PRESENCE_ABSENT && !(machine_state(machine, NODE_CPU_FLAG, vmx) &&
						 machine_state(machine, NODE_CPU_FLAG, svm)))
		grounds.flag = PRESENCE_UNKNOWN;
	if (grounds.module == PRESENCE_ABSENT &&
	    !(machine_state(machine, NODE_MODULE, "module:kvm_intel") &&
	      machine_state(machine, NODE_MODULE, "module:kvm_amd")))
		grounds.module = PRESENCE_UNKNOWN;
	read_nested(machine, "setting:kvm:intel.nested", &grounds);
	read_nested(machine, "setting:kvm:amd.nested", &grounds);
	grounds.records[0] = machine_find(machine, NODE_FILE_MODE, "file:/dev/kvm");
	grounds.records[1] = machine_find(machine, NODE_MODULE, "module:kvm_intel");
	grounds.records[2] = machine_find(machine, NODE_MODULE, "module:kvm_amd");
	return grounds;
}

static struct finding *say(const struct grounds *grounds, struct findings *found)
{
	/* In a container the device may be kept away; the module is the node's. */
	bool none = grounds->module == PRESENCE_ABSENT && grounds->device == PRESENCE_ABSENT;
	struct finding *finding;

	if (grounds->module == PRESENCE_PRESENT || grounds->device == PRESENCE_PRESENT) {
		if (grounds->nested_known && !grounds->nested) {
			finding = findings_add(
				found, VERDICT_WARN, NULL,
				"guests can be started here, guests of guests cannot "
				"(nested is off); whether the kernel has the fix is not "
				"known");
			finding->action = "leave nested off until the kernel has the fix";
			return finding;
		}
		finding = findings_add(
			found, VERDICT_UNKNOWN, NULL,
			grounds->nested ? "guests of guests can be started here (nested is on), "
					  "and no floor is known that would say whether the "
					  "kernel has the fix"
					: "guests can be started here; whether guests of guests "
					  "can is not known");
		finding->action = "load kvm_intel or kvm_amd with nested=0, or ask for the fix by "
				  "name; in a virtual machine ask whoever runs its host";
		return finding;
	}
	if (grounds->flag == PRESENCE_ABSENT && none)
		return findings_add(found, VERDICT_PASS, NULL,
				    "the processor shows no virtualisation and KVM is not loaded: "
				    "no guest can be started here");
	if (none)
		return findings_add(found, VERDICT_PASS, NULL,
				    "KVM is not loaded: no guest can be started here");
	return findings_add(found, VERDICT_UNKNOWN, NULL,
			    "whether guests can be started here is not known: the modules of KVM "
			    "and its device could not both be looked for");
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct grounds grounds = look(seen->machine);
	struct finding *finding = say(&grounds, found);

	for (size_t i = 0; i < 4; i++)
		finding_rests_on(finding, grounds.records[i]);
}

CHECK(kernel_nested_guest) = {
	.title = "The kernel carries the fix for the nested guest boundary",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "security.januscape.status",
	.judge = judge,
};
