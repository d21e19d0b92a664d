#include "check/floor.h"
#include "check/software.h"

/* The table of floors has none for them yet: what is there is unknown until it has. */
static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const char *reason;
	bool is_amd = machine_has(machine, PART_AMD, &reason) == PRESENCE_PRESENT;
	const struct item item = { NODE_SOFTWARE, is_amd ? "software:rccl" : "software:nccl" };
	struct finding *finding;

	if (item_presence(machine, item) != PRESENCE_ABSENT) {
		(void)floor_find_software(seen, item_name(item), item.device,
					  is_amd ? "RCCL" : "NCCL", found);
		return;
	}
	finding = findings_add(found, VERDICT_WARN, NULL,
			       "%s is not installed on the node; containers bring their own",
			       is_amd ? "RCCL" : "NCCL");
	finding->action = "install it, or have all jobs run in containers that bring it";
	finding_rests_on(finding, machine_find(machine, item.measure, item.device));
}

CHECK(collective_library_version) = {
	.title = "The collective library is installed and current",
	.since = "0.1",
	.needs = "node.software",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.parts = PART_GPU,
	.cmax = "software.nccl.installed",
	.judge = judge,
};
