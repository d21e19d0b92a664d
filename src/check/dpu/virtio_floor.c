#include "check/dpu/card.h"
#include "check/floor.h"
#include "check/setting.h"
#include "check/software.h"

static const char general[] = "virtio-net-controller", longterm[] = "virtio-net-controller-lts";

/* A number does not tell whether it is a long-term release: one that only those would excuse is not
 * known to be fit. */
static bool is_fit_if_longterm(const struct check_input *seen, const char *version)
{
	const struct floor_row *row;

	return seen->handbook &&
	       floor_judge(seen->handbook, general, span_of(version), NULL, seen->today, &row) ==
		       FLOOR_BELOW &&
	       floor_judge(seen->handbook, longterm, span_of(version), NULL, seen->today, &row) ==
		       FLOOR_MET;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct item software = { NODE_SOFTWARE, "software:virtio-net-controller" };
	static const struct elsewhere elsewhere = {
		"setting:attest:dpu-virtio",
		"the controller runs on the DPU and does not show its version here",
		"on the DPU: virtnet version, or dpkg -s virtio-net-controller",
	};
	const struct machine *machine = seen->machine;
	const char *version = machine_state(machine, software.measure, software.device);
	struct finding *finding;

	if (item_presence(machine, software) != PRESENCE_PRESENT) {
		if (dpu_applies(machine, found))
			(void)elsewhere_add(machine, &elsewhere, found);
		return;
	}
	if (!is_fit_if_longterm(seen, version)) {
		(void)floor_find_software(seen, general, software.device,
					  "virtual network controller", found);
		return;
	}
	finding = findings_add(found, VERDICT_WARN, NULL,
			       "virtual network controller %.60s is at its floor only if it is a "
			       "long-term release",
			       version);
	finding->action = "find out which line it is; update it when it is the general one";
	finding_rests_on(finding, machine_find(machine, software.measure, software.device));
}

CHECK(dpu_virtio_floor) = {
	.title = "The virtual network controller of the DPU is at or above its floor",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "securityVersions.virtioNetBluefield.status "
		"securityVersions.virtioNetBluefield.exposure",
	.judge = judge,
};
