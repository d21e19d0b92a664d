#include <string.h>

#include "check/setting.h"
#include "check/software.h"

struct build {
	const struct machine *machine;
	const char *device, *flavour, *support, *launcher; /* `launcher` NULL: not known */
};

static bool has(const char *words, const char *word)
{
	struct span rest = span_of(words), one;

	while (span_cut(&rest, '+', &one))
		if (span_is(one, word))
			return true;
	return false;
}

static bool has_part(const struct machine *machine, enum machine_part part)
{
	const char *reason;

	return machine_has(machine, part, &reason) == PRESENCE_PRESENT;
}

/* Versions of PMIx have plug-ins of their own names: pmix_v4. */
static bool launches_pmix(const char *launcher)
{
	struct span rest = span_of(launcher), one;

	while (span_cut(&rest, '+', &one))
		if (span_starts(one, "pmix"))
			return true;
	return false;
}

/* Whether srun and the library have a way in common to tell ranks who they are. */
static bool agrees_with_launcher(const struct build *build)
{
	return !build->launcher ||
	       (has(build->support, "pmix") && launches_pmix(build->launcher)) ||
	       (has(build->support, "pmi2") && has(build->launcher, "pmi2"));
}

/* Builds that speak no known way have it from a library that is loaded later, as Intel's. */
static bool speaks(const struct build *build)
{
	return has(build->support, "pmix") || has(build->support, "pmi2");
}

static void judge_build(const struct build *build, struct findings *found)
{
	bool has_network = has(build->support, "ucx") || has(build->support, "ofi");
	struct finding *finding;

	if (!has_network && has_part(build->machine, PART_RDMA)) {
		finding = findings_add(found, VERDICT_FAIL, build->device,
				       "%s is built with neither UCX nor OFI (%s): between nodes "
				       "it goes over TCP, beside the fabric",
				       build->flavour, build->support);
		finding->action = "use HPC-X, or the MPI that the fabric's maker ships";
	} else if (speaks(build) && !agrees_with_launcher(build)) {
		finding = findings_add(found, VERDICT_FAIL, build->device,
				       "%s (%s) and Slurm (plug-ins: %s) have no way in common to "
				       "tell ranks who they are: srun starts each as if it were "
				       "alone",
				       build->flavour, build->support, build->launcher);
		finding->action = "build Slurm with PMIx (mpi_pmix.so), and set MpiDefault=pmix";
	} else if (!has(build->support, "cuda") && has_part(build->machine, PART_NVIDIA)) {
		finding = findings_add(found, VERDICT_WARN, build->device,
				       "%s is not built with CUDA (%s): programs have to copy "
				       "from GPUs before they send",
				       build->flavour, build->support);
		finding->action = "use a build with CUDA, such as that of HPC-X";
	} else {
		finding = findings_add(found, VERDICT_PASS, build->device, "%s is built with %s",
				       build->flavour, build->support);
	}
	finding_rests_on(finding, machine_find(build->machine, NODE_MPI_LIBRARY, build->device));
	finding_rests_on(finding, machine_find(build->machine, NODE_MPI_SUPPORT, build->device));
	finding_rests_on(finding, machine_find(build->machine, NODE_MPI_LAUNCHER, NULL));
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(machine, NODE_MPI_LIBRARY, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];
		struct build build = {
			.machine = machine,
			.device = device,
			.flavour = one->text,
			.support = machine_state(machine, NODE_MPI_SUPPORT, device),
			.launcher = machine_state(machine, NODE_MPI_LAUNCHER, NULL),
		};

		if (!device && one->says == SAYS_STATE)
			finding_rests_on(findings_add(found, VERDICT_NOT_APPLICABLE, NULL,
						      "no library of MPI is in the usual places, "
						      "nor where a module leads to"),
					 one);
		else if (one->says == SAYS_STATE && build.support)
			judge_build(&build, found);
		else
			findings_add_unknown(found, machine,
					     one->says == SAYS_STATE ? NODE_MPI_SUPPORT
								     : NODE_MPI_LIBRARY,
					     device);
	}
}

CHECK(mpi_build) = {
	.title = "MPI is built for the GPUs, the fabric and Slurm's launcher",
	.since = "0.1",
	.needs = "node.mpi.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.judge = judge,
};
