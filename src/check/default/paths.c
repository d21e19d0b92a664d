#include "check/setting.h"
#include "check/software.h"

/* Major version of "13.1.80"; false when it is none. */
static bool read_major(const char *version, uint64_t *ret_major)
{
	struct span rest = span_of(version), major;

	return span_cut(&rest, '.', &major) && span_to_u64(major, ret_major);
}

/* "13.1" of "13.1.80": the compiler counts patches, which the driver does not. */
static const char *cut_patch(const char *version, struct arena *arena)
{
	struct span rest = span_of(version), major, minor;

	if (!span_cut(&rest, '.', &major) || !span_cut(&rest, '.', &minor))
		return version;
	return arena_format(arena, "%.*s.%.*s", SPAN_ARGS(major), SPAN_ARGS(minor));
}

/* Programs of a newer minor version run on an older driver of the same major one, those of a newer
 * major version do not (CUDA Compatibility guide of NVIDIA). */
static void judge_versions(const struct machine *machine, struct findings *found)
{
	static const char nvcc[] = "software:nvcc";
	const char *have = software_version(machine, nvcc);
	const char *most = machine_state(machine, NODE_CUDA_DRIVER, NULL);
	uint64_t major, driver_major;
	struct finding *finding;
	int order;

	if (!have || !most) {
		(void)findings_add_unknown(found, machine, have ? NODE_CUDA_DRIVER : NODE_SOFTWARE,
					   have ? NULL : nvcc);
		return;
	}
	have = cut_patch(have, found->arena);
	if (!read_major(have, &major) || !read_major(most, &driver_major) ||
	    !version_compare(span_of(have), span_of(most), &order)) {
		findings_add(found, VERDICT_UNKNOWN, NULL,
			     "compiler %.40s and driver for CUDA %.40s cannot be compared", have,
			     most)
			->observed = machine->observed;
		return;
	}
	finding = findings_add(found,
			       major > driver_major ? VERDICT_FAIL
			       : order > 0          ? VERDICT_WARN
						    : VERDICT_PASS,
			       NULL, "compiler of CUDA %s, driver for CUDA %.40s or older%s", have,
			       most,
			       major > driver_major ? ": what it builds does not run"
			       : order > 0          ? ": what it builds runs with limits"
						    : "");
	if (order > 0)
		finding->action = "point /usr/local/cuda to a toolkit of the driver's version, or "
				  "update the driver";
	finding_rests_on(finding, machine_find(machine, NODE_SOFTWARE, nvcc));
	finding_rests_on(finding, machine_find(machine, NODE_CUDA_DRIVER, NULL));
}

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct item link = { NODE_SETTING, "setting:path:cuda" };
	static const struct item toolkit = { NODE_SOFTWARE, "software:cuda" };
	const struct machine *machine = seen->machine;
	const char *profile = setting_value(machine, "setting:path:profile");
	enum presence is_known =
		item_presence(machine, (struct item){ NODE_SETTING, "setting:path:profile" });
	struct finding *finding = NULL;

	if (item_presence(machine, link) == PRESENCE_UNKNOWN) {
		(void)item_unknown(found, machine, link.measure, link.device);
		return;
	}
	if (item_presence(machine, link) == PRESENCE_ABSENT)
		finding = findings_add(found, VERDICT_WARN, NULL,
				       "no /usr/local/cuda, where programs look for the toolkit");
	else if (item_presence(machine, toolkit) == PRESENCE_ABSENT)
		finding = findings_add(found, VERDICT_FAIL, NULL,
				       "/usr/local/cuda leads to %.100s, where there is no toolkit",
				       setting_value(machine, link.device));
	if (finding) {
		finding->action = "install the toolkit, and let /usr/local/cuda lead to it";
		finding_rests_on(finding, machine_find(machine, link.measure, link.device));
		return;
	}
	if (is_known == PRESENCE_UNKNOWN)
		(void)item_unknown(found, machine, NODE_SETTING, "setting:path:profile");
	else if (!setting_has_word(profile, "/usr/local/cuda/bin") &&
		 !setting_has_word(profile, arena_format(found->arena, "%s/bin",
							 setting_value(machine, link.device))))
		finding_rests_on(findings_add(found, VERDICT_WARN, NULL,
					      "/usr/local/cuda/bin is not on the path of users"),
				 machine_find(machine, NODE_SETTING, "setting:path:profile"))
			->action = "add it in /etc/profile.d";
	judge_versions(machine, found);
}

CHECK(default_paths) = {
	.title = "CUDA path, drivers and tools fit each other",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.parts = PART_NVIDIA,
	.judge = judge,
};
