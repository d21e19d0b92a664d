#include "check/setting.h"
#include "check/software.h"

#include <string.h>

/* The first CUDA that compiles for the GPU (release notes of the CUDA toolkit: compute capability
 * 8.0 with 11.0, 9.0 with 11.8, 10.0 with 12.8, 10.3 with 12.9). */
static const char *oldest_for(const struct shape_row *shape)
{
	static const char *const oldest[GENERATION_COUNT] = {
		[GENERATION_A100] = "11.0",
		[GENERATION_H100] = "11.8",
		[GENERATION_B100] = "12.8",
		[GENERATION_GB200] = "12.8",
	};

	if (!shape || shape->generation >= GENERATION_COUNT)
		return NULL;
	return strstr(shape->model, "B300") ? "12.9" : oldest[shape->generation];
}

static void judge_nvcc(const struct check_input *seen, const char *version, struct findings *found)
{
	static const char path[] = "setting:path:profile";
	const struct machine *machine = seen->machine;
	const char *oldest = oldest_for(machine->shape);
	const char *profile = setting_value(machine, path);
	const char *place = machine_state(machine, NODE_SOFTWARE_PATH, "software:nvcc");
	bool is_on_path = setting_has_word(profile, "/usr/local/cuda/bin") ||
			  (place && strcmp(place, "/usr/bin/nvcc") == 0);
	struct finding *finding;
	int order = 0;

	if (!oldest)
		finding = findings_add(found, VERDICT_UNKNOWN, NULL,
				       "no reference for the first CUDA that knows this GPU");
	else if (!version_compare(span_of(version), span_of(oldest), &order))
		finding =
			findings_add(found, VERDICT_UNKNOWN, NULL,
				     "nvcc %.60s: this is no version that is known here", version);
	else if (order < 0)
		finding = findings_add(found, VERDICT_WARN, NULL,
				       "nvcc %.60s does not know this GPU, %s or later expected",
				       version, oldest);
	else if (!is_on_path &&
		 item_presence(machine, (struct item){ NODE_SETTING, path }) == PRESENCE_UNKNOWN)
		finding = findings_add(found, VERDICT_UNKNOWN, NULL,
				       "whether nvcc is on the path is not known: %s",
				       machine_why_unknown(machine, NODE_SETTING, path));
	else if (!is_on_path)
		finding = findings_add(found, VERDICT_WARN, NULL,
				       "nvcc %.60s is there, but /usr/local/cuda/bin is not on the "
				       "path of users",
				       version);
	else
		finding =
			findings_add(found, VERDICT_PASS, NULL,
				     "nvcc %.60s is on the path, %s or later expected for this GPU",
				     version, oldest);
	if (finding->verdict == VERDICT_WARN)
		finding->action = "install a toolkit that knows the GPU, and put it on the path";
	if (oldest)
		finding->bar = arena_format(
			found->arena, "%s or later (release notes of the CUDA toolkit)", oldest);
	finding_rests_on(finding, machine_find(machine, NODE_SOFTWARE, "software:nvcc"));
	finding_rests_on(finding, machine_find(machine, NODE_SETTING, path));
}

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct item nvcc = { NODE_SOFTWARE, "software:nvcc" };
	static const struct item rocm = { NODE_SOFTWARE, "software:rocm" };
	const struct machine *machine = seen->machine;
	const char *reason;
	bool is_amd = machine_has(machine, PART_AMD, &reason) == PRESENCE_PRESENT;
	const struct item item = is_amd ? rocm : nvcc;
	const struct record *record = machine_find(machine, item.measure, item.device);
	const char *version = software_version(machine, item.device);

	if (item_presence(machine, item) == PRESENCE_ABSENT)
		finding_rests_on(findings_add(found, VERDICT_FAIL, NULL,
					      "no compiler for the GPU: %s is not installed",
					      item_name(item)),
				 record)
			->action = "install the toolkit of the GPU's maker into the image";
	else if (!version)
		(void)item_unknown(found, machine, item.measure, item.device);
	else if (is_amd)
		finding_rests_on(findings_add(found, VERDICT_UNKNOWN, NULL,
					      "ROCm %.60s is installed; no reference for the first "
					      "release that knows this GPU",
					      version),
				 record);
	else
		judge_nvcc(seen, version, found);
}

CHECK(gpu_compiler) = {
	.title = "The compiler for the GPU is on the path and matches it",
	.since = "0.1",
	.needs = "node.software",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.parts = PART_GPU,
	.judge = judge,
};
