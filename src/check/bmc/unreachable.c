#include "check/setting.h"
#include "check/software.h"

#include <string.h>

static const struct item devices[] = {
	{ NODE_FILE_MODE, "file:/dev/ipmi0" },
	{ NODE_FILE_MODE, "file:/dev/ipmi/0" },
	{ NODE_FILE_MODE, "file:/dev/ipmidev/0" },
};

static const struct item drivers[] = {
	{ NODE_MODULE, "module:ipmi_si" },
	{ NODE_MODULE, "module:ipmi_devintf" },
	{ NODE_MODULE, "module:ipmi_ssif" },
};

static const char action[] =
	"take the device away (blacklist ipmi_si, ipmi_ssif and ipmi_devintf; do "
	"not hand it to the guest) and have the provider close the controller "
	"to the host";

/* A device that is there: open to every user, or in a guest, is open; root of a rented machine
 * finds an interface, whether or not it answers. */
static void judge_device(const struct check_input *seen, struct item item, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const char *virtual = machine_state(machine, NODE_VIRTUAL, NULL);
	bool is_guest = virtual && strcmp(virtual, "none") != 0;
	const char *state = machine_state(machine, item.measure, item.device);
	struct file_mode mode;
	struct finding *finding;

	if (!file_mode_read(state, &mode))
		finding =
			findings_add(found, VERDICT_UNKNOWN, item.device,
				     "%s is there, but '%.60s' is no mode", item_name(item), state);
	else if ((mode.permission & 066) != 0)
		finding = findings_add(found, VERDICT_FAIL, item.device,
				       "%s has the mode %04o: others than root may command the "
				       "management controller; no such device expected",
				       item_name(item), mode.permission);
	else if (is_guest)
		finding = findings_add(found, VERDICT_FAIL, item.device,
				       "%s is there in a virtual machine, none expected",
				       item_name(item));
	else
		finding = findings_add(found, VERDICT_WARN, item.device,
				       "%s is there for root; who rents the machine as root has an "
				       "interface to its management controller (commands were not "
				       "tried)",
				       item_name(item));
	if (finding->verdict != VERDICT_UNKNOWN)
		finding->action = action;
	finding_rests_on(finding, machine_find(machine, item.measure, item.device));
}

static void judge_absence(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	struct roll files = roll_call(machine, devices, 3, found->arena);
	struct roll modules = roll_call(machine, drivers, 3, found->arena);
	const char *virtual = machine_state(machine, NODE_VIRTUAL, NULL);
	const char *container = machine_state(machine, NODE_CONTAINER, NULL);
	struct finding *finding;

	if (modules.count[PRESENCE_PRESENT] > 0)
		finding = findings_add(found, VERDICT_WARN, NULL,
				       "no device, but %s loaded: the kernel knows an interface to "
				       "the management controller",
				       modules.names[PRESENCE_PRESENT]);
	else if (files.count[PRESENCE_UNKNOWN] > 0 || modules.count[PRESENCE_UNKNOWN] > 0)
		finding = findings_add(found, VERDICT_UNKNOWN, NULL,
				       "whether there is an interface to the management controller "
				       "is not known: %s",
				       files.reason ? files.reason : modules.reason);
	else if (!container || strcmp(container, "none") != 0)
		finding =
			findings_add(found, VERDICT_UNKNOWN, NULL,
				     "no device in this container, which says nothing of the node: "
				     "run it outside");
	else if (!virtual || strcmp(virtual, "none") == 0)
		finding = findings_add(
			found, VERDICT_UNKNOWN, NULL,
			"no device, but on bare metal root can load the driver: try it "
			"when the node is idle (modprobe ipmi_devintf ipmi_si; "
			"ipmitool mc info)");
	else
		finding = findings_add(found, VERDICT_PASS, NULL,
				       "no device and no driver of a management controller in this "
				       "virtual machine");
	if (finding->verdict == VERDICT_WARN)
		finding->action = action;
	finding_rests_on_roll(finding, &files);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	bool is_there = false;

	for (size_t i = 0; i < 3; i++) {
		if (item_presence(seen->machine, devices[i]) != PRESENCE_PRESENT)
			continue;
		judge_device(seen, devices[i], found);
		is_there = true;
	}
	if (!is_there)
		judge_absence(seen, found);
}

CHECK(bmc_unreachable) = {
	.title = "Tenants cannot reach the management controller",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "bmc-ipmi",
	.judge = judge,
};
