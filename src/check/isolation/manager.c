#include "check/isolation/answer.h"

#include <string.h>

#include "check/setting.h"

enum {
	MODE_OTHERS = 0006, /* read or write by anybody */
};

/* A device by which a subnet manager could be run here. */
static void judge_door(struct tally *tally, const struct record *record, bool is_within)
{
	const char *device = record->subject.parts[SUBJECT_DEVICE];
	struct finding *finding;
	struct file_mode mode;

	if (record->says != SAYS_STATE || !file_mode_read(record->text, &mode))
		return;
	if (mode.permission & MODE_OTHERS)
		finding = findings_add(tally->found, VERDICT_FAIL, device,
				       "any user may use %s: he could run a subnet manager",
				       device + strlen("file:"));
	else if (is_within)
		finding = findings_add(tally->found, VERDICT_FAIL, device,
				       "%s is here inside a container or a virtual machine: a "
				       "subnet manager could be run",
				       device + strlen("file:"));
	else
		finding = findings_add(tally->found, VERDICT_WARN, device,
				       "root can run a subnet manager by %s; whether the fabric "
				       "would listen to it is not shown to a node",
				       device + strlen("file:"));
	finding->action = "ask for the list of subnet managers that the fabric allows "
			  "(allowed_sm_guids), and keep the device from tenants";
	finding_rests_on(finding, record);
}

static void judge_doors(struct tally *tally)
{
	static const char prefix[] = "file:/dev/infiniband/issm";
	const char *virtual = machine_state(tally->machine, NODE_VIRTUAL, NULL);
	const char *container = machine_state(tally->machine, NODE_CONTAINER, NULL);
	bool is_within = (virtual && strcmp(virtual, "none") != 0) ||
			 (container && strcmp(container, "none") != 0);
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(tally->machine, NODE_FILE_MODE, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		if (device && strncmp(device, prefix, sizeof(prefix) - 1) == 0)
			judge_door(tally, one, is_within);
	}
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *answer;
	struct finding *finding;
	struct tally tally;

	tally_start(&tally, seen, found);
	judge_doors(&tally);
	if (!isolation_testable(&tally))
		return;
	if (isolation_is_open(&tally, "manager", "what the subnet manager tells", &answer)) {
		finding = findings_add(found, VERDICT_WARN, NULL,
				       "the subnet manager tells a tenant who it is and of which "
				       "priority: what one that wants its place needs to know");
		finding->action = "have the provider list the managers that the fabric allows, and "
				  "set management keys of level 2";
		finding_rests_on(finding, answer);
	}
	tally_pass(&tally, "no way to a subnet manager of one's own is found, and the fabric's "
			   "does not answer");
}

CHECK(isolation_manager) = {
	.title = "A tenant cannot take the place of the subnet manager",
	.since = "0.1",
	.needs = "node.isolation.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
