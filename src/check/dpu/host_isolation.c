#include "check/dpu/card.h"
#include "check/software.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct item device = { NODE_FILE_MODE, "file:/dev/rshim0" };
	static const struct item driver = { NODE_MODULE, "module:rshim" };
	const struct machine *machine = seen->machine;
	const struct record *management = dpu_find_management(machine);
	enum presence has_device = item_presence(machine, device);
	enum presence has_driver = item_presence(machine, driver);
	struct finding *finding;

	if (!dpu_applies(machine, found))
		return;
	if (has_device == PRESENCE_PRESENT)
		finding = findings_add(
			found, VERDICT_FAIL, NULL,
			"the device rshim0 is there: the host may start and reflash its DPU; "
			"no such way expected");
	else if (has_driver == PRESENCE_PRESENT || management)
		finding = findings_add(
			found, VERDICT_WARN, NULL,
			"no /dev/rshim0, but %s: the way from the host into its DPU is "
			"near",
			has_driver == PRESENCE_PRESENT
				? "the driver rshim is loaded"
				: "the management function of the DPU is on the bus");
	else if (has_device == PRESENCE_UNKNOWN || has_driver == PRESENCE_UNKNOWN)
		finding = findings_add(
			found, VERDICT_UNKNOWN, NULL,
			"whether the host has a way into its DPU is not known: %s",
			has_device == PRESENCE_UNKNOWN
				? machine_why_unknown(machine, device.measure, device.device)
				: machine_why_unknown(machine, driver.measure, driver.device));
	else
		finding = findings_add(found, VERDICT_PASS, NULL,
				       "the DPU shows the host neither a management function nor "
				       "rshim");
	if (finding->verdict == VERDICT_FAIL || finding->verdict == VERDICT_WARN)
		finding->action = "set the DPU to zero-trust mode (mlxprivhost -d DEVICE r "
				  "--disable_rshim --disable_tracer --disable_counter_rd "
				  "--disable_port_owner) and take rshim off the host";
	finding_rests_on(finding, machine_find(machine, device.measure, device.device));
	finding_rests_on(finding, machine_find(machine, driver.measure, driver.device));
	finding_rests_on(finding, management);
}

CHECK(dpu_host_isolation) = {
	.title = "The host has no power over its DPU",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "securityVersions.dpuHostIsolation.status",
	.judge = judge,
};
