#include "check/floor.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	(void)floor_find_software(seen, "docker", "software:docker", "Docker", found);
}

CHECK(docker_floor) = {
	.title = "The Docker engine is at or above its floor",
	.since = "0.1",
	.needs = "node.software",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "securityVersions.docker.status",
	.judge = judge,
};
