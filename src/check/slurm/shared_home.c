#include "check/software.h"

#include <string.h>

/* File systems of which each node has its own. */
static bool is_local(const char *type)
{
	static const char *const local[] = { "ext4", "ext3",    "xfs",  "btrfs",
					     "zfs",  "overlay", "tmpfs" };

	for (size_t i = 0; i < sizeof(local) / sizeof(local[0]); i++)
		if (strcmp(local[i], type) == 0)
			return true;
	return false;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	static const char home[] = "mount:/home", root[] = "mount:/";
	const struct machine *machine = seen->machine;
	const char *device = machine_find(machine, NODE_MOUNT_TYPE, home) ? home : root;
	const char *type = machine_state(machine, NODE_MOUNT_TYPE, device);
	struct finding *finding;

	if (!slurm_applies(machine, found))
		return;
	if (!type) {
		(void)findings_add_unknown(found, machine, NODE_MOUNT_TYPE, home);
		return;
	}
	if (is_local(type))
		finding = findings_add(
			found, VERDICT_FAIL, NULL,
			"/home lies on %s (%s) of this node alone; a shared file system "
			"expected",
			type, device + strlen("mount:"));
	else
		finding =
			findings_add(found, VERDICT_UNKNOWN, NULL,
				     "/home lies on %.40s, which nodes may share; its quota is not "
				     "shown",
				     type);
	finding->action = finding->verdict == VERDICT_FAIL
				  ? "mount a shared file system at /home"
				  : "as a user: quota -s, or lfs quota -h /home";
	finding_rests_on(finding, machine_find(machine, NODE_MOUNT_TYPE, device));
}

CHECK(slurm_shared_home) = {
	.title = "Home lies on the shared file system with a sane quota",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.judge = judge,
};
