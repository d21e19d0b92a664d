#include "check/floor.h"
#include "check/software.h"

/* Those that are installed are judged each for itself; what is not installed has nothing to say
 * unless neither is. */
static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct item items[] = {
		{ NODE_SOFTWARE, "software:dcgm" },
		{ NODE_SOFTWARE, "software:dcgm-exporter" },
	};

	if (!items_apply(seen->machine, items, 2, "DCGM", found))
		return;
	for (size_t i = 0; i < 2; i++)
		if (item_presence(seen->machine, items[i]) != PRESENCE_ABSENT)
			floor_find_software(seen, item_name(items[i]), items[i].device,
					    i == 0 ? "DCGM" : "DCGM exporter", found)
				->about = items[i].device;
}

CHECK(dcgm_floor) = {
	.title = "DCGM and its exporter are at or above their floors",
	.since = "0.1",
	.needs = "node.software",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "securityVersions.dcgm.status securityVersions.dcgmExporter.status",
	.judge = judge,
};
