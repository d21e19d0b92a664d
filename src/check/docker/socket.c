#include "check/setting.h"
#include "check/software.h"

static const struct item sockets[] = {
	{ NODE_FILE_MODE, "file:/run/docker.sock" },
	{ NODE_FILE_MODE, "file:/var/run/docker.sock" },
};

static void judge_socket(const struct machine *machine, struct item item, struct findings *found)
{
	const char *state = machine_state(machine, item.measure, item.device);
	struct file_mode mode;
	struct finding *finding;

	if (!file_mode_read(state, &mode)) {
		finding =
			findings_add(found, VERDICT_UNKNOWN, item.device,
				     "%s is there, but '%.60s' is no mode", item_name(item), state);
	} else if ((mode.permission & 02) != 0) {
		finding = findings_add(found, VERDICT_FAIL, item.device,
				       "%s has the mode %04o: every user is root by way of Docker; "
				       "0660 at most expected",
				       item_name(item), mode.permission);
		finding->action = "chmod o= the socket, and find out what opened it";
	} else {
		finding = findings_add(found, VERDICT_PASS, item.device,
				       "%s has the mode %04o: root and its group alone",
				       item_name(item), mode.permission);
	}
	finding_rests_on(finding, machine_find(machine, item.measure, item.device));
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	struct roll roll = roll_call(machine, sockets, 2, found->arena);

	/* The second is nearly always the first by way of a link: one finding is enough. */
	for (size_t i = 0; i < 2; i++) {
		if (item_presence(machine, sockets[i]) != PRESENCE_PRESENT)
			continue;
		judge_socket(machine, sockets[i], found);
		return;
	}
	if (roll.count[PRESENCE_UNKNOWN] > 0)
		finding_rests_on_roll(findings_add(found, VERDICT_UNKNOWN, NULL,
						   "whether there is a socket of Docker is not "
						   "known: %s",
						   roll.reason),
				      &roll);
	else
		finding_rests_on_roll(
			findings_add(found, VERDICT_NOT_APPLICABLE, NULL, "no socket of Docker"),
			&roll);
}

CHECK(docker_socket) = {
	.title = "Only chosen users can command Docker",
	.since = "0.1",
	.needs = "node.file",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.judge = judge,
};
