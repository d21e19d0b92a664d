#include "check/setting.h"
#include "check/software.h"

#include <string.h>

/* GPUs come into containers by NVIDIA's runtime, or by the devices that CDI describes. */
static bool has_way(const struct machine *machine)
{
	const char *usual = setting_value(machine, "setting:docker:default-runtime");

	return setting_has_word(setting_value(machine, "setting:docker:runtimes"), "nvidia") ||
	       (usual && strcmp(usual, "nvidia") == 0) ||
	       setting_value(machine, "setting:cdi:nvidia") != NULL;
}

static void judge_way(const struct check_input *seen, struct findings *found)
{
	static const struct item ways[] = {
		{ NODE_SETTING, "setting:docker:runtimes" },
		{ NODE_SETTING, "setting:cdi:nvidia" },
		{ NODE_SOFTWARE, "software:nvidia-container-toolkit" },
	};
	const struct machine *machine = seen->machine;
	struct roll roll = roll_call(machine, ways, 3, found->arena);
	struct finding *finding;

	if (item_presence(machine, ways[2]) == PRESENCE_ABSENT)
		finding = findings_add(
			found, VERDICT_FAIL, NULL,
			"Docker is installed, NVIDIA's container toolkit is not: no GPU "
			"in a container");
	else if (roll.count[PRESENCE_UNKNOWN] > 0 && !has_way(machine))
		finding = findings_add(found, VERDICT_UNKNOWN, NULL,
				       "whether Docker gives GPUs to containers is not known: %s",
				       roll.reason);
	else if (!has_way(machine))
		finding = findings_add(
			found, VERDICT_WARN, NULL,
			"Docker and NVIDIA's container toolkit are installed, but Docker "
			"knows neither the runtime nvidia nor devices by CDI");
	else if (item_presence(machine, ways[2]) == PRESENCE_UNKNOWN)
		finding = item_unknown(found, machine, ways[2].measure, ways[2].device);
	else if (machine_state_is(machine, NODE_SERVICE, "service:docker", "stopped"))
		finding = findings_add(found, VERDICT_WARN, NULL,
				       "Docker is set up for GPUs, and does not run");
	else
		finding = findings_add(found, VERDICT_PASS, NULL,
				       "Docker is installed and set up for GPUs");
	if (finding->verdict == VERDICT_FAIL || finding->verdict == VERDICT_WARN)
		finding->action = "install the toolkit, nvidia-ctk runtime configure "
				  "--runtime=docker, restart Docker";
	finding_rests_on_roll(finding, &roll);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct item docker = { NODE_SOFTWARE, "software:docker" };

	if (item_presence(seen->machine, docker) == PRESENCE_PRESENT)
		judge_way(seen, found);
	else
		judge_runtime(seen, docker, "install Docker, or say which runtime takes its place",
			      found);
}

CHECK(docker_gpu) = {
	.title = "Docker runs with GPUs on the node",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.parts = PART_NVIDIA,
	.cmax = "containers.nvidiaContainerToolkit containers.dockerOnWorkers",
	.judge = judge,
};
