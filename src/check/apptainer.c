#include "check/software.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct item item = { NODE_SOFTWARE, "software:apptainer" };
	static const struct demand demand = {
		.items = &item,
		.count = 1,
		.tolerated = 1,
		.action = "install it where research codes ship as its images",
	};

	if (slurm_applies(seen->machine, found))
		demand_all(seen, &demand, found);
}

CHECK(apptainer) = {
	.title = "Apptainer is there as another container runtime",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "containers.singularity",
	.judge = judge,
};
