#include "check/floor.h"

#include <string.h>

/* "6.8.0-124-generic" as "6.8.0.124"; NULL when it is no generic kernel of Ubuntu, whose builds
 * count on. Those for clouds count on their own, from 1000. */
static const char *read_generic(const char *release, struct arena *arena)
{
	struct span rest = span_of(release), base, build;
	uint64_t number;

	if (!span_cut(&rest, '-', &base) || !span_cut(&rest, '-', &build) ||
	    !span_is(rest, "generic") || !span_to_u64(build, &number) || number >= 1000)
		return NULL;
	return arena_format(arena, "%.*s.%.*s", SPAN_ARGS(base), SPAN_ARGS(build));
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const char *kernel = machine_state(machine, NODE_KERNEL, NULL);
	const char *system = machine_state(machine, NODE_SYSTEM, NULL);
	const char *generic = kernel ? read_generic(kernel, found->arena) : NULL;
	struct finding *finding;

	if (!kernel || !system) {
		(void)findings_add_unknown(found, machine, kernel ? NODE_SYSTEM : NODE_KERNEL,
					   NULL);
		return;
	}
	if (strcmp(system, "ubuntu 24.04") != 0 || !generic) {
		finding = findings_add(found, VERDICT_UNKNOWN, NULL,
				       "kernel %.80s of %.40s: no floor is known for it", kernel,
				       system);
		finding->action = "look the flaw up in the security tracker of the distribution";
		finding_rests_on(finding, machine_find(machine, NODE_KERNEL, NULL));
		return;
	}
	(void)floor_find(seen,
			 &(struct floor_question){
				 .component = "kernel-ubuntu-24.04",
				 .label = "generic kernel of Ubuntu 24.04",
				 .version = generic,
				 .record = machine_find(machine, NODE_KERNEL, NULL),
				 .package_record = machine_find(machine, NODE_SYSTEM, NULL),
			 },
			 found);
}

CHECK(kernel_fragnesia) = {
	.title = "The kernel carries the fix for Fragnesia and its relatives",
	.since = "0.1",
	.needs = "node.kernel",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "security.fragnesia.status",
	.judge = judge,
};
