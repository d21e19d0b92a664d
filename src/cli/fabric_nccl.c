#include "check/checkup.h"
#include "cli/node.h"
#include "probe/nccl.h"
#include "probe/nccl_job.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What is judged of files that lie anywhere. */
static const char *const checks_of_files[] = {
	"nccl-lines", "nccl-names", "nccl-guidance", "nccl-settings", "nccl-overrides", NULL,
};

/* What is judged of a machine. */
static const char *const checks_of_machine[] = {
	"nccl-version",
	"nccl-lines",
	"nccl-names",
	"nccl-guidance",
	"nccl-settings",
	"nccl-overrides",
	"nccl-plugins",
	"nccl-reduction",
	"nccl-queue-pairs",
	"gpudirect-rdma",
	"dma-buf",
	"collective-library-version",
	"mpi-library",
	"mpi-build",
	"collective-topology-file",
	NULL,
};

/* What is judged of a job's log. */
static const char *const checks_of_log[] = {
	"nccl-network",
	"nccl-job",
	"nccl-reduction",
	NULL,
};

/* Who sees what these checks need. */
static const struct probe *const probes_of_machine[] = {
	&probe_machine, &probe_pci, &probe_rdma, &probe_software, &probe_setting, &probe_mpi,
};

static bool see_log(const struct session *session, struct sightings *sightings, struct error *err)
{
	const char *path = session->options->log;
	struct nccl_log log;
	struct span text;

	if (!path)
		return true;
	if (!host_read(session->host, path, NCCL_LOG_MAXIMUM, session->arena, &text, err) ||
	    !nccl_log_read(text, path, session->arena, &log, err))
		return false;
	nccl_job_see(&log, sightings);
	return true;
}

/* With a log the job is what is asked about. */
static const char *const *choose_checks(const struct options *options)
{
	if (options->log)
		return checks_of_log;
	return options->argument_count > 0 ? checks_of_files : checks_of_machine;
}

/* Files that are named are judged for nodes that have GPUs, whatever machine they are judged on. */
static bool is_asked(const struct probe *probe, const struct options *options)
{
	return options->argument_count == 0 || (probe != &probe_setting && probe != &probe_pci);
}

static bool see(const struct session *session, const struct host *host, struct node_look *look,
		struct error *err)
{
	const struct options *options = session->options;
	const struct probe_request request = {
		.host = host,
		.shares = PROBE_QUICK | PROBE_FULL,
		.call_limit_ns = (int64_t)options->timeout_ms * 1000000,
		.total_limit_ns = (int64_t)options->timeout_ms * 1000000,
		.run_programs = options->run_programs,
	};
	const struct nccl_request nccl = {
		.host = host,
		.library = options->library,
		.files = options->arguments,
		.file_count = options->argument_count,
		.files_host = session->host,
	};
	struct subject subject;

	if (!load_handbook(session, &look->handbook, err) ||
	    !node_subject(session, host, &subject, err))
		return false;
	sightings_start(&look->sightings, &subject, host, session->arena);
	for (size_t i = 0; i < COUNT(probes_of_machine); i++)
		if (is_asked(probes_of_machine[i], options))
			probes_of_machine[i]->look(&request, &look->sightings);
	nccl_look(&nccl, &look->sightings);
	return see_log(session, &look->sightings, err) && node_prepare(session, look, err);
}

/* What was named has to be there: a file that NCCL would pass over in silence is a fault here. */
static bool check_named(const struct session *session, struct error *err)
{
	const struct options *options = session->options;

	for (size_t i = 0; i < options->argument_count; i++)
		if (host_kind(session->host, options->arguments[i]) != HOST_FILE)
			return fail(err, ERROR_MISSING,
				    "'%s' is no file; name files as nccl.conf, or none for the "
				    "machine's own",
				    options->arguments[i]);
	if (options->library && host_kind(session->host, options->library) != HOST_FILE)
		return fail(err, ERROR_MISSING, "--library '%s' is no file; name a libnccl.so.2",
			    options->library);
	return true;
}

static int run(const struct session *session, struct error *err)
{
	const struct options *options = session->options;
	struct node_look look = { 0 };
	struct checkup checkup;
	struct host host;

	if (!check_named(session, err) || !node_open(session, &host, err) ||
	    !see(session, &host, &look, err))
		return STATUS_ERROR;
	checkup_run(&look.input, PROFILE_SECURITY, choose_checks(options), session->arena,
		    &checkup);
	if (!node_write_bundle(session, &look.sightings, err))
		return STATUS_ERROR;
	return node_write_audit(session, &look, &checkup, options->all);
}

const struct command command_fabric_nccl = {
	.name = "fabric nccl",
	.arguments = "[FILE...]",
	.summary = "audit the settings of NCCL, and the library that reads them",
	.text = "Reads the files and the environment that NCCL takes its settings from, as NCCL "
		"itself reads them, and judges them: lines that do not do what they seem to, names "
		"that the installed library does not ask for, settings that are unfit for its "
		"version or take a path away, plug-ins that it cannot load. With FILE those files "
		"are judged instead of the machine's, and with --log what a job really used. The "
		"exit status is 0 when all is well, 1 "
		"when "
		"something fails, 2 when nothing could be told.",
	.options = TAKES_MACHINE | TAKES_SUBJECT | TAKES_FABRIC_NCCL | TAKES_PLAIN_FORMAT |
		   TAKES_OUTPUT,
	.formats = 1u << FORMAT_TABLE | 1u << FORMAT_JSON,
	.arguments_minimum = 0,
	.arguments_maximum = UINT16_MAX,
	.run = run,
};
