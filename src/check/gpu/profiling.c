#include "check/setting.h"
#include "check/software.h"

static const char parameter[] = "parameter:RmProfilingAdminOnly";
static const char option[] = "setting:modprobe:nvidia.NVreg_RestrictProfilingToAdminUsers";

/* What the loaded driver says comes before what a file would have it do at its next start. */
static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const struct record *record = machine_find(machine, NODE_NVIDIA_PARAMETER, parameter);
	const char *value = machine_state(machine, NODE_NVIDIA_PARAMETER, parameter);
	bool has_tool =
		item_presence(machine, (struct item){ NODE_SOFTWARE, "software:nsight-compute" }) ==
		PRESENCE_PRESENT;
	struct finding *finding;
	uint64_t admin_only;

	if (!value) {
		record = machine_find(machine, NODE_SETTING, option);
		value = setting_value(machine, option);
	}
	if (!value) {
		finding = findings_add_unknown(found, machine, NODE_NVIDIA_PARAMETER, parameter);
		finding->about = NULL;
		return;
	}
	if (!span_to_u64(span_of(value), &admin_only) || admin_only > 1)
		finding =
			findings_add(found, VERDICT_UNKNOWN, NULL,
				     "the restriction of profiling is '%.40s', which is not known "
				     "here",
				     value);
	else if (admin_only == 1)
		finding =
			findings_add(found, VERDICT_WARN, NULL,
				     "the performance counters of the GPUs are for administrators "
				     "only");
	else
		finding = findings_add(found, VERDICT_PASS, NULL,
				       "every user may read the performance counters of the GPUs%s",
				       has_tool ? ", Nsight Compute is installed" : "");
	if (finding->verdict == VERDICT_WARN)
		finding->action = "options nvidia NVreg_RestrictProfilingToAdminUsers=0 in "
				  "/etc/modprobe.d, where users may see each other's load";
	finding_rests_on(finding, record);
}

CHECK(gpu_profiling) = {
	.title = "Every user may profile the GPU",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.parts = PART_NVIDIA,
	.cmax = "software.ncu.installed software.ncu.profilingEnabled",
	.judge = judge,
};
